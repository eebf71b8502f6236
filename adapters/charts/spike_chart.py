"""Chart how a spike rose above the usual."""

from datetime import UTC, datetime

from adapters.charts.chart import Chart, Panel
from domain.surge.views import SpikeHistory

_LABELS = 3


def spike_chart(history: SpikeHistory, *, high_from: datetime) -> Chart:
    """Return the chart: people in each period, and what is usual.

    Bars from `high_from` on are the spike's.
    """
    counts, highest = history.counts, max(history.counts)
    peak = counts.index(highest)
    minutes = round(history.bucket.total_seconds() / 60)
    return Chart(
        panels=[
            Panel(
                title=f"People in each {minutes} min",
                bars=counts,
                texts=[f"{highest:,}" if number == peak else "" for number in range(len(counts))],
                high=[
                    number
                    for number in range(len(counts))
                    if history.since + history.bucket * (number + 1) > high_from
                ],
                line=[history.usual] * len(counts),
                line_name="usual",
            )
        ],
        ticks=[_time(history, position) for position in range(_LABELS)],
    )


def _time(history: SpikeHistory, position: int) -> tuple[float, str]:
    """Label the time at the left, in the middle or at the right."""
    at = len(history.counts) * position / (_LABELS - 1)
    time = (history.since + history.bucket * at).astimezone(UTC)
    return at, f"{time:%H:%M}{' UTC' if position == _LABELS - 1 else ''}"
