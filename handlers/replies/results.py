"""Record the delivery result of a reply: sent, failed, bounced, unsure, retried, or settled by a person.

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
from domain.cases.preconditions import require_active
from domain.chat.topics import chat_topic
from domain.delivery.effects import LinkReply
from domain.errors import Refused
from domain.intake.redaction import is_post
from domain.records.audit import SYSTEM, Action, Entry
from domain.replies.outgoing_message import send_effect, sent_time
from domain.venues import Venue
from handlers.cases.cards import update_card
from handlers.cases.preconditions import require_current
from handlers.cases.promises import record_promises, take_back_promises
from handlers.cases.transitions import apply_answer, apply_failure, notify, save_change
from handlers.cases.views import MAX_CASE_MESSAGES
from handlers.cases.waits import answer_wait, due_of_answered, follow_messages, take_back_answer
from handlers.handoffs.delivery_results import (
    apply_message_failed,
    apply_message_sent,
    mark_unreachable,
    require_reachable,
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
    return _mark_sent(uow, case, message, result, actor=SYSTEM, action=Action.REPLY_SENT, now=now)


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


def retry_reply(
    uow: UnitOfWork, *, message_id: int, version: int | None, user_id: str, now: datetime
) -> Case:
    """Retry a failed reply on an agent's click. A second click finds it queued and changes nothing.

    Raises `Refused` where a newer reply exists, its post is gone or the customer cannot be reached;
    `ChangedSince` where the card was drawn at an older `version` (the customer may have written again).
    """
    case, message = load_for_button(uow, message_id)
    if message.delivery is not Delivery.FAILED:
        return case
    newest = uow.messages.latest_reply(case.id)
    if newest is not None and newest.id != message.id:
        raise Refused("Nothing was sent: a newer answer has taken the place of this one. The card shows it.")
    require_active(case)
    require_current(uow, case, version=version, user_id=user_id)
    _require_target(uow, case, message)
    require_reachable(uow, message)
    retried = replace(
        message, delivery=Delivery.QUEUED, error=None, sent_by=user_id, attempt=message.attempt + 1
    )
    uow.messages.save(retried)
    return apply_answer(
        uow,
        case,
        retried,
        user_id=user_id,
        action=Action.REPLY_RETRIED,
        now=now,
        detail={"text": message.text, "rules": message.rules_version},
    )


def settle_by_person(uow: UnitOfWork, *, message_id: int, sent: bool, user_id: str, now: datetime) -> Case:
    """Settle an unsure reply by what a person saw on the network: `sent` or not.

    Where a public reply was sent, its link is looked up. `sent` is accepted even while the bot, which did not
    find the reply, is sending it again. Raises `Refused` where the outcome is known by now.
    """
    case, message = load_for_button(uow, message_id)
    is_resending = message.delivery is Delivery.QUEUED and message.error is not None
    if message.delivery is not Delivery.UNSURE and not is_resending:
        raise Refused(
            "Nothing was changed: it is known by now what became of this answer. The card shows it."
        )
    settled = uow.outbox.settle_by_person(send_effect(message, case).key, now=now, happened=sent)
    if not settled and not sent:
        raise Refused(
            "Nothing was changed: the network was read, the answer is not there, and it is being sent again right now. "
            "The card will show what becomes of it."
        )
    action = Action.REPLY_SETTLED_BY_PERSON
    if sent:
        if not message.venue.is_private:
            link = LinkReply(message.id, case.id, case.network)
            uow.outbox.add([link], now=now, priority=case.sort_key)
        return _mark_sent(uow, case, message, {}, actor=user_id, action=action, now=now)
    return mark_failed(
        uow,
        case,
        message,
        "a person looked on the network and it is not there",
        actor=user_id,
        action=action,
        now=now,
    )


def _mark_sent(
    uow: UnitOfWork,
    case: Case,
    message: Message,
    result: Mapping[str, Any],
    *,
    actor: str,
    action: Action,
    now: datetime,
) -> Case:
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


def _require_target(uow: UnitOfWork, case: Case, message: Message) -> None:
    """Raise `Refused` where the post that the reply answers was deleted.

    The text was not written for another post.
    """
    if message.venue.is_private:
        return
    messages = uow.messages.of_case(case.id, limit=MAX_CASE_MESSAGES)
    if any(m.deleted_at is not None and is_post(m, message.reply_to_id) for m in messages):
        hint = "Press Edit to answer the customer's earlier post." if case.reply_block is None else ""
        raise Refused(f"Nothing was sent: the post that this answers is gone. {hint}".rstrip())


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
