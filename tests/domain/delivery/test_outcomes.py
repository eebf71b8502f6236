"""Compute the delays of retries and of reconciliations."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.delivery.outcomes import backoff_delay, check_delay


def test_the_backoff_doubles_from_two_seconds() -> None:
    assert [backoff_delay(n).total_seconds() for n in range(1, 6)] == [2, 4, 8, 16, 32]


@given(st.integers(-5, 10_000))
def test_the_backoff_never_shrinks_and_is_bounded(tries: int) -> None:
    assert timedelta(seconds=2) <= backoff_delay(tries) <= backoff_delay(tries + 1) <= timedelta(minutes=10)


@given(st.integers(0, 10_000))
def test_check_delays_grow_and_are_bounded(checks: int) -> None:
    assert timedelta(seconds=3) <= check_delay(checks) <= check_delay(checks + 1) <= timedelta(minutes=2)
