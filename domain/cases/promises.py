"""Define the promises of our answers: what was promised for when, and whether it was kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from domain.errors import Refused
from domain.office_hours import OfficeHours

MAX_WORDS = 80  # characters of a promise's own words that are stored


class PromiseState(StrEnum):
    """What became of a promise. `WITHDRAWN`: a person said that it is none. The values are stored."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    WITHDRAWN = "withdrawn"


class PromiseClosed(Refused):
    """A press came for a promise of which it is known by now what became of it: `state`."""

    def __init__(self, state: PromiseState) -> None:
        super().__init__(state)
        self.state = state


class PromiseGone(Refused):
    """The promise is not there any more: its answer did not arrive."""


class DueInPast(Refused):
    """A promise cannot be due at a time that has passed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A time by which our answer `message_id` promises something.

    `words` are the time as the answer names it, `made_by` the Slack user id of its writer, and `made_at` when
    it was sent. `settled_at` and `settled_by` are of a state that is not open; `settled_by` is `None` where
    no person said so. `reminded_at` is when somebody was reminded of it, `check_at` when it is to be looked
    at next.
    """

    id: int
    case_id: int
    message_id: int
    words: str
    made_at: datetime
    made_by: str | None
    due_at: datetime
    state: PromiseState = PromiseState.OPEN
    settled_at: datetime | None = None
    settled_by: str | None = None
    reminded_at: datetime | None = None
    check_at: datetime | None = None


def scheduled(promise: Promise, hours: OfficeHours, remind_before: timedelta) -> Promise:
    """Return the open promise with when it is to be looked at next: for a reminder, then when it is due.

    A reminder comes `remind_before` it is due, in office hours, but not before half of its time has passed.
    """
    if promise.reminded_at is not None or not remind_before:
        return replace(promise, check_at=promise.due_at)
    half = promise.made_at + (promise.due_at - promise.made_at) / 2
    return replace(promise, check_at=max(hours.before(promise.due_at, remind_before), half))


def settled(promise: Promise, state: PromiseState, at: datetime, *, by: str | None = None) -> Promise:
    """Return the promise in a state that is not open."""
    return replace(promise, state=state, settled_at=at, settled_by=by, check_at=None)


def is_settled_by_resolving(promise: Promise, answered_at: Sequence[datetime]) -> bool:
    """Return whether resolving the case keeps the promise: we answered after it, and before it was due.

    `answered_at` are when the messages of people in the case were sent.
    """
    return promise.state is PromiseState.OPEN and was_answered(promise, answered_at)


def was_answered(promise: Promise, answered_at: Sequence[datetime]) -> bool:
    """Return whether a person wrote to the customer between the promise and when it was due."""
    return any(promise.made_at < at <= promise.due_at for at in answered_at)
