"""Try a failed reply again."""

from dataclasses import replace
from datetime import datetime

from domain.cases.case import Case
from domain.cases.messages import Delivery, Message
from domain.cases.preconditions import require_active
from domain.errors import Refused
from domain.intake.redaction import is_post
from domain.records.audit import Action
from handlers.cases.preconditions import require_current
from handlers.cases.transitions import apply_answer
from handlers.cases.views import MAX_CASE_MESSAGES
from handlers.handoffs.delivery_results import require_reachable
from handlers.replies.results import load_for_button
from storage.unit_of_work import UnitOfWork


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
