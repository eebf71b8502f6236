"""Decode headers of untrusted mail: bounded in length, never raising."""

import re
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

from adapters.email.addresses import parse_addresses
from adapters.email.charsets import clean_text, decode_bytes

_MAX_LENGTH = 2_000  # characters of a header that are read
_MAX_LIST_LENGTH = 10_000  # of the headers that name recipients
_MAX_IDS_LENGTH = 60_000  # of References
_MAX_VALUES = 20  # headers of one name
_MESSAGE_ID = re.compile(r"<([^\s<>@]{1,200}@[^\s<>@]{1,200})>")

#: Where the addresses are that a mail was sent to, as programs and servers write them.
RECIPIENTS = (
    "To",
    "Cc",
    "Resent-To",
    "Delivered-To",
    "X-Delivered-To",
    "X-Original-To",
    "Envelope-To",
    "X-Envelope-To",
    "X-Rcpt-To",
    "X-Forwarded-To",
)
_RECEIVED_FOR = re.compile(r"\sfor\s+<([^<>\s]{3,320})>")

if TYPE_CHECKING:
    RawMessage: TypeAlias = Message[str, str]
else:
    RawMessage = Message  # generic in the type stubs only


def raw(message: RawMessage, name: str, max_length: int = _MAX_LENGTH) -> str:
    """Return the header on one line, its encoded words as they are; empty where it is missing."""
    return next(iter(header_values(message, name, max_length)), "")


def text(message: RawMessage, name: str) -> str:
    """Return the header with its encoded words decoded (RFC 2047)."""
    return decoded(raw(message, name))


def decoded(value: str) -> str:
    """Decode the encoded words of a text; returned unchanged where they are malformed."""
    if "=?" not in value:
        return value  # the library would take the letters of raw UTF-8 for an unknown charset
    try:
        parts = decode_header(value)
    except (HeaderParseError, ValueError, RecursionError):
        return value
    return " ".join(clean_text("".join(_decoded_part(part, charset) for part, charset in parts)).split())


def addresses(message: RawMessage, *names: str) -> list[tuple[str, str]]:
    """Return the pairs of name and address of all headers of these names; others are left out.

    Where a program encoded name and address together as one word, against the standard, they are parsed
    once it is decoded.
    """
    pairs: list[tuple[str, str]] = []
    for name in names:
        for value in header_values(message, name, _MAX_LIST_LENGTH):
            found = [pair for pair in parse_addresses(value) if not pair[1].startswith("=?")]
            pairs += found or parse_addresses(decoded(value))
    return [(decoded(name), address) for name, address in pairs]


def recipients(message: RawMessage) -> list[str]:
    """Return the addresses that the mail was sent to, as programs and the servers on its way wrote them."""
    received = [
        found
        for value in header_values(message, "Received", _MAX_LENGTH)
        for found in _RECEIVED_FOR.findall(value)
    ]
    return [*(address for _, address in addresses(message, *RECIPIENTS)), *received]


def message_ids(message: RawMessage, name: str) -> list[str]:
    """Return the Message-IDs in the headers of this name, in order, without angle brackets."""
    values = header_values(message, name, _MAX_IDS_LENGTH)
    return [found for value in values for found in _MESSAGE_ID.findall(value)]


def header_values(message: RawMessage, name: str, max_length: int) -> list[str]:
    """Return each header of this name on one line. Raw bytes are as `as_text` decodes them."""
    values = [str(value)[:max_length] for value in message.get_all(name, [])[:_MAX_VALUES]]
    charset = None if all(map(str.isascii, values)) else _charset_of_text(message)
    return [" ".join(as_text(value, charset).split()) for value in values]


def as_text(value: str, charset: str | None = None) -> str:
    """Return a header's value, its raw bytes decoded: UTF-8, the mail's `charset`, or what is detected."""
    if value.isascii():
        return clean_text(value)
    content = value.encode("utf-8", "surrogateescape")
    try:
        return clean_text(content.decode())
    except UnicodeDecodeError:
        return decode_bytes(content, charset)


def _charset_of_text(message: RawMessage) -> str | None:
    """Return the charset of the mail's first part that names one: programs write the header in it, too."""
    try:
        named = (part.get_content_charset() for part in islice(message.walk(), _MAX_VALUES))
        return next(filter(None, named), None)
    except (ValueError, LookupError, TypeError, RecursionError):
        return None


def _decoded_part(part: bytes | str, charset: str | None) -> str:
    if isinstance(part, str):
        return part
    if charset is None and not part.isascii():  # the library's own form of letters beside encoded words
        return part.decode("latin-1")
    return decode_bytes(part, charset)
