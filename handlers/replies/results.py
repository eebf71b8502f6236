"""Record the delivery result of a reply: sent, failed, bounced, unsure, or to be sent again.

`SENT` is final, whether the network or a person said so: no later result but a bounce of a mail undoes it.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.cases.case import Case
from domain.cases.case_assessment import statements_of
from domain.cases.case_lifecycle import mark_answered
from domain.cases.messages import Delivery, Direction, Message
from domain.chat.topics import chat_topic
from domain.errors import Refused
from domain.records.audit import SYSTEM, Action, Entry
from domain.replies.outgoing_message import send_effect, sent_time
from domain.venues import Venue
from handlers.cases.cards import update_card
from handlers.cases.promises import record_promises, take_back_promises
from handlers.cases.transitions import apply_failure, notify, save_change
from handlers.cases.views import MAX_CASE_MESSAGES
from handlers.cases.waits import answer_wait, due_of_answered, follow_messages, take_back_answer
from handlers.handoffs.delivery_results import (
    apply_message_failed,
    apply_message_sent,
    mark_unreachable,
)
from handlers.replies.private import DELIVERED_REACTION, FAILED_REACTION, add_delivery_reaction
from storage.unit_of_work import UnitOfWork

#: Venues where sent counts as delivered. A chat page confirms what it shows; public networks confirm nothing.
_DELIVERED_ONCE_SENT = frozenset({Venue.DM, Venue.EMAIL})


def record_sent(uow: UnitOfWork, *, message_id: int, result: Mapping[str, Any], now: datetime) -> Case:
    """Record that the network accepted the reply.

    `result` holds "id", "url" and time ("at") on the network, where known. A sent one only gains its link.
    """
    case, message = _load_case_and_message(uow, message_id)
    if message.delivery is Delivery.SENT:
        record_link(uow, message_id=message_id, result=result, now=now)
        return case
    return mark_sent(uow, case, message, result, actor=SYSTEM, action=Action.REPLY_SENT, now=now)


def record_link(uow: UnitOfWork, *, message_id: int, result: Mapping[str, Any], now: datetime) -> None:
    """Store the id and link of a sent reply that had none, and update the card.

    `result` is as in `record_sent`. Not a change of the case: its version stays, so that no button on the
    card becomes stale.
    """
    case, message = _load_case_and_message(uow, message_id)
    if message.delivery is not Delivery.SENT or message.external_id is not None or not result.get("id"):
        return
    uow.messages.save(replace(message, external_id=result["id"], url=result.get("url")))
    entry = Entry(
        at=now,
        actor=SYSTEM,
        action=Action.REPLY_LINKED,
        case_id=case.id,
        version=case.version,
        message_id=message.id,
        detail={"id": result["id"]},
    )
    uow.audit.add_many([entry])
    update_card(uow, case, actor=SYSTEM, now=now)


def record_failed(
    uow: UnitOfWork, *, message_id: int, reason: str, now: datetime, is_unreachable: bool = False
) -> Case:
    """Record that the reply was definitely not sent, for `reason`, and put the case back into the queue.

    `is_unreachable`: the customer cannot be written to at that venue at all. Ignored for a reply that is
    already sent.
    """
    case, message = _load_case_and_message(uow, message_id)
    if message.delivery is Delivery.SENT:
        return case
    if is_unreachable:
        mark_unreachable(uow, message, now=now)
    return mark_failed(uow, case, message, reason, actor=SYSTEM, action=Action.REPLY_FAILED, now=now)


def record_bounced(uow: UnitOfWork, *, message_id: int, reason: str, now: datetime) -> Case:
    """Fail a sent reply that bounced, restart the customer's wait, and notify the assignee of the case."""
    case, message = _load_case_and_message(uow, message_id)
    if message.delivery is Delivery.FAILED:
        return case
    uow.outbox.settle_by_person(send_effect(message, case).key, now=now, happened=True)
    mark_unreachable(uow, message, now=now)
    if case.waiting_since is None:
        case = replace(case, waiting_since=now, reply_due=due_of_answered(uow, message))
    failed = mark_failed(uow, case, message, reason, actor=SYSTEM, action=Action.REPLY_FAILED, now=now)
    take_back_answer(uow, message)
    take_back_promises(uow, message)
    notify(uow, failed, failed.claimed_by, Action.REPLY_FAILED, actor=SYSTEM, now=now)
    return failed


def record_unsure(uow: UnitOfWork, *, message_id: int, reason: str, now: datetime) -> Case:
    """Record that it is unknown whether the reply was sent.

    Audited once, however often reconciliation repeats it.
    """
    case, message = _load_case_and_message(uow, message_id)
    if message.delivery in {Delivery.UNSURE, Delivery.SENT}:
        return case
    uow.messages.save(replace(message, delivery=Delivery.UNSURE, error=reason))
    return save_change(
        uow,
        case,
        actor=SYSTEM,
        action=Action.REPLY_UNSURE,
        now=now,
        message_id=message.id,
        detail={"reason": reason},
    )


def record_resent(uow: UnitOfWork, *, message_id: int, now: datetime) -> Case:
    """Set an unsure reply back to queued: it is not on the network, so that delivery sends it again."""
    case, message = _load_case_and_message(uow, message_id)
    if message.delivery is not Delivery.UNSURE:
        return case
    uow.messages.save(replace(message, delivery=Delivery.QUEUED))
    return save_change(
        uow, case, actor=SYSTEM, action=Action.REPLY_SENT_AGAIN, now=now, message_id=message.id
    )


def mark_sent(
    uow: UnitOfWork,
    case: Case,
    message: Message,
    result: Mapping[str, Any],
    *,
    actor: str,
    action: Action,
    now: datetime,
) -> Case:
    """Record that a message was sent; what the customer wrote after it stays unanswered."""
    uow.messages.save(
        replace(
            message,
            delivery=Delivery.SENT,
            external_id=result.get("id") or message.external_id,
            url=result.get("url"),
            sent_at=now,
            delivered_at=now if message.venue in _DELIVERED_ONCE_SENT else None,
            error=None,
        )
    )
    if message.venue in _DELIVERED_ONCE_SENT:
        add_delivery_reaction(uow, case, message, DELIVERED_REACTION, now=now)
    elif message.handoff_id is not None:
        uow.signals.send(chat_topic(message.handoff_id))
    uow.reply_choices.set_sent(message.id, now)
    apply_message_sent(uow, message, now=now)
    messages = uow.messages.of_case(case.id, limit=MAX_CASE_MESSAGES)
    newer = [m.created_at for m in messages if m.direction is Direction.IN and m.id > message.id]
    statements, since = statements_of(case, messages), next(iter(newer), None)
    saved = save_change(
        uow,
        mark_answered(case, since, now, statements=statements, levels=uow.service_levels),
        actor=actor,
        action=action,
        now=now,
        message_id=message.id,
        detail={"sent": True, "id": result.get("id")},
    )
    at = sent_time(message, result, now)
    answer_wait(uow, saved, message, at=at)
    record_promises(uow, saved, message, at=at, now=now)
    if newer:
        follow_messages(uow, saved, messages, now=now)
    return saved


def mark_failed(
    uow: UnitOfWork, case: Case, message: Message, reason: str, *, actor: str, action: Action, now: datetime
) -> Case:
    """Record that a message was not sent, for `reason`."""
    uow.messages.save(replace(message, delivery=Delivery.FAILED, error=reason))
    uow.reply_choices.set_sent(message.id, None)
    add_delivery_reaction(uow, case, message, FAILED_REACTION, now=now)
    apply_message_failed(uow, message, now=now)
    detail = {"sent": False, "reason": reason}
    return apply_failure(uow, case, message, actor=actor, action=action, now=now, detail=detail)


def _load_case_and_message(uow: UnitOfWork, message_id: int) -> tuple[Case, Message]:
    """Load the case, then its message.

    In this order the compare-and-swap on the case's version also covers the message: whoever changes a
    message saves its case, too.
    """
    case = uow.cases.get(uow.messages.get(message_id).case_id)
    return case, uow.messages.get(message_id)


def load_for_button(uow: UnitOfWork, message_id: int) -> tuple[Case, Message]:
    """Load the case and the message that a button names.

    Raises `Refused` where the message no longer exists.
    """
    try:
        return _load_case_and_message(uow, message_id)
    except LookupError:
        raise Refused(
            "Nothing was changed: the answer is not here any more. Open App Home for the current queue."
        ) from None
