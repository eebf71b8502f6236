import math
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.surge.negative_binomial import log_tail, log_zero


@pytest.fixture(scope="module")
def stats() -> ModuleType:
    """SciPy's distributions, imported where a test needs them: each worker collects all tests."""
    from scipy import stats

    module: ModuleType = stats
    return module


@pytest.mark.parametrize(("count", "mean"), [(5, 0.03), (9, 3.0), (41, 3.0), (1_100, 800.0)])
@pytest.mark.parametrize("excess", [1e-3, 0.3, 2.0])
def test_tail_is_that_of_the_negative_binomial_distribution(
    count: int, mean: float, excess: float, stats: ModuleType
) -> None:
    variance = mean * (1 + excess)
    size = mean / excess
    exact = stats.nbinom.logsf(count - 1, size, size / (size + mean))
    assert log_tail(count, mean, variance) == pytest.approx(exact, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(("count", "mean"), [(1, 0.01), (12, 3.0), (900, 800.0)])
def test_tail_without_more_variance_is_that_of_the_poisson_distribution(
    count: int, mean: float, stats: ModuleType
) -> None:
    assert log_tail(count, mean, mean) == pytest.approx(stats.poisson.logsf(count - 1, mean), rel=1e-6)


@given(
    count=st.integers(0, 10_000),
    mean=st.floats(1e-6, 5_000),
    excess=st.floats(0, 50),
)
def test_tail_is_a_probability_and_falls_with_the_count(count: int, mean: float, excess: float) -> None:
    variance = mean * (1 + excess)
    first, second = log_tail(count, mean, variance), log_tail(count + 1, mean, variance)
    assert second <= first + 1e-9 <= 1e-9


def test_what_is_not_above_the_mean_is_not_rare() -> None:
    assert log_tail(3, 3.0, 4.0) == 0.0


def test_zero_is_less_surprising_where_counts_vary_more(stats: ModuleType) -> None:
    assert log_zero(20.0, 20.0) == -20.0
    assert log_zero(20.0, 60.0) == pytest.approx(stats.nbinom.logpmf(0, 10, 10 / 30))
    assert log_zero(20.0, 60.0) > log_zero(20.0, 20.0)
    assert math.isfinite(log_zero(1e-9, 1e-9))
