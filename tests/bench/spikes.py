"""Benchmark the detection of spikes on a generated year with outages in it, and on a quiet one.

Two of the years were looked at while the detector was made, two were not: `Sizes.surge_seeds`.

The detector looks as often as the timer does, and each alert counts: a false alarm is one at which no
outage is under way. The delay of an outage is the number of its posts in the series of the alert, up to the
alert. The floor is the plain threshold that desks set by hand: three times the same hour of last week, and at
least ten; it starts in the second week. `tests/bench/arrivals.py` says how the years are made.
"""

import math
import statistics
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from domain.surge.baseline import HISTORY_HOURS, hour_number
from domain.surge.looks import look
from domain.surge.series import Arrival, Series, SeriesKind, hourly_counts
from domain.surge.spikes import Spike, cleared_at, without_spikes
from domain.surge.watch import SurgeWatch
from handlers.timers.spikes import LOOK_EVERY
from tests.bench.arrivals import MAIN_SHARE, RATES, START, GeneratedPost, InjectedOutage, Year, generate
from tests.bench.figures import Figure, at_most
from tests.bench.sizes import Sizes

TICK = LOOK_EVERY
FALSE_ALARMS = 0.5  # a month, as the settings have it
AFTERWARDS = 1_800.0  # seconds after an outage's last post in which an alert is still for it
#: How strong outages are: posts an hour in their main series, in multiples of what is usual there.
STRENGTHS = ((0.0, 10.0), (10.0, 30.0), (30.0, float("inf")))
FLOOR_TIMES, FLOOR_LEAST, FLOOR_REST = 3, 10, 3 * 3_600.0
_HOUR, _WEEK = 3_600.0, 7 * 86_400.0


@dataclass(slots=True)
class Alerts:
    """What a detector said: seconds since the year began, and the series; and the seconds that it took.

    `opened` are the spikes of these alerts as they were told, where the detector is ours.
    """

    said: list[tuple[float, str]] = field(default_factory=list)
    opened: list[Spike] = field(default_factory=list)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Score:
    """How a detector did: the delay of each outage in posts, endless where it was missed."""

    false_a_month: float
    delays: list[float]

    @property
    def missed(self) -> int:
        """Return how many outages were not found."""
        return sum(math.isinf(delay) for delay in self.delays)

    def quantile(self, share: float) -> float:
        """Return a quantile of the delays; endless where there are none."""
        ordered = sorted(self.delays)
        if share == 0.5:
            return statistics.median(ordered or [math.inf])
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else math.inf


def spikes(sizes: Sizes) -> list[Figure]:
    """Measure delay and false alarms, against the plain threshold, and the time that a post costs."""
    measured, *tuned = (_figures(seeds, sizes.surge_days) for seeds in sizes.surge_seeds)
    return [
        *measured,
        *(replace(figure, what=f"{figure.what}, years tuned on") for figures in tuned for figure in figures),
    ]


def _figures(seeds: tuple[int, int], days: int) -> list[Figure]:
    quiet, busy = (
        generate(seed, days=days, outages=outages)
        for seed, outages in zip(seeds, (0, max(2, days // 6)), strict=True)
    )
    alerts = {"quiet": detect(quiet), "outages": detect(busy)}
    floors = {"quiet": threshold(quiet), "outages": threshold(busy)}
    ours, floor = score(busy, alerts["outages"], days), score(busy, floors["outages"], days)
    still, plain = score(quiet, alerts["quiet"], days), score(quiet, floors["quiet"], days)
    spent = alerts["quiet"].seconds + alerts["outages"].seconds
    posts = len(quiet.arrivals) + len(busy.arrivals)
    return [
        at_most("spike found, median", "posts", ours.quantile(0.5), 8.0, floor.quantile(0.5)),
        at_most("spike found, 90th percentile", "posts", ours.quantile(0.9), 8.0, floor.quantile(0.9)),
        Figure(
            what=f"missed of {len(busy.outages)} outages",
            unit="",
            measured=float(ours.missed),
            floor=float(floor.missed),
        ),
        *_by_strength(busy, ours),
        at_most("false alarms, quiet year", "/month", still.false_a_month, 1.0, plain.false_a_month),
        at_most("false alarms, year of outages", "/month", ours.false_a_month, 1.0, floor.false_a_month),
        Figure(what="processor time of a post", unit="µs", measured=1e6 * spent / posts),
    ]


def _by_strength(year: Year, result: Score) -> Iterator[Figure]:
    """Return median and 90th percentile by strength, with the least that is possible as floor."""
    for least, most in STRENGTHS:
        those = [
            (delay, strength(outage))
            for outage, delay in zip(year.outages, result.delays, strict=True)
            if least <= strength(outage) < most
        ]
        part = Score(0.0, [delay for delay, _ in those])
        bounds = Score(0.0, [least_possible(times) for _, times in those])
        what = f"spike of {least:g} to {most:g} times the usual ({len(those)} of them, {part.missed} missed)"
        for name, share in (("median", 0.5), ("90th percentile", 0.9)):
            yield Figure(
                what=f"{what}, {name}",
                unit="posts",
                measured=part.quantile(share),
                floor=bounds.quantile(share),
            )


def strength(outage: InjectedOutage) -> float:
    """Return the posts an hour of an outage in its main series, as a multiple of the usual in a mean hour."""
    hours = (outage.ended - outage.began) / _HOUR
    return MAIN_SHARE * outage.posts / hours / (RATES[outage.series] / 24)


def least_possible(times: float) -> float:
    """Return the posts after which the best test finds an outage that adds so many times the usual.

    Lorden (1971): the false alarms allowed, over the information of a post, for a Poisson process whose rate
    is known before and after.
    """
    posts_a_month = 30 * sum(RATES.values())
    ratio = 1 + times
    return math.log(posts_a_month / FALSE_ALARMS) / (math.log(ratio) - 1 + 1 / ratio) * times / ratio


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
                    histories[key].pop(hour - HISTORY_HOURS, None)
            this_hour, hour = [], hour + 1
            watch.learn(without_spikes(histories, spikes, now=now), hour=hour)
            watch.forget(now)
        this_hour += arrivals
        began = time.process_time()
        watch.add(arrivals)
        _step(watch, spikes, alerts, year, now)
        alerts.seconds += time.process_time() - began
    return alerts


def _step(watch: SurgeWatch, spikes: list[Spike], alerts: Alerts, year: Year, now: datetime) -> None:
    def named(posts: Sequence[int]) -> dict[int, set[Series]]:
        return {post: {Series(SeriesKind.SITUATION, year.arrivals[post].names)} for post in posts}

    findings = watch.findings(now=now, since=cleared_at(spikes), required={})
    watch.tested(now=now)
    open_now = [spike for spike in spikes if spike.is_open]
    if not open_now and not findings:
        return
    over = [spike for spike in spikes if not spike.is_open]
    found = look(open_now, findings, watch, named, now=now, over=over)
    for number, (_, after) in zip(
        [n for n, spike in enumerate(spikes) if spike.is_open], found.followed, strict=True
    ):
        spikes[number] = after
    if found.opened is not None:
        spikes.append(found.opened)
        alerts.said.append(((now - START).total_seconds(), found.opened.series.subject))
        alerts.opened.append(found.opened)


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
    return Score(wrong * 30 / days, [delays.get(outage.number, math.inf) for outage in year.outages])
