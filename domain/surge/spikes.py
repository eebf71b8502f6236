"""Define a spike, when it is told again and when it is over, and what people's answers to it teach."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from domain.surge.baseline import HISTORY_HOURS, HOUR, HOURS_OF_DAY
from domain.surge.series import Counts, Series, SeriesKind
from domain.surge.watch import Finding, SurgeWatch, hours_between
from domain.triage.situations import Situation

GROWTH = 4
LEAST_DURATION = timedelta(minutes=30)
LONGEST_DURATION = timedelta(hours=24)
#: How much of a spike is no part of what is usual; what goes on for longer is how things are now.
LEFT_OUT_FOR = timedelta(hours=6)
#: For how long "not an outage" counts, and for which hours of the day (before and after).
DISMISSED_FOR = timedelta(days=60)
_SIMILAR_HOURS = 3
_RARER_BY = 2.3  # ten times
_SATURDAY = 5


class SpikeState(StrEnum):
    """The states of a spike. The values are stored. `DISMISSED`: a person said that it is no outage."""

    OPEN = "open"
    ENDED = "ended"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spike:
    """An unusual number of posts, or of none.

    `count` is the highest number of authors within `window` so far, `expected` what is usual in such a
    window; `since` is when the window began in which it was found. `log_p` is the least logarithm of the
    probability so far. `related` are other series that rose with it. `alerted_count` is the count that the
    alert says, which stands at `channel` and `ts`. `outage_id` is the outage that it comes from, as
    `attributed_by` said. `compared_id` is the newest message that was compared with its series, 0 where all
    have to be. `is_unfollowed`: somebody dismissed it while it went on, so that nobody followed it from
    `ended_at` on.
    """

    id: int = 0
    series: Series
    state: SpikeState = SpikeState.OPEN
    since: datetime
    found_at: datetime
    window: timedelta
    count: int
    expected: float
    log_p: float
    related: tuple[Series, ...] = ()
    alerted_count: int = 0
    ended_at: datetime | None = None
    dismissed_by: str | None = None
    dismissed_at: datetime | None = None
    channel: str | None = None
    ts: str | None = None
    outage_id: int | None = None
    attributed_by: str | None = None
    compared_id: int = 0
    is_unfollowed: bool = False

    @property
    def all_series(self) -> tuple[Series, ...]:
        """Its own series and the related ones."""
        return (self.series, *self.related)

    @property
    def telling_series(self) -> tuple[Series, ...]:
        """Those of its series whose posts are about the same."""
        return tuple(series for series in self.all_series if series.is_telling)

    @property
    def says_what_is_wrong(self) -> bool:
        """Whether its posts say what is wrong, or that somebody is in danger.

        Others come with an outage, and as well with a campaign, news or a joke.
        """
        danger = Series(SeriesKind.SITUATION, Situation.SAFETY_OR_LEGAL.value)
        return bool(self.telling_series) or danger in self.all_series

    @property
    def is_silence(self) -> bool:
        """Whether too little came instead of too much."""
        return self.series.kind is SeriesKind.NETWORK

    @property
    def is_end_unknown(self) -> bool:
        """Whether it was taken for no outage while it went on, and for one only when it was not followed."""
        return self.state is SpikeState.ENDED and self.is_unfollowed

    @property
    def is_open(self) -> bool:
        """Whether it goes on, as far as is known."""
        return self.state is SpikeState.OPEN


def open_spike(findings: Iterable[Finding], *, now: datetime) -> Spike:
    """Return the spike of these findings, the clearest first. There is at least one.

    Only what is rare enough alone, or together with the first, belongs to it.
    """
    first, *others = findings
    excess = first.excess
    related = [first.partner] if first.partner is not None else []
    related += [finding.series for finding in others if finding.partner is None]
    return Spike(
        series=first.series,
        since=now - excess.window,
        found_at=now,
        window=excess.window,
        count=excess.count,
        expected=excess.expected,
        log_p=excess.log_p,
        related=tuple(related),
        alerted_count=excess.count,
    )


def open_silence(network: str, watch: SurgeWatch, *, since: datetime, now: datetime) -> Spike:
    """Return the silence of a network since then."""
    series = Series(SeriesKind.NETWORK, network)
    expected = watch.expected(series, since=since, now=now)
    return Spike(
        series=series,
        since=since,
        found_at=now,
        window=now - since,
        count=0,
        expected=expected.mean,
        log_p=0.0,
    )


def follow(spike: Spike, watch: SurgeWatch, findings: Iterable[Finding], *, now: datetime) -> Spike:
    """Return an open spike as it is now: higher, with more series, told again, or ended."""
    if spike.is_silence:
        return _end(spike, now) if watch.count(spike.series, since=spike.found_at, now=now) else spike
    # Together with a series that is high already, nearly any other one is rare enough.
    joined = {finding.series: finding.excess.log_p for finding in findings if finding.partner is None}
    count = max(spike.count, watch.count(spike.series, since=now - spike.window, now=now))
    log_p = min(spike.log_p, watch.expected(spike.series, since=now - spike.window, now=now).log_tail(count))
    new = sorted(joined.keys() - set(spike.all_series))
    spike = replace(
        spike,
        count=count,
        log_p=min(log_p, joined.get(spike.series, 0.0)),
        related=(*spike.related, *new),
        compared_id=0 if new else spike.compared_id,
        alerted_count=count if count >= GROWTH * spike.alerted_count else spike.alerted_count,
    )
    lasts = now - spike.found_at
    is_over = lasts >= LONGEST_DURATION or (
        lasts >= LEAST_DURATION and all(watch.is_calm(series, now=now) for series in spike.all_series)
    )
    return _end(spike, now) if is_over else spike


def must_edit_alert(before: Spike, after: Spike) -> bool:
    """Return whether the alert must be edited.

    Also where a series joined that says what fails, or where one left, as it is another outage's.
    """
    joined, left = (set(a.related) - set(b.related) for a, b in ((after, before), (before, after)))
    return (
        bool(left)
        or any(one.is_specific for one in joined)
        or (before.alerted_count, before.state, before.ended_at)
        != (after.alerted_count, after.state, after.ended_at)
    )


def dismiss(spike: Spike, *, by: str, now: datetime) -> Spike:
    """Return the spike after a person said that it is no outage."""
    return replace(
        spike,
        state=SpikeState.DISMISSED,
        dismissed_by=by,
        dismissed_at=now,
        ended_at=spike.ended_at or now,
        is_unfollowed=spike.is_open or spike.is_unfollowed,
        alerted_count=spike.count,
    )


def restore(spike: Spike, *, goes_on: bool) -> Spike:
    """Return a spike that was dismissed as one that is an outage after all: what it taught is forgotten.

    It is open again if it `goes_on` and was not over when it was dismissed; the next look follows it. Where
    it does not, nobody knows until when it went on (`is_end_unknown`), whatever is said of it later.
    """
    is_open = spike.is_unfollowed and goes_on
    return replace(
        spike,
        state=SpikeState.OPEN if is_open else SpikeState.ENDED,
        ended_at=None if is_open else spike.ended_at,
        dismissed_by=None,
        dismissed_at=None,
        is_unfollowed=spike.is_unfollowed and not is_open,
    )


def _end(spike: Spike, now: datetime) -> Spike:
    return replace(
        spike, state=SpikeState.ENDED, ended_at=now, alerted_count=max(spike.count, spike.alerted_count)
    )


def without_spikes(
    histories: Mapping[str, Counts], spikes: Iterable[Spike], *, now: datetime
) -> dict[str, Counts]:
    """Return the histories without the hours of spikes: those that were no outage are usual, and stay.

    Hours of the first day that is known stay, too, and those of a spike that does not end: else a desk with
    more posts than is assumed at first, or from one day on, would be in a spike for ever and learn nothing.
    What came in the series of a second spike while a first one was open is not usual either.
    """
    spikes = [spike for spike in spikes if spike.state is not SpikeState.DISMISSED]
    first = min((min(counts) for counts in histories.values() if counts), default=0)
    left_out: dict[str, set[int]] = {}
    for spike in spikes:
        since = min((one.since for one in spikes if is_beside(one, spike)), default=spike.since)
        until = min(spike.ended_at or now, spike.since + LEFT_OUT_FOR)
        hours = [hour for hour in hours_between(since, until) if hour >= first + HOURS_OF_DAY]
        for series in spike.all_series:
            left_out.setdefault(series.history_key, set()).update(hours)
    kept = dict(histories)
    for key in left_out.keys() & kept.keys():
        remaining = dict(kept[key])
        for hour in left_out[key]:
            remaining.pop(hour, None)
        kept[key] = remaining
    return kept


def is_beside(one: Spike, spike: Spike) -> bool:
    """Return whether one was open when the other spike was found, or is the same."""
    if one.is_silence or spike.is_silence:
        return one is spike
    return one.found_at <= spike.found_at and (one.ended_at is None or one.ended_at > spike.found_at)


def is_rise(spike: Spike, others: Iterable[Spike]) -> bool:
    """Return whether a spike was found as a rise while one of the others was open (`domain.surge.rises`).

    Whatever else is told beside an open spike says what fails.
    """
    series = spike.series
    return (
        series.kind is SeriesKind.SITUATION
        and not series.is_specific
        and any(one.id < spike.id and is_beside(one, spike) for one in others)
    )


def cleared_at(spikes: Iterable[Spike]) -> dict[str, datetime]:
    """Return when the last spike of each series ended, by key."""
    ends: dict[str, datetime] = {}
    for spike in spikes:
        if spike.ended_at is not None:
            for series in spike.all_series:
                ends[series.key] = max(ends.get(series.key, spike.ended_at), spike.ended_at)
    return ends


def required_log_p(spikes: Iterable[Spike], *, now: datetime) -> dict[str, float]:
    """Return by history key how unlikely a count must be now, as people said that less was no outage.

    What was dismissed counts at such hours: working days or weekends, three hours before and after.
    """
    required: dict[str, float] = {}
    for spike in spikes:
        if spike.state is not SpikeState.DISMISSED:
            continue
        is_recent = spike.dismissed_at is not None and now - spike.dismissed_at <= DISMISSED_FOR
        if is_recent and _is_similar_hour(spike.found_at, now):
            for series in spike.all_series:
                key = series.history_key
                required[key] = min(required.get(key, 0.0), spike.log_p - _RARER_BY)
    return required


def _is_similar_hour(one: datetime, other: datetime) -> bool:
    apart = abs(one.hour - other.hour)
    same_kind = (one.weekday() >= _SATURDAY) == (other.weekday() >= _SATURDAY)
    return same_kind and min(apart, 24 - apart) <= _SIMILAR_HOURS


#: How long spikes and counts are kept: for as long as they are learnt from.
RETENTION = max(HISTORY_HOURS * HOUR, DISMISSED_FOR) + timedelta(days=1)
