"""Define what the settings decide about outages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum


class Right(StrEnum):
    """What somebody may do with outages. `DRAFT` includes linking cases; `ANNOUNCE` sends notices out."""

    DRAFT = "draft"
    APPROVE = "approve"
    ANNOUNCE = "announce"
    PAUSE = "pause"


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A part of what the brand runs. `ids` are its ids at each destination, by the destination's name."""

    name: str
    words: tuple[str, ...] = ()
    ids: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutagePolicy:
    """The settings of outages.

    `groups` are the user groups that have a right, where one was chosen; else the members of the on-call
    channel have it.
    `update_after` is the time until the next update that a form proposes. Mentions of at most `link_window`
    before the announcement may be linked to an outage; those of a certainty above `link_above` without a
    person, `None` for none. `mails_per_second` go to the e-mail list.
    `is_rehearsal`: outages that are opened are a rehearsal's.
    """

    components: tuple[Component, ...] = ()
    needs_approval: bool = True
    groups: Mapping[Right, str] = field(default_factory=dict)
    oncall_channel: str = ""
    announcements_channel: str | None = None
    rehearsal_channel: str | None = None
    is_rehearsal: bool = False
    update_after: timedelta = timedelta(minutes=30)
    link_window: timedelta = timedelta(days=1)
    link_above: float | None = None
    mails_per_second: float = 10.0

    def component_ids(self, destination: str) -> dict[str, str]:
        """Return the ids of the components at a destination, by their names."""
        return {c.name: c.ids[destination] for c in self.components if destination in c.ids}

    def components_without_id(self, destination: str) -> tuple[str, ...]:
        """Return the names of the components of which no id at a destination is known."""
        return tuple(c.name for c in self.components if destination not in c.ids)
