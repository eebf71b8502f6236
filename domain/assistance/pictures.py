"""Select the pictures that a model may be given."""

from collections.abc import Iterable

from domain.cases.files import File

MAX_PICTURES = 3
_READABLE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


def readable_pictures(files: Iterable[File]) -> list[File]:
    """Return the first pictures among the files of a message."""
    return [file for file in files if file.media_type in _READABLE][:MAX_PICTURES]
