"""One copy with a wrong clock stands back, and never all of them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.operations.clocks import SKEW, deviation


def s(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("ahead", "others", "found"),
    [
        (0, [], None),
        (3600, [], None),  # the database's clock may be the wrong one
        (10, [0], None),
        (11, [0], 11),
        (-11, [0], -11),
        (0, [11], None),
        (3600, [3601], None),
        (-20, [20, 1], -21),
        (20, [-20], 40),
        (-20, [20], None),
    ],
)
def test_the_clock_that_is_farther_from_the_databases_deviates(
    ahead: float, others: list[float], found: float | None
) -> None:
    assert deviation(s(ahead), map(s, others)) == (None if found is None else s(found))


@given(st.lists(st.integers(-100, 100), min_size=1, max_size=5))
def test_one_copy_always_goes_on_and_those_that_do_agree_with_it(ahead: list[int]) -> None:
    going_on = [
        own
        for place, own in enumerate(ahead)
        if deviation(s(own), [s(one) for other, one in enumerate(ahead) if other != place]) is None
    ]
    nearest = min(ahead, key=lambda one: (abs(one), one))
    assert nearest in going_on
    assert all(abs(s(one - nearest)) <= SKEW for one in going_on)
