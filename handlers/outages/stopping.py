"""Stop bulk answers: nobody else is answered, and answers that wait to be sent are taken back.

From the moment of the stop none of them is sent (`is_stopped`); they are taken back some at a time, so that
Slack has its acknowledgement in time and nobody waits for a long transaction.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.cases.case import Case
from domain.cases.messages import CANCELLED, Delivery, Message
from domain.delivery.outage_effects import AnswerLinkedCase
from domain.errors import Refused
from domain.outages.bulk_answers import BulkAnswer, BulkPurpose, BulkState, RowState, SkipReason
from domain.outages.lifecycle import Actor
from domain.outages.outage import Outage, OutageState
from domain.outages.policy import Right
from domain.records.audit import SYSTEM, Action
from domain.replies.outgoing_message import bulk_row_of, send_effect
from handlers.cases.transitions import apply_failure
from handlers.outages.trail import record, update_board
from storage.unit_of_work import UnitOfWork

#: Answers that one transaction takes back, at some ten statements each.
TAKEN_BACK_AT_ONCE = 50
_KEYS_AT_ONCE = 1_000


def abort_bulk_answer(uow: UnitOfWork, *, bulk_id: int, actor: Actor, now: datetime) -> int:
    """Stop a bulk answer: whoever was not answered is not; returns how many.

    What waits to be sent is taken back; of many answers the rest later, by `take_back_rest`. What is being
    sent arrives, unless the network does not take it now.
    """
    actor.require(Right.ANNOUNCE)
    try:
        outage_id = uow.bulk_answers.get(bulk_id).outage_id
    except LookupError:
        raise Refused("Nothing was stopped: this is not here any more. The board shows what is.") from None
    uow.outages.lock([outage_id])
    locked = uow.bulk_answers.stoppable_cases(bulk_id, limit=TAKEN_BACK_AT_ONCE)
    uow.cases.lock(locked)
    uow.bulk_answers.lock(bulk_id)
    bulk = uow.bulk_answers.get(bulk_id)
    left = _stop(uow, bulk, uow.outages.get(outage_id), locked, by=actor.user_id, now=now)
    if left is None:
        raise Refused(
            "Nothing was stopped: it had ended already, or the last answers are being sent right now. "
            "The board shows what became of each answer."
        )
    return left


def outdated_cases(uow: UnitOfWork, outage: Outage) -> list[int]:
    """Return the cases to be locked before `stop_outdated`: of those that may still be answered, the next."""
    return [
        case_id
        for bulk in _outdated(uow, outage)
        for case_id in uow.bulk_answers.stoppable_cases(bulk.id, limit=TAKEN_BACK_AT_ONCE)
    ]


def stop_outdated(uow: UnitOfWork, outage: Outage, *, locked: Collection[int], now: datetime) -> None:
    """Stop bulk answers that say what is no longer so: "we are on it" once it is resolved, or the reverse.

    Of their answers, those to the `locked` cases are taken back, and the rest later.
    """
    for bulk in _outdated(uow, outage):
        uow.bulk_answers.lock(bulk.id)
        _stop(uow, uow.bulk_answers.get(bulk.id), outage, locked, by=SYSTEM, now=now)


def skip_rest(
    uow: UnitOfWork, bulk: BulkAnswer, outage: Outage, *, by: str, now: datetime, taken_back: int = 0
) -> int:
    """Skip whoever is still to be answered; returns how many with those whose answer was taken back.

    Their effects would take the network's pace from the next bulk answer, and do nothing.
    """
    skipped = uow.bulk_answers.skip_waiting(bulk.id, SkipReason.ABORTED)
    keys = [AnswerLinkedCase(row_id, 0, "").key for row_id in skipped]
    for first in range(0, len(keys), _KEYS_AT_ONCE):
        uow.outbox.cancel_unclaimed(keys[first : first + _KEYS_AT_ONCE], now=now, reason=CANCELLED)
    left = len(skipped) + taken_back
    detail = {"bulk": bulk.id, "left": left}
    record(uow, outage, actor=by, action=Action.BULK_ANSWER_ABORTED, now=now, detail=detail)
    return left


def bulks_to_take_back(uow: UnitOfWork, *, since: datetime) -> list[int]:
    """Return the ids of bulk answers that were stopped since then, with more than the stop took back."""
    return [bulk.id for bulk in uow.bulk_answers.stopping(since=since)]


@dataclass(frozen=True, slots=True)
class TakenBack:
    """How many answers were taken back; `last` is the row after which more may wait, `None` at the end."""

    number: int
    last: int | None


def take_back_rest(uow: UnitOfWork, *, bulk_id: int, now: datetime, after: int = 0) -> TakenBack:
    """Take back the next answers of a bulk answer that was stopped, of those after a row.

    Those that somebody is about to send at this moment are taken back by who does (`take_back_stopped`).
    Only the cases of these answers are locked: whoever works on another one does not wait.
    """
    outage_id = uow.bulk_answers.get(bulk_id).outage_id
    uow.outages.lock([outage_id])
    some = uow.bulk_answers.waiting(bulk_id, after=after, limit=TAKEN_BACK_AT_ONCE)
    uow.cases.lock([one.case_id for one in some])
    uow.bulk_answers.lock(bulk_id)
    by = uow.bulk_answers.get(bulk_id).aborted_by or SYSTEM
    taken = _cancel_sends(uow, [one.message_id for one in some], now=now)
    for message, case in taken:
        _take_back(uow, message, case, by=by, now=now)
    if taken:
        update_board(uow, uow.outages.get(outage_id), now=now)
    return TakenBack(len(taken), some[-1].row_id if some else None)


def is_stopped(uow: UnitOfWork, message: Message) -> bool:
    """Return whether a message is an answer of a bulk answer that was stopped, and surely did not arrive."""
    return _stopped_bulk(uow, message) is not None


def take_back_stopped(uow: UnitOfWork, *, message_id: int, now: datetime) -> None:
    """Take back an answer that was about to be sent while its bulk answer was stopped."""
    message = uow.messages.get(message_id)
    bulk = _stopped_bulk(uow, message)
    if bulk is not None:
        _take_back(uow, message, uow.cases.get(message.case_id), by=bulk.aborted_by or SYSTEM, now=now)
        update_board(uow, uow.outages.get(bulk.outage_id), now=now)


def _outdated(uow: UnitOfWork, outage: Outage) -> list[BulkAnswer]:
    purpose = BulkPurpose.ANSWER if outage.state is OutageState.ANNOUNCED else BulkPurpose.SOLVED
    bulks = uow.bulk_answers.of_outage(outage.id)
    return [one for one in bulks if one.state is not BulkState.ABORTED and one.purpose is not purpose]


def _stop(
    uow: UnitOfWork, bulk: BulkAnswer, outage: Outage, locked: Collection[int], *, by: str, now: datetime
) -> int | None:
    """Stop a bulk answer that is locked with these cases; `None` where nothing of it was left to be stopped.

    Whoever works on another of its cases does not wait: those answers are taken back later.
    """
    if bulk.state is BulkState.ABORTED:
        return None
    waiting = uow.bulk_answers.waiting(bulk.id, after=0, limit=TAKEN_BACK_AT_ONCE)
    some = [one.message_id for one in waiting if one.case_id in locked]
    taken = _cancel_sends(uow, some, now=now)
    for message, case in taken:
        _take_back(uow, message, case, by=by, now=now)
    # The others of these are being sent at this moment.
    rest = uow.bulk_answers.taken_back_later(bulk.id) - (len(some) - len(taken))
    if bulk.state is BulkState.DONE and not taken and not rest:
        return None
    uow.bulk_answers.end(bulk.id, BulkState.ABORTED, at=now, by=by)
    return skip_rest(uow, bulk, outage, by=by, now=now, taken_back=len(taken) + rest)


def _cancel_sends(
    uow: UnitOfWork, message_ids: Sequence[int], *, now: datetime
) -> list[tuple[Message, Case]]:
    """Keep from being sent what waits for it, unless it may have arrived; return what does not leave."""
    waiting: dict[str, tuple[Message, Case]] = {}
    for message_id in message_ids:
        message = uow.messages.get(message_id)
        case = uow.cases.get(message.case_id)
        if _is_certain(message):
            waiting[send_effect(message, case).key] = message, case
    cancelled = uow.outbox.cancel_unclaimed(waiting, now=now, reason=CANCELLED)
    return [one for key, one in waiting.items() if key in cancelled]


def _is_certain(message: Message) -> bool:
    return message.delivery is Delivery.QUEUED and message.error is None


def _stopped_bulk(uow: UnitOfWork, message: Message) -> BulkAnswer | None:
    row_id = bulk_row_of(message)
    if row_id is None or not _is_certain(message):
        return None
    bulk = uow.bulk_answers.get(uow.bulk_answers.get_row(row_id).bulk_id)
    return bulk if bulk.state is BulkState.ABORTED else None


def _take_back(uow: UnitOfWork, message: Message, case: Case, *, by: str, now: datetime) -> None:
    """Record that an answer does not leave; its words stay, and its case is in the queue again."""
    uow.messages.save(replace(message, delivery=Delivery.FAILED, error=CANCELLED))
    row_id = bulk_row_of(message)
    if row_id is not None:
        row = uow.bulk_answers.get_row(row_id)
        uow.bulk_answers.save_row(replace(row, state=RowState.SKIPPED, reason=SkipReason.ABORTED))
    apply_failure(
        uow,
        case,
        message,
        actor=by,
        action=Action.REPLY_CANCELLED,
        now=now,
        detail={"sent": False, "reason": CANCELLED},
        in_bulk=True,
    )
