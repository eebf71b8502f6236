"""The rank test against scores computed by hand, and the shift of waits that it finds."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.reports.survival import Waited, rank_score, shift_of

WAITS = st.lists(st.builds(Waited, st.integers(0, 50), st.booleans()), min_size=1, max_size=30)


def answered(*seconds: float) -> list[Waited]:
    return [Waited(second, True) for second in seconds]


def test_the_score_is_that_of_the_rank_test() -> None:
    """Waits of 1 and 3, others of 2 and 4.

    At 1: 1 of 4, half of whom are in the group: 1 - 1/2, variance 1/4. Then 3/4 are left, 1 of 3 in the
    group: 3/4 · (0 - 1/3), 9/16 · 2/9. At 3: 1/2 · (1 - 1/2), 1/4 · 1/4. At 4 nobody is to be compared with.
    """
    score = rank_score([(answered(1, 3), answered(2, 4))])
    assert score.value == pytest.approx(1 / 2 - 1 / 4 + 1 / 4)
    assert score.variance == pytest.approx(1 / 4 + 1 / 8 + 1 / 16)
    assert score.z == pytest.approx(0.5 / 0.4375**0.5)
    assert score.p == pytest.approx(0.4497, abs=0.0001)


def test_who_still_waits_is_at_risk_until_then_and_not_answered() -> None:
    """Of the others, one has waited 2: at 1, 1 of 3 is answered, 1/3 of them in the group; at 3, 1 of 1."""
    score = rank_score([(answered(1), [Waited(2, False), Waited(3, True)])])
    assert score.value == pytest.approx(1 - 1 / 3)
    assert score.variance == pytest.approx(2 / 9)
    assert rank_score([([Waited(5, False)], [Waited(7, False)])]).p == 1


@given(WAITS, WAITS)
def test_exchanging_the_groups_turns_the_score(group: list[Waited], others: list[Waited]) -> None:
    score, turned = rank_score([(group, others)]), rank_score([(others, group)])
    assert turned.value == pytest.approx(-score.value)
    assert turned.variance == pytest.approx(score.variance)


def test_the_shift_is_found_in_waits_of_any_shape() -> None:
    """Half of the waits are over a night, and one in five is not over; the group waited 300 seconds less."""
    rng = random.Random(1)

    def waits(less: float, count: int, night: float) -> list[Waited]:
        return [Waited(night + rng.lognormvariate(7, 0.5) - less, rng.random() < 0.8) for _ in range(count)]

    strata = [(waits(300, 60, night), waits(0, 200, night)) for night in (1_000, 50_000)]
    shift = shift_of(strata)
    assert shift is not None
    assert shift.low < -300 < shift.high < 0
    assert shift.low < shift.value < shift.high
    assert abs(shift.value + 300) < 100
    # At the ends of the interval the test is at its limit.
    assert rank_score(strata, shift=shift.low).p == pytest.approx(0.05, abs=0.01)
    assert rank_score(strata, shift=shift.high).p == pytest.approx(0.05, abs=0.01)
    turned = shift_of([(others, group) for group, others in strata])
    assert turned is not None
    assert turned.value == pytest.approx(-shift.value, abs=50)


def test_where_too_few_were_answered_there_is_no_shift() -> None:
    assert shift_of([]) is None
    assert shift_of([(answered(1), answered(2))]) is None
    assert shift_of([([Waited(5, False)] * 50, [Waited(7, False)] * 50)]) is None


def test_a_few_who_wait_for_weeks_make_the_shift_no_less_exact() -> None:
    """One in three is not over after 60 days; the others of the group waited 10 minutes less."""
    weeks = [Waited(60 * 86_400, False)] * 30
    group, others = answered(*range(600, 1_200, 10)), answered(*range(1_200, 1_800, 10))
    shift = shift_of([([*group, *weeks], [*others, *weeks])])
    assert shift is not None
    assert shift.value == pytest.approx(-600, abs=10)
