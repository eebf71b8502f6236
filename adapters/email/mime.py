"""A mail taken apart, with bounds: no mail, however it is built, may cost more than a large one does."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32

from adapters.email.headers import RawMessage, decoded

LARGEST_MAIL = 30 * 1024 * 1024  # bytes that are fetched of one mail; a file of 10 MB becomes 13.7 MB in it
START_OF_LARGER = 1024 * 1024  # bytes that are fetched of a larger one
_MOST_DELIMITERS = 400  # lines that begin with "--", which is what parts are told apart by
_MOST_PARTS = 200
_DEEPEST = 20
LARGEST_HEADERS = 64 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Part:
    """A part that has no parts of its own. `content` is decoded from its transfer encoding."""

    media_type: str
    charset: str | None
    name: str
    is_attached: bool
    content: bytes


def parse(content: bytes) -> RawMessage:
    """The mail; raises `ValueError` where it cannot be read at all."""
    try:
        return message_from_bytes(_bounded(content), policy=compat32)
    except (RecursionError, LookupError, TypeError, AttributeError, AssertionError) as error:
        raise ValueError(f"it cannot be taken apart ({type(error).__name__})") from None


def parse_headers(content: bytes) -> RawMessage:
    """The headers alone, which can always be read."""
    return BytesHeaderParser(policy=compat32).parsebytes(content[:LARGEST_HEADERS])


def parts(message: RawMessage) -> Iterator[Part]:
    """Its leaves in their order, mails within it left whole, as far as the bounds allow."""
    waiting: list[tuple[RawMessage, int]] = [(message, 0)]
    seen = 0
    while waiting and seen < _MOST_PARTS:
        part, depth = waiting.pop()
        seen += 1
        below = part.get_payload()
        if isinstance(below, list) and part.get_content_maintype() == "multipart":
            if depth < _DEEPEST:
                waiting += [(one, depth + 1) for one in reversed(below) if isinstance(one, Message)]
        else:
            yield _part(part)


def _part(part: RawMessage) -> Part:
    return Part(
        media_type=part.get_content_type(),
        charset=_charset(part),
        name=_name(part),
        is_attached=_disposition(part) == "attachment",
        content=_content(part),
    )


def _content(part: RawMessage) -> bytes:
    try:
        below = part.get_payload()
        if isinstance(below, list):
            return b"\n".join(one.as_bytes() for one in below if isinstance(one, Message))
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError, RecursionError, TypeError, AttributeError):
        return b""
    return payload if isinstance(payload, bytes) else b""


def _charset(part: RawMessage) -> str | None:
    try:
        return part.get_content_charset()
    except (ValueError, LookupError, TypeError):
        return None


def _name(part: RawMessage) -> str:
    try:
        return decoded(" ".join((part.get_filename() or "")[:500].split()))
    except (ValueError, LookupError, TypeError):
        return ""


def _disposition(part: RawMessage) -> str:
    return str(part.get("Content-Disposition", ""))[:100].partition(";")[0].strip().lower()


def _bounded(content: bytes) -> bytes:
    """The content up to where it has more delimiters than any honest mail."""
    for number, found in enumerate(re.finditer(rb"^--", content, re.MULTILINE)):
        if number >= _MOST_DELIMITERS:
            return content[: found.start()]
    return content
