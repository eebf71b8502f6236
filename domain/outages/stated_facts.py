"""Define what a notice states of its outage, and compare it with what was stated before."""

from dataclasses import dataclass
from enum import StrEnum

from domain.outages.outage import Outage, Severity


class Fact(StrEnum):
    """What every notice states of the outage itself."""

    TITLE = "title"
    SEVERITY = "severity"
    COMPONENTS = "components"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedFacts:
    """The title, severity and components of an outage by one of its notices."""

    title: str
    severity: Severity
    components: tuple[str, ...] = ()

    def changes_from(self, earlier: "StatedFacts") -> "tuple[FactChange, ...]":
        """Return what is different from before."""
        pairs = [
            (Fact.TITLE, earlier.title, self.title),
            (Fact.SEVERITY, earlier.severity.value, self.severity.value),
        ]
        if set(earlier.components) != set(self.components):
            pairs.append((Fact.COMPONENTS, ", ".join(earlier.components), ", ".join(self.components)))
        return tuple(
            FactChange(fact=fact, before=before, after=after)
            for fact, before, after in pairs
            if before != after
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FactChange:
    """A fact that a notice changes, as text; empty where it names no component."""

    fact: Fact
    before: str
    after: str


def facts_of(outage: Outage) -> StatedFacts:
    """Return what is stated of an outage now."""
    return StatedFacts(title=outage.title, severity=outage.severity, components=outage.components)
