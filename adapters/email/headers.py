"""Decode headers of untrusted mail: bounded in length, never raising."""

import re
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses
from typing import TYPE_CHECKING, TypeAlias

_MAX_LENGTH = 2_000  # characters of a header that are read
_MAX_LIST_LENGTH = 10_000  # of References, and of the headers that name recipients
_MAX_IDS = 50
_MESSAGE_ID = re.compile(r"<([^\s<>@]{1,200}@[^\s<>@]{1,200})>")

if TYPE_CHECKING:
    RawMessage: TypeAlias = Message[str, str]
else:
    RawMessage = Message  # generic in the type stubs only


def raw(message: RawMessage, name: str, max_length: int = _MAX_LENGTH) -> str:
    """Return the header on one line, undecoded; empty where it is missing."""
    value = message.get(name)
    return " ".join(_clean(str(value)[:max_length]).split()) if value is not None else ""


def text(message: RawMessage, name: str) -> str:
    """Return the header with its encoded words decoded (RFC 2047)."""
    return decoded(raw(message, name))


def decoded(value: str) -> str:
    """Decode the encoded words of a text; returned unchanged where they are malformed."""
    try:
        parts = decode_header(value)
    except (HeaderParseError, ValueError, RecursionError):
        return value
    return " ".join(_clean("".join(_decoded_part(part, charset) for part, charset in parts)).split())


def addresses(message: RawMessage, *names: str) -> list[tuple[str, str]]:
    """Parse these headers into pairs of name and address; entries without an @ are left out."""
    values = [raw(message, name, _MAX_LIST_LENGTH) for name in names]
    try:
        pairs = getaddresses([value for value in values if value])
    except (ValueError, IndexError, RecursionError):
        return []
    return [(decoded(name), address) for name, address in pairs if "@" in address]


def message_ids(message: RawMessage, name: str) -> list[str]:
    """Return the Message-IDs in a header, in order, without angle brackets; at most the last 50."""
    return _MESSAGE_ID.findall(raw(message, name, _MAX_LIST_LENGTH))[-_MAX_IDS:]


def decode_bytes(content: bytes, charset: str | None) -> str:
    """Decode bytes with the declared charset, else as UTF-8, with U+FFFD where neither fits."""
    for name in (charset, "utf-8"):
        if name and name.lower() not in _REFUSED_CODECS:
            try:
                return _clean(content.decode(name))
            except (LookupError, UnicodeError, ValueError):
                continue
    return _clean(content.decode("utf-8", "replace"))


#: Python codecs that are no charsets of mail, and are slow or decode something else.
_REFUSED_CODECS = frozenset({"idna", "punycode", "raw_unicode_escape", "unicode_escape", "undefined"})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def _clean(value: str) -> str:
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", value)


def _decoded_part(part: bytes | str, charset: str | None) -> str:
    return part if isinstance(part, str) else decode_bytes(part, charset)
