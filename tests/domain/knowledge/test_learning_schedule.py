"""Train at night where something was taught, and at once where the heads changed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.knowledge.desk_examples import ExamplesState, Training
from domain.knowledge.learning_schedule import NIGHT_HOUR, is_learning_due

NIGHT = datetime(2026, 11, 21, NIGHT_HOUR, 20, tzinfo=UTC)
DAY = NIGHT + timedelta(hours=9)
THREE = ExamplesState(3, DAY)
FOUR = ExamplesState(4, DAY)
LAST = Training(at=NIGHT - timedelta(hours=10), asked_by="U1", base="b", learnt_from=THREE, accepted=True)


@pytest.mark.parametrize(
    ("latest", "current", "base", "now", "is_due"),
    [
        (None, ExamplesState(), "b", NIGHT, False),
        (None, THREE, "b", DAY, True),
        (LAST, THREE, "b", NIGHT, False),
        (LAST, FOUR, "b", NIGHT, True),
        (LAST, ExamplesState(), "b", NIGHT, True),
        (LAST, FOUR, "b", DAY, False),
        (replace(LAST, at=DAY - timedelta(hours=25)), FOUR, "b", DAY, True),
        (LAST, THREE, "other", DAY, True),
        (LAST, ExamplesState(), "other", DAY, False),
    ],
)
def test_when_to_train(
    latest: Training | None, current: ExamplesState, base: str, now: datetime, is_due: bool
) -> None:
    assert is_learning_due(latest, current, base=base, now=now) is is_due
