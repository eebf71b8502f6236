"""Generate outages that begin while another one goes on, and long ones whose words change, for the bench.

They are put into posts that either generator of the bench has made, and share nothing with the detector.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from tests.bench.arrivals import MAIN_SHARE, OUTAGES, GeneratedPost, InjectedOutage, Year

#: Series that say what fails, in which the words of a long outage may come to be.
NAMEABLE = ("cannot_pay", "account_access", "delivery")
_MINUTE, _DAY = 60.0, 86_400.0
_FIRST_DAY = 30
_NAME_BOTH = 0.7


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two outages, the second of which begins `minutes` before the first ends."""

    minutes: float
    first: InjectedOutage
    second: InjectedOutage


@dataclass(frozen=True, slots=True)
class Overlapping:
    """The posts, pairs of outages that overlap, and long ones whose words change."""

    year: Year
    pairs: list[Overlap]
    changing: list[InjectedOutage]


def overlapping(
    base: Year,
    seed: int,
    *,
    days: int,
    overlaps: tuple[float, ...],
    many: int,
    changing: int,
    shared: float = 0.0,
) -> Overlapping:
    """Put `many` pairs of outages for each overlap, in minutes, and `changing` long ones into a year.

    `shared` is how many of the first outage's posts are in the main series of the second, if that says what
    fails; most of these name what is out, too.
    """
    random = np.random.default_rng(seed)
    authors = iter(range(1 << 61, 1 << 62))
    posts = list(base.arrivals)
    kinds = [*(minutes for minutes in overlaps for _ in range(many)), *[0.0] * changing]
    kinds = [kinds[at] for at in random.permutation(len(kinds))]
    days_apart = (days - 1.0 - _FIRST_DAY) / len(kinds)
    pairs, long = [], []
    for position, minutes in enumerate(kinds):
        began = (_FIRST_DAY + (position + random.uniform(0, 0.4)) * days_apart) * _DAY
        if minutes:
            one, other = random.permutation(len(OUTAGES))[:2]
            length = (minutes + random.uniform(5, 90)) * _MINUTE
            first, its = _outage(random, 2 * position, OUTAGES[one], began, length, authors)
            begins = began + length - minutes * _MINUTE
            second, more = _outage(
                random,
                2 * position + 1,
                OUTAGES[other],
                begins,
                float(np.exp(random.uniform(np.log(15), np.log(180)))) * _MINUTE,
                authors,
            )
            more = [replace(post, names=first.series if random.random() < 0.1 else "") for post in more]
            if shared and second.series in NAMEABLE:
                its = [_in_series(random, post, second, first, shared) for post in its]
            pairs.append(Overlap(minutes, first, second))
            posts += [*its, *more]
        else:
            outage, its = _changing(random, 2 * position, began, authors)
            long.append(outage)
            posts += its
    year = replace(base, arrivals=sorted(posts, key=lambda post: post.second), outages=[])
    return Overlapping(year, pairs, long)


def _in_series(
    random: np.random.Generator,
    post: GeneratedPost,
    second: InjectedOutage,
    first: InjectedOutage,
    shared: float,
) -> GeneratedPost:
    if random.random() >= shared:
        return post
    names = first.series if random.random() < _NAME_BOTH else ""
    return replace(post, series=second.series, names=names)


def _outage(
    random: np.random.Generator,
    number: int,
    series: tuple[str, str, str],
    began: float,
    length: float,
    authors: Iterator[int],
) -> tuple[InjectedOutage, list[GeneratedPost]]:
    many = int(np.exp(random.uniform(np.log(40), np.log(600))))
    shape = str(random.choice(["step", "ramp", "burst"]))
    at = random.uniform(0, 1, size=many)
    if shape == "ramp":
        at = np.sqrt(at)
    elif shape == "burst":
        at = np.minimum(random.exponential(0.3, size=many), 1.0)
    which = random.choice(3, size=many, p=[MAIN_SHARE, 0.25, 0.15])
    posts = [
        GeneratedPost(began + share * length, series[int(one)], next(authors), number)
        for share, one in zip(at, which, strict=True)
    ]
    return InjectedOutage(number, series[0], shape, began, began + length, many), posts


def _changing(
    random: np.random.Generator, number: int, began: float, authors: Iterator[int]
) -> tuple[InjectedOutage, list[GeneratedPost]]:
    """Return an outage of hours; after a while people also say what else fails because of it."""
    one, other = (NAMEABLE[at] for at in random.permutation(len(NAMEABLE))[:2])
    many = int(np.exp(random.uniform(np.log(100), np.log(800))))
    length = random.uniform(120, 360) * _MINUTE
    changes, takes = random.uniform(5, 60) * _MINUTE, random.uniform(1, 60) * _MINUTE
    states_reason = random.uniform(0.5, 0.9)  # how many of those name what is out as well
    names = (one, other, "rant", "outage_report", "refund", "other")
    early, late = np.array([0.6, 0.0, 0.25, 0.0, 0.0, 0.15]), np.array([0.25, 0.25, 0.25, 0.1, 0.1, 0.05])
    posts = []
    for second in np.sort(random.uniform(0, length, size=many)):
        share = min(1.0, max(0.0, (second - changes) / takes))
        series = names[int(random.choice(len(names), p=early * (1 - share) + late * share))]
        also = one if series == other and random.random() < states_reason else ""
        posts.append(GeneratedPost(began + float(second), series, next(authors), number, also))
    return InjectedOutage(number, one, "changing", began, began + length, many), posts
