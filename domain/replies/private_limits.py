"""Check a private reply against the limits of its venue: length, number and kinds of files."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.cases.files import MAX_FILES, FileFault, file_fault
from domain.errors import Refused


class NothingToSend(Refused):
    """The reply has neither text nor files."""


class TextTooLong(Refused):
    """The text has `length` characters, of at most `limit`."""

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(length, limit)
        self.length = length
        self.limit = limit


class TooManyAttachments(Refused):
    """More than `domain.cases.files.MAX_FILES` files are attached."""


class AttachmentRejected(Refused):
    """The file called `name` cannot be sent, because of `fault`."""

    def __init__(self, name: str, fault: FileFault) -> None:
        super().__init__(name, fault)
        self.name = name
        self.fault = fault


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingAttachment:
    """A file that an agent attached. `source` is its id in the team chat; `size` is in bytes."""

    source: str
    name: str
    media_type: str
    size: int


def require_within_limits(text: str, files: Sequence[OutgoingAttachment], max_length: int) -> None:
    """Raise `Refused` where there is nothing to send, or more than may be sent; lengths are in characters."""
    if not text.strip() and not files:
        raise NothingToSend
    if len(text) > max_length:
        raise TextTooLong(len(text), max_length)
    if len(files) > MAX_FILES:
        raise TooManyAttachments
    for file in files:
        fault = file_fault(file.media_type, file.size)
        if fault is not None:
            raise AttachmentRejected(file.name, fault)
