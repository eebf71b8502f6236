"""Benchmark the detection of spikes on a generated year with outages in it, and on a quiet one.

The detector looks every 20 s, as the timer does, and each alert counts: a false alarm is one at which no
outage is under way. The delay of an outage is the number of its posts in the series of the alert, up to the
alert. The floor is the plain threshold that desks set by hand: three times the same hour of last week, and at
least ten; it starts in the second week. `tests/bench/arrivals.py` says how the years are made.
"""

import statistics
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.surge.baseline import hour_number
from domain.surge.series import Arrival, hourly_counts
from domain.surge.spikes import Spike, cleared_at, follow, open_spike, without_spikes
from domain.surge.watch import SurgeWatch
from tests.bench.arrivals import START, GeneratedPost, Year, generate
from tests.bench.figures import Figure, at_most
from tests.bench.sizes import Sizes

TICK = timedelta(seconds=20)
FALSE_ALARMS = 0.5  # a month, as the settings have it
AFTERWARDS = 1_800.0  # seconds after an outage's last post in which an alert is still for it
FLOOR_TIMES, FLOOR_LEAST, FLOOR_REST = 3, 10, 3 * 3_600.0
_HOUR, _WEEK = 3_600.0, 7 * 86_400.0


@dataclass(slots=True)
class Alerts:
    """What a detector said: seconds since the year began, and the series; and the seconds that it took."""

    said: list[tuple[float, str]] = field(default_factory=list)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Score:
    """How a detector did."""

    false_a_month: float
    delays: list[int]
    missed: int


def spikes(sizes: Sizes) -> list[Figure]:
    """Measure delay and false alarms, against the plain threshold, and the time that a post costs."""
    days = sizes.surge_days
    quiet, busy = generate(1, days=days, outages=0), generate(2, days=days, outages=max(2, days // 6))
    alerts = {"quiet": detect(quiet), "outages": detect(busy)}
    floors = {"quiet": threshold(quiet), "outages": threshold(busy)}
    ours, floor = score(busy, alerts["outages"], days), score(busy, floors["outages"], days)
    still, plain = score(quiet, alerts["quiet"], days), score(quiet, floors["quiet"], days)
    spent = alerts["quiet"].seconds + alerts["outages"].seconds
    posts = len(quiet.arrivals) + len(busy.arrivals)
    return [
        at_most("spike found, median", "posts", _quantile(ours, 0.5), 8.0, _quantile(floor, 0.5)),
        at_most("spike found, 90th percentile", "posts", _quantile(ours, 0.9), 8.0, _quantile(floor, 0.9)),
        Figure(
            what=f"missed of {len(busy.outages)} outages",
            unit="",
            measured=float(ours.missed),
            floor=float(floor.missed),
        ),
        at_most("false alarms, quiet year", "/month", still.false_a_month, 1.0, plain.false_a_month),
        at_most("false alarms, year of outages", "/month", ours.false_a_month, 1.0, floor.false_a_month),
        Figure(what="processor time of a post", unit="µs", measured=1e6 * spent / posts),
    ]


def detect(year: Year) -> Alerts:
    """Run the detector over the year."""
    watch = SurgeWatch(false_alarms=FALSE_ALARMS, components=())
    alerts = Alerts()
    histories: dict[str, dict[int, int]] = defaultdict(dict)
    spikes: list[Spike] = []
    first = hour = hour_number(START)
    this_hour: list[Arrival] = []
    for now, arrivals in _ticks(year.arrivals):
        while hour < hour_number(now):
            if hour - first not in year.missing:
                for key, count in hourly_counts(this_hour, watch.finder, ["net"]).items():
                    histories[key][hour] = count
            this_hour, hour = [], hour + 1
            watch.learn(without_spikes(histories, spikes, now=now), hour=hour)
            watch.forget(now)
        this_hour += arrivals
        began = time.process_time()
        watch.add(arrivals)
        _step(watch, spikes, alerts, now)
        alerts.seconds += time.process_time() - began
    return alerts


def _step(watch: SurgeWatch, spikes: list[Spike], alerts: Alerts, now: datetime) -> None:
    findings = watch.findings(now=now, since=cleared_at(spikes), required={})
    watch.tested()
    if spikes and spikes[-1].is_open:
        spikes[-1] = follow(spikes[-1], watch, findings, now=now)
    elif findings:
        spikes.append(open_spike(findings, now=now))
        alerts.said.append(((now - START).total_seconds(), findings[0].series.subject))


def _ticks(arrivals: Sequence[GeneratedPost]) -> Iterator[tuple[datetime, list[Arrival]]]:
    """Return the posts that came before each look at them, where any did."""
    batch: list[Arrival] = []
    due = START
    for number, post in enumerate(arrivals):
        at = START + timedelta(seconds=post.second)
        if at > due:
            if batch:
                yield due, batch
            batch, due = [], at + TICK
        batch.append(
            Arrival(
                id=number,
                case_id=number,
                at=at,
                network="net",
                author=str(post.author),
                situation=post.series,
                language="en",
                words="",
            )
        )
    yield due, batch


def threshold(year: Year) -> Alerts:
    """Run the plain threshold over the year, on the authors of the last hour."""
    alerts = Alerts()
    seconds: dict[str, list[float]] = defaultdict(list)
    silent_until: dict[str, float] = defaultdict(float)
    for post in year.arrivals:
        own = seconds[post.series]
        own.append(post.second)
        count = len(own) - bisect_left(own, post.second - _HOUR)
        week_ago = post.second - _WEEK
        usual = bisect_left(own, week_ago) - bisect_left(own, week_ago - _HOUR)
        is_high = count >= max(FLOOR_LEAST, FLOOR_TIMES * usual)
        if is_high and week_ago > 0 and post.second > silent_until[""]:
            alerts.said.append((post.second, post.series))
            # One alert for all series, as the detector has.
            silent_until[""] = post.second + FLOOR_REST
    return alerts


def score(year: Year, alerts: Alerts, days: int) -> Score:
    """Count false alarms, and for each outage its posts up to the first alert that is for it."""
    delays: dict[int, int] = {}
    wrong = 0
    for second, series in alerts.said:
        under_way = [o for o in year.outages if o.began <= second <= o.ended + AFTERWARDS]
        posts = {o.number: year.posts_of(o.number, series, until=second) for o in under_way}
        found = {number: many for number, many in posts.items() if many}
        wrong += not found
        delays = found | delays
    return Score(wrong * 30 / days, list(delays.values()), len(year.outages) - len(delays))


def _quantile(result: Score, share: float) -> float:
    """Return a quantile of the delays; an outage that was missed counts as endless."""
    ordered = sorted([*map(float, result.delays), *[float("inf")] * result.missed])
    if share == 0.5:
        return statistics.median(ordered)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
