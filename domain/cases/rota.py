"""Decide who gets the next case, when somebody who is away is back, and which claims return to the queue."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from enum import StrEnum

DAY_BEGINS_AT = time(9)
_SATURDAY = 5  # `date.weekday`


class RotaMode(StrEnum):
    """How cases are given out; `OFF`: agents claim them."""

    OFF = "off"
    ROUND_ROBIN = "round_robin"
    LEAST_BUSY = "least_busy"


@dataclass(frozen=True, slots=True, kw_only=True)
class RotaPolicy:
    """The settings of the rota.

    `cap` is the most open cases that somebody is given. `stale_after` is how long a claim may do nothing
    while the customer waits, `None` for ever.
    """

    mode: RotaMode = RotaMode.OFF
    cap: int = 5
    stale_after: timedelta | None = timedelta(hours=8)

    @property
    def is_on(self) -> bool:
        """Whether cases are given out."""
        return self.mode is not RotaMode.OFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """What an agent has: their open cases (those whose customer waits), and when they were given the last."""

    user_id: str
    open_cases: int = 0
    assigned_at: datetime | None = None
    away_until: datetime | None = None


class ReturnReason(StrEnum):
    """Why a claim was returned to the queue."""

    STALE = "stale"
    DEACTIVATED = "deactivated"
    LEFT = "left"


class AwayChoice(StrEnum):
    """How long somebody is away; the last two are 9:00 in their time zone."""

    ONE_HOUR = "1h"
    FOUR_HOURS = "4h"
    NEXT_DAY = "next_day"
    NEXT_WORKDAY = "next_workday"


_DURATIONS = {AwayChoice.ONE_HOUR: timedelta(hours=1), AwayChoice.FOUR_HOURS: timedelta(hours=4)}
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def take_turns(agents: Iterable[Workload], policy: RotaPolicy, *, now: datetime) -> list[str]:
    """Return the user ids of those who may be given a case, in the order in which they are next.

    Whoever is away, or has as many open cases as the cap, is left out.
    """
    able = [
        agent
        for agent in agents
        if agent.open_cases < policy.cap and (agent.away_until is None or agent.away_until <= now)
    ]
    by_load = policy.mode is RotaMode.LEAST_BUSY
    able.sort(
        key=lambda agent: (
            agent.open_cases if by_load else 0,
            agent.assigned_at or _LONG_AGO,
            agent.user_id,
        )
    )
    return [agent.user_id for agent in able]


def away_until(choice: AwayChoice, *, now: datetime, zone: tzinfo) -> datetime:
    """Compute when somebody in this time zone is back."""
    if choice in _DURATIONS:
        return now + _DURATIONS[choice]
    local = now.astimezone(zone)
    day = local.date() + timedelta(days=1)
    if choice is AwayChoice.NEXT_WORKDAY:
        while day.weekday() >= _SATURDAY:
            day += timedelta(days=1)
    return datetime.combine(day, DAY_BEGINS_AT, local.tzinfo).astimezone(UTC)
