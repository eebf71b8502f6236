"""Open what Outlook wraps into one file (TNEF, "winmail.dat"): the text and the attached files."""

import logging
from collections.abc import Callable

from adapters.email.charsets import clean_text, decode_bytes

TNEF_TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_MAX_SIZE = 30 * 1024 * 1024  # bytes
_MAX_FILES = 20
_MAX_TEXT_LENGTH = 200_000  # characters, or bytes of what they are read from

log = logging.getLogger(__name__)


def read_tnef(content: bytes) -> tuple[str, list[tuple[str, bytes]]] | None:
    """Return the text and the files, each with its name; `None` where the content is damaged."""
    from striprtf import striprtf
    from tnefparse import TNEF

    convert: Callable[..., str] = striprtf.rtf_to_text
    if len(content) > _MAX_SIZE:
        return None
    try:
        unwrapped = TNEF(content, do_checksum=False)
        text = _decoded(unwrapped.body, unwrapped.codepage)
        if not text.strip() and unwrapped.rtfbody:
            text = convert(_decoded(unwrapped.rtfbody, unwrapped.codepage), errors="replace")
        files = [
            (_decoded(file.name, unwrapped.codepage), bytes(file.data)) for file in unwrapped.attachments
        ]
    except Exception as error:  # noqa: BLE001 - the libraries raise what damaged content makes them meet
        log.info("a winmail.dat could not be opened: %s", type(error).__name__)
        return None
    return clean_text(text).replace("\N{REPLACEMENT CHARACTER}", "").strip(), files[:_MAX_FILES]


def _decoded(value: bytes | str | None, codepage: str | None) -> str:
    if isinstance(value, bytes):
        return decode_bytes(value[:_MAX_TEXT_LENGTH].rstrip(b"\0"), codepage)
    return (value or "")[:_MAX_TEXT_LENGTH]
