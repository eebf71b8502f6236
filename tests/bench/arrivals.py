"""Generate the posts of a year for the bench of spikes, with outages in it or without.

It shares no code and no assumption of form with the detector. The posts of each series are a self-exciting
(Hawkes) process whose immigrants come at a rate with two bumps a day, weekends, a yearly trend, holidays,
campaign days, and a level that wanders (an Ornstein-Uhlenbeck process of its logarithm); some authors write
again. Whole hours are missing now and then. The outages have other shapes and sizes, at any hour.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

START = datetime(2026, 1, 1, tzinfo=UTC)
MINUTES_A_DAY = 1_440
Numbers = NDArray[np.float64]

#: Posts a day in each series, from busy to nearly none, as a desk with some 400 posts a day has them.
RATES = {
    "question": 110.0,
    "rant": 80.0,
    "other": 60.0,
    "delivery": 45.0,
    "cannot_pay": 25.0,
    "account_access": 20.0,
    "refund": 18.0,
    "outage_report": 12.0,
    "press": 2.0,
    "safety_or_legal": 1.5,
}
#: The series in which the posts of an outage fall, the first of them with `MAIN_SHARE` of the posts.
OUTAGES = (
    ("cannot_pay", "rant", "other"),
    ("account_access", "question", "rant"),
    ("outage_report", "rant", "question"),
    ("delivery", "rant", "refund"),
    ("other", "rant", "outage_report"),
    ("refund", "question", "rant"),
)
MAIN_SHARE = 0.6
SHAPES = ("step", "ramp", "burst", "leak", "waves")


@dataclass(frozen=True, slots=True)
class GeneratedPost:
    """A post: seconds since `START`, series, author, and the number of its outage, -1 for none.

    `names` is another series whose words it has, too.
    """

    second: float
    series: str
    author: int
    outage: int
    names: str = ""


@dataclass(frozen=True, slots=True)
class InjectedOutage:
    """An outage: when it began and ended (seconds since `START`), and its main series."""

    number: int
    series: str
    shape: str
    began: float
    ended: float
    posts: int


@dataclass(frozen=True, slots=True)
class Year:
    """The posts in order of time, the outages, and the hours (counted from the first) not recorded."""

    arrivals: list[GeneratedPost]
    outages: list[InjectedOutage]
    missing: frozenset[int]

    def posts_of(self, outage: int, series: str, *, until: float) -> int:
        """Count the posts of an outage in a series up to a moment."""
        return sum(
            post.outage == outage and post.series == series and post.second <= until for post in self.arrivals
        )


def generate(seed: int, *, days: int, outages: int, scale: float = 1.0) -> Year:
    """Generate the posts of so many days; `scale` multiplies the rates of the desk."""
    random = np.random.default_rng(seed)
    arrivals: list[GeneratedPost] = []
    authors = iter(range(1, 1 << 60))
    common = _wandering(random, days, hours=30, deviation=0.12) + np.log(_calendar(random, days))
    for series, a_day in RATES.items():
        for second in _series(random, series, a_day * scale, days, common):
            again = arrivals and random.random() < 0.08
            author = (
                arrivals[-1 - int(random.integers(min(20, len(arrivals))))].author if again else next(authors)
            )
            arrivals.append(GeneratedPost(second, series, author, -1))
    injected = []
    for number in range(outages):
        outage, posts = _outage(random, number, days, authors)
        injected.append(outage)
        arrivals += posts
    missing = frozenset(
        hour + k
        for hour in random.integers(0, days * 24, size=max(1, days // 12))
        for k in range(int(random.integers(1, 6)))
    )
    kept = [a for a in arrivals if a.outage >= 0 or int(a.second // 3600) not in missing]
    return Year(sorted(kept, key=lambda a: a.second), injected, missing)


def _calendar(random: np.random.Generator, days: int) -> Numbers:
    """Return the factor of each minute that all series share: year, holidays, campaigns."""
    factor = np.ones(days)
    factor *= np.exp(random.normal(0.25, 0.15) * np.arange(days) / 365)
    factor *= 1 + 0.12 * np.sin(2 * np.pi * (np.arange(days) + random.integers(365)) / 365)
    holidays = random.integers(0, days, size=max(1, days // 30))
    factor[holidays] *= random.uniform(0.35, 0.8, size=len(holidays))
    campaigns = random.integers(0, days, size=max(1, days // 25))
    factor[campaigns] *= random.uniform(1.2, 1.7, size=len(campaigns))
    return np.repeat(factor, MINUTES_A_DAY)


def _wandering(random: np.random.Generator, days: int, *, hours: float, deviation: float) -> Numbers:
    """Return the logarithm of a level for each minute, which forgets itself in so many hours."""
    steps = days * 24
    keep = np.exp(-1 / hours)
    noise = random.normal(0, deviation * np.sqrt(1 - keep * keep), size=steps + 1)
    level = np.zeros(steps + 1)
    for step in range(1, steps + 1):
        level[step] = keep * level[step - 1] + noise[step]
    return np.interp(np.arange(days * MINUTES_A_DAY) / 60, np.arange(steps + 1), level)


def _series(
    random: np.random.Generator, series: str, a_day: float, days: int, common: Numbers
) -> list[float]:
    minute = np.arange(days * MINUTES_A_DAY)
    hour = minute % MINUTES_A_DAY / 60
    weekday = (minute // MINUTES_A_DAY + START.weekday()) % 7
    morning, evening = random.uniform(9, 12), random.uniform(18, 21.5)
    shape = 0.12 + np.exp(2.2 * (np.cos(2 * np.pi * (hour - morning) / 24) - 1))
    shape += random.uniform(0.4, 1.2) * np.exp(3.5 * (np.cos(2 * np.pi * (hour - evening) / 24) - 1))
    weekend = np.where(weekday >= 5, random.uniform(0.5, 1.1), 1.0) * np.where(
        weekday == 0, random.uniform(1, 1.25), 1.0
    )
    rate = shape * weekend * np.exp(common + _wandering(random, days, hours=6, deviation=0.15))
    branching = random.uniform(0.05, 0.2)
    rate *= a_day * (1 - branching) / (rate[: 28 * MINUTES_A_DAY].mean() * MINUTES_A_DAY)
    counts = random.poisson(rate)
    seconds = list(np.repeat(minute, counts) * 60.0 + random.uniform(0, 60, size=counts.sum()))
    generation = seconds
    while generation:
        children = [
            parent + delay
            for parent, number in zip(
                generation, random.poisson(branching, size=len(generation)), strict=True
            )
            for delay in random.exponential(random.choice([240.0, 2_400.0]), size=number)
        ]
        generation = [second for second in children if second < days * 86_400]
        seconds += generation
    return seconds


def _outage(
    random: np.random.Generator, number: int, days: int, authors: Iterator[int]
) -> tuple[InjectedOutage, list[GeneratedPost]]:
    series = OUTAGES[int(random.integers(len(OUTAGES)))]
    shape = SHAPES[number % len(SHAPES)]
    posts = int(np.exp(random.uniform(np.log(25), np.log(600))))
    length = float(np.exp(random.uniform(np.log(15), np.log(180)))) * 60
    at = random.uniform(0, 1, size=posts)
    if shape == "ramp":
        at = np.sqrt(at)
    elif shape == "burst":
        at = np.minimum(random.exponential(0.2, size=posts), 1.0)
    elif shape == "leak":
        length *= 2
    elif shape == "waves":
        at = (np.floor(at * 3) + np.minimum(random.exponential(0.25, size=posts), 1.0)) / 3
    began = float(random.uniform(30 * 86_400, (days - 1) * 86_400)) if days > 31 else 0.5 * days * 86_400
    in_series = random.choice(3, size=posts, p=[MAIN_SHARE, 0.25, 0.15])
    arrivals = [
        GeneratedPost(began + share * length, series[int(which)], next(authors), number)
        for share, which in zip(at, in_series, strict=True)
    ]
    last = max(arrival.second for arrival in arrivals)
    return InjectedOutage(number, series[0], shape, began, last, posts), arrivals
