"""Compute when a snooze ends, whatever the form holds."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cases.snooze import InvalidTime, SnoozeChoice, snooze_until
from tests.domain.made import HOUR, NOW

MADRID = ZoneInfo("Europe/Madrid")
IN_A_MINUTE = NOW.timestamp() + 60


@pytest.mark.parametrize(
    ("choice", "picked_at", "after"),
    [
        (SnoozeChoice.HALF_HOUR, None, timedelta(minutes=30)),
        (SnoozeChoice.TWO_HOURS, None, timedelta(hours=2)),
        (SnoozeChoice.TOMORROW, None, timedelta(hours=21)),
        (SnoozeChoice.CUSTOM, IN_A_MINUTE, timedelta(minutes=1)),
        (SnoozeChoice.HALF_HOUR, IN_A_MINUTE, timedelta(minutes=1)),
        (SnoozeChoice.TOMORROW, IN_A_MINUTE, timedelta(minutes=1)),
        (None, IN_A_MINUTE, timedelta(minutes=1)),
    ],
)
def test_a_snooze_ends_after_the_preset_or_at_the_picked_time(
    choice: object, picked_at: object, after: timedelta
) -> None:
    assert snooze_until(choice, picked_at, now=NOW, zone=UTC) == NOW + after


@pytest.mark.parametrize(
    ("now", "tomorrow"),
    [
        ("2026-11-21T22:30", "2026-11-22T09:00"),  # 23:30 in Madrid
        ("2026-11-21T23:30", "2026-11-23T09:00"),  # 0:30 there, on the next day
        ("2026-03-28T12:00", "2026-03-29T09:00"),  # clocks go forward in the night
        ("2026-10-24T12:00", "2026-10-25T09:00"),  # and back
    ],
)
def test_tomorrow_is_nine_on_the_persons_next_day(now: str, tomorrow: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    ends = snooze_until(SnoozeChoice.TOMORROW, None, now=at, zone=MADRID)
    assert ends == datetime.fromisoformat(tomorrow).replace(tzinfo=MADRID)


UNUSABLE_CHOICES: list[object] = [SnoozeChoice.CUSTOM, None, "", "3y", [], {}, 7]


@pytest.mark.parametrize("choice", UNUSABLE_CHOICES)
@pytest.mark.parametrize("picked_at", [None, "soon", []])
def test_without_a_usable_choice_there_is_no_time(choice: object, picked_at: object) -> None:
    assert snooze_until(choice, picked_at, now=NOW, zone=UTC) is None


@pytest.mark.parametrize("choice", [*UNUSABLE_CHOICES, *SnoozeChoice])
@pytest.mark.parametrize("picked_at", [NOW.timestamp() - 60, True])
def test_a_picked_time_in_the_past_is_left_to_the_caller(choice: object, picked_at: float) -> None:
    assert snooze_until(choice, picked_at, now=NOW, zone=UTC) == datetime.fromtimestamp(picked_at, UTC)


@pytest.mark.parametrize("choice", [*UNUSABLE_CHOICES, *SnoozeChoice])
@pytest.mark.parametrize("picked_at", [float("nan"), float("inf"), 1e300, -1e300, 10**30])
def test_a_picked_time_out_of_range_is_refused(choice: object, picked_at: float) -> None:
    with pytest.raises(InvalidTime):
        snooze_until(choice, picked_at, now=NOW, zone=UTC)


@given(st.floats() | st.integers())
def test_any_picked_number_is_a_time_or_refused(picked_at: float) -> None:
    try:
        ends = snooze_until(SnoozeChoice.CUSTOM, picked_at, now=NOW, zone=UTC)
    except InvalidTime:
        assert not 0 <= picked_at <= NOW.timestamp() + HOUR.total_seconds()
        return
    assert ends is not None
    assert abs(ends.timestamp() - picked_at) < 1
