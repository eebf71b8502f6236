"""Notices of one outage, as a destination gets them."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from domain.outages.destinations import OutgoingNotice, Receipt
from domain.outages.notices import NoticeKind
from domain.outages.outage import OutageKind, Phase, Severity
from domain.outages.policy import Component, OutagePolicy

NOW = datetime.now(UTC)
#: The components of the stand-ins. The last one is not on any page.
POLICY = OutagePolicy(
    components=(
        Component(name="Payments", ids={"statuspage": "kz8dq1", "cachet": "1"}),
        Component(name="App", ids={"statuspage": "m3v7wp", "cachet": "2"}),
        Component(name="Fax", ids={"statuspage": "gone00", "cachet": "99"}),
    ),
    announcements_channel="C_ANNOUNCE",
)

ANNOUNCEMENT = OutgoingNotice(
    outage_id=7,
    notice_id=71,
    outage_kind=OutageKind.OUTAGE,
    kind=NoticeKind.ANNOUNCEMENT,
    phase=Phase.INVESTIGATING,
    severity=Severity.CRITICAL,
    title="Payments fail",
    texts={"en": "Card payments fail. We are looking into it."},
    components=("Payments",),
    reference="notice-71",
    created_at=NOW,
)


def update(number: int = 72, text: str = "We found the cause.", **changes: Any) -> OutgoingNotice:  # noqa: ANN401
    """Return an update of the announced outage."""
    usual: dict[str, Any] = {
        "notice_id": number,
        "kind": NoticeKind.UPDATE,
        "phase": Phase.IDENTIFIED,
        "texts": {"en": text},
        "reference": f"notice-{number}",
    }
    return replace(ANNOUNCEMENT, **usual | changes)


def resolution(number: int = 73, text: str = "Card payments work again.") -> OutgoingNotice:
    """Return the outage's resolution."""
    return update(number, text, kind=NoticeKind.RESOLUTION, phase=Phase.RESOLVED)


def reopening(number: int = 74, text: str = "Card payments fail again.") -> OutgoingNotice:
    """Return the outage's reopening."""
    return update(number, text, kind=NoticeKind.REOPENING, phase=Phase.INVESTIGATING)


def receipt(result: Any) -> Receipt:  # noqa: ANN401 - of any destination
    """Return the receipt that is kept of a result."""
    return Receipt(id=result["id"], url=result["url"], data=result["data"])
