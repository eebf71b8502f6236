"""Headers of mails that others wrote: whatever stands there, a short text comes out, and never an error."""

import re
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses
from typing import TYPE_CHECKING, TypeAlias

_LONGEST = 2_000  # characters of a header that are looked at
_LONGEST_LIST = 10_000  # of References, and of the headers that name recipients
_MOST_IDS = 50
_MESSAGE_ID = re.compile(r"<([^\s<>@]{1,200}@[^\s<>@]{1,200})>")

if TYPE_CHECKING:
    RawMessage: TypeAlias = Message[str, str]
else:
    RawMessage = Message  # which only its types know to be generic


def raw(message: RawMessage, name: str, longest: int = _LONGEST) -> str:
    """The header in one line as it came; empty where there is none."""
    value = message.get(name)
    return " ".join(_clean(str(value)[:longest]).split()) if value is not None else ""


def text(message: RawMessage, name: str) -> str:
    """The header with its encoded words read (RFC 2047)."""
    return decoded(raw(message, name))


def decoded(value: str) -> str:
    """Text whose encoded words are read, as far as they can be."""
    try:
        parts = decode_header(value)
    except (HeaderParseError, ValueError, RecursionError):
        return value
    return " ".join(_clean("".join(_part(given, charset) for given, charset in parts)).split())


def addresses(message: RawMessage, *names: str) -> list[tuple[str, str]]:
    """Names and addresses of these headers, all that can be told apart."""
    values = [raw(message, name, _LONGEST_LIST) for name in names]
    try:
        found = getaddresses([value for value in values if value])
    except (ValueError, IndexError, RecursionError):
        return []
    return [(decoded(name), address) for name, address in found if "@" in address]


def message_ids(message: RawMessage, name: str) -> list[str]:
    """The Message-IDs that a header names, in its order, without their angle brackets."""
    return _MESSAGE_ID.findall(raw(message, name, _LONGEST_LIST))[-_MOST_IDS:]


def decode_bytes(content: bytes, charset: str | None) -> str:
    """Bytes as text in the charset that their sender claims, else in UTF-8, with marks where neither fits."""
    for name in (charset, "utf-8"):
        if name and name.lower() not in _NOT_CHARSETS:
            try:
                return _clean(content.decode(name))
            except (LookupError, UnicodeError, ValueError):
                continue
    return _clean(content.decode("utf-8", "replace"))


#: Codecs of Python's that no mail is written in, and that are slow or mean something else.
_NOT_CHARSETS = frozenset({"idna", "punycode", "raw_unicode_escape", "unicode_escape", "undefined"})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def _clean(value: str) -> str:
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", value)


def _part(given: bytes | str, charset: str | None) -> str:
    return given if isinstance(given, str) else decode_bytes(given, charset)
