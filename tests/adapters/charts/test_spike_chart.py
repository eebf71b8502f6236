"""Chart a spike."""

from datetime import UTC, datetime, timedelta

from adapters.charts.spike_chart import spike_chart
from domain.surge.views import SpikeHistory

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
BUCKET = timedelta(minutes=5)


def test_the_spike_is_marked_and_compared_with_the_usual() -> None:
    counts = (1, 2, 0, 1, 20, 1_300)
    history = SpikeHistory(since=NOW - BUCKET * 6, bucket=BUCKET, counts=counts, usual=0.5)
    chart = spike_chart(history, high_from=NOW - BUCKET * 2)
    [panel] = chart.panels
    assert (panel.title, tuple(panel.bars), list(panel.high)) == ("People in each 5 min", counts, [4, 5])
    assert list(panel.texts) == ["", "", "", "", "", "1,300"]
    assert (list(panel.line), panel.line_name) == ([0.5] * 6, "usual")
    assert list(chart.ticks) == [(0, "11:30"), (3, "11:45"), (6, "12:00 UTC")]
