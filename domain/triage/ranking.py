"""The order of the queue: harm, urgency and waiting time, and nothing that a loud voice can add to.

A score is counted in seconds of waiting: a case that scores 3,600 stands beside a harmless one that has waited an
hour. So everything but the waiting can be added up once and stored, and since every case gains one second a second
the order never changes by itself: `sort_key` is that order without the clock, and a database can index it.

Three guarantees (promise 5 of the design), which the tests hold it to:
- Reach only breaks ties. It is worth less than a second, and less than the part of a second that tells urgencies
  apart, so no audience lifts a case over one of higher urgency, nor over one that has waited longer or suffers more.
- How often somebody posts is not even an argument.
- Spam stands below everything.
Waiting counts from a whole second, because X's own clock has no finer one.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

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
_OPEN_OUTAGE = 10 * _MINUTE
_REOPENED = 20 * _MINUTE
_SPAM = -1_000_000_000  # thirty years of waiting
_URGENCY_TIE = 0.2  # seconds for each step of urgency
_REACH_TIE = 0.1  # seconds at most, whatever the audience
_WIDEST_AUDIENCE = 1_000_000_000
_LONG = timedelta(minutes=10)

WAITING = "waiting"
OUTAGE = "open outage"
CAME_BACK = "came back"


@dataclass(frozen=True, slots=True)
class Rank:
    """A place in the queue: the score in seconds of waiting, its word, and why."""

    score: float
    word: str
    reasons: tuple[str, ...]


def rank(
    assessment: Assessment,
    *,
    waiting: timedelta,
    followers: int,
    linked_to_outage: bool = False,
    reopened: bool = False,
) -> Rank:
    """Rank a case that has waited so long."""
    base = base_score(assessment, followers=followers, linked_to_outage=linked_to_outage, reopened=reopened)
    reasons = list(assessment.reasons)
    if assessment.situation is not Situation.SPAM:
        added = ((waiting >= _LONG, WAITING), (linked_to_outage, OUTAGE), (reopened, CAME_BACK))
        reasons += [reason for holds, reason in added if holds]
    return Rank(base + waiting.total_seconds(), assessment.urgency.label, tuple(reasons))


def base_score(
    assessment: Assessment, *, followers: int, linked_to_outage: bool = False, reopened: bool = False
) -> float:
    """The part of the score that does not depend on the time, in seconds of waiting."""
    tie = _URGENCY_TIE * assessment.urgency + _reach(followers)
    if assessment.situation is Situation.SPAM:
        return _SPAM + tie
    harm = _HARM.get(assessment.situation, 0) + _OPEN_OUTAGE * linked_to_outage + _REOPENED * reopened
    return _URGENCY[assessment.urgency] + harm + tie


def sort_key(
    assessment: Assessment,
    *,
    followers: int,
    waiting_since: datetime,
    linked_to_outage: bool = False,
    reopened: bool = False,
) -> float:
    """A number to store and sort by, descending: the order of `rank(...).score` at any moment.

    `score = base + (now - waiting_since)`; `now` is the same for all, so `base - waiting_since` gives the same order.
    """
    base = base_score(assessment, followers=followers, linked_to_outage=linked_to_outage, reopened=reopened)
    return base - math.floor(waiting_since.timestamp())


def _reach(followers: int) -> float:
    """Grows with the logarithm of the audience, from 0 to `_REACH_TIE` seconds."""
    audience = min(max(followers, 0), _WIDEST_AUDIENCE)
    return _REACH_TIE * math.log10(1 + audience) / math.log10(1 + _WIDEST_AUDIENCE)
