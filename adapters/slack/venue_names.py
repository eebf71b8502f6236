"""What private venues are called in a line of ours, and whether the person there is known."""

from adapters.slack.dates import DateStyle, when
from adapters.slack.escaping import escape, inline, mention
from domain.cases.case import Case
from domain.cases.messages import Message
from domain.handoffs.handoff import Handoff, Proof
from domain.venues import Venue

LONGEST_REASON = 200
UNPROVEN = "not proven to come from this address"
ANOTHER = "another address: do not trust"
UNVERIFIED = "⚠️ *Unverified:* say nothing that only the customer may know"

_SHORT = {Venue.PUBLIC: "public", Venue.DM: "DM", Venue.EMAIL: "e-mail", Venue.CHAT: "live chat"}
_BY = {Venue.PUBLIC: "in public", Venue.DM: "by DM", Venue.EMAIL: "by e-mail", Venue.CHAT: "in live chat"}


def short(venue: Venue) -> str:
    """The venue in the middle of a line."""
    return _SHORT[venue]


def offered(venue: Venue) -> str:
    """The venue as something that is offered: "a DM"."""
    return f"a {short(venue)}" if venue is Venue.DM else short(venue)


def by_way_of(venue: Venue) -> str:
    """How something is said there: "by e-mail"."""
    return _BY[venue]


def title(venue: Venue) -> str:
    """The venue at the beginning of a line."""
    name = short(venue)
    return name[0].upper() + name[1:]


def clock(handoff: Handoff) -> str:
    """When the customer came, in mrkdwn; when they were asked to, where they have not."""
    return when(handoff.arrived_at or handoff.offered_at, DateStyle.CLOCK)


def verification(handoff: Handoff) -> str:
    """Whether the person there is the public author, and how that is known, in mrkdwn."""
    if handoff.proof is None:
        return UNVERIFIED
    return f"✓ *Verified:* {_how(handoff, handoff.proof)}"


def sender(case: Case, handoff: Handoff | None, message: Message) -> str:
    """Whether this customer's message is the public author's, for all that is shown of it; empty where the conversation is elsewhere by now.

    A mail tells its sender as whoever wrote it pleased: the hand-off's proof counts for those alone that are vouched for.
    """
    is_there = handoff is not None and handoff.id == message.handoff_id
    if message.venue is Venue.EMAIL and not message.vouched:
        is_theirs = handoff is None or not is_there or handoff.address == message.author_id
        return UNPROVEN if is_theirs else ANOTHER
    if not message.vouched:
        return "unverified"
    is_author = message.venue is Venue.DM and message.author_id == case.author.id
    if is_author or (handoff is not None and is_there and handoff.is_verified):
        return "verified"
    return "unverified" if is_there else ""


def _how(handoff: Handoff, proof: Proof) -> str:
    if proof is Proof.SAME_ACCOUNT:
        return "they write from the account that posted"
    if proof is Proof.CODE:
        return "they sent our code from the account that posted"
    why = escape(inline(handoff.verified_reason or "", LONGEST_REASON))
    said = f"{mention(handoff.verified_by)} says so" if handoff.verified_by else "a colleague says so"
    return f"{said}: “{why}”" if why else said
