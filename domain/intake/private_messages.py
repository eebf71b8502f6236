"""What is written in private: what a customer sent us, and what we send them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from domain.accounts import Account
from domain.cases.files import MOST, TOO_MANY, objection
from domain.intake.posts import Author
from domain.venues import Venue


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingFile:
    """A file that a customer sent; `media_type` as its content shows it to be. `refused` says why it was not taken, `None` where it was."""

    name: str
    media_type: str
    content: bytes
    refused: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingMessage:
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


def check_files(files: Sequence[IncomingFile]) -> list[IncomingFile]:
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
class IncomingPage:
    """What one reading of a private stream gave: messages oldest first, and how far it reached; as in `posts.Page`.

    `attached` holds the files that are yet to be fetched, by their message's `external_id`.
    """

    heard: tuple[IncomingMessage, ...] = ()
    attached: Mapping[str, Sequence[Attachment]] = field(default_factory=dict)
    newest_id: str | None = None
    gap: bool = False
    skipped: tuple[str, ...] = ()


class PrivateStream(Protocol):
    """Where customers' private messages are read. Readings raise `SourceError`."""

    async def read(self, account: Account, since_id: str | None) -> IncomingPage:
        """What customers wrote to the account since `since_id`, all pages of it."""
        ...

    async def fetch(self, attachment: Attachment) -> IncomingFile:
        """A file of a message; `refused` where it cannot be had."""
        ...
