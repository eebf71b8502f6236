"""Select the pictures that a model may be given."""

from collections.abc import Iterable

from domain.cases.files import File
from domain.cases.messages import Message
from domain.intake.posts import MediaKind

MAX_PICTURES = 3
_READABLE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


def readable_pictures(files: Iterable[File]) -> list[File]:
    """Return the first pictures among the files of a message."""
    return [file for file in files if file.media_type in _READABLE][:MAX_PICTURES]


def public_pictures(message: Message) -> list[str]:
    """Return the addresses of the first pictures of a public post."""
    return [one.url for one in message.media if one.kind is MediaKind.PICTURE][:MAX_PICTURES]


def reading_source(message: Message) -> str:
    """Return the text whose digest tells whether a reading is still of what the message shows."""
    return "\n".join([message.text, *(one.url for one in message.media)])
