"""What is to be done about a job, given what became of it: the retry decision as a value.

Nothing whose outcome is unknown is repeated before the other side was read, unless repeating it changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from domain.delivery.effects import Effect, Job, Safety
from domain.delivery.outcomes import (
    Absent,
    Done,
    Failed,
    Finding,
    Later,
    Outcome,
    Unknown,
    check_wait,
    growing_wait,
)

#: Looks at the other side before a person is asked, or told that it cannot be read.
LOOKS = 4
#: As long as a request that we have lost sight of may still be on its way to be done. We do not wait longer for an answer either.
UNDER_WAY = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Settle:
    """It happened."""

    result: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Postpone:
    """It did not happen, and is tried again at `due`. Where `pause` is true, its destination rests as long."""

    due: datetime
    reason: str
    counts: bool = True
    pause: bool = False


@dataclass(frozen=True, slots=True)
class MarkUnsure:
    """It may have happened. The other side is read at `due`; where that is `None`, a person is asked.

    `tell` is true the one time that somebody should hear of it.
    """

    due: datetime | None
    reason: str
    answered: bool = False
    tell: bool = False


@dataclass(frozen=True, slots=True)
class GiveUp:
    """It did not happen and will not."""

    failure: Failed


Decision = Settle | Postpone | MarkUnsure | GiveUp


def decide(job: Job, outcome: Outcome, now: datetime) -> Decision:
    """What a try's outcome means."""
    effect = job.effect
    match outcome:
        case Done(result):
            return Settle(result)
        case Failed():
            return GiveUp(outcome)
        case Later(reason, wait, pause, counts):
            if counts and _is_spent(effect, job.attempts):
                return GiveUp(Failed(f"{reason} (tried {job.attempts} times)"))
            return Postpone(
                now + (growing_wait(job.attempts) if wait is None else wait), reason, counts, pause
            )
        case Unknown(reason, answered):
            if effect.safety is Safety.REPEAT:
                return decide(job, Later(reason), now)
            return MarkUnsure(now + check_wait(0), reason, answered=answered, tell=True)


def decide_found(job: Job, finding: Finding, now: datetime) -> Decision:
    """What a look at the other side means for a job whose outcome is unknown."""
    reason = job.note or "the outcome is unknown"
    match finding:
        case Done(result):
            return Settle(result)
        case Absent():
            return _not_there(job, reason, now)
        case Failed(why) if job.checks >= LOOKS:
            # Without a person to ask, a place that is closed to us is given up, so that its cards go elsewhere.
            return MarkUnsure(None, why, tell=True) if job.effect.asks_person else GiveUp(finding)
        case Later(why) if job.checks >= LOOKS and job.effect.asks_person:
            return MarkUnsure(None, why, tell=True)
        case Later(_, wait):
            due = now + max(check_wait(job.checks), wait or timedelta())
            return MarkUnsure(due, reason, answered=job.answered, tell=job.checks == LOOKS)
        case Failed():
            return MarkUnsure(now + check_wait(job.checks), reason, answered=job.answered)


def _not_there(job: Job, reason: str, now: datetime) -> Decision:
    """A public network lists a post late, so only several looks, and an answer that spoke of failure, prove an absence.

    Elsewhere one look does, once the request cannot be under way any more: the other side may be slow where we were killed.
    """
    if not job.effect.asks_person:
        over = now if job.answered or job.departed_at is None else job.departed_at + UNDER_WAY
        return _try_again(job, reason, now) if over <= now else MarkUnsure(over, reason)
    if job.checks < LOOKS:
        return MarkUnsure(now + check_wait(job.checks), reason, answered=job.answered)
    if job.answered:
        return _try_again(job, reason, now)
    return MarkUnsure(None, reason, tell=True)


def _try_again(job: Job, reason: str, now: datetime) -> Decision:
    if _is_spent(job.effect, job.attempts):
        return GiveUp(Failed(f"{reason} (tried {job.attempts} times)"))
    return Postpone(now + growing_wait(job.attempts), reason)


def _is_spent(effect: Effect, attempts: int) -> bool:
    return effect.tries is not None and attempts >= effect.tries
