"""Check office hours: whether it is open, and when it opens next."""

from datetime import UTC, datetime

import pytest

from domain.chat.office_hours import office_hours

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
