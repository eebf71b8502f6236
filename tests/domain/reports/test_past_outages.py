"""The hours of outages and spikes are unknown; what was cancelled, rehearsed or dismissed is not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from domain.outages.outage import Outage, OutageKind, OutageState, Phase, Severity
from domain.reports.past_outages import LONGEST, without_outages
from domain.surge.baseline import hour_number
from domain.surge.series import Series, SeriesKind
from domain.surge.spikes import Spike, SpikeState

NOON = datetime(2026, 6, 8, 12, tzinfo=UTC)
NOW = NOON + timedelta(days=20)
COUNTS = dict.fromkeys(range(hour_number(NOON) - 100, hour_number(NOW)), 3)
SPIKE = Spike(
    id=1,
    series=Series(SeriesKind.SITUATION, "cannot_pay"),
    state=SpikeState.ENDED,
    since=NOON,
    found_at=NOON,
    ended_at=NOON + timedelta(minutes=90),
    window=timedelta(hours=1),
    count=30,
    expected=2.0,
    log_p=-20.0,
)
OUTAGE = Outage(
    id=1,
    title="Payments fail",
    severity=next(iter(Severity)),
    components=("Payments",),
    phase=Phase.RESOLVED,
    lead="U1",
    opened_by="U1",
    kind=OutageKind.OUTAGE,
    state=OutageState.RESOLVED,
    opened_at=NOON + timedelta(minutes=10),
    resolved_at=NOON + timedelta(hours=2),
)


def left_out(*, outages: Sequence[Outage] = (), spikes: Sequence[Spike] = ()) -> list[int]:
    """Return the hours that are left out, counted from noon."""
    kept = without_outages(COUNTS, outages, spikes, now=NOW)
    assert kept.items() <= COUNTS.items()
    return [hour - hour_number(NOON) for hour in sorted(COUNTS.keys() - kept.keys())]


def test_an_outage_is_left_out_with_an_hour_before_and_after() -> None:
    assert left_out(outages=[OUTAGE]) == [-1, 0, 1, 2, 3]
    assert left_out(outages=[replace(OUTAGE, state=OutageState.CANCELLED)]) == []
    assert left_out(outages=[replace(OUTAGE, is_rehearsal=True)]) == []


def test_a_spike_is_left_out_unless_it_was_dismissed() -> None:
    assert left_out(spikes=[SPIKE]) == [0, 1]
    assert left_out(spikes=[replace(SPIKE, state=SpikeState.DISMISSED)]) == []


def test_maintenance_is_left_out_while_it_goes_on_and_not_since_it_was_announced() -> None:
    works = replace(
        OUTAGE,
        kind=OutageKind.MAINTENANCE,
        state=OutageState.ANNOUNCED,
        resolved_at=None,
        opened_at=NOON - timedelta(days=3),
        starts_at=NOON,
        ends_at=NOON + timedelta(hours=1),
    )
    assert left_out(outages=[works]) == [-1, 0, 1, 2]


def test_what_goes_on_for_days_is_usual_in_the_end() -> None:
    endless = replace(OUTAGE, state=OutageState.ANNOUNCED, resolved_at=None)
    hours = left_out(outages=[endless])
    assert len(hours) == LONGEST / timedelta(hours=1) + 1
