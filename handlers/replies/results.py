"""What becomes of an answer that was let go: sent, failed, unsure, tried again, or settled by a person who looked.

Once it is known that an answer is out, whether from the network or from a person who saw it, nothing said later undoes that.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.cases.case import Case, CaseEvent
from domain.cases.case_lifecycle import mark_answered
from domain.cases.messages import Delivery, Direction, Message
from domain.chat.topics import chat_topic
from domain.delivery.effects import LinkReply, UpdateCard
from domain.errors import Refused
from domain.intake.redaction import is_of
from domain.records.audit import SYSTEM, Action, Entry
from domain.replies.outgoing_message import send_effect
from domain.venues import Venue
from handlers.cases.preconditions import require_active, require_current
from handlers.cases.transitions import apply_event, notify, save_change
from handlers.cases.views import MAX_CASE_MESSAGES
from handlers.handoffs.checks import apply_line_failed, apply_line_sent, mark_unreachable, require_reachable
from handlers.replies.private import DELIVERED_MARK, FAILED_MARK, mark_thread_message
from storage.unit_of_work import UnitOfWork

#: A chat's line has arrived when a page says that it shows it; in public nobody says so.
_ARRIVED_ONCE_SENT = frozenset({Venue.DM, Venue.EMAIL})


def record_sent(uow: UnitOfWork, *, message_id: int, result: Mapping[str, Any], now: datetime) -> Case:
    """The network has it. `result` holds "id" and "url"."""
    case, message = _both(uow, message_id)
    if message.delivery is Delivery.SENT:
        record_link(uow, message_id=message_id, result=result, now=now)
        return case
    return _sent(uow, case, message, result, actor=SYSTEM, action=Action.REPLY_SENT, now=now)


def record_link(uow: UnitOfWork, *, message_id: int, result: Mapping[str, Any], now: datetime) -> None:
    """The network shows where the answer is that a person saw there. Not a change of the case: no button goes stale over it.

    `result` is as that of `reply_sent`.
    """
    case, message = _both(uow, message_id)
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
    uow.outbox.add([UpdateCard(case.id)], now=now, priority=case.sort_key)


def record_failed(
    uow: UnitOfWork, *, message_id: int, reason: str, now: datetime, is_shut: bool = False
) -> Case:
    """It surely was not sent; the card says why, and the case is open again. `is_shut`: nothing can be sent to them there."""
    case, message = _both(uow, message_id)
    if message.delivery is Delivery.SENT:
        return case
    if is_shut:
        mark_unreachable(uow, message, now=now)
    return _failed(uow, case, message, reason, actor=SYSTEM, action=Action.REPLY_FAILED, now=now)


def record_bounced(uow: UnitOfWork, *, message_id: int, reason: str, now: datetime) -> Case:
    """The other side took it and sent it back since: what was sent did not arrive after all. Whoever holds the case is told."""
    case, message = _both(uow, message_id)
    if message.delivery is Delivery.FAILED:
        return case
    uow.outbox.settle_by_person(send_effect(message, case).key, now=now, happened=True)
    mark_unreachable(uow, message, now=now)
    waiting = replace(case, waiting_since=case.waiting_since or now)
    failed = _failed(uow, waiting, message, reason, actor=SYSTEM, action=Action.REPLY_FAILED, now=now)
    notify(uow, failed, failed.claimed_by, Action.REPLY_FAILED, actor=SYSTEM, now=now)
    return failed


def record_unsure(uow: UnitOfWork, *, message_id: int, reason: str, now: datetime) -> Case:
    """It may have been sent. Kept once in the trail, however often the other side is looked at."""
    case, message = _both(uow, message_id)
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
    """It was in doubt, the network was read, and it surely is not there: it is on its way once more, so the doubt is over."""
    case, message = _both(uow, message_id)
    if message.delivery is not Delivery.UNSURE:
        return case
    uow.messages.save(replace(message, delivery=Delivery.QUEUED))
    return save_change(
        uow, case, actor=SYSTEM, action=Action.REPLY_SENT_AGAIN, now=now, message_id=message.id
    )


def try_again(uow: UnitOfWork, *, message_id: int, version: int | None, user_id: str, now: datetime) -> Case:
    """Send a failed answer once more, on this person's click. A second click finds it on its way and changes nothing.

    Raises `Refused` where we have answered otherwise since, `ChangedSince` where the card that was pressed is out of date:
    the customer may have written again.
    """
    case, message = _pressed(uow, message_id)
    if message.delivery is not Delivery.FAILED:
        return case
    newest = uow.messages.newest_answer(case.id)
    if newest is not None and newest.id != message.id:
        raise Refused("Nothing was sent: a newer answer has taken the place of this one. The card shows it.")
    require_active(case)
    require_current(uow, case, version=version, user_id=user_id)
    _require_target(uow, case, message)
    require_reachable(uow, message)
    again = replace(
        message, delivery=Delivery.QUEUED, error=None, sent_by=user_id, attempt=message.attempt + 1
    )
    uow.messages.save(again)
    case = apply_event(
        uow,
        case,
        CaseEvent.ANSWER,
        actor=user_id,
        action=Action.REPLY_RETRIED,
        now=now,
        message_id=message.id,
        detail={"text": message.text, "rules": message.rules_version},
        claimed_by=case.claimed_by or user_id,
        claimed_at=case.claimed_at if case.claimed_by else now,
        snoozed_until=None,
    )
    uow.outbox.add([send_effect(again, case)], now=now, priority=case.sort_key)
    return case


def settle_by_person(uow: UnitOfWork, *, message_id: int, sent: bool, user_id: str, now: datetime) -> Case:
    """A person looked on the network and says whether the unsure answer is there.

    Where it is, its link is looked for. That counts even while the bot, who saw nothing there, is sending it again.
    """
    case, message = _pressed(uow, message_id)
    being_repeated = message.delivery is Delivery.QUEUED and message.error is not None
    if message.delivery is not Delivery.UNSURE and not being_repeated:
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
        return _sent(uow, case, message, {}, actor=user_id, action=action, now=now)
    return _failed(
        uow,
        case,
        message,
        "a person looked on the network and it is not there",
        actor=user_id,
        action=action,
        now=now,
    )


def _sent(
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
            delivered_at=now if message.venue in _ARRIVED_ONCE_SENT else None,
            error=None,
        )
    )
    if message.venue in _ARRIVED_ONCE_SENT:
        mark_thread_message(uow, case, message, DELIVERED_MARK, now=now)
    elif message.handoff_id is not None:
        uow.signals.send(chat_topic(message.handoff_id))
    apply_line_sent(uow, message, now=now)
    messages = uow.messages.of_case(case.id, limit=MAX_CASE_MESSAGES)
    newer = (m.created_at for m in messages if m.direction is Direction.IN and m.id > message.id)
    return save_change(
        uow,
        mark_answered(case, next(newer, None), now),
        actor=actor,
        action=action,
        now=now,
        message_id=message.id,
        detail={"sent": True, "id": result.get("id")},
    )


def _failed(
    uow: UnitOfWork, case: Case, message: Message, reason: str, *, actor: str, action: Action, now: datetime
) -> Case:
    uow.messages.save(replace(message, delivery=Delivery.FAILED, error=reason))
    mark_thread_message(uow, case, message, FAILED_MARK, now=now)
    apply_line_failed(uow, message, now=now)
    return apply_event(
        uow,
        case,
        CaseEvent.SEND_FAILED,
        actor=actor,
        action=action,
        now=now,
        message_id=message.id,
        detail={"sent": False, "reason": reason},
        snoozed_until=None,
        closed_by=None,
        closed_at=None,
    )


def _require_target(uow: UnitOfWork, case: Case, message: Message) -> None:
    """Refuse to send again what answered a post that is gone: other posts were not what it was written for."""
    if message.venue.is_private:
        return
    messages = uow.messages.of_case(case.id, limit=MAX_CASE_MESSAGES)
    if any(m.deleted_at is not None and is_of(m, message.reply_to_id) for m in messages):
        way_on = "Press Edit to answer the customer's earlier post." if case.reply_block is None else ""
        raise Refused(f"Nothing was sent: the post that this answers is gone. {way_on}".rstrip())


def _both(uow: UnitOfWork, message_id: int) -> tuple[Case, Message]:
    """The case as it stands, then the message: whoever changes the message from here on changes the case too, and saving it tells."""
    case = uow.cases.get(uow.messages.get(message_id).case_id)
    return case, uow.messages.get(message_id)


def _pressed(uow: UnitOfWork, message_id: int) -> tuple[Case, Message]:
    """What a person's button names; raises `Refused` where it is not there."""
    try:
        return _both(uow, message_id)
    except LookupError:
        raise Refused(
            "Nothing was changed: the answer is not here any more. Open App Home for the current queue."
        ) from None
