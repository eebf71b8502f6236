"""Check office hours: whether it is open, when it opens next, and how long it was open."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.office_hours import OfficeHours, office_hours

WEEK = ["mon-fri 09:00-18:00", "sat 10:00-14:00"]


def at(text: str) -> datetime:
    """Return a moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-11-16T08:00", None),  # Monday, 9:00 in Madrid
        ("2026-11-16T16:59:59", None),
        ("2026-11-16T07:59:59", "2026-11-16T08:00"),
        ("2026-11-16T17:00", "2026-11-17T08:00"),
        ("2026-11-20T17:00", "2026-11-21T09:00"),
        ("2026-11-21T13:00", "2026-11-23T08:00"),
        ("2026-10-24T12:00", "2026-10-26T08:00"),  # across the end of daylight saving time
    ],
)
def test_opens_at(now: str, opens: str | None) -> None:
    expected = at(opens) if opens else None
    assert office_hours(WEEK, "Europe/Madrid").opens_at(at(now)) == expected


def test_a_span_over_midnight_is_written_as_two() -> None:
    night = office_hours(["fri 22:00-24:00", "sat 00:00-06:00"], "UTC")
    assert night.opens_at(at("2026-11-20T23:59")) is None
    assert night.opens_at(at("2026-11-21T05:59")) is None
    assert night.opens_at(at("2026-11-21T06:00")) == at("2026-11-27T22:00")
    assert office_hours(["sun-mon 12:00-13:00"], "UTC").opens_at(at("2026-11-21T12:00")) == at(
        "2026-11-22T12:00"
    )


CHRISTMAS = frozenset({date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1)})
HOUR = timedelta(hours=1)
#: The clocks of Madrid change on 29 March (spring forward) and 25 October 2026 (fall back), at 01:00 UTC.
MADRID = office_hours(WEEK, "Europe/Madrid", CHRISTMAS)
NIGHT = office_hours(["sun 00:00-06:00", "sat 20:00-24:00"], "Europe/Madrid")


@pytest.mark.parametrize(
    ("hours", "start", "end", "expected"),
    [
        (MADRID, "2026-11-16T08:00", "2026-11-16T09:30", 1.5),
        (MADRID, "2026-11-16T05:00", "2026-11-16T23:00", 9),
        (MADRID, "2026-11-20T16:00", "2026-11-23T09:00", 1 + 4 + 1),  # Friday to Monday
        (MADRID, "2026-11-21T14:00", "2026-11-22T22:00", 0),
        (MADRID, "2026-11-16T09:30", "2026-11-16T08:00", 0),
        (MADRID, "2026-12-24T16:00", "2026-12-28T09:00", 1 + 1),  # a Friday and a Saturday are holidays
        (MADRID, "2026-12-31T16:00", "2027-01-02T10:00", 1 + 1),
        (MADRID, "2026-03-27T16:30", "2026-03-30T08:00", 0.5 + 4 + 1),  # from UTC+1 to UTC+2
        (MADRID, "2026-10-23T15:30", "2026-10-26T09:00", 0.5 + 4 + 1),  # and back
        (NIGHT, "2026-03-28T18:00", "2026-03-29T12:00", 4 + 5),  # the night has an hour less
        (NIGHT, "2026-10-24T17:00", "2026-10-25T12:00", 4 + 7),  # and an hour more
        (office_hours([], "Europe/Madrid"), "2026-03-28T18:00", "2026-03-29T12:00", 18),
        (
            office_hours(["mon 09:00-12:00", "mon 11:00-13:00"], "UTC"),
            "2026-11-16T00:00",
            "2026-11-17T00:00",
            4,
        ),
        (office_hours(["sun 02:00-03:00"], "Europe/Madrid"), "2026-03-29T00:00", "2026-03-29T12:00", 0),
    ],
)
def test_seconds_within_office_hours(hours: OfficeHours, start: str, end: str, expected: float) -> None:
    assert hours.seconds_between(at(start), at(end)) == expected * 3600


@pytest.mark.parametrize(
    ("hours", "start", "span", "expected"),
    [
        (MADRID, "2026-11-16T08:00", HOUR, "2026-11-16T09:00"),
        (MADRID, "2026-11-16T16:30", HOUR, "2026-11-17T08:30"),
        (MADRID, "2026-11-16T20:00", 9 * HOUR, "2026-11-17T17:00"),  # exactly at the end of the day
        (MADRID, "2026-12-24T16:30", HOUR, "2026-12-28T08:30"),
        (NIGHT, "2026-03-28T22:00", 3 * HOUR, "2026-03-29T01:00"),
        (NIGHT, "2026-03-28T22:00", 6 * HOUR, "2026-03-29T04:00"),  # 06:00 there, five hours after midnight
        (NIGHT, "2026-10-24T21:00", 8 * HOUR, "2026-10-25T05:00"),  # 06:00 there, seven hours after midnight
        (office_hours([], "UTC"), "2026-11-16T20:00", HOUR, "2026-11-16T21:00"),
    ],
)
def test_a_span_of_office_hours_ends_where_it_began_backwards(
    hours: OfficeHours, start: str, span: timedelta, expected: str
) -> None:
    assert hours.after(at(start), span) == at(expected)
    assert hours.seconds_between(hours.before(at(expected), span), at(expected)) == span.total_seconds()


@pytest.mark.parametrize(
    ("line", "zone", "now", "opens"),
    [
        ("sun 02:30-03:00", "Europe/Madrid", "2027-03-28T00:45", "2027-04-04T00:30"),
        ("sun 02:00-02:30", "Europe/Madrid", "2027-03-28T00:45", "2027-04-04T00:00"),  # nothing of it exists
        ("sun 02:30-04:00", "Europe/Madrid", "2027-03-28T00:45", "2027-03-28T01:00"),
        ("sun 01:00-02:30", "Europe/Madrid", "2027-03-28T01:00", "2027-04-03T23:00"),
        ("sun 02:30-03:00", "Europe/Madrid", "2027-10-31T00:15", "2027-10-31T00:30"),  # the first of two
        ("sun 02:10-02:40", "Australia/Lord_Howe", "2026-10-03T15:25", "2026-10-03T15:30"),  # half an hour
        ("sun 00:00-00:30", "America/Santiago", "2026-09-06T03:00", "2026-09-13T03:00"),
    ],
)
def test_a_time_that_the_clock_leaves_out_is_never_promised(
    line: str, zone: str, now: str, opens: str
) -> None:
    hours = office_hours([line], zone)
    assert hours.opens_at(at(now)) == at(opens)
    day = at(now).astimezone(hours.zone).date()
    closes = hours.closes_on(day)
    assert closes is None or hours.seconds_between(at(f"{day}T00:00") - 24 * HOUR, closes) > 0


def test_holidays_are_closed() -> None:
    assert MADRID.opens_at(at("2026-12-25T10:00")) == at("2026-12-28T08:00")
    always_closed = office_hours(["mon 09:00-10:00"], "UTC", _EveryDay())
    assert always_closed.opens_at(at("2026-11-16T09:30")) > at("2027-11-01T00:00")  # type: ignore[operator]


class _EveryDay:
    def __contains__(self, day: object) -> bool:
        return True


moments = st.datetimes(datetime(2026, 3, 20), datetime(2026, 11, 10)).map(lambda d: d.replace(tzinfo=UTC))  # noqa: DTZ001 - given a zone below
some_hours = st.sampled_from([MADRID, NIGHT, office_hours([], "UTC"), office_hours(WEEK, "America/New_York")])


@given(some_hours, st.lists(moments, min_size=3, max_size=3).map(sorted))
def test_the_seconds_of_adjacent_intervals_add_up(hours: OfficeHours, three: list[datetime]) -> None:
    first, middle, last = three
    parts = hours.seconds_between(first, middle) + hours.seconds_between(middle, last)
    assert parts == pytest.approx(hours.seconds_between(first, last))
    assert 0 <= hours.seconds_between(first, last) <= (last - first).total_seconds()


@given(some_hours, moments, st.timedeltas(timedelta(0), timedelta(days=10)))
def test_after_a_span_as_many_seconds_have_passed(
    hours: OfficeHours, start: datetime, span: timedelta
) -> None:
    end = hours.after(start, span)
    assert hours.seconds_between(start, end) == pytest.approx(span.total_seconds())
    assert hours.seconds_between(hours.before(end, span), end) == pytest.approx(span.total_seconds())


def test_without_hours_the_desk_is_always_open() -> None:
    assert office_hours([], "UTC").opens_at(at("2026-11-22T03:00")) is None


@pytest.mark.parametrize(
    ("lines", "zone", "told"),
    [
        (["mon 9-18"], "UTC", "cannot be read"),
        (["mo 09:00-18:00"], "UTC", "cannot be read"),
        (["day 09:00-18:00"], "UTC", "cannot be read"),
        (["mon 09:00-25:00"], "UTC", "cannot be read"),
        (["mon 18:00-09:00"], "UTC", "ends before it begins"),
        ([], "Europe/Nowhere", "no time zone"),
        ([], "../etc/passwd", "no time zone"),
    ],
)
def test_malformed_hours_are_explained(lines: list[str], zone: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        office_hours(lines, zone)
