"""Periods: what is typed, days of 23 and 25 hours, the period before, and what cannot be read."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.reports.periods import MAX_DAYS, PeriodFault, PeriodKind, UnreadablePeriod, parse_period

BERLIN, AUCKLAND, HAVANA = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Auckland"), ZoneInfo("America/Havana")
NOW = datetime(2026, 11, 29, 12, 30, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "since", "until"),
    [
        ("today", "2026-11-28T23:00", "2026-11-29T12:30"),  # Berlin is an hour ahead in November
        ("Yesterday", "2026-11-27T23:00", "2026-11-28T23:00"),
        ("24h", "2026-11-28T12:30", "2026-11-29T12:30"),
        ("7d", "2026-11-22T12:30", "2026-11-29T12:30"),
        ("30d", "2026-10-30T12:30", "2026-11-29T12:30"),
        ("2026-11-01..2026-11-07", "2026-10-31T23:00", "2026-11-07T23:00"),
        ("Last week", "2026-11-15T23:00", "2026-11-22T23:00"),  # of a Sunday: Monday to Sunday before
        ("this week", "2026-11-22T23:00", "2026-11-29T12:30"),
        ("last month", "2026-09-30T22:00", "2026-10-31T23:00"),
        ("this month", "2026-10-31T23:00", "2026-11-29T12:30"),
        ("7 days", "2026-11-22T12:30", "2026-11-29T12:30"),
        ("last 24 hours", "2026-11-28T12:30", "2026-11-29T12:30"),
        ("2 weeks", "2026-11-15T12:30", "2026-11-29T12:30"),
        ("2w", "2026-11-15T12:30", "2026-11-29T12:30"),
        ("last 007 d", "2026-11-22T12:30", "2026-11-29T12:30"),
        ("2026-11-02", "2026-11-01T23:00", "2026-11-02T23:00"),
        ("2026-11-20..", "2026-11-19T23:00", "2026-11-29T12:30"),
        ("2026-11-20..2026-12-31", "2026-11-19T23:00", "2026-11-29T12:30"),
        ("2026-11-1", "2026-10-31T23:00", "2026-11-01T23:00"),
        ("2026-11-01 to 2026-11-07", "2026-10-31T23:00", "2026-11-07T23:00"),
        ("from 2026-11-01 until 2026-11-07", "2026-10-31T23:00", "2026-11-07T23:00"),
        ("between 2026-11-01 and 2026-11-07", "2026-10-31T23:00", "2026-11-07T23:00"),
        ("2026-11-01 .. 2026-11-07", "2026-10-31T23:00", "2026-11-07T23:00"),
        ("2026-11-01 - 2026-11-07", "2026-10-31T23:00", "2026-11-07T23:00"),
        ("2026-11-01–2026-11-07", "2026-10-31T23:00", "2026-11-07T23:00"),  # as phones write it
        ("2026-11-01…2026-11-07", "2026-10-31T23:00", "2026-11-07T23:00"),
        ("since 2026-11-20", "2026-11-19T23:00", "2026-11-29T12:30"),
        ("yesterday and today", "2026-11-27T23:00", "2026-11-29T12:30"),
        ("yesterday..today", "2026-11-27T23:00", "2026-11-29T12:30"),
        ("2026-11-20 to yesterday", "2026-11-19T23:00", "2026-11-28T23:00"),
        ("the last week", "2026-11-15T23:00", "2026-11-22T23:00"),
        ("for yesterday", "2026-11-27T23:00", "2026-11-28T23:00"),
        ("“last week”", "2026-11-15T23:00", "2026-11-22T23:00"),
        ("past 7 days", "2026-11-22T12:30", "2026-11-29T12:30"),
    ],
)
def test_periods_begin_and_end_in_the_askers_time_zone(words: str, since: str, until: str) -> None:
    period = parse_period(words, now=NOW, zone=BERLIN)
    assert (period.since, period.until) == (at(since), at(until))


@pytest.mark.parametrize(
    ("words", "since", "until"),
    [
        ("today", "2026-11-27T23:00", "2026-11-28T12:30"),  # yesterday up to the same time
        ("yesterday", "2026-11-26T23:00", "2026-11-27T23:00"),
        ("24h", "2026-11-27T12:30", "2026-11-28T12:30"),
        ("7d", "2026-11-15T12:30", "2026-11-22T12:30"),
        ("2026-11-01..2026-11-07", "2026-10-24T22:00", "2026-10-31T23:00"),  # summer time until 25 October
        ("2026-11-20..", "2026-11-09T23:00", "2026-11-19T12:30"),  # ten days, of which the last goes on
        (
            "2026-11-20..2026-12-31",
            "2026-11-09T23:00",
            "2026-11-19T12:30",
        ),  # those days alone that have begun
    ],
)
def test_the_period_before_is_of_the_same_kind(words: str, since: str, until: str) -> None:
    before = parse_period(words, now=NOW, zone=BERLIN).before
    assert (before.since, before.until) == (at(since), at(until))


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        ("2026-03-29", BERLIN, 23),
        ("2026-10-25", BERLIN, 25),
        ("2026-04-05", AUCKLAND, 25),
        ("2026-09-27", AUCKLAND, 23),
        ("2026-03-08", HAVANA, 23),  # there the clock skips midnight itself
        ("2026-11-01", HAVANA, 25),
    ],
)
def test_days_on_which_the_clock_changes_have_23_and_25_hours(day: str, zone: ZoneInfo, hours: int) -> None:
    chosen = date.fromisoformat(day)
    one = timedelta(days=1)
    period = parse_period(f"{chosen - one}..{chosen + one}", now=NOW, zone=zone)
    lengths = {part.date: (part.until - part.since) / timedelta(hours=1) for part in period.days}
    assert lengths == {chosen - one: 24, chosen: hours, chosen + one: 24}


@settings(max_examples=60, deadline=None)
@given(
    moment=st.integers(0, 10 * 365 * 24 * 60).map(
        lambda minutes: at("2020-01-01") + timedelta(minutes=minutes)
    ),
    zone=st.sampled_from(
        [BERLIN, AUCKLAND, HAVANA, ZoneInfo("Asia/Kathmandu"), ZoneInfo("America/St_Johns")]
    ),
    words=st.sampled_from(["today", "yesterday", "1h", "24h", "7d", "30d", "366d"]),
)
def test_days_join_to_the_period_and_none_is_empty(moment: datetime, zone: ZoneInfo, words: str) -> None:
    for period in (asked := parse_period(words, now=moment, zone=zone), asked.before):
        days = period.days
        assert (days[0].since, days[-1].until) == (period.since, period.until)
        assert all(one.until == other.since for one, other in pairwise(days))
        assert all(day.since < day.until <= day.since + timedelta(hours=25) for day in days)
    gap = asked.since - asked.before.until
    # Before "today" until noon is yesterday until noon. All others follow each other, but for an hour that
    # the clock skipped or repeated.
    assert asked.kind is PeriodKind.TODAY or abs(gap) <= timedelta(hours=1)


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("", PeriodFault.UNKNOWN),
        ("lately", PeriodFault.UNKNOWN),
        ("0d", PeriodFault.NO_SUCH_DAY),
        ("2026-02-30", PeriodFault.NO_SUCH_DAY),
        ("2026-11-01..soon", PeriodFault.UNKNOWN),
        ("2026-11-07..2026-11-01", PeriodFault.REVERSED),
        ("2026-12-01..2026-12-02", PeriodFault.IN_FUTURE),
        ("2020-01-01..2026-11-01", PeriodFault.TOO_LONG),
        (f"{MAX_DAYS + 1}d", PeriodFault.TOO_LONG),
        ("99999h", PeriodFault.TOO_LONG),
        ("15000 weeks", PeriodFault.TOO_LONG),
        ("999999999 d", PeriodFault.TOO_LONG),
        ("last 100000 hours", PeriodFault.TOO_LONG),
        ("9" * 5_000 + "w", PeriodFault.TOO_LONG),
        ("7 months", PeriodFault.UNKNOWN),
        ("1.5 days", PeriodFault.UNKNOWN),
        ("0 days", PeriodFault.NO_SUCH_DAY),
        ("31.02.", PeriodFault.NO_SUCH_DAY),
        ("31.02.2026", PeriodFault.NO_SUCH_DAY),
        ("2026-13", PeriodFault.NO_SUCH_DAY),
        ("yesterday..2026-02-30", PeriodFault.NO_SUCH_DAY),
        ("..2026-11-07", PeriodFault.NO_FIRST_DAY),
        ("tomorrow", PeriodFault.IN_FUTURE),
        ("next week", PeriodFault.IN_FUTURE),
        ("in 3 days", PeriodFault.IN_FUTURE),
        ("week last", PeriodFault.UNKNOWN),
        ("0 weeks", PeriodFault.NO_SUCH_DAY),
        ("0001-01-01", PeriodFault.TOO_EARLY),
        ("1999-12-31..2000-01-02", PeriodFault.TOO_EARLY),
    ],
)
def test_what_is_no_period_is_refused_with_the_reason(words: str, fault: PeriodFault) -> None:
    with pytest.raises(UnreadablePeriod) as refused:
        parse_period(words, now=NOW, zone=BERLIN)
    assert (refused.value.words, refused.value.fault) == (words, fault)


@pytest.mark.parametrize(
    ("words", "instead"),
    [
        ("lasst week", ["last week"]),
        ("last weeek", ["last week"]),
        ("Yesteday", ["yesterday"]),
        ("heute", ["today"]),
        ("letzte Woche", ["last week"]),
        ("la semana pasada", ["last week"]),
        ("hier", ["yesterday"]),
        ("le mois dernier", ["last month"]),
        ("7 Tage", ["7d"]),
        ("les 7 jours", ["7d"]),
        ("24 horas", ["24h"]),
        ("-7d", ["7d"]),
        ("week", ["7d"]),
        ("last 3 months", ["90d"]),
        ("last year", ["2025-01-01..2025-12-31"]),
        ("November", ["2026-11-01..2026-11-30"]),
        ("in February 2024", ["2024-02-01..2024-02-29"]),
        ("Dec", ["2025-12-01..2025-12-31"]),  # this year's has not begun
        ("2026-11", ["2026-11-01..2026-11-30"]),
        ("2026/11", ["2026-11-01..2026-11-30"]),
        ("202611", ["2026-11-01..2026-11-30"]),
        ("11.2026", ["2026-11-01..2026-11-30"]),
        ("11/2026", ["2026-11-01..2026-11-30"]),
        ("12/11/2026", ["2026-11-12"]),  # the other one has not begun
        ("monday", ["2026-11-23"]),
        ("last Sunday", ["2026-11-22"]),
        ("since Monday", ["2026-11-23.."]),
        ("01.11.2026", ["2026-11-01"]),
        ("1.11.", ["2026-11-01"]),
        ("30.11.", ["2025-11-30"]),
        ("1.11.26", ["2026-11-01"]),
        ("2026/11/01", ["2026-11-01"]),
        ("20261101", ["2026-11-01"]),
        ("11/01/2026", ["2026-01-11", "2026-11-01"]),  # nobody knows which: both are proposed
        ("11/13/2026", ["2026-11-13"]),
        ("1 Nov 2026", ["2026-11-01"]),
        ("Nov 3rd", ["2026-11-03"]),
        ("3. November 2026", ["2026-11-03"]),
        ("01.11.2026 - 07.11.2026", ["2026-11-01..2026-11-07"]),
        ("1.11.-7.11.", ["2026-11-01..2026-11-07"]),
        ("2026-11-01 to 07.11.2026", ["2026-11-01..2026-11-07"]),
        ("01/02/2026..03/04/2026", []),
        ("🔥", []),
        ("lately", []),
    ],
)
def test_what_was_meant_is_proposed_where_it_is_likely(words: str, instead: list[str]) -> None:
    with pytest.raises(UnreadablePeriod) as refused:
        parse_period(words, now=NOW, zone=BERLIN)
    assert list(refused.value.instead) == instead
    for proposed in instead:
        parse_period(proposed, now=NOW, zone=BERLIN)


@given(words=st.text(max_size=60))
def test_any_words_are_a_period_or_refused(words: str) -> None:
    with suppress(UnreadablePeriod):
        period = parse_period(words, now=NOW, zone=BERLIN)
        assert period.since < period.until


def test_each_whole_day_is_in_one_of_two_periods_that_follow_each_other() -> None:
    period = parse_period("7d", now=NOW, zone=BERLIN)
    dates = [day.date for day in (*period.before.whole_days, *period.whole_days)]
    assert dates == [date(2026, 11, 16) + timedelta(days=day) for day in range(14)]


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("13 months", PeriodFault.TOO_LONG),
        ("1.12.2026", PeriodFault.IN_FUTURE),
        ("11/01/2027", PeriodFault.IN_FUTURE),
        ("2026/12", PeriodFault.IN_FUTURE),
        ("1.11.1999", PeriodFault.TOO_EARLY),
        ("31.02.2026", PeriodFault.NO_SUCH_DAY),
        ("13.2026", PeriodFault.NO_SUCH_DAY),
    ],
)
def test_what_was_meant_and_cannot_be_reported_is_refused_for_that(words: str, fault: PeriodFault) -> None:
    with pytest.raises(UnreadablePeriod) as refused:
        parse_period(words, now=NOW, zone=BERLIN)
    assert (refused.value.fault, refused.value.instead) == (fault, ())
