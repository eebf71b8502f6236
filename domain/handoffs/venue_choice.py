"""Choose the venues that a case can be moved to, and where the offer text is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from domain.cases.case import Case
from domain.handoffs.handoff import Handoff, newest_arrived
from domain.intake.posts import ReplyBlock
from domain.venues import Venue


@dataclass(frozen=True, slots=True, kw_only=True)
class Reachability:
    """What decides where a case's customer can be written to.

    `handoffs` are all of the case, oldest first. `wrote_by_dm` is whether its author has written to us by
    direct message, `opted_out` whether they have asked for none.
    """

    case: Case
    handoffs: Sequence[Handoff] = ()
    wrote_by_dm: bool = False
    opted_out: bool = False

    @property
    def arrived(self) -> Handoff | None:
        """The hand-off where the conversation is now; `None` where it is public."""
        return newest_arrived(self.handoffs)

    @property
    def may_return(self) -> bool:
        """Whether the conversation can return to public: it has a current hand-off and a post."""
        has_current = any(handoff.state.is_current for handoff in self.handoffs)
        return has_current and self.case.reply_block is not ReplyBlock.NO_POST


class Obstacle(Enum):
    """Why a venue cannot be offered, where nothing more is to be said of it."""

    ALREADY_THERE = auto()
    NO_ACCOUNT_KNOWN = auto()
    OPTED_OUT = auto()


@dataclass(frozen=True, slots=True)
class NotSetUp:
    """The venue has no link. `missing` is the sentence that says what this installation lacks."""

    missing: str


@dataclass(frozen=True, slots=True)
class CannotBeOffered:
    """No offer can be posted, because of `block`."""

    block: ReplyBlock


Unavailable = Obstacle | NotSetUp | CannotBeOffered


def unavailable_reason(reach: Reachability, venue: Venue, missing_link: str | None) -> Unavailable | None:
    """Return why the private venue cannot be offered; `None` where it can.

    `missing_link` is why there is no link to the venue, `None` where there is one.
    """
    arrived = reach.arrived
    if (
        arrived is not None
        and arrived.venue is venue
        and arrived.unreachable_at is None
        and not _may_be_somebody_else(arrived)
    ):
        return Obstacle.ALREADY_THERE
    if venue is Venue.DM and reach.case.began_by_email:
        return Obstacle.NO_ACCOUNT_KNOWN
    if missing_link is not None:
        return NotSetUp(missing_link)
    if venue is Venue.DM and reach.opted_out:
        return Obstacle.OPTED_OUT
    block = reach.case.reply_block
    # By e-mail no public offer is needed: the agent may type the address.
    if block is None or venue is Venue.EMAIL or venue_of_offer_text(reach, venue, "") is not Venue.PUBLIC:
        return None
    return CannotBeOffered(block)


def venue_of_offer_text(reach: Reachability, venue: Venue, address: str) -> Venue:
    """Choose where the offer text is sent.

    In the new venue itself where we may write first: e-mail with an `address`, a direct message that the
    author accepts. Else where the conversation is now, and in public where that venue is the new one or
    cannot be written to.
    """
    if venue is Venue.PUBLIC or (venue is Venue.EMAIL and address):
        return venue
    if venue is Venue.DM and not reach.opted_out and _accepts_direct_messages(reach):
        return venue
    arrived = reach.arrived
    if (
        arrived is None
        or arrived.unreachable_at is not None
        or (arrived.venue is Venue.DM and reach.opted_out)
    ):
        return Venue.PUBLIC
    return Venue.PUBLIC if arrived.venue is venue else arrived.venue


def _may_be_somebody_else(arrived: Handoff) -> bool:
    """Whether somebody other than the author may have opened the link or got the mail.

    The venue may then be offered again: the customer needs a link of their own, or has another address.
    """
    return arrived.venue is not Venue.DM and not arrived.is_verified


def _accepts_direct_messages(reach: Reachability) -> bool:
    """Whether we may write the author a direct message first.

    They take direct messages from everybody or have written to us, and have refused none of ours since.
    """
    by_dm = [handoff for handoff in reach.handoffs if handoff.venue is Venue.DM]
    if any(handoff.unreachable_at is not None for handoff in by_dm):
        return False
    takes_messages = reach.case.author.takes_messages or reach.wrote_by_dm
    return takes_messages or any(handoff.is_verified for handoff in by_dm)
