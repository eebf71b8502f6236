"""Decide which attachments are accepted, in both directions: size, count and media types."""

from dataclasses import dataclass
from datetime import datetime

MAX_FILE_SIZE = 10 * 1024 * 1024  # bytes
MAX_FILES = 5  # per message
TOO_MANY_FILES = f"no more than {MAX_FILES} files may go with one message"

#: Accepted media types, with the file name extension of each.
ALLOWED_TYPES: dict[str, str] = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "application/pdf": ".pdf",
}


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


def rejection_reason(media_type: str, size: int) -> str | None:
    """Return why a file of `size` bytes is rejected, worded for its sender; `None` where it is accepted."""
    if size > MAX_FILE_SIZE:
        return f"it is larger than {MAX_FILE_SIZE // (1024 * 1024)} MB"
    if size == 0:
        return "it is empty"
    if media_type not in ALLOWED_TYPES:
        return "it is neither a picture (PNG, JPEG, GIF, WebP) nor a PDF"
    return None
