"""Decide when a customer's wait needs a warning, or a target of it is missed; each of them once."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.cases.service_levels import ServiceLevel, ServiceLevels
from domain.cases.waits import Wait


class Target(StrEnum):
    """What is due."""

    ANSWER = "answer"
    RESOLUTION = "resolution"


@dataclass(frozen=True, slots=True)
class Alarm:
    """A target that is near, or missed where `is_missed`, with the service level that has it."""

    target: Target
    is_missed: bool
    due_at: datetime
    level: ServiceLevel


def next_check(wait: Wait, levels: ServiceLevels) -> datetime | None:
    """Return when the next alarm of an open wait comes; `None` where none does."""
    if not wait.is_open:
        return None
    return min((at for at, _ in _upcoming(wait, levels)), default=None)


def alarms(wait: Wait, levels: ServiceLevels, now: datetime) -> list[Alarm]:
    """Return the alarms of an open wait that are due; a missed target needs no warning any more."""
    due = {alarm.target: alarm for at, alarm in sorted(_upcoming(wait, levels), key=_moment) if at <= now}
    return list(due.values())


def with_alarms(wait: Wait, rung: list[Alarm], levels: ServiceLevels, now: datetime) -> Wait:
    """Return the wait after these alarms were acted on."""
    for alarm in rung:
        match alarm.target, alarm.is_missed:
            case Target.ANSWER, False:
                wait = replace(wait, warned_at=now)
            case Target.ANSWER, True:
                wait = replace(wait, breached_at=now)
            case Target.RESOLUTION, False:
                wait = replace(wait, resolution_warned_at=now)
            case Target.RESOLUTION, True:
                wait = replace(wait, resolution_breached_at=now)
    return replace(wait, check_at=next_check(wait, levels))


def _upcoming(wait: Wait, levels: ServiceLevels) -> Iterator[tuple[datetime, Alarm]]:
    clocks = (
        (Target.ANSWER, wait.due_at, wait.policy, wait.warned_at, wait.breached_at),
        (
            Target.RESOLUTION,
            wait.resolution_due_at,
            wait.resolution_policy,
            wait.resolution_warned_at,
            wait.resolution_breached_at,
        ),
    )
    for target, due_at, name, warned_at, breached_at in clocks:
        level = levels.level(name)
        if due_at is None or level is None or breached_at is not None:
            continue
        yield due_at, Alarm(target, True, due_at, level)
        if level.warn_before is not None and warned_at is None:
            warn_at = levels.hours_of(level).before(due_at, level.warn_before)
            yield warn_at, Alarm(target, False, due_at, level)


def _moment(upcoming: tuple[datetime, Alarm]) -> datetime:
    return upcoming[0]
