"""Decide what to do with a job, given the outcome of an attempt or of a check.

An act with an unknown outcome is never repeated before the other side was checked, unless it is idempotent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from domain.delivery.effect import Effect, Safety
from domain.delivery.effects import Job
from domain.delivery.outcomes import (
    Absent,
    Done,
    Failed,
    Finding,
    Later,
    NotAsked,
    Outcome,
    Unknown,
    backoff_delay,
    check_delay,
)

#: Checks of the other side before a person is asked to decide, or alerted that it cannot be read.
MAX_CHECKS = 4
#: How long a request without a response may still take effect. It is also our longest response timeout.
IN_FLIGHT_WINDOW = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Settle:
    """Mark the job as done."""

    result: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Postpone:
    """Retry at `due`, because the act did not happen.

    `counts` is whether this attempt counts towards the maximum. Where `pause` is true, the whole destination
    is paused until `due`.
    """

    due: datetime
    reason: str
    counts: bool = True
    pause: bool = False


@dataclass(frozen=True, slots=True)
class MarkUnsure:
    """Keep the job as unsure, because the act may have happened.

    The other side is checked at `due`; where that is `None`, a person is asked to decide. `responded` is
    whether the other side responded, with a failure of its own. `notify` is true the one time that people are
    notified. `counts` is whether this check counts towards `MAX_CHECKS`.
    """

    due: datetime | None
    reason: str
    responded: bool = False
    notify: bool = False
    counts: bool = True


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Fail the job for good: the act did not happen and is not retried."""

    failure: Failed


Decision = Settle | Postpone | MarkUnsure | GiveUp


def decide(job: Job, outcome: Outcome, now: datetime) -> Decision:
    """Decide what follows from the outcome of an attempt."""
    effect = job.effect
    match outcome:
        case Done(result):
            return Settle(result)
        case Failed():
            return GiveUp(outcome)
        case Later(reason, wait, pause, counts):
            if counts and _has_no_attempts_left(effect, job.attempts):
                return GiveUp(Failed(f"{reason} (tried {job.attempts} times)"))
            return Postpone(
                now + (backoff_delay(job.attempts) if wait is None else wait), reason, counts, pause
            )
        case Unknown(reason, responded):
            if effect.safety is Safety.REPEAT:
                return decide(job, Later(reason), now)
            return MarkUnsure(now + check_delay(0), reason, responded=responded, notify=True)


def decide_after_check(job: Job, finding: Finding | NotAsked, now: datetime) -> Decision:
    """Decide what follows from a check of the other side, for a job whose outcome is unknown."""
    reason = job.note or "the outcome is unknown"
    match finding:
        case Done(result):
            return Settle(result)
        case Absent(lists_at_once):
            return _decide_absent(job, reason, now, lists_at_once=lists_at_once)
        case Failed(why) if job.checks >= MAX_CHECKS:
            # Without a person to ask, give up a channel that the bot cannot read, so that its cards are
            # rerouted.
            return MarkUnsure(None, why, notify=True) if job.effect.asks_person else GiveUp(finding)
        case NotAsked(wait):
            return MarkUnsure(now + wait, reason, responded=job.responded, counts=False)
        case Later(why) if job.checks >= MAX_CHECKS and job.effect.asks_person:
            return MarkUnsure(None, why, notify=True)
        case Later() | Failed():
            named = finding.wait if isinstance(finding, Later) else None
            due = now + max(check_delay(job.checks), named or timedelta())
            return MarkUnsure(due, reason, responded=job.responded, notify=job.checks == MAX_CHECKS)


def _decide_absent(job: Job, reason: str, now: datetime, *, lists_at_once: bool) -> Decision:
    """Decide what follows when the act was not found on the other side.

    A public network lists a post late, so there only several checks and an error response together prove an
    absence. A status page lists an incident at once, so several checks do. Where nobody would be asked, one
    check does, once the request can no longer be in flight: after our crash the other side may still be
    processing it.
    """
    if not job.effect.asks_person:
        # A start that lies ahead is from before the clock was set back.
        started_at = None if job.send_started_at is None else min(job.send_started_at, now)
        in_flight_until = now if job.responded or started_at is None else started_at + IN_FLIGHT_WINDOW
        return _retry(job, reason, now) if in_flight_until <= now else MarkUnsure(in_flight_until, reason)
    if job.checks < MAX_CHECKS:
        return MarkUnsure(now + check_delay(job.checks), reason, responded=job.responded)
    if job.responded or lists_at_once:
        return _retry(job, reason, now)
    return MarkUnsure(None, reason, notify=True)


def _retry(job: Job, reason: str, now: datetime) -> Decision:
    if _has_no_attempts_left(job.effect, job.attempts):
        return GiveUp(Failed(f"{reason} (tried {job.attempts} times)"))
    return Postpone(now + backoff_delay(job.attempts), reason)


def _has_no_attempts_left(effect: Effect, attempts: int) -> bool:
    return effect.max_attempts is not None and attempts >= effect.max_attempts
