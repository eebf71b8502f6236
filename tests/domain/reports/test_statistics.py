"""Percentiles as spreadsheets compute them, and tests that do not tell noise."""

import random
from statistics import fmean

import pytest

from domain.reports.statistics import (
    Sums,
    change_of,
    dispersion,
    median_interval,
    p_larger_share,
    p_lower_mean,
    p_more_events,
    share_interval,
    share_of,
    significant,
    spread_of,
)


def test_median_and_90th_percentile_are_those_of_a_spreadsheet() -> None:
    # =MEDIAN(60;120;300;600) is 210; =PERCENTILE(…;0,9) is 300 + 0.7 × 300 = 510.
    spread = spread_of([600, 60, 300, 120])
    assert (spread.count, spread.median) == (4, 210)
    assert spread.p90 == pytest.approx(510)


def test_a_median_lies_between_the_values_that_the_sign_test_leaves() -> None:
    # Of ten, 1 + 10 of 1,024 throws have at most one head (1.1 %), and 45 more two (5.5 %): so the second.
    assert median_interval(range(10, 0, -1)) == (2, 9)
    assert median_interval(range(1, 7)) == (1, 6)
    assert median_interval(range(5)) is None
    assert median_interval(range(1, 502)) == (229, 273)  # 228 below, as (501 - 1.96 · √501) / 2 = 228.6


def test_a_share_lies_in_wilsons_interval() -> None:
    # Newcombe (1998): 81 of 263 are 30.8 %, from 25.5 to 36.6 %; 0 of 20 are 0 to 16.1 %.
    assert share_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=0.0001)
    assert share_interval(0, 20) == pytest.approx((0, 0.1611), abs=0.0001)
    assert share_interval(0, 0) is None


def test_nothing_is_divided_by_zero() -> None:
    assert spread_of([]) == spread_of(())
    assert (spread_of([]).median, share_of(0, 0), change_of(3, 0), Sums().mean) == (None, None, None, None)
    assert dispersion([[], [0, 0]]) == 1
    assert p_larger_share((0, 0), (0, 0)) == p_lower_mean(Sums(), Sums()) == p_more_events(0, 0) == 1


def test_a_rise_is_told_from_noise() -> None:
    assert p_more_events(62, 45) > 0.03  # by chance alone one time in twenty
    assert p_more_events(120, 45) < 1e-6
    assert p_more_events(120, 45, exposure=24 / 9) > 0.4  # as many, for the length of the times
    assert p_more_events(120, 45, scatter=20) > 0.05  # days differ as much anyway
    assert p_larger_share((30, 100), (10, 100)) < 0.001
    assert p_larger_share((3, 9), (0, 9)) == 1  # too few to tell


def test_a_lower_mean_is_told_from_noise() -> None:
    glad, sad = Sums(100, 20.0, 20.0), Sums(100, -10.0, 20.0)
    assert p_lower_mean(sad, glad) < 1e-5
    assert p_lower_mean(glad, sad) > 0.99


def test_scatter_between_days_is_measured_and_a_trend_is_not() -> None:
    assert dispersion([list(range(100, 130))]) == 1
    assert dispersion([[10, 90] * 10]) == pytest.approx(64)


def test_of_many_tests_few_hold_by_chance() -> None:
    assert significant([0.04, 0.04, 0.04]) == [False, False, False]
    assert significant([0.001, 0.5, 0.02]) == [True, False, True]


def test_where_nothing_changed_hardly_anything_is_told() -> None:
    """Twelve situations, two equal weeks: at most one false finding in twenty reports."""
    chosen = random.Random(3)
    told = [
        any(significant([p_more_events(_events(chosen), _events(chosen)) for _ in range(12)]))
        for _ in range(200)
    ]
    assert fmean(told) <= 0.07


def _events(chosen: random.Random) -> int:
    return sum(chosen.random() < 0.04 for _ in range(1000))
