"""Decide which attachments are accepted, in both directions: size, count and media types."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MAX_FILE_SIZE = 10 * 1024 * 1024  # bytes
MAX_FILES = 5  # per message

#: Accepted media types, with the file name extension of each.
ALLOWED_TYPES: dict[str, str] = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "application/pdf": ".pdf",
}


class FileFault(StrEnum):
    """Why a file is rejected. The values are stored with audit entries."""

    TOO_LARGE = "too_large"
    EMPTY = "empty"
    WRONG_TYPE = "wrong_type"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file attached to an incoming or outgoing message.

    `media_type` is detected from the content, never taken from the sender. `size` is in bytes. `source` is
    the team chat's id of a file that an agent attached; `content` is `None` until it has been fetched from
    there. `shared_at` is when the file was posted in the case's thread.
    """

    id: int
    case_id: int
    message_id: int
    name: str
    media_type: str
    size: int
    created_at: datetime
    content: bytes | None = None
    source: str | None = None
    shared_at: datetime | None = None


def file_fault(media_type: str, size: int) -> FileFault | None:
    """Return why a file of `size` bytes is rejected; `None` where it is accepted."""
    if size > MAX_FILE_SIZE:
        return FileFault.TOO_LARGE
    if size == 0:
        return FileFault.EMPTY
    if media_type not in ALLOWED_TYPES:
        return FileFault.WRONG_TYPE
    return None
