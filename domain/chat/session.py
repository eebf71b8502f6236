"""Live chat: a browser that a conversation is open in, and what it may show."""

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
from domain.venues import Venue

LONGEST_MESSAGE = 4_000  # characters
LONGEST_COMMENT = 1_000
#: What one chat takes of files within `FILES_WITHIN`: so many, and so many bytes together.
MOST_FILES = 20
MOST_BYTES = 50 * 1024 * 1024
FILES_WITHIN = timedelta(hours=24)
#: How long a browser that is not opened any more keeps its way in.
SESSION_HOLDS = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatSession:
    """One browser that came by the hand-off's link. `secret_hash` is the SHA-256 of its cookie, in hexadecimal; the cookie itself is nowhere.

    `seen_id` is the newest of our messages that it has shown.
    """

    id: int
    handoff_id: int
    secret_hash: str
    created_at: datetime
    last_seen_at: datetime
    seen_id: int = 0


class OtherChat(Exception):
    """The request is of another chat than this browser has open: one was opened since in another tab."""


class LinkFault(StrEnum):
    """Why a link does not open a chat.

    `FORGED`: we did not make it. `EXPIRED`: its time is over. `USED`: another browser came by it. `ENDED`: the conversation went elsewhere.
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
    """What a browser is shown: where the conversation stands, and lines of it in the order of their ids, with their files by message id.

    `goes_on` is where an ended one goes on, `None` where nobody can tell. `rating` is what they said since the case was last closed. `transcript` is the newest that was asked for. `read_to` is the newest id of the transcript that was looked at, shown or not; `more` where there may be others after it,
    and `whole` where there are none before what is shown.
    """

    session: ChatSession
    handoff: Handoff
    case: Case
    lines: Sequence[Message]
    read_to: int
    more: bool = False
    whole: bool = True
    files: Mapping[int, Sequence[File]] = field(default_factory=dict)
    goes_on: Venue | None = None
    rating: Rating | None = None
    transcript: Transcript | None = None


def may_show(message: Message, handoff: Handoff) -> bool:
    """Whether whoever has the hand-off's chat open is shown this line: what they may read, but nothing that is gone, or that did not leave."""
    if message.deleted_at is not None:
        return False
    if message.direction is Direction.OUT and message.delivery is not Delivery.SENT:
        return False
    return may_read(handoff, message)


def own_session(
    sessions: Sequence[ChatSession], handoff: Handoff, hashes: Collection[str | None], now: datetime
) -> ChatSession | None:
    """The browser with one of these cookies, where it has been in; `None` where the link lets a new one in. Raises `LinkRefused`."""
    own = next((one for one in sessions if one.secret_hash in hashes and holds(one, now)), None)
    if own is not None:
        return own
    _require_open(handoff, now)
    if sessions:
        raise LinkRefused(LinkFault.USED)
    return None


def holds(session: ChatSession, now: datetime) -> bool:
    """Whether the browser's cookie still opens the chat."""
    return now - session.last_seen_at < SESSION_HOLDS


def _require_open(handoff: Handoff, now: datetime) -> None:
    if handoff.state is HandoffState.EXPIRED or (
        handoff.state is HandoffState.OFFERED and handoff.expires_at <= now
    ):
        raise LinkRefused(LinkFault.EXPIRED)
    if not handoff.state.is_current:
        raise LinkRefused(LinkFault.ENDED)
