"""What becomes of an answer that was let go: sent, failed, unsure, tried again, or settled by a person who looked."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.audit import SYSTEM, Action
from domain.cases import Case, CaseEvent
from domain.effects import SendReply
from domain.errors import Refused
from domain.messages import Delivery, Direction, Message
from domain.ports import UnitOfWork
from handlers.changes import change, record


def reply_sent(uow: UnitOfWork, *, message_id: int, result: Mapping[str, Any], now: datetime) -> Case:
    """The network has it. `result` holds "id" and "url"."""
    message = uow.messages.get(message_id)
    return _sent(uow, message, result, actor=SYSTEM, action=Action.REPLY_SENT, now=now)


def reply_failed(uow: UnitOfWork, *, message_id: int, reason: str, now: datetime) -> Case:
    """It surely was not sent; the card says why, and the case is open again."""
    message = uow.messages.get(message_id)
    return _failed(uow, message, reason, actor=SYSTEM, action=Action.REPLY_FAILED, now=now)


def reply_unsure(uow: UnitOfWork, *, message_id: int, reason: str, now: datetime) -> Case:
    """It may have been sent. Kept once in the trail, however often the other side is looked at."""
    message = uow.messages.get(message_id)
    case = uow.cases.get(message.case_id)
    if message.delivery is Delivery.UNSURE:
        return case
    uow.messages.save(replace(message, delivery=Delivery.UNSURE, error=reason))
    return record(
        uow,
        case,
        actor=SYSTEM,
        action=Action.REPLY_UNSURE,
        now=now,
        message_id=message.id,
        detail={"reason": reason},
    )


def try_again(uow: UnitOfWork, *, message_id: int, user_id: str, now: datetime) -> Case:
    """Send a failed answer once more, on this person's click. A second click finds it on its way and changes nothing."""
    message = uow.messages.get(message_id)
    case = uow.cases.get(message.case_id)
    if message.delivery is not Delivery.FAILED:
        return case
    again = replace(
        message, delivery=Delivery.QUEUED, error=None, sent_by=user_id, attempt=message.attempt + 1
    )
    uow.messages.save(again)
    case = change(
        uow,
        case,
        CaseEvent.ANSWER,
        actor=user_id,
        action=Action.REPLY_RETRIED,
        now=now,
        message_id=message.id,
        detail={"text": message.text, "rules": message.rules_version},
    )
    uow.outbox.add([send_reply(again, case)], now=now, priority=case.sort_key)
    return case


def send_reply(message: Message, case: Case) -> SendReply:
    """The outward act that this answer's present attempt is."""
    return SendReply(message.id, case.id, case.network, attempt=message.attempt)


def settle_by_person(uow: UnitOfWork, *, message_id: int, sent: bool, user_id: str, now: datetime) -> Case:
    """A person looked on the network and says whether the unsure answer is there."""
    message = uow.messages.get(message_id)
    if message.delivery is not Delivery.UNSURE:
        raise Refused(
            "Nothing was changed: it is known by now what became of this answer. The card shows it."
        )
    case = uow.cases.get(message.case_id)
    uow.outbox.settle_by_person(send_reply(message, case).key, now=now, happened=sent)
    action = Action.REPLY_SETTLED_BY_PERSON
    if sent:
        return _sent(uow, message, {}, actor=user_id, action=action, now=now)
    return _failed(
        uow,
        message,
        "a person looked on the network and it is not there",
        actor=user_id,
        action=action,
        now=now,
    )


def _sent(
    uow: UnitOfWork, message: Message, result: Mapping[str, Any], *, actor: str, action: Action, now: datetime
) -> Case:
    uow.messages.save(
        replace(
            message,
            delivery=Delivery.SENT,
            external_id=result.get("id"),
            url=result.get("url"),
            sent_at=now,
            error=None,
        )
    )
    case = uow.cases.get(message.case_id)
    newer = [m for m in uow.messages.of_case(case.id) if m.direction is Direction.IN and m.id > message.id]
    answered = replace(
        case,
        first_replied_at=case.first_replied_at or now,
        waiting_since=newer[0].created_at if newer else None,
        last_message_at=now,
    )
    return record(
        uow,
        answered,
        actor=actor,
        action=action,
        now=now,
        message_id=message.id,
        detail={"sent": True, "id": result.get("id")},
    )


def _failed(
    uow: UnitOfWork, message: Message, reason: str, *, actor: str, action: Action, now: datetime
) -> Case:
    uow.messages.save(replace(message, delivery=Delivery.FAILED, error=reason))
    case = uow.cases.get(message.case_id)
    return change(
        uow,
        case,
        CaseEvent.SEND_FAILED,
        actor=actor,
        action=action,
        now=now,
        message_id=message.id,
        detail={"sent": False, "reason": reason},
        closed_by=None,
        closed_at=None,
    )
