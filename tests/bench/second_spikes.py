"""Benchmark whether an outage that begins while another one goes on has an alert of its own.

And whether a long outage whose words change, or one that grows, has more than one. `overlapping.py` and
`growing.py` here say how they are made.
"""

import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.bench.arrivals import START, InjectedOutage, Year, generate
from tests.bench.brands import generate_brand
from tests.bench.figures import Figure, at_most
from tests.bench.growing import WAYS, Growing, growing
from tests.bench.overlapping import NAMEABLE, Overlapping, overlapping
from tests.bench.sizes import Sizes
from tests.bench.spikes import AFTERWARDS, Alerts, detect

OVERLAPS = (5.0, 20.0, 60.0)  # minutes
A_DAY = 500.0  # posts of the brand
#: How many posts of the first outage are in the series of the second, where its beginning is measured.
SHARED = 0.2


@dataclass(frozen=True, slots=True)
class Second:
    """How the second of two outages was found: after how many of its posts and minutes, endless if never."""

    overlap: float
    is_nameable: bool
    posts: float
    minutes: float
    while_overlapping: bool


def second_spikes(sizes: Sizes) -> list[Figure]:
    """Measure both generators on years that nobody looked at."""
    days, many, changing = sizes.overlap_days, sizes.overlap_pairs, sizes.overlap_changing
    figures: list[Figure] = []
    for seed in sizes.overlap_seeds:
        bases = {
            "year": generate(seed, days=days, outages=0),
            "brand": generate_brand(seed, days=days, a_day=A_DAY, outages=0).year,
        }
        for name, base in bases.items():
            made = overlapping(base, seed, days=days, overlaps=OVERLAPS, many=many, changing=changing)
            figures += _figures(f"{name} {seed}", made, detect(made.year))
            told = overlapping(base, seed, days=days, overlaps=OVERLAPS, many=many, changing=0, shared=SHARED)
            figures += _beginnings(f"{name} {seed}", told, detect(told.year))
            single = growing(base, seed, days=days, many=changing)
            figures += _growing(f"{name} {seed}", single, detect(single.year))
    return figures


def _figures(name: str, made: Overlapping, alerts: Alerts) -> Iterator[Figure]:
    found = seconds_found(made, alerts)
    for minutes in OVERLAPS:
        for nameable in (True, False):
            those = [one for one in found if one.overlap == minutes and one.is_nameable == nameable]
            what = f"{name}, {minutes:g} min of overlap, {'specific' if nameable else 'unspecific'}"
            yield Figure(
                what=f"{what}: alerts of their own, of {len(those)}",
                unit="",
                measured=float(sum(one.posts < math.inf for one in those)),
            )
            if nameable and those:
                posts = sorted(one.posts for one in those)
                yield at_most(f"{what}, median", "posts", statistics.median(posts), 12.0)
                yield Figure(
                    what=f"{what}, 90th percentile", unit="posts", measured=posts[int(0.9 * len(posts))]
                )
                yield Figure(
                    what=f"{what}, median",
                    unit="minutes",
                    measured=statistics.median(one.minutes for one in those),
                )
    twice = sum(max(0, _alerts_in(outage, alerts) - 1) for outage in made.changing)
    yield at_most(f"{name}, second alerts of {len(made.changing)} outages whose words change", "", twice, 1.0)
    yield Figure(
        what=f"{name}, third alerts of {len(made.pairs)} pairs",
        unit="",
        measured=float(_thirds(made, alerts)),
    )


def _growing(name: str, made: Growing, alerts: Alerts) -> Iterator[Figure]:
    """Return how many alerts single outages that grow have beyond the first of each."""
    for way in WAYS:
        those = [outage for outage in made.outages if outage.shape == way]
        twice = sum(max(0, _alerts_in(outage, alerts) - 1) for outage in those)
        yield Figure(
            what=f"{name}, second alerts of {len(those)} outages that grow by {way}",
            unit="",
            measured=float(twice),
        )


def _beginnings(name: str, made: Overlapping, alerts: Alerts) -> Iterator[Figure]:
    """Return from when the alerts of the second ones count, and whom, told while the first spike was open."""
    early: list[float] = []
    people = of_first = 0
    for pair in made.pairs:
        for (at, series), spike in zip(alerts.said, alerts.opened, strict=True):
            if pair.second.began <= at <= pair.second.ended and series == pair.second.series:
                since = (spike.since - START).total_seconds()
                counted = [
                    post.outage
                    for post in made.year.arrivals
                    if since <= post.second <= at and post.series == series
                ]
                early.append((pair.second.began - since) / 60)
                people += len(counted)
                of_first += counted.count(pair.first.number)
                break
    what = f"{name}, {len(early)} alerts of a second outage in words of the first"
    early.sort()
    if early:
        yield Figure(
            what=f"{what}, begin too early, median", unit="minutes", measured=statistics.median(early)
        )
        yield Figure(
            what=f"{what}, begin too early, 90th percentile",
            unit="minutes",
            measured=early[int(0.9 * len(early))],
        )
        yield Figure(what=f"{what}, people of the first of {people}", unit="", measured=float(of_first))


def seconds_found(made: Overlapping, alerts: Alerts) -> list[Second]:
    """Return how the second of each two outages was found, by the first alert in which its posts prevail."""
    return [
        Second(
            pair.minutes, pair.second.series in NAMEABLE, *_found(made.year, pair.first, pair.second, alerts)
        )
        for pair in made.pairs
    ]


def _found(
    year: Year, first: InjectedOutage, second: InjectedOutage, alerts: Alerts
) -> tuple[float, float, bool]:
    for at, series in alerts.said:
        if second.began <= at <= second.ended + AFTERWARDS:
            its, others = (year.posts_of(one.number, series, until=at) for one in (second, first))
            if its > others or (its and series == second.series != first.series):
                return float(its), (at - second.began) / 60, at <= first.ended
    return math.inf, math.inf, False


def _alerts_in(outage: InjectedOutage, alerts: Alerts) -> int:
    return sum(outage.began <= at <= outage.ended + AFTERWARDS for at, _ in alerts.said)


def _thirds(made: Overlapping, alerts: Alerts) -> int:
    """Count the alerts of pairs beyond the two that they should have."""
    spans: Sequence[tuple[float, float]] = [
        (p.first.began, max(p.first.ended, p.second.ended)) for p in made.pairs
    ]
    return sum(
        max(0, sum(began <= at <= ended + AFTERWARDS for at, _ in alerts.said) - 2) for began, ended in spans
    )
