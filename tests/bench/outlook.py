"""Back-test the outlook's forecast against the same hour of last week, and its mean of eight weeks.

Weeks are forecast one after the other, each from what was known before it. The messages are those of the
generated desk (`arrivals.py`: no assumption shared with the forecast; outages, missing hours, a level that
wanders, days of campaigns that nobody announces) and those of the demo's simulation (`sandbox/history`: two
time zones, public holidays). Hours of outages are left out of what is forecast and of what is measured.
"""

import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from statistics import fmean
from zoneinfo import ZoneInfo

from domain.reports.erlang import agents_needed
from domain.reports.forecast import COVERAGE, Calendar, Forecast, forecast
from domain.reports.statistics import percentile
from domain.surge.baseline import HOURS_OF_WEEK, hour_number
from sandbox.history import office
from sandbox.history.simulation import PER_HOUR
from tests.bench.arrivals import START, generate
from tests.bench.figures import Figure, at_most, times_floor
from tests.bench.sizes import Sizes

_NAIVE_WEEKS = 8
_FIRST_SEED = 11  # the forecast was tuned on those below
_LOW, _HIGH = (1 - COVERAGE) / 2, (1 + COVERAGE) / 2
#: The last day of the simulated months: a week after Easter and the first of May.
_UNTIL = datetime(2026, 5, 20, tzinfo=UTC)

Counts = dict[int, int]


class _Holidays:
    """The public holidays of the simulated office in Berlin."""

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and office.is_holiday(office.BERLIN, day)


@dataclass
class _Errors:
    """Errors of three forecasts of the same hours and days, and how many the intervals held."""

    ours: list[float] = field(default_factory=list)
    mean: list[float] = field(default_factory=list)
    last: list[float] = field(default_factory=list)
    days: list[tuple[float, float, float]] = field(default_factory=list)
    pinball: list[float] = field(default_factory=list)
    naive_pinball: list[float] = field(default_factory=list)
    held: list[bool] = field(default_factory=list)
    days_held: list[bool] = field(default_factory=list)


def outlook(sizes: Sizes) -> list[Figure]:
    """Measure on each desk; the floor is the mean of the same hour of eight weeks."""
    figures: list[Figure] = []
    for name, make in list(_DESKS.items())[: sizes.outlook_desks]:
        errors = _Errors()
        for seed in range(sizes.outlook_seeds):
            counts, calendar, usual = make(_FIRST_SEED + seed, sizes.outlook_days)
            _back_test(counts, calendar, usual, errors, weeks=sizes.outlook_weeks)
        figures += _figures(name, errors)
    return [*figures, _agents()]


def _desk(scale: float) -> Callable[[int, int], tuple[Counts, Calendar, Counts]]:
    def make(seed: int, days: int) -> tuple[Counts, Calendar, Counts]:
        year = generate(seed, days=days, outages=days // 14, scale=scale)
        first = hour_number(START)
        counts = {first + hour: 0 for hour in range(days * 24) if hour not in year.missing}
        for arrival in year.arrivals:
            hour = first + int(arrival.second // 3600)
            if hour in counts:
                counts[hour] += 1
        left_out = {
            first + hour
            for one in year.outages
            for hour in range(int(one.began // 3600) - 1, int(one.ended // 3600) + 2)
        }
        return counts, Calendar(zone=UTC), {h: n for h, n in counts.items() if h not in left_out}

    return make


def _simulated(scale: float) -> Callable[[int, int], tuple[Counts, Calendar, Counts]]:
    def make(seed: int, days: int) -> tuple[Counts, Calendar, Counts]:
        chance, since = random.Random(seed), _UNTIL - timedelta(days=days)
        counts = dict.fromkeys(range(hour_number(since), hour_number(_UNTIL)), 0)
        for zone, share in office.ZONES.items():
            for at in office.arrivals(chance, zone, since, _UNTIL, per_hour=PER_HOUR * share * scale):
                counts[hour_number(at)] += 1
        return counts, Calendar(zone=ZoneInfo(office.BERLIN), holidays=_Holidays()), counts

    return make


_DESKS = {
    "generated desk, 37 a day": _desk(0.1),
    "demo's desk, 17 a day": _simulated(1.0),
    "generated desk, 370 a day": _desk(1.0),
    "generated desk, 3,700 a day": _desk(10.0),
    "demo's desk, 340 a day": _simulated(20.0),
}


def _back_test(counts: Counts, calendar: Calendar, usual: Counts, errors: _Errors, *, weeks: int) -> None:
    for week in range(1, weeks + 1):
        since = max(counts) + 1 - week * HOURS_OF_WEEK
        made = forecast(usual, calendar, since=since)
        if made is None:
            continue
        hours = [hour for hour in range(since, since + HOURS_OF_WEEK) if hour in usual]
        days: dict[date, list[int]] = {}
        for hour in hours:
            _compare(made, hour, usual, errors)
            days.setdefault(calendar.local(hour).date(), []).append(hour)
        for its in days.values():
            actual = sum(usual[hour] for hour in its)
            expected = made.day(its)
            naive = (sum(_naive(usual, hour)[name] for hour in its) for name in ("mean", "last"))
            mean, last = (abs(actual - one) for one in naive)
            errors.days.append((abs(actual - expected.mean), mean, last))
            errors.days_held.append(expected.low <= actual <= expected.high)


def _compare(made: Forecast, hour: int, usual: Mapping[int, int], errors: _Errors) -> None:
    actual, expected, naive = usual[hour], made.hour(hour), _naive(usual, hour)
    errors.ours.append(abs(actual - expected.mean))
    errors.mean.append(abs(actual - naive["mean"]))
    errors.last.append(abs(actual - naive["last"]))
    errors.pinball.append(_pinball(actual, expected.low, expected.high))
    errors.naive_pinball.append(_pinball(actual, naive["low"], naive["high"]))
    errors.held.append(expected.low <= actual <= expected.high)


def _naive(usual: Mapping[int, int], hour: int) -> dict[str, float]:
    """Return the naive forecasts of an hour, by the same hour of the weeks before."""
    seen = [
        usual[past] for week in range(1, _NAIVE_WEEKS + 1) if (past := hour - week * HOURS_OF_WEEK) in usual
    ]
    ordered = sorted(seen) or [0]
    return {
        "mean": fmean(ordered),
        "last": float(seen[0] if seen else 0),
        "low": percentile(ordered, _LOW) or 0.0,
        "high": percentile(ordered, _HIGH) or 0.0,
    }


def _pinball(actual: float, low: float, high: float) -> float:
    """Return the loss of both ends of the interval."""
    losses = (
        max(share * (actual - end), (share - 1) * (actual - end))
        for share, end in ((_LOW, low), (_HIGH, high))
    )
    return sum(losses)


def _figures(name: str, errors: _Errors) -> list[Figure]:
    ours, mean, last = (fmean(one) for one in zip(*errors.days, strict=True))
    return [
        times_floor(f"error of an hour, {name}", "mess.", fmean(errors.ours), fmean(errors.mean), 1.0),
        Figure(
            what=f"the same by last week, {name}",
            unit="mess.",
            measured=fmean(errors.last),
            floor=fmean(errors.mean),
        ),
        times_floor(f"error of a day, {name}", "mess.", ours, mean, 1.0),
        Figure(what=f"the same by last week, {name}", unit="mess.", measured=last, floor=mean),
        times_floor(
            f"pinball loss of the range, {name}",
            "mess.",
            fmean(errors.pinball),
            fmean(errors.naive_pinball),
            1.0,
        ),
        _coverage(f"hours in their range, {name}", errors.held),
        _coverage(f"days in their range, {name}", errors.days_held),
    ]


def _coverage(what: str, held: Sequence[bool]) -> Figure:
    return Figure(what=what, unit="%", measured=100 * sum(held) / len(held))


def _agents() -> Figure:
    """Compare the agents of Erlang C with simulated queues: the share answered in time of those it says."""
    load, target, share = 7.4, 0.5, 0.9
    agents = agents_needed(load, target=target, share=share)
    answered = _in_time(random.Random(1), agents, load, target)
    return at_most("answered too late with the agents of Erlang C", "%", 100 * (1 - answered), 11.0, 10.0)


def _in_time(chance: random.Random, agents: int, load: float, target: float) -> float:
    """Simulate a queue of 40,000 customers; times are in handling times."""
    free = [0.0] * agents
    at, in_time, customers = 0.0, 0, 40_000
    for _ in range(customers):
        at += chance.expovariate(load)
        first = min(range(agents), key=free.__getitem__)
        begins = max(at, free[first])
        in_time += begins - at <= target + math.ulp(at)
        free[first] = begins + chance.expovariate(1.0)
    return in_time / customers
