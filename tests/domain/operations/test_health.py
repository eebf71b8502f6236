"""A stream is unread only where it is still read, and for longer than it is ever left alone."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.model_calls import Spend
from domain.operations.figures import OperationsFigures, StreamReading
from domain.operations.health import HealthReport

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
MENTIONS = StreamReading(network="x", stream="mentions", read_at=NOW - 20 * MINUTE, is_paused=False)
DIRECT = replace(MENTIONS, stream="direct_messages", read_at=NOW - 40 * 24 * HOUR)


@pytest.mark.parametrize(
    ("intervals", "unread"),
    [
        ({"x mentions": MINUTE}, ["x mentions"]),
        ({"x mentions": 10 * MINUTE}, []),
        ({"x mentions": 5 * MINUTE, "x direct_messages": MINUTE}, ["x mentions", "x direct_messages"]),
        ({}, []),
    ],
)
def test_a_stream_is_unread_where_readings_were_missed(
    intervals: Mapping[str, timedelta], unread: list[str]
) -> None:
    figures = OperationsFigures(
        lanes=(), unsure=0, streams=[MENTIONS, DIRECT], queue=(), spent=(), model=Spend(calls=0, cost=0.0)
    )
    assert HealthReport(at=NOW, figures=figures, intervals=intervals).unread_streams() == unread
