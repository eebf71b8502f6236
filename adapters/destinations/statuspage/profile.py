"""Describe Statuspage statically: limits, states and phases (developer.statuspage.io)."""

from collections.abc import Mapping
from datetime import timedelta

from domain.delivery.pacing import Pace
from domain.networks import TextCount
from domain.outages.destinations import DestinationProfile, OutgoingNotice
from domain.outages.outage import OVER, OutageKind, Phase, Severity

MAX_TITLE_LENGTH = 255
MAX_TEXT_LENGTH = 25_000

#: From the best to the worst.
STATES = ("operational", "under_maintenance", "degraded_performance", "partial_outage", "major_outage")
_STATE_BY_SEVERITY: Mapping[Severity, str] = {
    Severity.MINOR: "degraded_performance",
    Severity.MAJOR: "partial_outage",
    Severity.CRITICAL: "major_outage",
}


def escaped(text: str) -> str:
    """Escape what the page would take for a tag. Incident updates are HTML there."""
    return text.strip().replace("<", "&lt;")


def component_state(notice: OutgoingNotice) -> str | None:
    """Return the state of the components while the notice holds; `None` where it leaves them as they are."""
    if notice.phase in OVER or notice.phase is Phase.SCHEDULED:
        return None
    if notice.outage_kind is OutageKind.MAINTENANCE:
        return "under_maintenance"
    return _STATE_BY_SEVERITY[notice.severity]


PROFILE = DestinationProfile(
    name="statuspage",
    label="Statuspage",
    count=lambda text: TextCount(length=len(escaped(text)), limit=MAX_TEXT_LENGTH),
    corrects=True,
    retracts=True,
    is_one_entry=True,
    keeps_updates=True,
    has_components=True,
    # One request a second over 60 seconds; a notice takes up to three.
    pace=Pace(timedelta(seconds=3), burst=3),
)
