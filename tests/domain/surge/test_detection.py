from datetime import datetime, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.surge.baseline import Level, fit, hour_number
from domain.surge.detection import (
    LEAST_COUNT,
    WINDOWS,
    Budget,
    Excess,
    Times,
    Watched,
    find_excess,
    silence_log_p,
)
from domain.surge.pairs import find_pair
from domain.surge.series import Series, SeriesKind
from tests.domain.surge.made import NOW, history

BUDGET = Budget(false_alarms=1.0, series=12)


def _find(times: Times, *, a_hour: float, budget: Budget = BUDGET) -> Excess | None:
    baseline = fit(history(a_hour), until=hour_number(NOW))
    return find_excess(Watched(times, baseline, lambda _: Level(weight=50), now=NOW), budget)


def _times(number: int, *, minutes: float, author: str = "") -> Times:
    return Times(
        (NOW - timedelta(minutes=minutes) * (n / number), author or f"author {n}") for n in range(number)
    )


def test_a_burst_far_above_the_usual_is_found() -> None:
    found = _find(_times(12, minutes=5), a_hour=2.0)
    assert found is not None
    assert found.count == 12
    assert found.window <= timedelta(minutes=10)
    assert found.expected < 1


def test_a_slow_rise_is_found_in_a_long_window() -> None:
    found = _find(_times(40, minutes=170), a_hour=2.0)
    assert found is not None
    assert found.window >= timedelta(minutes=90)


@pytest.mark.parametrize("a_hour", [0.05, 1.0, 10.0, 200.0])
def test_what_is_usual_is_not_found(a_hour: float) -> None:
    assert _find(_times(max(1, int(a_hour * 3)), minutes=180), a_hour=a_hour) is None


def test_one_author_is_no_spike() -> None:
    assert _find(_times(60, minutes=5, author="the same"), a_hour=2.0) is None


def test_fewer_than_the_least_count_are_no_spike() -> None:
    assert _find(_times(LEAST_COUNT - 1, minutes=0.5), a_hour=0.001) is None


def test_the_least_count_is_a_spike_where_next_to_nothing_is_usual() -> None:
    found = _find(_times(LEAST_COUNT, minutes=0.5), a_hour=0.001)
    assert found is not None
    assert found.count == LEAST_COUNT


def test_a_window_that_begins_with_a_moment_is_tested() -> None:
    watched = partial(Watched, Times(), fit({}, until=0), lambda _: Level(), now=NOW)
    assert watched(since=NOW - WINDOWS[0]).begins(WINDOWS[0])
    assert not watched(since=NOW - WINDOWS[0] + timedelta(seconds=1)).begins(WINDOWS[0])


def test_a_post_at_the_very_beginning_of_a_window_is_in_it() -> None:
    times = Times([(NOW - WINDOWS[1], "at its beginning"), (NOW, "at its end")])
    assert times.authors_in(WINDOWS, NOW)[:2] == [1, 2]
    assert times.authors(NOW - WINDOWS[1], NOW) == 2


def test_a_smaller_budget_wants_more_posts() -> None:
    strict = Budget(false_alarms=1e-9, series=12)
    assert _find(_times(8, minutes=5), a_hour=2.0) is not None
    assert _find(_times(8, minutes=5), a_hour=2.0, budget=strict) is None


def test_more_series_and_shorter_windows_are_held_to_a_stricter_level() -> None:
    few, many = Budget(false_alarms=1.0, series=5), Budget(false_alarms=1.0, series=50)
    assert all(many.log_threshold(window) < few.log_threshold(window) for window in WINDOWS)
    assert few.log_threshold(WINDOWS[0]) < few.log_threshold(WINDOWS[-1])


def test_windows_that_begin_before_a_moment_are_left_out() -> None:
    times = _times(30, minutes=60)
    baseline = fit(history(2.0), until=hour_number(NOW))
    watched = partial(Watched, times, baseline, lambda _: Level(), now=NOW)
    after = find_excess(watched(since=NOW - timedelta(minutes=6)), BUDGET)
    assert find_excess(watched(), BUDGET) is not None
    assert after is None


def test_what_is_usual_is_computed_once_for_each_window_alone_and_in_pairs() -> None:
    asked: list[tuple[str, datetime]] = []
    baseline = fit(history(2.0), until=hour_number(NOW))

    def watched(name: str, posts: int) -> Watched:
        def level_of(at: datetime) -> Level:
            asked.append((name, at))
            return Level(weight=50)

        return Watched(_times(posts, minutes=5), baseline, level_of, now=NOW)

    first = watched("cannot_pay", 6)
    others = {Series(SeriesKind.SITUATION, name): watched(name, 7) for name in ("refund", "delivery")}
    strict = Budget(false_alarms=1e-9, series=12)
    assert find_excess(first, strict) is None
    for _ in range(2):
        assert find_pair(first, lambda: others, strict) is None
    assert {name for name, _ in asked} == {"cannot_pay", "refund", "delivery"}
    assert len(asked) == len(set(asked))


@given(
    minutes=st.lists(st.floats(-10, 200), max_size=60),
    authors=st.integers(1, 5),
)
def test_authors_are_counted_as_by_hand(minutes: list[float], authors: int) -> None:
    posts = [(NOW - timedelta(minutes=m), f"author {n % authors}") for n, m in enumerate(minutes)]
    times = Times()
    for at, author in posts:
        times.add(at, author)
    by_hand = [len({who for at, who in posts if NOW - window <= at <= NOW}) for window in WINDOWS]
    assert times.authors_in(WINDOWS, NOW) == by_hand
    assert times.authors(NOW - WINDOWS[2], NOW) == by_hand[2]


def test_silence_is_the_rarer_the_longer_it_lasts_and_the_more_is_usual() -> None:
    quiet, busy = (fit(history(a_hour), until=hour_number(NOW)) for a_hour in (1.0, 40.0))

    def log_p(hours: float) -> tuple[float, float]:
        since = NOW - timedelta(hours=hours)
        return (
            silence_log_p(quiet, Level(weight=50), since=since, now=NOW),
            silence_log_p(busy, Level(weight=50), since=since, now=NOW),
        )

    assert log_p(3)[1] < log_p(1)[1] < -13.8 < log_p(1)[0]
