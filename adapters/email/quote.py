"""Quote the earlier conversation in a mail to the customer."""

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.email.dates import in_words
from adapters.email.message_ids import EmailIdentity
from adapters.email.words import Phrases
from domain.cases.messages import Delivery, Direction, Message
from domain.handoffs.email_addresses import same_address
from domain.handoffs.handoff import Handoff
from domain.replies.outgoing_message import OutgoingMessage
from domain.venues import Venue

MAX_QUOTED = 10  # messages
MAX_QUOTED_LENGTH = 1500  # characters of one


@dataclass(frozen=True, slots=True)
class QuotedMessage:
    """One earlier message as the mail template shows it; `when` is in UTC and says so."""

    who: str
    when: str
    text: str


def quote_earlier(
    outgoing: OutgoingMessage, identity: EmailIdentity, phrases: Phrases, language: str
) -> Sequence[QuotedMessage]:
    """Return the newest messages before this one, oldest first, as far as the recipient may read them.

    A recipient who is not verified as the public author sees only what is public, what they themselves
    wrote by e-mail, and what was sent to them since the hand-off was offered. Failed, deleted and empty
    messages are left out.
    """
    visible = [m for m in outgoing.earlier if _may_read(m, outgoing.handoff) and _is_delivered(m)]
    return [_quote(m, identity, phrases, language) for m in visible[-MAX_QUOTED:]]


def _may_read(message: Message, handoff: Handoff) -> bool:
    if message.venue is Venue.PUBLIC or handoff.is_verified:
        return True
    if message.venue is not Venue.EMAIL or handoff.address is None:
        return False
    if message.direction is Direction.IN:
        return same_address(message.author_id, handoff.address)
    return message.created_at >= handoff.offered_at


def _is_delivered(message: Message) -> bool:
    is_delivered = message.direction is Direction.IN or message.delivery is Delivery.SENT
    return is_delivered and message.deleted_at is None and bool(message.text.strip())


def _quote(message: Message, identity: EmailIdentity, phrases: Phrases, language: str) -> QuotedMessage:
    text = message.text.encode("utf-8", "replace").decode("utf-8").strip()
    if message.direction is Direction.OUT:
        who = identity.name or identity.domain
    else:
        who = " ".join(message.author_name.split()) if message.venue is Venue.PUBLIC else phrases.you
    return QuotedMessage(
        who=who,
        when=in_words(message.created_at, language),
        text=text if len(text) <= MAX_QUOTED_LENGTH else f"{text[:MAX_QUOTED_LENGTH].rstrip()} …",
    )
