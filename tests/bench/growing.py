"""Generate single outages that grow while they go on, for the bench of second spikes.

They are put into posts that either generator of the bench has made, and share nothing with the detector. None
of them is another outage, however much more people write than before.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tests.bench.arrivals import OUTAGES, GeneratedPost, InjectedOutage, Year

#: Ways to grow: word spreads in steps; an article draws people who say less what fails; a time zone wakes up;
#: people who wrote before write again, all at once; thousands write within minutes.
WAYS = ("steps", "article", "waking", "repeated", "flood")
_MINUTE, _DAY = 60.0, 86_400.0
_FIRST_DAY = 30
_SHARES = np.array([0.6, 0.25, 0.15])
#: What those write whom an article or a flood brings, besides what fails.
_UNSPECIFIC = ("outage_report", "refund", "other", "rant")

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Growing:
    """The posts, and the outages in them, each with its way to grow as its shape."""

    year: Year
    outages: list[InjectedOutage]


def growing(base: Year, seed: int, *, days: int, many: int) -> Growing:
    """Put `many` outages of each way to grow into a year."""
    random = np.random.default_rng(seed)
    authors = iter(range(1 << 60, 1 << 61))
    posts = list(base.arrivals)
    ways = [WAYS[at % len(WAYS)] for at in random.permutation(many * len(WAYS))]
    days_apart = (days - 1.0 - _FIRST_DAY) / max(1, len(ways))
    outages = []
    for number, way in enumerate(ways):
        began = (_FIRST_DAY + (number + random.uniform(0, 0.3)) * days_apart) * _DAY
        series = OUTAGES[int(random.integers(len(OUTAGES)))]
        its = [
            replace(post, second=began + post.second, outage=number)
            for post in _posts(random, way, series, authors)
        ]
        ended = max(post.second for post in its)
        outages.append(InjectedOutage(number, series[0], way, began, ended, len(its)))
        posts += its
    year = replace(base, arrivals=sorted(posts, key=lambda post: post.second), outages=[])
    return Growing(year, outages)


def _posts(
    random: np.random.Generator, way: str, series: tuple[str, str, str], authors: Iterator[int]
) -> list[GeneratedPost]:
    """Return the posts of an outage, in seconds since it began."""
    length = random.uniform(60, 240) * _MINUTE
    first = _people(random, series, _evenly(random, 0, length, random.uniform(0.4, 3)), _SHARES, authors)
    an_hour = len(first) / (length / 3_600)
    changes = random.uniform(20, 0.7 * length / _MINUTE) * _MINUTE
    if way == "steps":
        for at in (changes, random.uniform(changes, length)):
            more = _evenly(random, at, length, an_hour * random.uniform(0.5, 4) / 60)
            first += _people(random, series, more, _SHARES, authors)
    elif way == "article":
        many = int((length - changes) / 3_600 * an_hour * random.uniform(1, 4))
        more = changes + np.minimum(random.exponential(0.4, size=many), 1.0) * (length - changes)
        what_fails = random.uniform(0.15, 0.5)
        named = (series[0], *(one for one in _UNSPECIFIC if one != series[0]))
        others = np.full(len(named) - 1, (1 - what_fails) / (len(named) - 1))
        its = _people(random, named, more, np.array([what_fails, *others]), authors)
        first += [_naming(random, post, series[0]) for post in its]
    elif way == "waking":
        many = int((length - changes) / 3_600 * an_hour * random.uniform(2, 8))
        more = changes + (length - changes) * np.sqrt(random.uniform(0, 1, size=many))
        # Elsewhere they may say it in other words.
        shares = random.dirichlet(4 * _SHARES)
        first += _people(random, series, more, shares, authors)
    elif way == "repeated":
        wrote = [post.author for post in first if post.second < changes]
        for author in random.choice(wrote, size=min(len(wrote), 60), replace=False):
            again = changes + random.exponential(120, size=int(random.integers(1, 5)))
            what = str(random.choice(_UNSPECIFIC))
            first += [GeneratedPost(float(second), what, int(author), -1) for second in again]
    else:
        many = int(random.uniform(500, 3_000))
        more = changes + random.uniform(2, 10) * _MINUTE * random.uniform(0, 1, size=many)
        first += _people(random, series, more, _SHARES, authors)
    return first


def _evenly(random: np.random.Generator, since: float, until: float, a_minute: float) -> Numbers:
    return random.uniform(since, until, size=max(1, random.poisson(a_minute * (until - since) / _MINUTE)))


def _people(
    random: np.random.Generator,
    series: tuple[str, ...],
    seconds: Numbers,
    shares: Numbers,
    authors: Iterator[int],
) -> list[GeneratedPost]:
    which = random.choice(len(series), size=len(seconds), p=shares)
    return [
        GeneratedPost(float(second), series[int(one)], next(authors), -1)
        for second, one in zip(seconds, which, strict=True)
    ]


def _naming(random: np.random.Generator, post: GeneratedPost, fails: str) -> GeneratedPost:
    """Have a third of those whose posts say something else name what fails as well."""
    return replace(post, names=fails) if post.series != fails and random.random() < 0.3 else post
