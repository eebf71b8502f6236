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
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedFacts:
    """The title, severity and components of an outage by one of its notices.

    `ends_at` is when planned work is to end; `None` for an outage, and where a notice says nothing of it.
    """

    title: str
    severity: Severity
    components: tuple[str, ...] = ()
    ends_at: datetime | None = None

    def changes_from(self, earlier: "StatedFacts") -> "tuple[FactChange, ...]":
        """Return what is different from before."""
        pairs = [
            (Fact.TITLE, earlier.title, self.title),
            (Fact.SEVERITY, earlier.severity.value, self.severity.value),
        ]
        if set(earlier.components) != set(self.components):
            pairs.append((Fact.COMPONENTS, ", ".join(earlier.components), ", ".join(self.components)))
        if self.ends_at is not None and earlier.ends_at is not None:
            pairs.append((Fact.END, _text(earlier.ends_at), _text(self.ends_at)))
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
        ends_at=outage.ends_at,
    )


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
