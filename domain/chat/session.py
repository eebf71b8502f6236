"""Define live chat sessions: one per browser, with its cookie, limits and the messages that it may show."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from domain.cases.case import Case
from domain.cases.files import File
from domain.cases.messages import Delivery, Direction, Message
from domain.chat.rating import Rating
from domain.chat.transcript import Transcript
from domain.handoffs.handoff import Handoff, HandoffState, may_read
from domain.intake.posts import Author
from domain.venues import Venue

MAX_MESSAGE_LENGTH = 4_000  # characters
MAX_COMMENT_LENGTH = 1_000  # characters
#: Upload limits of one chat within `FILE_LIMIT_WINDOW`: the number of files, and their total size in bytes.
MAX_CHAT_FILES = 20
MAX_CHAT_BYTES = 50 * 1024 * 1024
FILE_LIMIT_WINDOW = timedelta(hours=24)
#: A session expires this long after it was last seen.
SESSION_LIFETIME = timedelta(days=30)
VISITOR = "Visitor"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatSession:
    """One browser that opened the hand-off's link.

    `secret_hash` is the SHA-256 of its cookie, in hexadecimal; the cookie itself is not stored.
    `last_read_message_id` is the newest of our messages that it has shown.
    """

    id: int
    handoff_id: int
    secret_hash: str
    created_at: datetime
    last_seen_at: datetime
    last_read_message_id: int = 0


class OtherChat(Exception):
    """The request belongs to another chat than the cookie: one was opened in another tab since."""


class LinkFault(StrEnum):
    """Why a link does not open a chat.

    `FORGED`: its signature is not ours. `EXPIRED`: the offer has expired. `USED`: another browser has opened
    it. `ENDED`: the conversation has moved to another venue.
    """

    FORGED = "forged"
    EXPIRED = "expired"
    USED = "used"
    ENDED = "ended"


class LinkRefused(Exception):
    """The link does not open a chat."""

    def __init__(self, fault: LinkFault) -> None:
        super().__init__(f"the link is {fault.value}")
        self.fault = fault


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatView:
    """The data that a browser shows: the state of the conversation, and messages in the order of their ids.

    `files` are by message id. `next_venue` is the venue in which an ended chat continues, `None` where it is
    unknown. `rating` is the customer's rating since the case was last closed. `transcript` is the newest that
    was requested. For pagination: `cursor` is the highest message id that was examined, shown or not;
    `has_more` is true where there may be messages after it, `is_complete` where there are none before the
    first message shown.
    """

    session: ChatSession
    handoff: Handoff
    case: Case
    messages: Sequence[Message]
    cursor: int
    has_more: bool = False
    is_complete: bool = True
    files: Mapping[int, Sequence[File]] = field(default_factory=dict)
    next_venue: Venue | None = None
    rating: Rating | None = None
    transcript: Transcript | None = None


def may_show(message: Message, handoff: Handoff) -> bool:
    """Return whether the hand-off's chat shows this message.

    It must be readable (`may_read`) and not deleted; a message of ours must have been sent.
    """
    if message.deleted_at is not None:
        return False
    if message.direction is Direction.OUT and message.delivery is not Delivery.SENT:
        return False
    return may_read(handoff, message)


def find_own_session(
    sessions: Sequence[ChatSession], handoff: Handoff, hashes: Collection[str | None], now: datetime
) -> ChatSession | None:
    """Find the valid session with one of these cookie hashes; `None` where the link may open a new session.

    Raises `LinkRefused`.
    """
    own = next((one for one in sessions if one.secret_hash in hashes and is_session_valid(one, now)), None)
    if own is not None:
        return own
    _require_open(handoff, now)
    if sessions:
        raise LinkRefused(LinkFault.USED)
    return None


def is_session_valid(session: ChatSession, now: datetime) -> bool:
    """Return whether the session has not expired."""
    return now - session.last_seen_at < SESSION_LIFETIME


def _require_open(handoff: Handoff, now: datetime) -> None:
    if handoff.state is HandoffState.EXPIRED or (
        handoff.state is HandoffState.OFFERED and handoff.expires_at <= now
    ):
        raise LinkRefused(LinkFault.EXPIRED)
    if not handoff.state.is_current:
        raise LinkRefused(LinkFault.ENDED)


def visitor_id(handoff: Handoff) -> str:
    """Return the id of an unverified visitor: all that is known of them is the link that they used."""
    return f"{Venue.CHAT.value}.{handoff.id}"


def author_of(case: Case, handoff: Handoff) -> Author:
    """Return who writes in the chat: the case's author once they are verified."""
    return case.author if handoff.is_verified else Author(id=visitor_id(handoff), handle="", name=VISITOR)
