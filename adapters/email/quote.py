"""The conversation so far, as a mail quotes it."""

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.email.message_ids import Identity
from adapters.email.words import Phrases
from domain.cases.messages import Delivery, Direction, Message
from domain.handoffs.email_addresses import same_address
from domain.handoffs.handoff import Handoff
from domain.replies.outgoing_message import OutgoingMessage
from domain.venues import Venue

MOST_QUOTED = 10  # messages
LONGEST_QUOTED = 1500  # characters of one


@dataclass(frozen=True, slots=True)
class Quoted:
    """One earlier message; `when` is in UTC and says so."""

    who: str
    when: str
    text: str


def quoted(parcel: OutgoingMessage, identity: Identity, phrases: Phrases) -> Sequence[Quoted]:
    """The newest messages before this one, oldest first.

    Whoever is not shown to be the public author reads only what is public, and what they themselves wrote or were sent.
    """
    told = [m for m in parcel.earlier if _is_theirs_to_read(m, parcel.handoff) and _was_said(m)]
    return [_quote(m, identity, phrases) for m in told[-MOST_QUOTED:]]


def _is_theirs_to_read(message: Message, handoff: Handoff) -> bool:
    if message.venue is Venue.PUBLIC or handoff.is_verified:
        return True
    if message.venue is not Venue.EMAIL or handoff.address is None:
        return False
    if message.direction is Direction.IN:
        return same_address(message.author_id, handoff.address)
    return message.created_at >= handoff.offered_at


def _was_said(message: Message) -> bool:
    is_there = message.direction is Direction.IN or message.delivery is Delivery.SENT
    return is_there and message.deleted_at is None and bool(message.text.strip())


def _quote(message: Message, identity: Identity, phrases: Phrases) -> Quoted:
    text = message.text.encode("utf-8", "replace").decode("utf-8").strip()
    if message.direction is Direction.OUT:
        who = identity.name or identity.domain
    else:
        who = " ".join(message.author_name.split()) if message.venue is Venue.PUBLIC else phrases.you
    return Quoted(
        who=who,
        when=f"{message.created_at:%Y-%m-%d %H:%M} UTC",
        text=text if len(text) <= LONGEST_QUOTED else f"{text[:LONGEST_QUOTED].rstrip()} …",
    )
