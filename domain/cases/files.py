"""Files that go along with messages: which may pass, in either direction."""

from dataclasses import dataclass
from datetime import datetime

LARGEST = 10 * 1024 * 1024  # bytes of one file
MOST = 5  # files with one message
TOO_MANY = f"no more than {MOST} files may go with one message"

#: By media type, what such a file's name should end in.
ALLOWED: dict[str, str] = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "application/pdf": ".pdf",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that came with a message, or goes out with one.

    `media_type` is what its content shows it to be, never what its sender says. `content` is `None` while it is yet to be fetched from
    `source`, the team chat's id of a file that an agent attached; `shared_at` is when it was put into the case's thread.
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


def objection(media_type: str, size: int) -> str | None:
    """Why a file may not pass, in words for whoever sent it; `None` where it may."""
    if size > LARGEST:
        return f"it is larger than {LARGEST // (1024 * 1024)} MB"
    if size == 0:
        return "it is empty"
    if media_type not in ALLOWED:
        return "it is neither a picture (PNG, JPEG, GIF, WebP) nor a PDF"
    return None
