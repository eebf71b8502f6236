"""Read parts that claim base64 and hold something else, or are damaged."""

import re
from base64 import b64decode

_MIN_LENGTH = 20  # of a first line from which a damaged part is taken for base64
_LETTERS = re.compile(rb"[A-Za-z0-9+/=\s]*")
_FIRST_LINES = re.compile(rb"\s*([^\n]*)\s*([^\n]*)")


def is_base64(content: bytes) -> bool:
    """Return whether there is nothing but the letters of base64."""
    return _LETTERS.fullmatch(content) is not None


def content_of(written: bytes, decoded: bytes, *, is_damaged: bool) -> bytes:
    """Return what a part holds that claims base64.

    What was written, where that is a text; `decoded`, what Python made of it, else. It gives up where
    `is_damaged`.
    """
    found = _FIRST_LINES.match(written)
    first, second = (line.strip() for line in found.groups()) if found is not None else (b"", b"")
    # All lines of base64 but the last are equally long.
    is_text = not is_base64(first) or b" " in first or (len(first) < len(second) and not first.endswith(b"="))
    if is_text or (is_damaged and len(first) < _MIN_LENGTH):
        return written
    return _readable(written) if is_damaged else decoded


def _readable(written: bytes) -> bytes:
    """Return what can be decoded: without other letters, and without a last one that stands for no byte."""
    runs = (re.sub(rb"[^A-Za-z0-9+/]", b"", run) for run in re.split(rb"=+", written))
    return b"".join(map(_decoded, runs))


def _decoded(run: bytes) -> bytes:
    whole = run[:-1] if len(run) % 4 == 1 else run
    return b64decode(whole + b"=" * (-len(whole) % 4))
