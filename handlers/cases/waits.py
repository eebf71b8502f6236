"""Follow the customers' waits for a person's answer: what they write opens one, our answer ends it.

Call these after the case has been saved, in the same transaction.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.cases.case import Case
from domain.cases.case_assessment import Statement, statements_of
from domain.cases.deadlines import next_check
from domain.cases.messages import Direction, Message
from domain.cases.service_levels import Due
from domain.cases.waits import (
    EndReason,
    Wait,
    answered,
    ended,
    first_asking,
    kind_after,
    resumed,
    without_answer,
)
from domain.triage.message_kind import MessageKind
from handlers.cases.views import MAX_CASE_MESSAGES
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class WaitWords:
    """What the customer has written in a case: all `statements`, and the newest `messages`, or all."""

    case: Case
    statements: Sequence[Statement]
    messages: Sequence[Message]


def follow_new_cases(uow: UnitOfWork, words: Iterable[WaitWords]) -> None:
    """Open the waits of cases that were just opened."""
    asked = [(one, first_asking(one.statements)) for one in words]
    uow.responses.add_many([_new_wait(uow, one, ask.at, []) for one, ask in asked if ask is not None])


def follow_words(uow: UnitOfWork, words: Sequence[WaitWords], *, now: datetime) -> None:
    """Open, move or end the waits of cases in which the customer has written, edited or deleted something."""
    earlier = uow.responses.of_cases([one.case.id for one in words])
    uow.responses.add_many(
        [
            wait
            for one in words
            if (wait := _followed(uow, one, earlier.get(one.case.id, []), now)) is not None
        ]
    )


def follow_messages(uow: UnitOfWork, case: Case, messages: Sequence[Message], *, now: datetime) -> None:
    """Follow the words of a case by all its messages; see `follow_words`."""
    follow_words(uow, [WaitWords(case, statements_of(case, messages), messages)], now=now)


def follow_press(uow: UnitOfWork, case: Case, *, now: datetime) -> None:
    """Open a wait of a customer who asked by a press on our page, unless they wait already."""
    earlier = uow.responses.of_case(case.id)
    if not _open(earlier):
        uow.responses.add_many([_wait(uow, case, None, now, earlier)])


def answer_wait(uow: UnitOfWork, case: Case, message: Message, *, at: datetime) -> None:
    """Record that our `message`, sent `at`, answers the customer.

    It also answers one whose case was closed since it was written.
    """
    last = next(iter(uow.responses.of_case(case.id)[::-1]), None)
    if last is None or not (last.is_open or last.was_closed) or not last.is_asked_before(message):
        return
    by_offer = any(handoff.message_id == message.id for handoff in uow.handoffs.of_case(case.id))
    seconds = _office_seconds(uow, last, at)
    uow.responses.save(answered(last, message, at, by_offer=by_offer, office_seconds=seconds))


def due_of_answered(uow: UnitOfWork, message: Message) -> datetime | None:
    """Return when the wait that our `message` answered was due."""
    waits = uow.responses.of_case(message.case_id)
    return next((wait.due_at for wait in waits if wait.answered_message_id == message.id), None)


def take_back_answer(uow: UnitOfWork, message: Message) -> None:
    """Record that our `message` did not arrive after all: the wait that it answered goes on."""
    waits = uow.responses.of_case(message.case_id)
    at = next((at for at, wait in enumerate(waits) if wait.answered_message_id == message.id), None)
    if at is None:
        return
    following = waits[at + 1] if at + 1 < len(waits) else None
    if following is not None:
        uow.responses.delete(following.id)
    wait = without_answer(waits[at], following)
    seconds = None if wait.until is None else _office_seconds(uow, wait, wait.until)
    check_at = next_check(wait, uow.service_levels)
    uow.responses.save(replace(wait, office_seconds=seconds, check_at=check_at))


def end_wait(uow: UnitOfWork, case: Case, reason: EndReason, *, now: datetime) -> None:
    """Record that the case's wait, if it has one, ended without an answer."""
    for wait in _open(uow.responses.of_case(case.id)):
        uow.responses.save(_ended(uow, wait, reason, now))


def resume_wait(uow: UnitOfWork, case: Case, *, now: datetime) -> None:
    """Resume the wait that ended because the case was closed: it is open again.

    It is followed by what the customer wrote, edited or deleted while the case was closed.
    """
    last = next(iter(uow.responses.of_case(case.id)[::-1]), None)
    if last is not None and last.was_closed and case.waiting_since is not None:
        wait = resumed(last)
        uow.responses.save(replace(wait, check_at=next_check(wait, uow.service_levels)))
    follow_messages(uow, case, uow.messages.of_case(case.id, limit=MAX_CASE_MESSAGES), now=now)


def _followed(uow: UnitOfWork, words: WaitWords, earlier: Sequence[Wait], now: datetime) -> Wait | None:
    """End or move the case's open wait as its words say; return the wait to open, if any."""
    ask = first_asking(words.statements)
    # Not before the case was closed: what was said then was dealt with.
    asked_at = None if ask is None else max(ask.at, words.case.waiting_since or ask.at)
    for wait in _open(earlier):
        if _goes_on(wait, ask, words.statements):
            moved = wait
            if asked_at is not None and asked_at < wait.asked_at:
                message_id = _message_id_at(uow, words, asked_at)
                moved = replace(wait, asked_at=asked_at, asked_message_id=message_id)
            moved = _with_targets(uow, words.case, moved, [other for other in earlier if other.id != wait.id])
            if moved != wait:
                uow.responses.save(moved)
            return None
        reason = EndReason.THANKS if _ends_by_thanks(words.statements) else EndReason.GONE
        ending = _ended(uow, wait, reason, now)
        uow.responses.save(ending)
        earlier = [*(other for other in earlier if other.id != wait.id), ending]
    if asked_at is None or not words.case.state.is_active:
        return None
    return _new_wait(uow, words, asked_at, earlier)


def _goes_on(wait: Wait, ask: Statement | None, statements: Sequence[Statement]) -> bool:
    """Return whether an open wait is for `ask`, or for a press, which no message is needed for."""
    if wait.asked_message_id is None:
        return ask is not None or not _ends_by_thanks(s for s in statements if s.at > wait.asked_at)
    return ask is not None and ask.at <= wait.asked_at


def _ends_by_thanks(statements: Iterable[Statement]) -> bool:
    return any(s.kind is MessageKind.THANKS and not s.is_answered for s in statements)


def _new_wait(uow: UnitOfWork, words: WaitWords, asked_at: datetime, earlier: Sequence[Wait]) -> Wait:
    return _wait(uow, words.case, _message_id_at(uow, words, asked_at), asked_at, earlier)


def _wait(
    uow: UnitOfWork, case: Case, message_id: int | None, asked_at: datetime, earlier: Sequence[Wait]
) -> Wait:
    last = earlier[-1] if earlier else None
    wait = Wait(
        id=0,
        case_id=case.id,
        kind=kind_after(earlier, was_reopened=case.reopened_at is not None),
        asked_message_id=message_id,
        asked_at=asked_at,
        due_at=case.reply_due,
        resolution_warned_at=last.resolution_warned_at if last else None,
        resolution_breached_at=last.resolution_breached_at if last else None,
    )
    return _with_targets(uow, case, wait, earlier)


def _with_targets(uow: UnitOfWork, case: Case, wait: Wait, earlier: Sequence[Wait]) -> Wait:
    """Return the open wait with its targets, as the case is assessed now; itself where they are the same."""
    levels, tags = uow.service_levels, case.routing.customer_tags
    level, resolution = levels.matching(case.assessment, case.channel, tags), Due()
    if level is not None and level.resolution is not None:
        waited = [(other.asked_at, other.until) for other in earlier if other.until is not None]
        since = max(case.opened_at, wait.asked_at)
        resolution = levels.resolution_due(
            case.assessment, since, waited=waited, channel=case.channel, tags=tags
        )
    policy = level.name if level is not None and case.reply_due is not None else None
    targets = (case.reply_due, policy, resolution.at, resolution.level)
    if targets == (wait.due_at, wait.policy, wait.resolution_due_at, wait.resolution_policy):
        return wait
    timed = replace(
        wait,
        due_at=case.reply_due,
        policy=policy,
        resolution_due_at=resolution.at,
        resolution_policy=resolution.level,
    )
    return replace(timed, check_at=next_check(timed, levels))


def _message_id_at(uow: UnitOfWork, words: WaitWords, at: datetime) -> int | None:
    """Return the id of the customer's message that was written then."""
    found = _incoming_at(words.messages, at)
    if found is None:
        found = _incoming_at(uow.messages.of_case(words.case.id, limit=MAX_CASE_MESSAGES), at)
    return None if found is None else found.id


def _incoming_at(messages: Sequence[Message], at: datetime) -> Message | None:
    live = (m for m in messages if m.direction is Direction.IN and m.deleted_at is None)
    return next((m for m in live if m.created_at == at), None)


def _open(waits: Sequence[Wait]) -> list[Wait]:
    return [wait for wait in waits if wait.is_open]


def _ended(uow: UnitOfWork, wait: Wait, reason: EndReason, at: datetime) -> Wait:
    return ended(wait, reason, at, office_seconds=_office_seconds(uow, wait, at))


def _office_seconds(uow: UnitOfWork, wait: Wait, until: datetime) -> float:
    return uow.service_levels.hours.seconds_between(wait.asked_at, until)
