"""Compute the staffing outlook from a forecast: agents an hour by Erlang C, and by part of the day."""

import math
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import median

from domain.cases.service_levels import ServiceLevels
from domain.cases.waits import WaitKind
from domain.office_hours import OfficeHours
from domain.reports.erlang import MAX_LOAD, agents_needed
from domain.reports.forecast import Calendar, Forecast
from domain.reports.outlook import (
    LEAST_ANSWERS,
    THERE_WEEKS,
    Assumptions,
    DayOutlook,
    HourOutlook,
    Outlook,
    OutlookPolicy,
    PartOutlook,
    PastWork,
)
from domain.reports.periods import midnight
from domain.surge.baseline import HOUR, hour_number
from domain.triage.assessment import Assessment, Urgency
from domain.triage.situations import Situation

#: Whole days after the rest of today.
DAYS = 7
#: The hours at which the parts of a day begin, and the end of the last.
PARTS = (0, 6, 9, 12, 15, 18, 21, 24)
DEFAULT_HANDLING = timedelta(minutes=6)
DEFAULT_TARGET = timedelta(hours=4)


def look_ahead(
    forecast: Forecast | None,
    *,
    work: PastWork,
    levels: ServiceLevels,
    policy: OutlookPolicy,
    now: datetime,
) -> Outlook:
    """Compute the outlook on the rest of today and `DAYS` days, in the office's time zone."""
    assumptions = _assumptions(work, levels, policy)
    if forecast is None:
        return Outlook(made_at=now, hours=levels.hours, assumptions=assumptions)
    hours = _hours(forecast, assumptions, levels.hours, now)
    past = _Presence(work, forecast.calendar, now)
    by_date: dict[date, list[HourOutlook]] = {}
    for hour in hours:
        by_date.setdefault(hour.at.astimezone(levels.hours.zone).date(), []).append(hour)
    return Outlook(
        made_at=now,
        hours=levels.hours,
        assumptions=assumptions,
        known_hours=forecast.known_hours,
        is_short=forecast.is_short,
        days=[
            DayOutlook(
                date=day,
                is_holiday=day in levels.hours.holidays,
                expected=forecast.day([hour_number(hour.at) for hour in its]),
                hours=its,
                parts=_parts(day, its, past),
            )
            for day, its in by_date.items()
        ],
    )


def _assumptions(work: PastWork, levels: ServiceLevels, policy: OutlookPolicy) -> Assumptions:
    measured = work.handling_seconds if len(work.handling_seconds) >= LEAST_ANSWERS else ()
    handling = policy.handling or (timedelta(seconds=median(measured)) if measured else DEFAULT_HANDLING)
    return Assumptions(
        handling=max(handling, timedelta(seconds=1)),
        answers=0 if policy.handling else len(measured),
        at_once=policy.at_once,
        target=policy.target or _target(levels),
        share=policy.share,
        asking=min(1.0, work.waits / work.messages) if work.messages else 1.0,
    )


def _target(levels: ServiceLevels) -> timedelta:
    """Return the target of the first answer to an ordinary question."""
    ordinary = Assessment("en", Situation.QUESTION, Urgency.NORMAL, (), 0.0)
    level = levels.matching(ordinary, channel="")
    target = levels.defaults[Urgency.NORMAL] if level is None else level.target(WaitKind.FIRST)
    return target or DEFAULT_TARGET


def _hours(
    forecast: Forecast, assumptions: Assumptions, office: OfficeHours, now: datetime
) -> list[HourOutlook]:
    first, last = hour_number(now) + 1, hour_number(_end(office, now))
    open_hours = {number for number in range(first, last) if _is_open(office, number)}
    carried = _carried_over(forecast, office, open_hours, range(first, last), assumptions)
    hours = []
    for number in range(first, last):
        messages = forecast.mean(number) + carried.get(number, 0.0)
        hours.append(
            HourOutlook(
                at=_moment(number),
                expected=forecast.hour(number),
                is_open=number in open_hours,
                agents=_agents(messages, assumptions),
            )
        )
    return hours


def _end(office: OfficeHours, now: datetime) -> datetime:
    today = now.astimezone(office.zone).date()
    return midnight(today + timedelta(days=DAYS + 1), office.zone)


def _moment(number: int) -> datetime:
    return datetime.fromtimestamp(number * HOUR.total_seconds(), UTC)


def _is_open(office: OfficeHours, number: int) -> bool:
    return office.seconds_between(_moment(number), _moment(number + 1)) > 0


def _carried_over(
    forecast: Forecast,
    office: OfficeHours,
    open_hours: set[int],
    numbers: range,
    assumptions: Assumptions,
) -> dict[int, float]:
    """Return by open hour how many messages of closed hours are answered in it besides.

    What came while the office was closed is due when the target has passed since it opened, so it is spread
    over the open hours until then.
    """
    carried: dict[int, float] = {}
    waiting = sum(forecast.mean(number) for number in _closed_before(office, numbers.start))
    spread_over = max(1, math.floor(assumptions.target / HOUR))
    for number in numbers:
        if number not in open_hours:
            waiting += forecast.mean(number)
        elif waiting:
            span = [at for at in range(number, min(number + spread_over, numbers.stop)) if at in open_hours]
            for at in span:
                carried[at] = carried.get(at, 0.0) + waiting / len(span)
            waiting = 0.0
    return carried


def _closed_before(office: OfficeHours, number: int) -> list[int]:
    """Return the closed hours right before this one, of a week at most."""
    closed: list[int] = []
    while len(closed) < DAYS * 24 and not _is_open(office, number - 1 - len(closed)):
        closed.append(number - 1 - len(closed))
    return closed


def _agents(messages: float, assumptions: Assumptions) -> int:
    """Return how many agents answer so many messages an hour within the target.

    An agent who works on several customers at once is as many servers.
    """
    load = min(messages * assumptions.asking * (assumptions.handling / HOUR), MAX_LOAD)
    target = assumptions.target / assumptions.handling
    return math.ceil(agents_needed(load, target=target, share=assumptions.share) / assumptions.at_once)


def _parts(day: date, hours: Sequence[HourOutlook], past: "_Presence") -> list[PartOutlook]:
    grouped: dict[tuple[int, bool], list[HourOutlook]] = {}
    for hour in hours:
        grouped.setdefault((_part_of(past.clock(hour)), hour.is_open), []).append(hour)
    return [
        PartOutlook(
            date=day,
            since=past.clock(its[0]),
            until=past.clock(its[-1]) + 1,
            is_open=is_open,
            messages=sum(hour.expected.mean for hour in its),
            agents=max(hour.agents for hour in its),
            there=past.average(day, part),
        )
        for (part, is_open), its in grouped.items()
    ]


class _Presence:
    """How many agents answered somebody in a part of a weekday, in the last weeks."""

    def __init__(self, work: PastWork, calendar: Calendar, now: datetime) -> None:
        self._zone = calendar.zone
        self._holidays = calendar.holidays
        self._today = now.astimezone(calendar.zone).date()
        self._people: dict[tuple[date, int], set[str]] = {}
        for number, people in work.there.items():
            local = calendar.local(number)
            self._people.setdefault((local.date(), _part_of(local.hour)), set()).update(people)
        self._first = min((day for day, _ in self._people), default=self._today)

    def clock(self, hour: HourOutlook) -> int:
        """Return the hour of the day (0 to 23) in the office's time zone."""
        return hour.at.astimezone(self._zone).hour

    def average(self, day: date, part: int) -> float | None:
        """Return the average of the last dates of a weekday, without holidays; `None` where none is known."""
        last = self._today - timedelta(days=(self._today.weekday() - day.weekday() - 1) % 7 + 1)
        dates = [last - timedelta(weeks=week) for week in range(THERE_WEEKS)]
        known = [one for one in dates if one >= self._first and one not in self._holidays]
        if not known:
            return None
        return sum(len(self._people.get((one, part), ())) for one in known) / len(known)


def _part_of(hour: int) -> int:
    """Return the number of the part of the day that has this hour of the clock."""
    return next(number for number, (_, end) in enumerate(pairwise(PARTS)) if hour < end)
