"""Rank the queue by harm, urgency and waiting time.

A score is in seconds of waiting: a case with a score of 3,600 ranks like a harmless one that has waited an
hour. Everything but the waiting time is stored, and all waiting cases gain one second per second, so their
order does not change with time. `sort_key_of` is that time-independent order; it is stored, and the database
indexes it.

The rank is a pure function of stored fields of the case (`Ranked`), so it can be recomputed at any time.
`rules_fingerprint` identifies the rules that a stored key came from; keys of other rules are recomputed.

Guarantees (decision 9), which the tests verify:
- Reach (the number of followers) only breaks ties; a VIP counts as the largest audience, never more. It is
  worth less than a second, and less than the fraction of a second that separates urgencies, so it never ranks
  a case above one of higher urgency, longer waiting or more harm.
- The number of posts by an author is not an input.
- Spam ranks below everything.
Waiting time is counted from a whole second, because networks give no finer timestamps.
"""

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import product
from typing import Protocol

from domain.intake.posts import Author
from domain.triage.assessment import Assessment, Urgency
from domain.triage.situations import Reason, Situation

_MINUTE = 60
_HOUR = 60 * _MINUTE

_URGENCY = {
    Urgency.LOW: 0,
    Urgency.NORMAL: 4 * _HOUR,
    Urgency.HIGH: 12 * _HOUR,
    # Danger, or harm that grows: no backlog of a weekend or of a holiday hides it.
    Urgency.URGENT: 30 * 24 * _HOUR,
}
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
_RAISED = 8 * _HOUR  # from normal to high urgency
#: Taken where a mail of an unknown sender opened the case: the same words of a known customer rank higher.
_STRANGER = -2 * _HOUR
#: What a rule of routing adds or takes.
_RULE = 30 * _MINUTE
#: Harm of an open outage that the case is linked to, by its severity.
_OUTAGE = {1: 5 * _MINUTE, 2: 15 * _MINUTE, 3: 30 * _MINUTE}
_SPAM = -1_000_000_000  # seconds, more than 30 years of waiting
_URGENCY_TIE = 0.2  # seconds per step of urgency
_REACH_TIE = 0.1  # seconds at most, for the largest audience
_MAX_AUDIENCE = 1_000_000_000
_LONG_WAIT = timedelta(minutes=10)
_EPOCH = datetime.fromtimestamp(0, UTC)

WAITING = "waiting"
CAME_BACK = "came back"
IN_OUTAGE = "part of an outage"
OVERDUE = "overdue"
RAISED = "raised by a rule"
LOWERED = "lowered by a rule"
IS_VIP = "is a VIP"
IS_STRANGER = "is a stranger"


class Ranked(Protocol):
    """The input of the ranking; a `Case` satisfies it."""

    @property
    def assessment(self) -> Assessment:
        """Situation, urgency and reasons."""

    @property
    def author(self) -> Author:
        """The customer; only `followers` is used."""

    @property
    def waiting_since(self) -> datetime | None:
        """When the customer first wrote without a reply, `None` where nothing is unanswered."""

    @property
    def last_message_at(self) -> datetime:
        """When either side last wrote; used only where nothing is unanswered."""

    @property
    def reopened_at(self) -> datetime | None:
        """When the customer wrote again after a reply or a close, `None` where they did not."""

    @property
    def outage_severity(self) -> int:
        """How bad the open outage is that the case is linked to, from 1 to 3; 0 without one."""

    @property
    def raised_at(self) -> datetime | None:
        """When the rank was raised because a target was missed, `None` where it was not."""

    @property
    def is_vip(self) -> bool:
        """Whether the customer is on the list of VIPs."""

    @property
    def rank_step(self) -> int:
        """1 where a rule of routing raises the rank, -1 where one lowers it, else 0."""

    @property
    def is_stranger(self) -> bool:
        """Whether a mail opened the case of whose sender nothing is known."""


def sort_key_of(case: Ranked) -> float:
    """Compute the key that the queue is sorted by, descending.

    The score at a time t is `weight + (t - waiting_since)`. As t is the same for all cases, `weight -
    waiting_since` gives the same order.
    """
    audience = _MAX_AUDIENCE if case.is_vip else case.author.followers
    weight = _URGENCY_TIE * case.assessment.urgency + _reach_tie_breaker(audience)
    if case.assessment.situation is Situation.SPAM:
        weight += _SPAM
    else:
        weight += _URGENCY[case.assessment.urgency] + _HARM.get(case.assessment.situation, 0)
        weight += sum(seconds for seconds, _ in _boosts(case))
    return weight - math.floor((case.waiting_since or case.last_message_at).timestamp())


def reasons_for(case: Ranked, now: datetime) -> tuple[str, ...]:
    """List the reasons for the rank: those of the assessment, then those of the case's state."""
    reasons = case.assessment.reasons
    if case.assessment.situation is Situation.SPAM:
        return reasons
    waits_long = case.waiting_since is not None and now - case.waiting_since >= _LONG_WAIT
    boosts = (reason for _, reason in _boosts(case))
    return (*reasons, *([WAITING] if waits_long else []), *boosts, *([IS_VIP] if case.is_vip else []))


@cache
def rules_fingerprint() -> str:
    """Compute a hash that identifies the ranking rules, from the keys that they give to sample cases."""
    ranked = " ".join(f"{sort_key_of(case):.6f}" for case in samples())
    return hashlib.sha256(ranked.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample case; every field of `Ranked` is a field of it."""

    assessment: Assessment
    author: Author
    reopened_at: datetime | None
    waiting_since: datetime | None = _EPOCH
    last_message_at: datetime = _EPOCH
    outage_severity: int = 0
    raised_at: datetime | None = None
    is_vip: bool = False
    rank_step: int = 0
    is_stranger: bool = False


def samples() -> Iterator[Sample]:
    """Yield sample cases for the fingerprint: between them, every field of `Ranked` takes several values.

    Situation, urgency, audience and reopening are combined; of each combination the other fields are varied
    one by one.
    """
    kinds = product(Situation, Urgency, (0, 1_000, _MAX_AUDIENCE), (None, _EPOCH))
    for situation, urgency, followers, reopened_at in kinds:
        plain = Assessment("", situation, urgency, (), 0.0)
        author = Author(id="", handle="", name="", followers=followers)
        case = Sample(plain, author, reopened_at)
        yield case
        yield replace(case, assessment=replace(plain, language="en"))
        yield replace(case, assessment=replace(plain, request=True))
        yield replace(case, waiting_since=_EPOCH + timedelta(hours=1))
        yield replace(case, waiting_since=None, last_message_at=_EPOCH + timedelta(hours=1))
        for reason in Reason:
            yield replace(case, assessment=replace(plain, reasons=(reason,)))
        for severity in (1, 2, 3):
            yield replace(case, outage_severity=severity)
        yield replace(case, raised_at=_EPOCH)
        yield replace(case, is_vip=True)
        yield replace(case, is_stranger=True)
        for step in (-1, 1):
            yield replace(case, rank_step=step)
        for sentiment in (-1.0, 1.0):
            yield replace(case, assessment=replace(plain, sentiment=sentiment))


def _boosts(case: Ranked) -> Iterator[tuple[int, str]]:
    """Yield the boosts from the state of the case: seconds of waiting, and the reason to show."""
    if case.reopened_at is not None:
        yield _REOPENED, CAME_BACK
    if case.outage_severity:
        yield _OUTAGE[case.outage_severity], IN_OUTAGE
    if case.raised_at is not None:
        yield _RAISED, OVERDUE
    if case.is_stranger:
        yield _STRANGER, IS_STRANGER
    if case.rank_step:
        yield case.rank_step * _RULE, RAISED if case.rank_step > 0 else LOWERED


def _reach_tie_breaker(followers: int) -> float:
    """Return the tie-breaker for the audience: logarithmic, from 0 to `_REACH_TIE` seconds."""
    audience = min(max(followers, 0), _MAX_AUDIENCE)
    return _REACH_TIE * math.log10(1 + audience) / math.log10(1 + _MAX_AUDIENCE)
