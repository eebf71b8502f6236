"""Decide when a channel is flooded, which cases get a card then, and when the flood is over.

A channel takes one message a second. While more cases arrive than that, cards are posted by rank within a
budget, and the other cases are *held back*: they are in the queue and on one board message, and get a card
when an agent takes one, when they become urgent, or when they reach the head of the queue.

Where many cases of a channel are about an open outage, or in a spike for which no outage is announced yet,
further ones are held back in the same way without a flood, and *gathered* on the board; all other cases get
their cards.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.cases.case import Case
from domain.cases.next_step import ListedCase
from domain.delivery.pause import Pause
from domain.outages.outage import Outage
from domain.surge.series import Series
from domain.triage.assessment import Assessment, Urgency
from domain.triage.situations import Situation

#: The time that one message into a channel takes.
POST_INTERVAL = timedelta(seconds=1.05)
#: What waits so long is a flood if it has grown for `_GROWING_FOR`, or at once from `_FLOOD_AT_ONCE` on. Less
#: is a burst, such as the first reading of an account (100 posts).
_BEHIND = timedelta(seconds=30)
_GROWING_FOR = timedelta(seconds=20)
_FLOOD_AT_ONCE = timedelta(minutes=2)
#: The window in which arrivals are compared with what the channel takes.
RECENT = timedelta(seconds=30)
#: A flood is over when, for so long, no more came in each minute than half of what the channel takes.
CALM_FOR = timedelta(minutes=2)
CALM_SHARE = 0.5
MINUTE = timedelta(minutes=1)

#: Cards that may wait to be posted in a flooded channel. Few: what is posted next is chosen as late as
#: possible, and thread posts get their turn in between.
MAX_WAITING = 3
#: The head of the queue: so many of the channel's unclaimed cases have cards, however harmless they are.
HEAD_OF_QUEUE = 10
#: After a flood so few held cases get their cards at once; more of them stay on the board.
MAX_CARDS_AFTER = 30
#: Cases about an open outage, or in a spike, from which further ones are gathered: as many as a channel shows
#: at a glance.
GATHER_FROM = 8
#: A new case is compared with open outages and spikes within this time; one of none gets its card then.
COMPARED_WITHIN = timedelta(seconds=15)
#: A case that is only proposed for a link, or in a spike, and that nobody decided about for so long, gets its
#: card: the comparison errs, and a promised first reply takes longer than this.
UNDECIDED_FOR = timedelta(minutes=10)
#: Cases that are about no outage and in no spike, of which so many at once are a flood.
MAX_UNRELATED = 200
#: While cases are gathered, so many cards that are not urgent wait to be posted at most: fewer than `begins`
#: takes for a growing backlog.
MAX_WAITING_WHILE_GATHERING = 25
#: Cards of one press of *Pull next*.
PULLED = 5
#: Seconds between two edits of the board: Slack guarantees 50 edits a minute for all of the workspace.
BOARD_EVERY = timedelta(seconds=6)
BOARD_EVERY_IF_URGENT = timedelta(seconds=3)
#: Of the urgent cases without a card, so many have a row with a button on the board, as a message has room
#: for 50 blocks; so many more have a line.
MAX_URGENT_ROWS = 30
MAX_URGENT_LINES = 30
MAX_SAMPLES = 3
MAX_LISTED = 20


class Holding(StrEnum):
    """Which new cases are held back: all, or those about an open outage or in a spike."""

    ALL = "all"
    OUTAGES = "outages"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """The cards that wait to be posted in a channel.

    `recent` of the `waiting` were queued within `RECENT`; `oldest` is when the first of them was.
    """

    waiting: int = 0
    recent: int = 0
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Where a flood's board message is, the digest of what it shows, and when it was last edited."""

    channel: str
    ts: str
    digest: str
    edited_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Flood:
    """A flood of one channel, or the gathering of cases about the same, as `holds` says.

    `mentions` counts the posts that arrived in the channel while it lasted, `urgent` the urgent cases among
    them. `calm_since` is when arrivals fell below the limit, `None` while they are above it and where cases
    were gathered from the first. `ended_at` is set when it is over, `closed_at` when its board is done as
    well: no case is held back any more. `board` is `None` until it is posted.
    """

    id: int
    channel: str
    began_at: datetime
    ended_at: datetime | None = None
    closed_at: datetime | None = None
    calm_since: datetime | None = None
    mentions: int = 0
    urgent: int = 0
    board: Board | None = None
    holds: Holding = Holding.ALL

    @property
    def is_active(self) -> bool:
        """Whether it lasts: new cases are held back."""
        return self.ended_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCount:
    """How many cases are held back of one situation, how many of them are urgent, the oldest one's wait."""

    situation: Situation
    cases: int
    urgent: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageCount:
    """How many active cases of a channel are linked to an open outage, or proposed for the link.

    `held` of the `cases` are held back, `proposed` are not linked yet; `oldest` is since when the one waits
    that has waited longest.
    """

    outage_id: int
    title: str
    cases: int
    held: int
    proposed: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpikeCount:
    """How many active cases of a channel are in a spike for which no outage is announced.

    `series` is what they are about, `outage_title` the outage that is drafted for it, if any. `held` of the
    `cases` are held back; `oldest` is since when the one waits that has waited longest.
    """

    spike_id: int
    series: Series
    outage_title: str | None
    cases: int
    held: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardView:
    """The data of a flood's board.

    `outages` counts the cases of each open outage, the largest number of held ones first, `spikes` those in
    spikes without an announced outage, and `in_spikes` is how many cases are in any of these. Where there are
    any, `open_outages` are those that they may come from, announced or not.
    `last_minute` are the posts of the last minute. `urgent` are the urgent cases that nobody has claimed and
    whose card is not posted, highest rank first, `urgent_total` how many there are; `samples` are the held
    cases that come next. `pause` is that of all sending.
    """

    flood: Flood
    held: Sequence[HeldCount]
    outages: Sequence[OutageCount] = ()
    spikes: Sequence[SpikeCount] = ()
    in_spikes: int = 0
    open_outages: Sequence[Outage] = ()
    last_minute: int
    urgent: Sequence[ListedCase]
    urgent_total: int
    samples: Sequence[ListedCase]
    pause: Pause | None = None

    @property
    def held_total(self) -> int:
        """The number of cases that are held back."""
        return sum(count.cases for count in self.held)

    @property
    def oldest(self) -> datetime | None:
        """Since when the one that has waited longest of the held cases waits."""
        return min((count.oldest for count in self.held if count.oldest is not None), default=None)


def is_urgent(assessment: Assessment) -> bool:
    """Return whether a case gets its card in a flood, too."""
    return assessment.urgency is Urgency.URGENT and assessment.situation is not Situation.SPAM


def begins(backlog: Backlog, now: datetime) -> bool:
    """Return whether the channel is flooded: more waits than it can take, and it grows."""
    behind = backlog.waiting * POST_INTERVAL
    if behind > _FLOOD_AT_ONCE:
        return True
    grows = backlog.recent * POST_INTERVAL > RECENT
    has_grown = backlog.oldest is not None and now - backlog.oldest >= _GROWING_FOR
    return behind > _BEHIND and grows and has_grown


def is_calm(last_minute: int) -> bool:
    """Return whether so few posts came in the last minute that each could have a card."""
    return last_minute * POST_INTERVAL <= MINUTE * CALM_SHARE


def is_over(flood: Flood, now: datetime) -> bool:
    """Return whether it has been calm for long enough (hysteresis)."""
    return flood.calm_since is not None and now - flood.calm_since >= CALM_FOR


def room_for_cards(waiting: int) -> int:
    """Return how many more cards may be queued in a flooded channel where so many wait."""
    return max(0, MAX_WAITING - waiting)


def share_out(cases: Sequence[Case], waiting: Mapping[str, int], room: int) -> list[Case]:
    """Choose the cases that get the cards that there is room for: as many of each network (max-min fairness).

    `cases` are the highest ranks of each network, by rank; `waiting` counts the cards of each that wait to be
    posted. So many mails that call fire leave room for a post that does.
    """
    counts, left, chosen = Counter(waiting), list(cases), list[Case]()
    while left and len(chosen) < room:
        one = min(left, key=lambda case: counts[case.network])  # of equals the first: the highest rank
        left.remove(one)
        counts[one.network] += 1
        chosen.append(one)
    return chosen


def next_board_edit(flood: Flood, *, urgent_waits: bool, now: datetime) -> datetime:
    """Return when the board may be edited next."""
    if flood.board is None:
        return now
    return max(now, flood.board.edited_at + (BOARD_EVERY_IF_URGENT if urgent_waits else BOARD_EVERY))
