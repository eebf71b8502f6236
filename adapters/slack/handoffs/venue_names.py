"""Word venues, why one cannot be offered, and verification states for lines of text."""

from datetime import datetime

from adapters.slack.dates import DateStyle, date_mrkdwn
from adapters.slack.escaping import escape, inline, mention
from adapters.slack.labels import reply_block_text
from adapters.slack.wording import handle
from domain.cases.case import Case
from domain.cases.messages import Message
from domain.handoffs.handoff import Handoff, Proof
from domain.handoffs.venue_choice import CannotBeOffered, NotSetUp, Obstacle, Unavailable
from domain.handoffs.verification_codes import contains_code
from domain.venues import Venue

MAX_REASON_LENGTH = 200
UNPROVEN = "not proven to come from this address"
OTHER_ADDRESS = "another address: do not trust"
_UNVERIFIED = "⚠️ *Unverified:* say nothing that only the customer may know"
_FIRST_OPENER = (
    "⚠️ *Unverified:* it is whoever opened the link first. Say nothing that only the customer may know"
)
_BY_PRIVATE_LINK = "they came by a link that was sent to the account that posted, and to nobody else"

_FULL_NAMES = {
    Venue.PUBLIC: "Public",
    Venue.DM: "Direct message",
    Venue.EMAIL: "E-mail",
    Venue.CHAT: "Live chat",
}
_SHORT_NAMES = {Venue.PUBLIC: "public", Venue.DM: "DM", Venue.EMAIL: "e-mail", Venue.CHAT: "live chat"}
_VIA_PHRASES = {
    Venue.PUBLIC: "in public",
    Venue.DM: "by DM",
    Venue.EMAIL: "by e-mail",
    Venue.CHAT: "in live chat",
}
_OBSTACLES = {
    Obstacle.ALREADY_THERE: "The conversation is there already.",
    Obstacle.NO_ACCOUNT_KNOWN: "The customer writes by e-mail, and is on no network that we know of.",
    Obstacle.OPTED_OUT: "The customer has asked not to be written to.",
}


def full_name(venue: Venue) -> str:
    """Return the venue's name on its own: "Direct message"."""
    return _FULL_NAMES[venue]


def short_name(venue: Venue) -> str:
    """Return the venue's name for the middle of a line."""
    return _SHORT_NAMES[venue]


def offer_name(venue: Venue) -> str:
    """Return the venue's name as something offered: "a DM"."""
    return f"a {short_name(venue)}" if venue is Venue.DM else short_name(venue)


def via_phrase(venue: Venue) -> str:
    """Return how something is said there: "by e-mail"."""
    return _VIA_PHRASES[venue]


def venue_title(venue: Venue) -> str:
    """Return the venue's name for the beginning of a line."""
    name = short_name(venue)
    return name[0].upper() + name[1:]


def unavailable_text(unavailable: Unavailable) -> str:
    """Say why a venue cannot be offered, in plain text."""
    match unavailable:
        case NotSetUp(missing=missing):
            return missing
        case CannotBeOffered(block=block):
            return f"The customer cannot be told: {reply_block_text(block)}."
        case Obstacle():
            return _OBSTACLES[unavailable]


def arrival_time(handoff: Handoff) -> str:
    """Render when the customer arrived, or was invited if they have not, in mrkdwn."""
    return date_mrkdwn(handoff.arrived_at or handoff.offered_at, DateStyle.DAY_AND_CLOCK)


def verification_text(handoff: Handoff) -> str:
    """Say whether the person there is verified as the public author, and by which proof, in mrkdwn."""
    if handoff.proof is None:
        return _FIRST_OPENER if handoff.venue is Venue.CHAT else _UNVERIFIED
    return f"✓ *Verified:* {_proof_text(handoff, handoff.proof)}"


def unreachable_text(handoff: Handoff, since: datetime, *, to: str = "them") -> str:
    """Say that our messages do not get through `to` the customer there, in mrkdwn."""
    return f"{venue_title(handoff.venue)}: *nothing gets through* to {to} since {date_mrkdwn(since, DateStyle.DAY_AND_CLOCK)}"


def sender_verification(case: Case, handoff: Handoff | None, message: Message) -> str:
    """Say whether the message's sender is verified as the public author.

    Empty if the conversation is elsewhere by now. A mail's From header can be forged: the hand-off's proof
    counts only for mails whose sender is authenticated.
    """
    is_in_handoff = handoff is not None and handoff.id == message.handoff_id
    if message.venue is Venue.EMAIL and not message.sender_authenticated:
        is_same_sender = handoff is None or not is_in_handoff or handoff.address == message.author_id
        return UNPROVEN if is_same_sender else OTHER_ADDRESS
    if not message.sender_authenticated:
        return "unverified"
    is_author = message.venue is Venue.DM and message.author_id == case.author.id
    if is_author or (handoff is not None and is_in_handoff and handoff.is_verified):
        return "verified"
    return "unverified" if is_in_handoff else ""


def misplaced_code_note(case: Case, handoff: Handoff | None, message: Message) -> str:
    """Say of a message with the hand-off's code that it proves nothing where it was written; else empty.

    Whoever is at the venue was shown the code. It counts from the public author's account, in private.
    """
    is_from_author = message.venue is Venue.DM and message.author_id == case.author.id
    is_awaited = handoff is not None and handoff.state.is_current and not handoff.is_verified
    if handoff is None or not is_awaited or is_from_author or not contains_code(message.text, handoff.code):
        return ""
    return f"The verification code proves nothing here: it counts by direct message from {handle(case)} alone"


def _proof_text(handoff: Handoff, proof: Proof) -> str:
    if proof is Proof.SAME_ACCOUNT:
        is_there = handoff.venue is Venue.DM
        return "they write from the account that posted" if is_there else _BY_PRIVATE_LINK
    if proof is Proof.CODE:
        return "they sent our code from the account that posted"
    reason = escape(inline(handoff.verified_reason or "", MAX_REASON_LENGTH))
    statement = f"{mention(handoff.verified_by)} says so" if handoff.verified_by else "a colleague says so"
    return f"{statement}: “{reason}”" if reason else statement
