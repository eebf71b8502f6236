"""When customers write and agents work."""

import random
from datetime import UTC, date, datetime

import pytest

from sandbox.history.office import BERLIN, KAI, MIA, NEW_YORK, SAM, holidays, rate_at, worked_from


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        (NEW_YORK, date(2026, 11, 26)),  # Thanksgiving
        (NEW_YORK, date(2026, 5, 25)),  # Memorial Day
        (NEW_YORK, date(2026, 9, 7)),  # Labor Day
        (BERLIN, date(2026, 4, 6)),  # Easter Monday
        (BERLIN, date(2027, 3, 26)),  # Good Friday
        (BERLIN, date(2026, 5, 14)),  # Ascension Day
        (BERLIN, date(2026, 10, 3)),
    ],
)
def test_public_holidays_are_known(zone: str, day: date) -> None:
    assert day in holidays(zone, day.year)


@pytest.mark.parametrize(
    ("at", "begins", "agent"),
    [
        ("2026-11-25T10:00", "2026-11-25T10:00", SAM),  # only Berlin is at work
        ("2026-11-25T20:00", "2026-11-25T20:00", MIA),  # only New York is
        ("2026-11-25T23:00", "2026-11-26T07:30", SAM),  # the next morning in Berlin
        ("2026-11-28T03:00", "2026-11-28T09:00", KAI),  # a Saturday
        ("2026-11-26T18:00", "2026-11-27T07:30", SAM),  # Thanksgiving: nobody in New York
        ("2026-03-28T20:00", "2026-03-29T08:00", KAI),  # the clocks change in Berlin that night
    ],
)
def test_work_begins_with_the_next_shift(at: str, begins: str, agent: str) -> None:
    due, who = worked_from(random.Random(1), datetime.fromisoformat(at).replace(tzinfo=UTC))
    after = due - datetime.fromisoformat(begins).replace(tzinfo=UTC)
    assert who == agent
    assert 0 <= after.total_seconds() < 3 * 3600


def test_less_is_written_at_night_at_weekends_and_on_holidays() -> None:
    noon = rate_at(NEW_YORK, datetime(2026, 11, 19, 17, tzinfo=UTC))
    assert rate_at(NEW_YORK, datetime(2026, 11, 19, 8, tzinfo=UTC)) < noon / 5
    assert rate_at(NEW_YORK, datetime(2026, 11, 21, 17, tzinfo=UTC)) < noon
    assert rate_at(NEW_YORK, datetime(2026, 11, 26, 17, tzinfo=UTC)) == pytest.approx(noon * 0.4)
