"""Compare how many people name a topic, or a cause, with its own history; tell only what is beyond chance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.causes.topics import Topic, TopicPost, people_in
from domain.reports.statistics import dispersion, p_more_events, significant

#: A period is compared with so many of the same length before it.
HISTORY_PERIODS = 3
MAX_HISTORY = timedelta(days=90)
_DAY = timedelta(days=1)
#: A change by less is not told, however sure it is.
_LEAST_CHANGE = 0.1


class Trend(StrEnum):
    """How a count compares with what came before; `UNCLEAR` is a difference that chance makes, too."""

    MORE = "more"
    FEWER = "fewer"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Events of two times by day; `exposure` is how many times as long the later one is."""

    now: Sequence[int]
    before: Sequence[int]
    exposure: float

    @property
    def rate_before(self) -> float:
        """How many of the earlier events come to a time as long as the later one."""
        return sum(self.before) * self.exposure


def trends(counts: Sequence[Counts]) -> list[Trend]:
    """Return the trend of each; at most one set of them in twenty has one that is chance (Holm)."""
    chances = [chance for one in counts for chance in (_more(one), _more(_swapped(one)))]
    holds = significant(chances)
    return [_trend(one, is_more=holds[2 * at], is_fewer=holds[2 * at + 1]) for at, one in enumerate(counts)]


def _trend(counts: Counts, *, is_more: bool, is_fewer: bool) -> Trend:
    change = sum(counts.now) - counts.rate_before
    if abs(change) < _LEAST_CHANGE * counts.rate_before:
        return Trend.UNCLEAR
    if is_more and change > 0:
        return Trend.MORE
    return Trend.FEWER if is_fewer and change < 0 else Trend.UNCLEAR


def _more(counts: Counts) -> float:
    if not counts.exposure:
        return 1.0
    scatter = dispersion([counts.now, counts.before])
    return p_more_events(sum(counts.now), sum(counts.before), exposure=counts.exposure, scatter=scatter)


def _swapped(counts: Counts) -> Counts:
    return Counts(
        now=counts.before, before=counts.now, exposure=1 / counts.exposure if counts.exposure else 0.0
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicFigures:
    """A topic with its figures.

    `usual` is how many people named it in a time as long before, on average; `None` where nothing is known of
    then. `of_outages` are those whose cases are linked to an outage. Of its `resolved` cases, the customers
    of `repeated` wrote again (`REPEAT_WITHIN`). `posts` are its posts, the newest first.
    """

    topic: Topic
    people: int
    usual: float | None
    trend: Trend
    of_outages: int
    posts: Sequence[TopicPost]
    resolved: int = 0
    repeated: int = 0


def measure(
    topics: Sequence[Topic],
    posts: Sequence[TopicPost],
    history: Mapping[int, Sequence[TopicPost]],
    *,
    since: datetime,
    until: datetime,
    history_since: datetime,
) -> list[TopicFigures]:
    """Count the people of each topic, those of most first.

    `history` has its posts from `history_since` on and before `since`, by its index. Nothing is compared
    where that is shorter than the period.
    """
    span, before = until - since, since - history_since
    is_known = before >= span
    counted = [
        Counts(
            now=_by_day([posts[index] for index in one.posts], since, until),
            before=_by_day(history.get(number, ()), history_since, since),
            exposure=span / before if is_known else 0.0,
        )
        for number, one in enumerate(topics)
    ]
    found = [
        TopicFigures(
            topic=one,
            people=people_in(one, posts),
            usual=counts.rate_before if is_known else None,
            trend=trend,
            of_outages=len({posts[at].author for at in one.posts if posts[at].outage_id is not None}),
            posts=sorted((posts[at] for at in one.posts), key=lambda post: post.at, reverse=True),
        )
        for one, counts, trend in zip(topics, counted, trends(counted), strict=True)
    ]
    return sorted(found, key=lambda one: -one.people)


def _by_day(posts: Sequence[TopicPost], since: datetime, until: datetime) -> list[int]:
    """Count the people by the day of their first post; days are of 24 hours from `since` on."""
    first: dict[str, datetime] = {}
    for post in posts:
        first[post.author] = min(post.at, first.get(post.author, post.at))
    return by_day(list(first.values()), since, until)


def by_day(moments: Sequence[datetime], since: datetime, until: datetime) -> list[int]:
    """Count moments in each day of 24 hours from `since` on."""
    counts = [0] * max(1, -((since - until) // _DAY))
    for moment in moments:
        counts[min((moment - since) // _DAY, len(counts) - 1)] += 1
    return counts
