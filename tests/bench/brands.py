"""Generate the posts of brands of any size for the bench of spikes, to cross-check `arrivals.py`.

Nothing is shared with that generator but what it returns. Posts come in sessions of five minutes whose sizes
are Poisson variables of a gamma distributed rate, so that they vary more than a Poisson process does at each
scale. The day is a trapezium with a dip at noon, in one to three time zones. Besides outages there are
campaigns of the brand, and jokes that spread: many posts within an hour or two that are no outage.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.bench.arrivals import GeneratedPost, InjectedOutage, Year

#: The share of each situation; jokes are rants and other posts, campaigns bring questions.
SHARES = {
    "question": 0.34,
    "rant": 0.2,
    "delivery": 0.14,
    "other": 0.12,
    "cannot_pay": 0.08,
    "account_access": 0.06,
    "refund": 0.04,
    "outage_report": 0.02,
}
_FAILING = ("cannot_pay", "account_access", "outage_report", "delivery")
_SLOTS = 288  # of a day
_SECONDS = 300.0  # of a slot
_LEARNING = 28  # days before anything happens
_NAMES = tuple(SHARES)

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Brand:
    """A brand's posts, and the seconds between which campaigns and jokes go on: no usual times."""

    year: Year
    noise: list[tuple[float, float]]


def generate_brand(seed: int, *, days: int, a_day: float, outages: int) -> Brand:
    """Generate so many days of a brand with so many posts a day; outages begin after four weeks."""
    random = np.random.default_rng(seed)
    common = _common(random, days)
    posts: list[GeneratedPost] = []
    authors = 0
    for name, share in SHARES.items():
        for second in _usual(random, days, a_day * share, common):
            authors += 1
            posts.append(GeneratedPost(second, name, authors, -1))
    noise = []
    for _ in range(days // 20):
        seconds, series, period = _joke(random, days, a_day)
        noise.append(period)
        posts += [
            GeneratedPost(s, n, authors + k, -1)
            for k, (s, n) in enumerate(zip(seconds, series, strict=True), 1)
        ]
        authors += len(seconds)
    for _ in range(days // 15):
        seconds, period = _campaign(random, days, a_day)
        noise.append(period)
        posts += [GeneratedPost(s, "question", authors + k, -1) for k, s in enumerate(seconds, 1)]
        authors += len(seconds)
    injected = []
    for number in range(outages):
        began = 86_400.0 * (_LEARNING + (days - 1 - _LEARNING) * (number + random.uniform(0, 0.7)) / outages)
        outage, its = _outage(random, number, began, a_day, authors)
        authors += len(its)
        injected.append(outage)
        posts += its
    posts.sort(key=lambda post: post.second)
    return Brand(Year(posts, injected, frozenset()), noise)


def _common(random: np.random.Generator, days: int) -> Numbers:
    """Return the factor of each slot that all situations share: night, weekends, good and bad days."""
    hour = np.arange(_SLOTS) * 24 / _SLOTS
    wakes, zones = random.uniform(6, 8), random.choice([0.0, 5.0, 9.0], random.integers(1, 4), replace=False)
    day = np.mean([_trapezium((hour - zone) % 24, wakes) for zone in zones], axis=0)
    factor = np.tile(day, days)
    weekday = np.arange(days) % 7
    weekly = np.where(weekday < 5, 1.0, random.uniform(0.4, 1.3)) * random.gamma(25, 1 / 25, size=days)
    return np.asarray(factor * np.repeat(weekly, _SLOTS) / day.mean())


def _trapezium(hour: Numbers, wakes: float) -> Numbers:
    awake = np.interp(hour, [0, wakes - 1, wakes + 2, 21, 24], [0.04, 0.04, 1.0, 0.9, 0.04])
    return np.asarray(awake - 0.25 * np.exp(-((hour - 12.5) ** 2)))


def _usual(random: np.random.Generator, days: int, a_day: float, common: Numbers) -> list[float]:
    """Return the seconds of the usual posts of a situation."""
    hours = days * 24
    # The rate of an hour is off by 20 % or so, that of a slot by 35 %.
    hourly = np.repeat(random.gamma(25, 1 / 25, size=hours), _SLOTS // 24)
    rate = common * hourly * random.gamma(8, 1 / 8, size=len(common)) * a_day / _SLOTS
    counts = random.poisson(rate)
    starts = np.repeat(np.arange(len(counts)) * _SECONDS, counts)
    return list(starts + random.uniform(0, _SECONDS, size=len(starts)))


def _joke(
    random: np.random.Generator, days: int, a_day: float
) -> tuple[list[float], list[str], tuple[float, float]]:
    """Return a joke that spreads: it is passed on less and less, by a power of the time since it began."""
    size = int(max(6, a_day * random.lognormal(-2.5, 0.8)))
    began = random.uniform(_LEARNING, days - 1) * 86_400
    after = np.minimum(600 * ((1 - random.uniform(size=size)) ** (-1 / 0.9) - 1), 18_000)
    series = random.choice(["rant", "other"], size=size)
    return list(began + after), list(series), (began, began + 21_600)


def _campaign(
    random: np.random.Generator, days: int, a_day: float
) -> tuple[list[float], tuple[float, float]]:
    """Return the questions that a campaign of some hours draws: half as many to twice as many as usual."""
    began, hours = random.uniform(_LEARNING, days - 1) * 86_400, random.uniform(3, 10)
    size = random.poisson(a_day * SHARES["question"] * hours / 24 * random.uniform(0.5, 2))
    seconds = began + hours * 3_600 * random.beta(1.3, 2, size=size)
    return list(seconds), (began, began + hours * 3_600 + 1_800)


def _outage(
    random: np.random.Generator, number: int, began: float, a_day: float, authors: int
) -> tuple[InjectedOutage, list[GeneratedPost]]:
    """Return an outage: it is noticed within minutes, and complaints fade once it is over."""
    main = _FAILING[int(random.integers(len(_FAILING)))]
    size = int(max(12, a_day * random.lognormal(-1.2, 0.8)))
    lasts, noticed = random.uniform(20, 200) * 60, random.uniform(1, 15) * 60
    at = noticed * random.gamma(2, 0.5, size=size) + lasts * random.beta(1, 1.6, size=size)
    others = random.choice(_NAMES, size=size, p=list(SHARES.values()))
    series = np.where(random.uniform(size=size) < 0.55, main, others)
    posts = [
        GeneratedPost(float(began + s), str(n), authors + k, number)
        for k, (s, n) in enumerate(zip(at, series, strict=True), 1)
    ]
    last = float(began + at.max())
    return InjectedOutage(number, main, "noticed", began, last, size), posts
