"""Make an outage for tests that store none."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from domain.outages.outage import Outage, OutageKind, OutageState, Phase, Severity

_OUTAGE = Outage(
    id=7,
    kind=OutageKind.OUTAGE,
    title="Payments fail",
    severity=Severity.MAJOR,
    components=(),
    state=OutageState.ANNOUNCED,
    phase=Phase.INVESTIGATING,
    lead="U0KAI",
    opened_by="U0KAI",
    opened_at=datetime(2026, 11, 29, 12, tzinfo=UTC),
)


def an_outage(opened_at: datetime, **changes: Any) -> Outage:  # noqa: ANN401 - any of the fields
    """Make an announced outage, without components."""
    return replace(_OUTAGE, opened_at=opened_at, **changes)
