"""Meter what the networks charge in a day, and decide which reads go on when the budget is used up."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

WARN_FROM = 0.8  # of the budget


class Act(StrEnum):
    """What a network charges for. The values are stored, and are keys of `NetworkProfile.prices`."""

    MENTIONS = "mentions"
    LOOK_BACK = "look_back"
    SEARCH = "search"
    PUSHED = "pushed"
    RECHECK = "recheck"
    REPLIES = "replies"
    NOTICES = "notices"
    DIRECT_MESSAGES_SENT = "dm_sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What one kind of act on a network came to in a day: how often, and US dollars."""

    network: str
    act: str
    count: int
    cost: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendingBudget:
    """The budget of each network in a day (UTC), in US dollars; 0 is none.

    `pauses_mentions`: mentions are not read either when it is used up.
    """

    daily: float = 0.0
    pauses_mentions: bool = False

    def is_nearly_used_up(self, cost: float) -> bool:
        """Return whether it is time for a warning."""
        return 0 < self.daily * WARN_FROM <= cost

    def is_used_up(self, cost: float) -> bool:
        """Return whether no more may be spent on what can wait."""
        return 0 < self.daily <= cost

    def pauses(self, act: Act, cost: float) -> bool:
        """Return whether this kind of read waits until tomorrow: mentions do only by choice."""
        can_wait = act in {Act.SEARCH, Act.LOOK_BACK, Act.PUSHED} or (
            act is Act.MENTIONS and self.pauses_mentions
        )
        return can_wait and self.is_used_up(cost)


def day_of(now: datetime) -> str:
    """Return the day in UTC as it is stored: networks charge for a post once in it."""
    return now.astimezone(UTC).date().isoformat()
