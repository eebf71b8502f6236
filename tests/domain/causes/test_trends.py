"""Compare topics and causes with their own history; tell only what is beyond chance."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.causes.cause import Cause, CauseState, new_cause
from domain.causes.figures import fixes, spans_around
from domain.causes.topics import find_topics
from domain.causes.trends import Counts, Trend, measure, trends
from tests.domain.causes.made import DAY, NOW, PARCEL, REFUND, STOP_WORDS, VOUCHER, posts_about


@pytest.mark.parametrize(
    ("now", "before", "exposure", "trend"),
    [
        ([6] * 7, [2] * 21, 1 / 3, Trend.MORE),
        ([1] * 7, [4] * 21, 1 / 3, Trend.FEWER),
        ([2] * 7, [2] * 21, 1 / 3, Trend.UNCLEAR),
        ([1, 0, 0], [0, 0, 0], 1.0, Trend.UNCLEAR),
        ([20], [0], 0.0, Trend.UNCLEAR),
        ([0, 0, 40, 0, 0, 0, 0], [0, 0, 0, 0, 60, 0, 0] + [0] * 14, 1 / 3, Trend.UNCLEAR),
    ],
)
def test_a_trend_is_told_beyond_chance(
    now: list[int], before: list[int], exposure: float, trend: Trend
) -> None:
    assert trends([Counts(now=now, before=before, exposure=exposure)]) == [trend]


def test_at_most_one_set_in_twenty_has_a_trend_by_chance() -> None:
    rng = random.Random(7)

    def day() -> int:
        return sum(rng.random() < 0.1 for _ in range(30))

    found = 0
    for _ in range(200):
        sets = [
            Counts(now=[day() for _ in range(7)], before=[day() for _ in range(21)], exposure=1 / 3)
            for _ in range(8)
        ]
        found += any(trend is not Trend.UNCLEAR for trend in trends(sets))
    assert found <= 200 / 20 + 6


def test_the_figures_of_topics_count_people() -> None:
    posts = [
        *(post for day in range(2, 6) for post in posts_about(VOUCHER, "cannot_pay", days=-day)),
        *posts_about(["voucher"], "cannot_pay", times=2, days=-1, outage=5),
        *posts_about(PARCEL, "delivery", times=5, days=-3),
        *posts_about(REFUND, "refund", times=5, days=-3),
    ]
    topics = find_topics(posts, STOP_WORDS)
    [voucher] = [number for number, one in enumerate(topics) if one.phrases == ("voucher",)]
    earlier = posts_about(["voucher"], "cannot_pay", times=3, days=-10)
    since, history_since = NOW - 7 * DAY, NOW - 28 * DAY
    found = measure(topics, posts, {voucher: earlier}, since=since, until=NOW, history_since=history_since)
    one = next(figures for figures in found if figures.topic.phrases == ("voucher",))
    assert (one.people, one.usual, one.trend, one.of_outages) == (14, 1.0, Trend.MORE, 2)
    assert one.posts[0].outage_id == 5
    unknown = measure(topics, posts, {}, since=since, until=NOW, history_since=since)
    assert {(figures.usual, figures.trend) for figures in unknown} == {(None, Trend.UNCLEAR)}


def a_fixed_cause(days_ago: float) -> Cause:
    cause = new_cause("Voucher", ["voucher"], by="U0SAM", now=NOW - 30 * DAY)
    return replace(cause, state=CauseState.FIXED, fixed_at=NOW - days_ago * DAY)


def test_a_fix_is_compared_with_as_much_as_is_known_before_it() -> None:
    cause = a_fixed_cause(13.5)
    before, after = spans_around(cause, NOW)
    assert (len(before), len(after), after[-1][1]) == (28, 14, NOW)
    [fix] = fixes([cause], [([2] * 28, [0] * 14)], NOW)
    assert fix is not None
    assert (fix.before, fix.after, fix.trend) == (56, 0, Trend.FEWER)
    assert fix.until - fix.fixed_at == timedelta(days=13, hours=12)


def test_nothing_is_claimed_where_chance_would_do_and_none_where_nothing_is_fixed() -> None:
    cause = a_fixed_cause(3)
    before, after = spans_around(cause, NOW)
    is_open = replace(cause, state=CauseState.OPEN, fixed_at=None)
    assert spans_around(is_open, NOW) == ((), ())
    just_now = replace(cause, fixed_at=NOW)
    found = fixes(
        [cause, is_open, just_now],
        [([0, 1] * 14, [0] * len(after)), ((), ()), ([1] * 28, [])],
        NOW,
    )
    assert [one.trend if one is not None else None for one in found] == [Trend.UNCLEAR, None, None]
    assert len(before) == 28
