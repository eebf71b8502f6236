"""Define what a notice states of its outage, and compare it with what was stated before."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from domain.outages.outage import Outage, Severity


class Fact(StrEnum):
    """What every notice states of the outage itself."""

    TITLE = "title"
    SEVERITY = "severity"
    COMPONENTS = "components"
    START = "start"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedFacts:
    """The title, severity and components of an outage by one of its notices.

    `starts_at` and `ends_at` are when planned work is to start and to end; `None` for an outage, and where a
    notice says nothing of it.
    """

    title: str
    severity: Severity
    components: tuple[str, ...] = ()
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def changes_from(self, earlier: "StatedFacts") -> "tuple[FactChange, ...]":
        """Return what is different from before."""
        pairs = [
            (Fact.TITLE, earlier.title, self.title),
            (Fact.SEVERITY, earlier.severity.value, self.severity.value),
        ]
        if set(earlier.components) != set(self.components):
            pairs.append((Fact.COMPONENTS, ", ".join(earlier.components), ", ".join(self.components)))
        for fact, before, after in (
            (Fact.START, earlier.starts_at, self.starts_at),
            (Fact.END, earlier.ends_at, self.ends_at),
        ):
            if before is not None and after is not None:
                pairs.append((fact, _text(before), _text(after)))
        return tuple(
            FactChange(fact=fact, before=before, after=after)
            for fact, before, after in pairs
            if before != after
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FactChange:
    """A fact that a notice changes, as text; empty where it names no component. Times are in ISO 8601."""

    fact: Fact
    before: str
    after: str


def facts_of(outage: Outage) -> StatedFacts:
    """Return what is stated of an outage now."""
    return StatedFacts(
        title=outage.title,
        severity=outage.severity,
        components=outage.components,
        starts_at=outage.starts_at,
        ends_at=outage.ends_at,
    )


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
