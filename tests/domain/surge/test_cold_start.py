"""A desk whose first day brings far more than is assumed learns what is usual, and finds what is not."""

import random

from tests.bench.arrivals import GeneratedPost, InjectedOutage, Year
from tests.bench.spikes import detect

HOUR = 3_600.0
DAY = 24 * HOUR
A_HOUR = 60
BEGAN = 2.5 * DAY


def posts(
    series: str, a_hour: float, since: float, until: float, *, first: int, outage: int = -1
) -> list[GeneratedPost]:
    """Return posts at irregular intervals, each by somebody else."""
    rng, made, second = random.Random(series), list[GeneratedPost](), since
    while (second := second + rng.expovariate(a_hour / HOUR)) < until:
        made.append(GeneratedPost(second, series, first + len(made), outage))
    return made


def test_a_large_desk_that_starts_today_is_not_in_a_spike_for_ever() -> None:
    usual = posts("question", A_HOUR, 0.0, 3 * DAY, first=0) + posts(
        "rant", A_HOUR, 0.0, 3 * DAY, first=10_000
    )
    fails = posts("question", 15 * A_HOUR, BEGAN, BEGAN + HOUR, first=20_000, outage=0)
    outage = InjectedOutage(0, "question", "step", BEGAN, BEGAN + HOUR, len(fails))
    said = detect(Year(sorted(usual + fails, key=lambda one: one.second), [outage], frozenset())).said
    early = [second for second, _ in said if second < DAY]
    assert len(early) <= 1, "in the first minutes nothing is known yet"
    assert all(second < HOUR for second in early)
    [(found, series)] = [one for one in said if one[0] >= DAY]
    assert series == "question"
    assert BEGAN <= found <= BEGAN + HOUR / 4
