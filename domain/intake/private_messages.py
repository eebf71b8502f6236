"""Define private messages and their attachments as they arrive from a venue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.accounts import Account
from domain.cases.files import MAX_FILES, FileFault, file_fault
from domain.intake.posts import Author
from domain.intake.quoted_text import MailText
from domain.venues import Venue


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingFile:
    """A file from a customer.

    `media_type` is detected from the content. `refused` is why the file was rejected: a fault of the file, or
    the words of its venue; `None` where it was accepted.
    """

    name: str
    media_type: str
    content: bytes
    refused: FileFault | str | None = None


class SenderCheck(StrEnum):
    """What our own mail server says of the address in From (DMARC); `NONE` where it says nothing."""

    PASSED = "passed"
    FAILED = "failed"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingMessage:
    """A private message from a customer, as received from its venue.

    `network` and `account_id` identify the stream: the social network and our account on it, or the venue's
    own name and our address. `external_id` is unique within them and is used for deduplication. `handoff_id`
    is set where the venue knows the hand-off (by a chat's cookie, a mail's token); otherwise the case is
    matched by `address` (the participant's user id or e-mail address). `answers` are the ids of our messages
    that it replies to, the likeliest first. `at` is when it was sent, by a clock that the sender cannot set,
    because the queue is ordered by it. `original` is an e-mail's text before quotes and signature were
    stripped, `mail` the same for reading it beside what was said before in its case. `sender_check` is what
    our own mail server found out about its sender.
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
    mail: MailText | None = None
    sender_check: SenderCheck = SenderCheck.NONE


def check_files(files: Sequence[IncomingFile]) -> list[IncomingFile]:
    """Validate the files of a message, whatever its venue did: set `refused` on those that are rejected.

    At most the first `MAX_FILES` acceptable files are accepted.
    """
    checked: list[IncomingFile] = []
    for file in files:
        accepted = sum(other.refused is None for other in checked)
        too_many = FileFault.TOO_MANY if accepted >= MAX_FILES else None
        reason = file.refused or file_fault(file.media_type, len(file.content)) or too_many
        checked.append(replace(file, refused=reason))
    return checked


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingAttachment:
    """A file of a customer's message that has not been fetched yet.

    `address` is its URL, empty where the venue offers no download.
    """

    name: str
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingPage:
    """The result of reading a private stream; messages are oldest first, the rest is as in `posts.Page`.

    `attached` holds the files that have not been fetched yet, by their message's `external_id`.
    """

    messages: tuple[IncomingMessage, ...] = ()
    attached: Mapping[str, Sequence[IncomingAttachment]] = field(default_factory=dict)
    newest_id: str | None = None
    gap: bool = False
    skipped: tuple[str, ...] = ()


class PrivateStream(Protocol):
    """Read customers' private messages. Reads raise `SourceError`."""

    async def read(self, account: Account, since_id: str | None) -> IncomingPage:
        """Fetch the messages that customers sent to the account since `since_id`, all pages."""
        ...

    async def fetch(self, attachment: IncomingAttachment) -> IncomingFile:
        """Download a file; sets `refused` where that is not possible."""
        ...
