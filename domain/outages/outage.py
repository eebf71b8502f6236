"""Define the outage: what is wrong, how bad, in which state, who leads it."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class OutageKind(StrEnum):
    """Whether something broke, or is worked on as planned."""

    OUTAGE = "outage"
    MAINTENANCE = "maintenance"


class Severity(StrEnum):
    """How bad it is for customers. `MINOR`: slower; `MAJOR`: parts fail; `CRITICAL`: nothing works."""

    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


class OutageState(StrEnum):
    """The state of an outage.

    `DRAFT`: nothing has left; its first notice is being written or waits for approval. `ANNOUNCED`: the first
    notice was approved. `CANCELLED`: given up before anything left.
    """

    DRAFT = "draft"
    ANNOUNCED = "announced"
    RESOLVED = "resolved"
    CANCELLED = "cancelled"


class Phase(StrEnum):
    """How far the work is, as status pages call it. The last three are those of a maintenance."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"


#: Phases in which customers are no longer affected.
OVER = frozenset({Phase.RESOLVED, Phase.COMPLETED})
OUTAGE_PHASES = (Phase.INVESTIGATING, Phase.IDENTIFIED, Phase.MONITORING)
MAINTENANCE_PHASES = (Phase.SCHEDULED, Phase.IN_PROGRESS)
OPEN_STATES = frozenset({OutageState.DRAFT, OutageState.ANNOUNCED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """An outage or a scheduled maintenance.

    `components` are names of the settings. `lead` is the Slack user id of who leads. `starts_at` and
    `ends_at` are those planned for a maintenance. `next_update_due` is what the newest notice promised.
    `version` is compared and swapped on every change. `board_channel` and `board_ts` name the board message
    in Slack once it is posted. `spike_id` is the spike that it was opened from, `form_key` the form.
    """

    id: int
    kind: OutageKind
    title: str
    severity: Severity
    components: tuple[str, ...]
    state: OutageState
    phase: Phase
    lead: str
    opened_by: str
    opened_at: datetime
    version: int = 1
    announced_at: datetime | None = None
    resolved_at: datetime | None = None
    resolved_by: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    next_update_due: datetime | None = None
    board_channel: str | None = None
    board_ts: str | None = None
    spike_id: int | None = None
    form_key: str | None = None
    is_rehearsal: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it still goes on, or is being drafted."""
        return self.state in OPEN_STATES

    @property
    def has_begun(self) -> bool:
        """Whether customers may feel it: not a maintenance that is announced for later."""
        return self.phase is not Phase.SCHEDULED

    def changed(self, **changes: object) -> "Outage":
        """Return the next version of the outage."""
        return replace(self, version=self.version + 1, **changes)  # type: ignore[arg-type]  # its fields
