"""Define what a manager's App Home shows of the team: who waits, who works on what, what is due and spent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.cases.case import Case
from domain.cases.promises import Promise
from domain.delivery.pause import Pause
from domain.outages.outage import Outage
from domain.surge.spikes import Spike
from domain.triage.assessment import Urgency

#: The limits of the age of what waits: under the first, between each and the next, and over the last.
AGE_LIMITS = (timedelta(hours=1), timedelta(hours=4), timedelta(hours=24))


@dataclass(frozen=True, slots=True, kw_only=True)
class RankWaiting:
    """The open cases of an urgency whose customers wait: how many of each age, and the oldest."""

    urgency: Urgency
    counts: Sequence[int]
    oldest: Case

    @property
    def count(self) -> int:
        """How many wait."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCases:
    """The open cases that somebody has: how many, and the one that waits longest.

    `away_until` is until when they said that they are away, `None` where they did not or it has passed.
    """

    user_id: str
    count: int
    oldest: Case
    away_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """What was spent this month and today, in US dollars, and what may be a day; 0: there is no cap."""

    month: float
    today: float
    daily_cap: float = 0.0

    @property
    def is_any(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.month or self.daily_cap)


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamView:
    """The team at a moment. `networks` has what each network charged; months and days are those of UTC.

    `promises` are open ones, the first that is due first.
    `holders` are those with most open cases, of `holder_count`; `away` are those who are away and have none.
    """

    made_at: datetime
    counts: Mapping[str, int]
    waiting: Sequence[RankWaiting]
    holders: Sequence[HeldCases]
    holder_count: int
    away: Mapping[str, datetime]
    due_soon: Sequence[Case]
    promises: Sequence[tuple[Promise, Case]]
    spikes: Sequence[Spike]
    outages: Sequence[Outage]
    pause: Pause | None
    networks: Mapping[str, Spending]
    model: Spending
