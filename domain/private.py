"""What is written in private: what a customer sent us, and what we send them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.cases import Case
from domain.files import MOST, TOO_MANY, File, objection
from domain.handoffs import Handoff
from domain.messages import Message
from domain.posts import Author
from domain.venues import Venue


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingFile:
    """A file that a customer sent; `media_type` as its content shows it to be. `refused` says why it was not taken, `None` where it was."""

    name: str
    media_type: str
    content: bytes
    refused: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A private message of a customer's, as its venue brought it.

    `network` and `account_id` are the stream's: the social network and our account there, or the venue's own name and our address.
    `external_id` is unique within them: what comes twice is heard once. `handoff_id` is set where the venue knows which hand-off this belongs
    to (a chat's cookie, a mail's token); else `address` (the participant's id, the sender's address) is looked for. `answers` are ids of messages
    of ours that it says it answers, the likeliest first. `at` is when it was sent by a clock that its sender cannot set: the queue goes by it.
    """

    venue: Venue
    network: str
    account_id: str
    external_id: str
    author: Author
    text: str
    at: datetime
    address: str | None = None
    handoff_id: int | None = None
    answers: Sequence[str] = ()
    files: Sequence[IncomingFile] = ()
    subject: str | None = None
    original: str | None = None


def looked_through(files: Sequence[IncomingFile]) -> list[IncomingFile]:
    """The files of one message with what there is against them, whatever their venue thought: of those that may pass, the first `MOST` do."""
    seen: list[IncomingFile] = []
    for file in files:
        too_many = TOO_MANY if sum(one.refused is None for one in seen) >= MOST else None
        why = file.refused or objection(file.media_type, len(file.content)) or too_many
        seen.append(replace(file, refused=why))
    return seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file of a customer's message that is yet to be fetched. `address` is where, empty where the venue hands it to nobody."""

    name: str
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardPage:
    """What one reading of a private stream gave: messages oldest first, and how far it reached; as in `posts.Page`.

    `attached` holds the files that are yet to be fetched, by their message's `external_id`.
    """

    heard: tuple[Heard, ...] = ()
    attached: Mapping[str, Sequence[Attachment]] = field(default_factory=dict)
    newest_id: str | None = None
    gap: bool = False
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofBy:
    """Where the customer sends the code that shows who they are: our account's handle, and a link that opens a message to it."""

    handle: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A private message of ours with everything that its venue needs to send it.

    `earlier` is the conversation before it, oldest first; `signed` is the agent's name as customers may read it.
    `proof` is `None` where no code can be sent to us.
    """

    case: Case
    handoff: Handoff
    message: Message
    earlier: Sequence[Message] = ()
    files: Sequence[File] = field(default=())
    signed: str = ""
    proof: ProofBy | None = None


def may_read(handoff: Handoff, message: Message) -> bool:
    """Whether whoever is at this hand-off may be shown a line of the case: what is public, and what was written there.

    The rest only who is known to be the public author.
    """
    return handoff.is_verified or message.venue is Venue.PUBLIC or message.handoff_id == handoff.id
