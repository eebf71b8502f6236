"""Decide when digests are due, around changes of the clock too, and which days they cover."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from domain.reports.digests import Cadence, DigestPlan
from domain.reports.filters import FilterKey, Filters

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)
WEEKLY = DigestPlan(channel="C1", cadence=Cadence.WEEKLY, at=time(9), zone=BERLIN)
DAILY = replace(WEEKLY, cadence=Cadence.DAILY, at=time(2, 30))


def test_a_weekly_digest_covers_the_seven_days_before_its_day() -> None:
    monday = date(2026, 11, 23)
    due = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    assert WEEKLY.due_at(monday) == due
    assert WEEKLY.newest_day(due) == monday
    assert WEEKLY.newest_day(due - timedelta(seconds=1)) == date(2026, 11, 16)
    assert WEEKLY.newest_day(due + timedelta(days=6)) == monday
    assert WEEKLY.next_at(due) == due + timedelta(days=7)
    assert WEEKLY.next_at(due - HOUR) == due
    period = WEEKLY.period(monday)
    assert [str(day.date) for day in period.days] == [f"2026-11-{day}" for day in range(16, 23)]
    assert len(period.before.days) == 7


def test_a_time_that_the_clock_has_twice_is_due_once() -> None:
    sunday = date(2026, 10, 25)
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 2:30 for the first time; again an hour later
    assert DAILY.due_at(sunday) == first
    moments = [first + minutes * timedelta(minutes=10) for minutes in range(-3, 18)]
    assert {DAILY.newest_day(now) for now in moments if now >= first} == {sunday}
    assert {DAILY.newest_day(now) for now in moments if now < first} == {date(2026, 10, 24)}
    assert DAILY.period(date(2026, 10, 26)).seconds == 25 * 3600


def test_a_time_that_the_clock_skips_is_due_all_the_same() -> None:
    sunday = date(2026, 3, 29)
    at_half_past_three = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert DAILY.due_at(sunday) == at_half_past_three
    assert DAILY.newest_day(at_half_past_three) == sunday
    assert DAILY.newest_day(at_half_past_three - timedelta(seconds=1)) == date(2026, 3, 28)
    assert DAILY.period(date(2026, 3, 30)).seconds == 23 * 3600


def test_each_day_of_a_year_is_the_newest_once_and_in_order() -> None:
    for plan in (WEEKLY, DAILY, replace(DAILY, zone=ZoneInfo("America/Santiago"), at=time(0, 0))):
        now, seen = datetime(2026, 1, 1, tzinfo=UTC), list[date]()
        while now.year == 2026:
            day = plan.newest_day(now)
            assert plan.due_at(day) <= now < plan.next_at(now)
            if not seen or day != seen[-1]:
                seen.append(day)
            now += 6 * HOUR
        steps = {later - earlier for earlier, later in pairwise(seen)}
        assert steps == {timedelta(days=plan.cadence.days)}


def test_another_time_is_the_same_digest_and_other_filters_are_another() -> None:
    assert replace(WEEKLY, at=time(17), weekday=4).key == WEEKLY.key
    spanish = replace(WEEKLY, filters=Filters({FilterKey.LANGUAGE: ("es",)}))
    assert len({WEEKLY.key, spanish.key, replace(WEEKLY, channel="C2").key, DAILY.key}) == 4
