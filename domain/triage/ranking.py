"""The order of the queue: harm, urgency and waiting time, and nothing that a loud voice can add to.

A score is counted in seconds of waiting: a case that scores 3,600 stands beside a harmless one that has waited an
hour. So everything but the waiting can be added up once and stored, and since every case gains one second a second
the order never changes by itself: `sort_key_of` is that order without the clock, and a database can index it.

A rank is a function of what is stored with the case (`Ranked`) and of nothing else, so it can be computed again at
any time: `rules_fingerprint` tells which rules a stored key came from, and keys of other rules are computed anew.

Three guarantees (promise 5 of the design), which the tests hold it to:
- Reach only breaks ties. It is worth less than a second, and less than the part of a second that tells urgencies
  apart, so no audience lifts a case over one of higher urgency, nor over one that has waited longer or suffers more.
- How often somebody posts is not even an argument.
- Spam stands below everything.
Waiting counts from a whole second, because X's own clock has no finer one.
"""

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import product
from typing import Protocol

from domain.intake.posts import Author
from domain.triage.assessment import Assessment, Urgency
from domain.triage.situations import Situation

_MINUTE = 60
_HOUR = 60 * _MINUTE

_URGENCY = {Urgency.LOW: 0, Urgency.NORMAL: 4 * _HOUR, Urgency.HIGH: 12 * _HOUR, Urgency.URGENT: 48 * _HOUR}
_HARM = {
    Situation.SAFETY_OR_LEGAL: 60 * _MINUTE,
    Situation.CANNOT_PAY: 45 * _MINUTE,
    Situation.ACCOUNT_ACCESS: 35 * _MINUTE,
    Situation.OUTAGE_REPORT: 30 * _MINUTE,
    Situation.REFUND: 20 * _MINUTE,
    Situation.DELIVERY: 20 * _MINUTE,
    Situation.PRESS: 10 * _MINUTE,
    Situation.QUESTION: 10 * _MINUTE,
    Situation.RANT: 5 * _MINUTE,
}
_REOPENED = 20 * _MINUTE
_SPAM = -1_000_000_000  # thirty years of waiting
_URGENCY_TIE = 0.2  # seconds for each step of urgency
_REACH_TIE = 0.1  # seconds at most, whatever the audience
_WIDEST_AUDIENCE = 1_000_000_000
_LONG = timedelta(minutes=10)
_EPOCH = datetime.fromtimestamp(0, UTC)

WAITING = "waiting"
CAME_BACK = "came back"


class Ranked(Protocol):
    """What a rank is computed from; a `Case` is one."""

    @property
    def assessment(self) -> Assessment:
        """What it is about, and how urgent."""

    @property
    def author(self) -> Author:
        """Who wrote."""

    @property
    def waiting_since(self) -> datetime | None:
        """When the customer first wrote without an answer."""

    @property
    def last_message_at(self) -> datetime:
        """When either side last wrote; counts only where nobody waits for an answer."""

    @property
    def reopened_at(self) -> datetime | None:
        """When the customer came back, `None` where they did not."""


def sort_key_of(case: Ranked) -> float:
    """Compute the number that the queue is sorted by, descending.

    The score at a moment is `worth + (moment - waiting_since)`; the moment is the same for all, so
    `worth - waiting_since` gives the same order.
    """
    worth = _URGENCY_TIE * case.assessment.urgency + _reach(case.author.followers)
    if case.assessment.situation is Situation.SPAM:
        worth += _SPAM
    else:
        worth += _URGENCY[case.assessment.urgency] + _HARM.get(case.assessment.situation, 0)
        worth += sum(seconds for seconds, _ in _lifts(case))
    return worth - math.floor((case.waiting_since or case.last_message_at).timestamp())


def reasons_for(case: Ranked, now: datetime) -> tuple[str, ...]:
    """List why it ranks where it does, in words: what was read in it, then what is known of the case."""
    reasons = case.assessment.reasons
    if case.assessment.situation is Situation.SPAM:
        return reasons
    waits_long = case.waiting_since is not None and now - case.waiting_since >= _LONG
    return (*reasons, *([WAITING] if waits_long else []), *(reason for _, reason in _lifts(case)))


@cache
def rules_fingerprint() -> str:
    """Compute what tells these ranking rules from others: a hash of how they rank one case of each kind."""
    kinds = product(Situation, Urgency, (0, 1_000, _WIDEST_AUDIENCE), (None, _EPOCH))
    cases = (
        _Sample(
            Assessment("", situation, urgency, (), 0.0),
            Author(id="", handle="", name="", followers=followers),
            reopened_at,
        )
        for situation, urgency, followers, reopened_at in kinds
    )
    ranked = " ".join(f"{sort_key_of(case):.6f}" for case in cases)
    return hashlib.sha256(ranked.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class _Sample:
    """A case of one kind, which has waited since the epoch."""

    assessment: Assessment
    author: Author
    reopened_at: datetime | None
    waiting_since: datetime = _EPOCH
    last_message_at: datetime = _EPOCH


def _lifts(case: Ranked) -> Iterator[tuple[int, str]]:
    """What lifts a case beside what it is about: its worth in seconds of waiting, and the reason to show."""
    if case.reopened_at is not None:
        yield _REOPENED, CAME_BACK


def _reach(followers: int) -> float:
    """Grows with the logarithm of the audience, from 0 to `_REACH_TIE` seconds."""
    audience = min(max(followers, 0), _WIDEST_AUDIENCE)
    return _REACH_TIE * math.log10(1 + audience) / math.log10(1 + _WIDEST_AUDIENCE)
