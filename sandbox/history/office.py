"""Say when customers write and when agents work: hours of the day, weekdays, holidays and time zones."""

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
#: The share of all posts that comes from each time zone.
ZONES = {BERLIN: 0.55, NEW_YORK: 0.45}
SAM, MIA, KAI = "U0SAM", "U0MIA", "U0KAI"
#: Who works where, from and to; Kai is on call at weekends and on holidays.
SHIFTS = ((SAM, BERLIN, time(8, 30), time(17, 0)), (MIA, NEW_YORK, time(9, 0), time(17, 30)))
ON_CALL = (KAI, BERLIN, time(10, 0), time(16, 0))
#: How much is written in each hour of a local day, and on each weekday from Monday on; at most 1.
BY_HOUR = (
    *(0.10, 0.06, 0.05, 0.05, 0.06, 0.12, 0.25, 0.45, 0.70, 0.90, 1.00, 0.95),
    *(0.85, 0.80, 0.80, 0.80, 0.80, 0.85, 0.95, 1.00, 0.95, 0.75, 0.45, 0.22),
)
BY_WEEKDAY = (1.0, 0.92, 0.88, 0.86, 0.80, 0.55, 0.50)
ON_HOLIDAY = 0.4
_SATURDAY = 5


@cache
def holidays(zone: str, year: int) -> frozenset[date]:
    """Return the public holidays of a year in Germany or the United States that offices keep."""
    if zone == BERLIN:
        easter = _easter(year)
        moving = (easter + timedelta(days=days) for days in (-2, 1, 39, 50))
        fixed = ((1, 1), (5, 1), (10, 3), (12, 25), (12, 26))
        return frozenset([*moving, *(date(year, month, day) for month, day in fixed)])
    fixed = ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25))
    nth = ((1, 0, 3), (2, 0, 3), (9, 0, 1), (10, 0, 2), (11, 3, 4))
    last_monday = date(year, 5, 31) - timedelta(days=date(year, 5, 31).weekday())
    return frozenset([*(date(year, m, d) for m, d in fixed), *(_nth(year, *one) for one in nth), last_monday])


def _nth(year: int, month: int, weekday: int, number: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))


def _easter(year: int) -> date:
    """Return Easter Sunday by the Gregorian calendar (Meeus, Jones, Butcher)."""
    century, in_century = divmod(year, 100)
    moon = (19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (in_century // 4) - moon - in_century % 4) % 7
    shift = (year % 19 + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


def is_holiday(zone: str, day: date) -> bool:
    """Return whether offices are closed for a public holiday."""
    return day in holidays(zone, day.year)


def rate_at(zone: str, at: datetime) -> float:
    """Return how much is written at a moment in a time zone, at most 1."""
    local = at.astimezone(ZoneInfo(zone))
    rate = BY_HOUR[local.hour] * BY_WEEKDAY[local.weekday()]
    return rate * (ON_HOLIDAY if is_holiday(zone, local.date()) else 1.0)


def arrivals(
    rng: random.Random, zone: str, since: datetime, until: datetime, *, per_hour: float
) -> Iterator[datetime]:
    """Yield the moments of a Poisson process; `per_hour` is its rate where most is written (thinning)."""
    at = since
    while (at := at + timedelta(hours=rng.expovariate(per_hour))) < until:
        if rng.random() < rate_at(zone, at):
            yield at


def worked_from(rng: random.Random, at: datetime) -> tuple[datetime, str]:
    """Return when something that is due `at` is worked on, and by whom.

    That is at once where somebody works then, and else soon after the next shift begins.
    """
    begin, _end, agent = min(shift for shift in _shifts_around(at) if shift[1] > at)
    if begin <= at:
        working = [who for start, end, who in _shifts_around(at) if start <= at < end]
        return at, rng.choice(working)
    return begin + timedelta(minutes=rng.expovariate(1 / 25)), agent


def _shifts_around(at: datetime) -> list[tuple[datetime, datetime, str]]:
    days = [at.date() + timedelta(days=days) for days in range(-1, 7)]
    return [shift for day in days for shift in _shifts_of(day)]


@cache
def _shifts_of(day: date) -> list[tuple[datetime, datetime, str]]:
    shifts = []
    for agent, zone, begin, end in SHIFTS:
        if day.weekday() < _SATURDAY and not is_holiday(zone, day):
            shifts.append((_at(day, begin, zone), _at(day, end, zone), agent))
    if len(shifts) < len(SHIFTS):
        agent, zone, begin, end = ON_CALL
        shifts.append((_at(day, begin, zone), _at(day, end, zone), agent))
    return shifts


def _at(day: date, clock: time, zone: str) -> datetime:
    return datetime.combine(day, clock, ZoneInfo(zone))
