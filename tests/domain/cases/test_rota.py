"""Check who is next, and when somebody who is away is back."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.cases.rota import AwayChoice, RotaMode, RotaPolicy, Workload, away_until, take_turns

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)  # a Friday
HOUR = timedelta(hours=1)
MADRID = ZoneInfo("Europe/Madrid")

AGENTS = [
    Workload(user_id="U0C", open_cases=1, assigned_at=NOW - HOUR),
    Workload(user_id="U0B", open_cases=4, assigned_at=NOW - 3 * HOUR),
    Workload(user_id="U0A", open_cases=1, assigned_at=NOW - 2 * HOUR),
    Workload(user_id="U0FULL", open_cases=5),
    Workload(user_id="U0AWAY", away_until=NOW + HOUR),
    Workload(user_id="U0BACK", open_cases=3, away_until=NOW),
]


@pytest.mark.parametrize(
    ("mode", "order"),
    [
        (RotaMode.ROUND_ROBIN, ["U0BACK", "U0B", "U0A", "U0C"]),
        (RotaMode.LEAST_BUSY, ["U0A", "U0C", "U0BACK", "U0B"]),
    ],
)
def test_those_who_are_there_and_under_the_cap_take_turns(mode: RotaMode, order: list[str]) -> None:
    policy = RotaPolicy(mode=mode, cap=5)
    assert take_turns(AGENTS, policy, now=NOW) == order
    assert take_turns(AGENTS, RotaPolicy(mode=mode, cap=1), now=NOW) == []


@pytest.mark.parametrize(
    ("choice", "until"),
    [
        (AwayChoice.ONE_HOUR, NOW + HOUR),
        (AwayChoice.FOUR_HOURS, NOW + 4 * HOUR),
        (AwayChoice.NEXT_DAY, datetime(2026, 11, 21, 8, tzinfo=UTC)),
        (AwayChoice.NEXT_WORKDAY, datetime(2026, 11, 23, 8, tzinfo=UTC)),
    ],
)
def test_whoever_is_away_is_back_at_their_own_nine(choice: AwayChoice, until: datetime) -> None:
    assert away_until(choice, now=NOW, zone=MADRID) == until


def test_nine_is_nine_after_a_change_to_summer_time() -> None:
    saturday = datetime(2026, 3, 28, 22, tzinfo=UTC)
    assert away_until(AwayChoice.NEXT_DAY, now=saturday, zone=MADRID) == datetime(2026, 3, 29, 7, tzinfo=UTC)
