"""Keep account of what our answers promise: record it, remind of it, and settle it as kept or broken."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain.cases.case import Case
from domain.cases.messages import Delivery, Direction, Message
from domain.cases.promises import (
    MAX_WORDS,
    DueInPast,
    Promise,
    PromiseClosed,
    PromiseGone,
    PromiseState,
    is_settled_by_resolving,
    scheduled,
    settled,
    was_answered,
)
from domain.office_hours import OfficeHours
from domain.records.audit import SYSTEM, Action, Entry
from domain.replies.checks.promised_times import promised_times
from domain.replies.due_times import due_at
from domain.replies.outgoing_message import is_bulk_answer
from handlers.cases.transitions import notify, save_change
from handlers.cases.views import MAX_CASE_MESSAGES
from storage.unit_of_work import UnitOfWork

BATCH = 20


@dataclass(frozen=True, slots=True)
class DuePromise:
    """An open promise, with its case."""

    promise: Promise
    case: Case


def read_promises(text: str, *, said_at: datetime, hours: OfficeHours) -> list[tuple[str, datetime]]:
    """Return what an answer promises if it is sent then: in its words and until when, each time once."""
    found: dict[datetime, str] = {}
    for promised in promised_times(text):
        due = due_at(promised.term, said_at, hours)
        if due is not None:
            found.setdefault(due, promised.words[:MAX_WORDS])
    return sorted(((words, due) for due, words in found.items()), key=lambda pair: pair[1])


def record_promises(uow: UnitOfWork, case: Case, message: Message, *, at: datetime, now: datetime) -> None:
    """Store what our `message`, which was sent `at`, promises. Call it where that is marked as sent.

    One of a bulk answer promises nothing: its outage says when the next update is due, once for all cases.
    """
    if is_bulk_answer(message):
        return
    levels = uow.service_levels
    made = [
        scheduled(
            Promise(
                id=0,
                case_id=case.id,
                message_id=message.id,
                words=words,
                made_at=at,
                made_by=message.sent_by,
                due_at=due,
            ),
            levels.hours,
            levels.remind_of_promises,
        )
        for words, due in read_promises(message.text, said_at=at, hours=levels.hours)
    ]
    actor = message.sent_by or SYSTEM
    stored = uow.promises.add_many(message.id, made)
    uow.audit.add_many([_entry(case, promise, actor, Action.PROMISED, now) for promise in stored])


def take_back_promises(uow: UnitOfWork, message: Message) -> None:
    """Delete what a message promised that did not arrive."""
    uow.promises.delete_of_message(message.id)


def keep_answered_promises(uow: UnitOfWork, case: Case, *, now: datetime) -> None:
    """Settle the promises as kept that resolving the case keeps."""
    waiting = [one for one in uow.promises.of_case(case.id) if one.state is PromiseState.OPEN]
    if not waiting:
        return
    for promise in waiting:
        if is_settled_by_resolving(promise, _answered_at(uow, promise)):
            uow.promises.save(settled(promise, PromiseState.KEPT, now))
            uow.audit.add_many([_entry(case, promise, SYSTEM, Action.PROMISE_KEPT, now)])


def mark_kept(uow: UnitOfWork, *, promise_id: int, user_id: str, now: datetime) -> Case:
    """Settle the promise as kept, by a person's word; also a broken one. Pressed twice it is done once.

    Raises `PromiseGone`, and `PromiseClosed` where somebody said that it is none.
    """
    return _settle(uow, promise_id, PromiseState.KEPT, Action.PROMISE_KEPT, user_id=user_id, now=now)


def withdraw(uow: UnitOfWork, *, promise_id: int, user_id: str, now: datetime) -> Case:
    """Take the promise out of account, as a person says that it is none. Raises as `mark_kept` does."""
    return _settle(
        uow, promise_id, PromiseState.WITHDRAWN, Action.PROMISE_WITHDRAWN, user_id=user_id, now=now
    )


def get_promise(uow: UnitOfWork, *, promise_id: int) -> DuePromise:
    """Return the promise with its case; raises `PromiseGone`."""
    promise = uow.promises.get(promise_id)
    if promise is None:
        raise PromiseGone
    return DuePromise(promise, uow.cases.get(promise.case_id))


def change_due(uow: UnitOfWork, *, promise_id: int, due: datetime, user_id: str, now: datetime) -> Case:
    """Have the promise be due at another time; a broken one is open again.

    Raises `DueInPast`, `PromiseGone`, and `PromiseClosed` where it was kept, or is said to be none.
    """
    if due <= now:
        raise DueInPast
    promise, case = _load(uow, promise_id)
    require_unsettled(promise)
    levels = uow.service_levels
    changed = replace(
        promise,
        due_at=due,
        state=PromiseState.OPEN,
        settled_at=None,
        settled_by=None,
        reminded_at=None,
    )
    uow.promises.save(scheduled(changed, levels.hours, levels.remind_of_promises))
    return _save(uow, case, changed, user_id, Action.PROMISE_MOVED, now, before=promise.due_at.isoformat())


def require_unsettled(promise: Promise) -> None:
    """Raise `PromiseClosed` where a promise was kept, or is said to be none."""
    if promise.state not in {PromiseState.OPEN, PromiseState.BROKEN}:
        raise PromiseClosed(promise.state)


def due_promises(uow: UnitOfWork, *, holder: str | None = None, limit: int = 50) -> list[DuePromise]:
    """Return the open promises with their cases, the first that is due first.

    Those of the cases that `holder` has, or had last; of all cases where it is `None`.
    """
    waiting = uow.promises.open(holder=holder, limit=limit)
    return [DuePromise(promise, uow.cases.get(promise.case_id)) for promise in waiting]


def has_promises_to_check(uow: UnitOfWork, *, now: datetime) -> bool:
    """Return whether any promise is to be looked at."""
    return bool(uow.promises.to_check(now, limit=1))


def act_on_promises(uow: UnitOfWork, *, managers: Collection[str], now: datetime) -> int:
    """Remind of at most `BATCH` promises, and settle those that were broken; return how many there were.

    `managers` are told of broken ones beside whoever has the case. Each is acted on once: whoever marks it
    first, over all copies of the bot and their restarts, does it.
    """
    case_ids = {promise.case_id for promise in uow.promises.to_check(now, limit=BATCH)}
    uow.cases.lock(case_ids)
    # Again, as whoever held a case may have settled its promise meanwhile.
    found = [promise for promise in uow.promises.to_check(now, limit=BATCH) if promise.case_id in case_ids]
    for promise in found:
        if promise.due_at > now:
            _remind(uow, promise, now)
        else:
            _end(uow, promise, managers, now)
    return len(found)


def _remind(uow: UnitOfWork, promise: Promise, now: datetime) -> None:
    reminded = replace(promise, reminded_at=now, check_at=promise.due_at)
    if uow.promises.mark_checked(promise, reminded):
        _notify(uow, promise, Action.PROMISE_DUE_SOON, (), now)


def _end(uow: UnitOfWork, promise: Promise, managers: Collection[str], now: datetime) -> None:
    """Settle a promise that is due as broken; where we have answered since, ask whether it was kept."""
    if was_answered(promise, _answered_at(uow, promise)):
        if uow.promises.mark_checked(promise, replace(promise, check_at=None)):
            _notify(uow, promise, Action.PROMISE_DUE, (), now)
    elif uow.promises.mark_checked(promise, settled(promise, PromiseState.BROKEN, now)):
        _notify(uow, promise, Action.PROMISE_BROKEN, managers, now)


def _notify(
    uow: UnitOfWork, promise: Promise, action: Action, others: Collection[str], now: datetime
) -> None:
    """Notify whoever has the case, or had it last, else its channel, and `others`."""
    case = uow.cases.get(promise.case_id)
    changed = _save(uow, case, promise, SYSTEM, action, now)
    for person in sorted({case.claimed_by or case.closed_by or changed.channel, *others}):
        notify(uow, changed, person, action, actor=SYSTEM, now=now)


def _settle(
    uow: UnitOfWork, promise_id: int, state: PromiseState, action: Action, *, user_id: str, now: datetime
) -> Case:
    promise, case = _load(uow, promise_id)
    if promise.state is state:
        return case
    require_unsettled(promise)
    uow.promises.save(settled(promise, state, now, by=user_id))
    return _save(uow, case, promise, user_id, action, now)


def _load(uow: UnitOfWork, promise_id: int) -> tuple[Promise, Case]:
    """Load the case, then the promise as nobody else can change it: its writers lock or save its case."""
    case = get_promise(uow, promise_id=promise_id).case
    uow.cases.lock({case.id})
    found = get_promise(uow, promise_id=promise_id)
    return found.promise, found.case


def _answered_at(uow: UnitOfWork, promise: Promise) -> Sequence[datetime]:
    """Return when people's other messages in the case were sent."""
    return [
        message.sent_at
        for message in uow.messages.of_case(promise.case_id, limit=MAX_CASE_MESSAGES)
        if message.direction is Direction.OUT
        and message.delivery is Delivery.SENT
        and message.sent_by is not None
        and message.sent_at is not None
        and message.id != promise.message_id
    ]


def _save(
    uow: UnitOfWork, case: Case, promise: Promise, actor: str, action: Action, now: datetime, **more: str
) -> Case:
    return save_change(
        uow,
        case,
        actor=actor,
        action=action,
        now=now,
        message_id=promise.message_id,
        detail=_detail(promise) | more,
    )


def _entry(case: Case, promise: Promise, actor: str, action: Action, now: datetime) -> Entry:
    return Entry(
        at=now,
        actor=actor,
        action=action,
        case_id=case.id,
        version=case.version,
        message_id=promise.message_id,
        detail=_detail(promise),
    )


def _detail(promise: Promise) -> dict[str, Any]:
    """Return what the audit trail keeps of a promise; `words` are those of our answer."""
    return {"promise": promise.id, "words": promise.words, "due": promise.due_at.isoformat()}
