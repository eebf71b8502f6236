"""Forecasts: hours of the week by the clock on the wall, level, trend, holidays, and the interval."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.reports.forecast import COVERAGE, Calendar, Forecast, _before_each_week, forecast
from domain.surge.baseline import HOUR, hour_number

BERLIN = Calendar(zone=ZoneInfo("Europe/Berlin"))
UTC_DAYS = Calendar(zone=UTC)
WEEK = 168
#: A Monday, midnight in UTC, far from changes of the clock.
MONDAY = hour_number(datetime(2026, 6, 8, tzinfo=UTC))


def office(at: datetime) -> int:
    """Nine messages an hour in office hours, and one out of them."""
    return 9 if at.weekday() < 5 and 9 <= at.hour < 17 else 1


def counted(
    rate: Callable[[datetime], float], calendar: Calendar, *, weeks: int, until: int = MONDAY
) -> dict[int, int]:
    return {hour: round(rate(calendar.local(hour))) for hour in range(until - weeks * WEEK, until)}


def made(counts: dict[int, int], calendar: Calendar = UTC_DAYS, *, since: int = MONDAY) -> Forecast:
    found = forecast(counts, calendar, since=since)
    assert found is not None
    return found


def test_without_a_message_there_is_no_forecast() -> None:
    assert forecast({}, UTC_DAYS, since=MONDAY) is None
    assert forecast(dict.fromkeys(range(MONDAY - WEEK, MONDAY), 0), UTC_DAYS, since=MONDAY) is None


def test_hours_of_the_week_come_again() -> None:
    found = made(counted(office, UTC_DAYS, weeks=8))
    assert not found.is_short
    for hour in range(MONDAY, MONDAY + WEEK):
        usual, *beside = (office(UTC_DAYS.local(hour + step)) for step in (0, -1, 1))
        if beside == [usual, usual]:  # hours beside each other tell a little of each other
            assert found.mean(hour) == pytest.approx(usual, rel=0.25, abs=0.5), UTC_DAYS.local(hour)
    assert found.day(range(MONDAY, MONDAY + 24)).mean == pytest.approx(8 * 9 + 16, rel=0.05)


@pytest.mark.parametrize("sunday", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_change_of_the_clock_moves_no_hour_of_the_office(sunday: date) -> None:
    """On the Monday after it most comes from nine on by the clock on the wall: an hour off in UTC."""
    since = hour_number(datetime.combine(sunday, datetime.min.time(), BERLIN.zone))
    found = made(counted(office, BERLIN, weeks=6, until=since), BERLIN, since=since)
    busy = [hour for hour in range(since, since + 48) if found.mean(hour) > 5]
    assert [BERLIN.local(hour).hour for hour in busy] == list(range(9, 17))
    assert {BERLIN.local(hour).date() for hour in busy} == {sunday + timedelta(days=1)}


def test_hours_that_are_missing_are_unknown_and_not_empty() -> None:
    counts = counted(office, UTC_DAYS, weeks=4)
    gaps = {hour: count for hour, count in counts.items() if not 40 <= MONDAY - hour < 60}
    assert made(gaps).mean(MONDAY + 10) == pytest.approx(made(counts).mean(MONDAY + 10), rel=0.05)


def test_growth_goes_on_and_chance_does_not() -> None:
    grows = counted(lambda at: 40 * 1.05 ** ((hour_number(at) - MONDAY) / WEEK), UTC_DAYS, weeks=8)
    assert made(grows).mean(MONDAY + WEEK // 2) == pytest.approx(40 * 1.05**0.5, rel=0.02)
    chance = random.Random(4)
    wanders = {hour: chance.randint(0, 12) for hour in range(MONDAY - 8 * WEEK, MONDAY)}
    assert abs(made(wanders).trend) < 0.01


def test_a_holiday_is_like_a_sunday_until_others_tell_otherwise() -> None:
    monday = date(2026, 6, 8)
    calendar = Calendar(zone=UTC, holidays={monday})
    quiet = counted(lambda at: 2 if at.weekday() == 6 else 10, calendar, weeks=6)
    hours = range(MONDAY, MONDAY + 24)
    assert made(quiet, calendar).day(hours).mean == pytest.approx(24 * 2, rel=0.15)
    past = {date(2026, 5, 25), date(2026, 6, 4)}
    calendar = Calendar(zone=UTC, holidays={monday, *past})
    busy = counted(lambda at: 8 if at.date() in past else quiet[hour_number(at)], calendar, weeks=6)
    found = made(busy, calendar)
    assert found.day(hours).mean > 24 * 4
    # The holidays of the past are not what is usual on their weekdays.
    assert found.mean(MONDAY + 3 * 24 + 10) == pytest.approx(10, rel=0.1)


def test_little_history_is_said_and_gives_what_it_can() -> None:
    found = made(counted(office, UTC_DAYS, weeks=1))
    assert found.is_short
    assert found.mean(MONDAY + 10) > 2 * found.mean(MONDAY + 2)
    day = made(dict.fromkeys(range(MONDAY - 24, MONDAY), 5))
    assert day.hour(MONDAY + 3).low < 5 < day.hour(MONDAY + 3).high


def test_the_interval_holds_the_share_that_it_says() -> None:
    """Counts of chance around the office's hours, with a level that differs from day to day."""
    chance = random.Random(11)
    counts: dict[int, int] = {}
    for day in range(8 * 7 + 7):
        level = chance.lognormvariate(0, 0.2)
        for hour in range(MONDAY - 8 * WEEK + day * 24, MONDAY - 8 * WEEK + day * 24 + 24):
            rate = 3 * office(UTC_DAYS.local(hour)) * level
            counts[hour] = sum(chance.random() < rate / 400 for _ in range(400))
    found = made(counts)
    hours = range(MONDAY, MONDAY + WEEK)
    held = [found.hour(hour).low <= counts[hour] <= found.hour(hour).high for hour in hours]
    assert COVERAGE - 0.07 < sum(held) / len(held) < COVERAGE + 0.15
    assert found.of_days.spread > 0


def test_hours_of_the_past_that_are_too_old_or_not_over_do_not_count() -> None:
    counts = counted(office, UTC_DAYS, weeks=8)
    more = counts | {MONDAY + 5: 1_000, MONDAY - 9 * WEEK: 1_000}
    assert made(more).rates == made(counts).rates
    assert made(counts).known_hours * HOUR == timedelta(weeks=8)


def test_a_forecast_is_tested_on_weeks_that_it_knows_nothing_of() -> None:
    past = counted(office, UTC_DAYS, weeks=8)
    tested = list(_before_each_week(past, UTC_DAYS, MONDAY))
    assert tested
    for begins, before in tested:
        assert before.known_hours == begins - min(past)
