"""The outlook: its hours on days of any length, office hours, what is carried over, and who was there."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.cases.service_levels import ServiceLevel, ServiceLevels
from domain.office_hours import office_hours
from domain.reports.forecast import Calendar, forecast
from domain.reports.look_ahead import DEFAULT_HANDLING, look_ahead
from domain.reports.outlook import LEAST_ANSWERS, Outlook, OutlookPolicy, PartOutlook, PastWork
from domain.surge.baseline import hour_number

BERLIN = ZoneInfo("Europe/Berlin")
ALWAYS = ServiceLevels(hours=office_hours([], "Europe/Berlin"))
OFFICE = ServiceLevels(hours=office_hours(["mon-fri 09:00-18:00"], "Europe/Berlin", {date(2026, 6, 11)}))
#: A Monday, 12:20 in Berlin.
NOW = datetime(2026, 6, 8, 10, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)
NOTHING = PastWork(there={})
SIX_MINUTES = OutlookPolicy(handling=timedelta(minutes=6), target=HOUR)


def ahead(
    *,
    an_hour: int = 10,
    levels: ServiceLevels = ALWAYS,
    work: PastWork = NOTHING,
    policy: OutlookPolicy = SIX_MINUTES,
    now: datetime = NOW,
) -> Outlook:
    since = hour_number(now)
    calendar = Calendar(zone=levels.hours.zone, holidays=levels.hours.holidays)
    made = forecast(dict.fromkeys(range(since - 8 * 168, since), an_hour), calendar, since=since)
    return look_ahead(made, work=work, levels=levels, policy=policy, now=now)


def part(outlook: Outlook, day: date, since: int) -> PartOutlook:
    [found] = [one for of in outlook.days for one in of.parts if (one.date, one.since) == (day, since)]
    return found


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        (datetime(2026, 6, 8, 10, 20, tzinfo=UTC), 11 + 168),
        (datetime(2026, 3, 23, 22, 20, tzinfo=UTC), 167),  # 23:20: nothing is left of that day
        (datetime(2026, 10, 19, 21, 20, tzinfo=UTC), 169),
    ],
)
def test_the_rest_of_today_and_seven_whole_days_also_around_changes_of_the_clock(
    now: datetime, hours: int
) -> None:
    outlook = ahead(now=now)
    assert sum(len(day.hours) for day in outlook.days) == hours
    assert {len(day.hours) for day in outlook.days[1:-1]} <= {23, 24, 25}
    local = outlook.days[-1].hours[-1].at.astimezone(BERLIN)
    assert (local.date() - now.astimezone(BERLIN).date(), local.hour) == (timedelta(days=7), 23)


def test_the_agents_of_an_hour_by_hand() -> None:
    """Ten messages of six minutes are one Erlang; within ten handling times two agents answer nearly all."""
    outlook = ahead()
    assert {hour.agents for day in outlook.days for hour in day.hours} == {2}
    # Two customers at once: one agent is two. Of half of the messages: half an Erlang, so one agent.
    assert part(ahead(policy=replace(SIX_MINUTES, at_once=2)), date(2026, 6, 9), 9).agents == 1
    asking = PastWork(messages=100, waits=40, there={})
    assert part(ahead(work=asking), date(2026, 6, 9), 9).agents == 1
    assert ahead(work=asking).assumptions.asking == 0.4


def test_without_history_nothing_is_shown() -> None:
    outlook = look_ahead(None, work=NOTHING, levels=ALWAYS, policy=OutlookPolicy(), now=NOW)
    assert (outlook.days, outlook.assumptions.handling) == ((), DEFAULT_HANDLING)


def test_what_comes_while_closed_is_answered_after_the_opening_within_the_target() -> None:
    outlook = ahead(levels=OFFICE)
    tuesday, wednesday = date(2026, 6, 9), date(2026, 6, 10)
    # Fifteen hours of ten messages wait at nine, and are due at ten: 160 of six minutes are 16 Erlang.
    first, second = (hour for hour in outlook.days[1].hours if hour.at.astimezone(BERLIN).hour in {9, 10})
    assert 16 < first.agents <= 19
    assert second.agents == 2
    assert part(outlook, tuesday, 9).agents == first.agents
    longer = ahead(levels=OFFICE, policy=replace(SIX_MINUTES, target=3 * HOUR))
    assert 6 < part(longer, wednesday, 9).agents <= 8
    assert not part(outlook, tuesday, 0).is_open
    assert part(outlook, tuesday, 0).agents == 2
    # 18:00 divides no part of a day; from 17 to 18 the office is open.
    assert [(one.since, one.until, one.is_open) for one in outlook.days[1].parts] == [
        (0, 6, False),
        (6, 9, False),
        (9, 12, True),
        (12, 15, True),
        (15, 18, True),
        (18, 21, False),
        (21, 24, False),
    ]


def test_a_holiday_is_closed_and_its_messages_are_carried_over() -> None:
    outlook = ahead(levels=OFFICE)
    holiday = outlook.days[3]
    assert (holiday.date, holiday.is_holiday) == (date(2026, 6, 11), True)
    assert not any(one.is_open for one in holiday.parts)
    assert part(outlook, date(2026, 6, 12), 9).agents > 1.9 * part(outlook, date(2026, 6, 10), 9).agents


def test_who_was_there_is_the_average_of_the_weekdays_that_were_no_holidays() -> None:
    def at(day: date, hour: int) -> int:
        return hour_number(datetime(day.year, day.month, day.day, hour, tzinfo=BERLIN))

    tuesdays = [date(2026, 6, 2), date(2026, 5, 26), date(2026, 5, 19)]
    work = PastWork(
        there={
            at(tuesdays[0], 9): frozenset({"U1", "U2"}),
            at(tuesdays[0], 11): frozenset({"U2", "U3"}),
            at(tuesdays[1], 10): frozenset({"U1"}),
            at(tuesdays[2], 18): frozenset({"U1"}),
            at(date(2026, 5, 14), 10): frozenset({"U1"}),  # a Thursday, the first day that is known
        }
    )
    outlook = ahead(work=work)
    # Three, one and none; a fourth Tuesday is not known.
    assert part(outlook, date(2026, 6, 9), 9).there == pytest.approx(4 / 3)
    assert part(outlook, date(2026, 6, 9), 9).missing == pytest.approx(2 - 4 / 3)
    assert part(outlook, date(2026, 6, 11), 9).there == pytest.approx(1 / 4)
    assert part(ahead(), date(2026, 6, 9), 9).there is None
    closed_on = replace(ALWAYS, hours=replace(ALWAYS.hours, holidays={tuesdays[1], tuesdays[2]}))
    assert part(ahead(work=work, levels=closed_on), date(2026, 6, 9), 9).there == 3


def test_handling_is_measured_where_enough_answers_tell_and_the_settings_go_before() -> None:
    few = PastWork(handling_seconds=[100] * (LEAST_ANSWERS - 1), there={})
    enough = PastWork(handling_seconds=[100, 200, 10_000] * LEAST_ANSWERS, there={})
    plain = OutlookPolicy()
    assert ahead(work=few, policy=plain).assumptions.handling == DEFAULT_HANDLING
    measured = ahead(work=enough, policy=plain).assumptions
    assert (measured.handling, measured.answers) == (timedelta(seconds=200), 3 * LEAST_ANSWERS)
    assert ahead(work=enough).assumptions.handling == timedelta(minutes=6)
    even = PastWork(handling_seconds=[100, 200] * LEAST_ANSWERS, there={})
    assert ahead(work=even, policy=plain).assumptions.handling == timedelta(seconds=150)  # as MEDIAN says


def test_the_target_is_that_of_an_ordinary_question() -> None:
    plain = OutlookPolicy()
    assert ahead(policy=plain).assumptions.target == timedelta(hours=4)
    level = ServiceLevel(name="all", first=timedelta(minutes=30))
    levels = replace(ALWAYS, levels=(ServiceLevel(name="vip", tags=("vip",), first=HOUR), level))
    assert ahead(policy=plain, levels=levels).assumptions.target == timedelta(minutes=30)
