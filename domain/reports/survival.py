"""Compare waits of which some are not over, by a rank test and the shift that it finds."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from operator import itemgetter
from statistics import NormalDist, median

_NORMAL = NormalDist()
Z_95 = _NORMAL.inv_cdf(0.975)
_MANY_STEPS = 30  # doublings of a shift, after which none is found; and steps towards it
_PRECISION = 0.002  # of the shift that is tried first
_EXACT = 0.01  # standard deviations


@dataclass(frozen=True, slots=True)
class Waited:
    """How long somebody waited; where nobody `answered` yet, they waited at least so long."""

    seconds: float
    answered: bool


@dataclass(frozen=True, slots=True)
class Score:
    """By how much a group was answered sooner than others, and the variance of that by chance."""

    value: float = 0.0
    variance: float = 0.0

    def __add__(self, other: "Score") -> "Score":
        return Score(self.value + other.value, self.variance + other.variance)

    @property
    def z(self) -> float:
        """The score in standard deviations; 0 where it cannot vary."""
        return self.value / math.sqrt(self.variance) if self.variance > 0 else 0.0

    @property
    def p(self) -> float:
        """How likely chance is to make a score at least this far from nothing."""
        return math.erfc(abs(self.z) / math.sqrt(2))


@dataclass(frozen=True, slots=True)
class Shift:
    """By how many seconds a group waited longer than others; `low` to `high` is 95 % sure.

    Where only one end is known, that is the `value`, and the other end is infinite.
    """

    value: float
    low: float
    high: float

    @property
    def is_open(self) -> bool:
        """Whether only one end is known."""
        return math.isinf(self.low) or math.isinf(self.high)

    @property
    def error(self) -> float:
        """The standard error, as if the interval were symmetric."""
        return (self.high - self.low) / (2 * Z_95)


#: The waits of a group and of the others, which have in common what decides who is answered first.
Stratum = tuple[Sequence[Waited], Sequence[Waited]]


def rank_score(strata: Iterable[Stratum], *, shift: float = 0.0) -> Score:
    """Score a group against the others of each stratum, as if the group had waited `shift` seconds less.

    Rank test of Peto, Peto and Prentice: the log-rank test with the share that still waits as weight, which
    is Wilcoxon's test where everybody was answered.
    """
    return sum((_score_in(stratum, shift) for stratum in strata), Score())


def _score_in(stratum: Stratum, shift: float) -> Score:
    group, others = stratum
    pooled = [(wait.seconds - shift, wait.answered, True) for wait in group]
    pooled += [(wait.seconds, wait.answered, False) for wait in others]
    pooled.sort(key=itemgetter(0))
    at_risk, of_group, left = len(pooled), len(group), 1.0
    score = variance = 0.0
    tied = tied_in = answered = answered_in = 0
    following = chain(islice(map(itemgetter(0), pooled), 1, None), [math.nan])
    for (seconds, is_answered, is_in), next_seconds in zip(pooled, following, strict=False):
        if not tied and seconds != next_seconds:
            # Nearly all waits stand alone: what follows is less for them.
            if is_answered:
                share = of_group / at_risk
                score += left * (is_in - share)
                variance += left * left * share * (1 - share)
                left *= 1 - 1 / at_risk
            at_risk -= 1
            of_group -= is_in
            continue
        tied, tied_in = tied + 1, tied_in + is_in
        answered, answered_in = answered + is_answered, answered_in + (is_answered and is_in)
        if seconds == next_seconds:
            continue
        if answered:
            share = of_group / at_risk
            score += left * (answered_in - answered * share)
            if at_risk > 1:
                ties = answered * (at_risk - answered) / (at_risk - 1)
                variance += left * left * ties * share * (1 - share)
            left *= 1 - answered / at_risk
        at_risk -= tied
        of_group -= tied_in
        tied = tied_in = answered = answered_in = 0
    return Score(score, variance)


def shift_of(strata: Sequence[Stratum]) -> Shift | None:
    """Estimate by how much a group waited longer: the shift at which the rank test finds nothing.

    Its interval has the shifts at which the test, at 5 %, finds nothing (Hodges and Lehmann 1963). It is open
    on a side where hardly anybody of one was answered. `None` where there are too few answers to tell.
    """
    waits = [wait.seconds for stratum in strata for side in stratum for wait in side]
    # Not the mean: a few who wait for weeks would make the steps too wide.
    first = max(median(waits) / 8, 1.0) if waits else 1.0

    def z(shift: float) -> float:
        return rank_score(strata, shift=shift).z

    value = _crossing(z, 0.0, 0.0, first)
    start = value or 0.0
    low, high = _crossing(z, -Z_95, start, first), _crossing(z, Z_95, start, first)
    if high is None:
        return Shift(low, low, math.inf) if low is not None and low > 0 else None
    if low is None:
        return Shift(high, -math.inf, high) if high < 0 else None
    return None if value is None else Shift(value, low, high)


def _crossing(rising: Callable[[float], float], level: float, start: float, step: float) -> float | None:
    """Return about where a function that rises crosses a level, by false position; `None`: nowhere."""
    near, below = start, rising(start) - level
    reach = -step if below >= 0 else step
    for _ in range(_MANY_STEPS):
        far = start + reach
        beyond = rising(far) - level
        if (beyond < 0) is not (below < 0):
            break
        near, below, reach = far, beyond, 2 * reach
    else:
        return None
    for _ in range(_MANY_STEPS):
        if abs(far - near) <= step * _PRECISION:
            break
        at = near - below * (far - near) / (beyond - below)
        found = rising(at) - level
        if abs(found) < _EXACT:
            return at
        if (found < 0) is (below < 0):
            near, below, beyond = at, found, beyond / 2
        else:
            far, beyond, below = at, found, below / 2
    return (near + far) / 2


def detectable(error: float, tests: int) -> float:
    """Return the difference that is found four times in five, by one of so many tests together at 5 %."""
    return error * (_NORMAL.inv_cdf(1 - 0.025 / max(tests, 1)) + _NORMAL.inv_cdf(0.8))
