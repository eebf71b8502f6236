"""Describe Cachet statically: limits, states and phases (API of version 3)."""

import re
from collections.abc import Mapping
from datetime import timedelta

from domain.delivery.pacing import Pace
from domain.networks import TextCount
from domain.outages.destinations import DestinationProfile, OutgoingNotice
from domain.outages.outage import OVER, OutageKind, Phase, Severity

MAX_TITLE_LENGTH = 255
MAX_TEXT_LENGTH = 10_000

OPERATIONAL = "1"
#: From the best to the worst; 5 is unknown.
STATES = (OPERATIONAL, "5", "2", "3", "4")
STATUS_BY_PHASE: Mapping[Phase, int] = {
    Phase.INVESTIGATING: 1,
    Phase.IDENTIFIED: 2,
    Phase.MONITORING: 3,
    Phase.RESOLVED: 4,
}
FIXED = STATUS_BY_PHASE[Phase.RESOLVED]
_STATE_BY_SEVERITY: Mapping[Severity, str] = {
    Severity.MINOR: "2",
    Severity.MAJOR: "3",
    Severity.CRITICAL: "4",
}
_MARKUP = re.compile(r"([\\`*_\[\]<#])")


def escaped(text: str) -> str:
    """Escape what the page would take for Markdown or a tag, and keep line breaks."""
    return _MARKUP.sub(r"\\\1", text.strip()).replace("\n", "  \n")


def component_state(notice: OutgoingNotice) -> str | None:
    """Return the state of the components while the notice holds; `None` where it leaves them as they are.

    Cachet has no state for a maintenance: the schedule says it.
    """
    if notice.phase in OVER or notice.outage_kind is OutageKind.MAINTENANCE:
        return None
    return _STATE_BY_SEVERITY[notice.severity]


PROFILE = DestinationProfile(
    name="cachet",
    label="Cachet",
    count=lambda text: TextCount(length=len(escaped(text)), limit=MAX_TEXT_LENGTH),
    corrects=True,
    retracts=True,
    is_one_entry=True,
    has_components=True,
    # Cachet allows 300 requests a minute; a notice takes a few.
    pace=Pace(timedelta(seconds=1), burst=5),
)
