"""Find out what became of a channel that the settings name, by the id that the name meant first."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedChannel:
    """A name in the settings (without "#"), the channel that it meant first, and the last alert of it."""

    name: str
    channel_id: str
    alerted: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelFacts:
    """How a channel stands in the team chat. `name` is empty where it is not there for us any more.

    `namesake` is the id of another channel that has the name of the settings today; empty where none has.
    """

    name: str
    is_archived: bool = False
    namesake: str = ""


class ChannelChange(StrEnum):
    """What became of a channel."""

    RENAMED = "renamed"
    ARCHIVED = "archived"
    GONE = "gone"


def changed(named: NamedChannel, facts: ChannelFacts) -> ChannelChange | None:
    """Return what became of a channel; `None` where it is as the settings say."""
    if not facts.name:
        return ChannelChange.GONE
    if facts.is_archived:
        return ChannelChange.ARCHIVED
    return ChannelChange.RENAMED if facts.name != named.name else None


def summary(named: NamedChannel, facts: ChannelFacts) -> str:
    """Return what on-call is alerted of, as a key: each is sent once. Empty where nothing has changed."""
    change = changed(named, facts)
    return "" if change is None else f"{change.value}:{facts.name}:{facts.namesake}"
