"""Parse MIME within bounds on size, parts and depth, so that no crafted mail costs more than a large one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32

from adapters.email.headers import RawMessage, decoded

MAX_MAIL_BYTES = 30 * 1024 * 1024  # fetched of one mail; a file of 10 MB has 13.7 MB in base64
PARTIAL_MAIL_BYTES = 1024 * 1024  # fetched of a larger one
_MAX_DELIMITERS = 400  # lines that begin with "--", as multipart boundaries do
_MAX_PARTS = 200
_MAX_DEPTH = 20
MAX_HEADER_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Part:
    """A leaf part. `content` is decoded from its transfer encoding."""

    media_type: str
    charset: str | None
    name: str
    is_attached: bool
    content: bytes


def parse(content: bytes) -> RawMessage:
    """Parse the mail; raises `ValueError` where it cannot be parsed."""
    try:
        return message_from_bytes(_bounded(content), policy=compat32)
    except (RecursionError, LookupError, TypeError, AttributeError, AssertionError) as error:
        raise ValueError(f"it cannot be taken apart ({type(error).__name__})") from None


def parse_headers(content: bytes) -> RawMessage:
    """Parse the headers alone; never raises."""
    return BytesHeaderParser(policy=compat32).parsebytes(content[:MAX_HEADER_BYTES])


def parts(message: RawMessage) -> Iterator[Part]:
    """Yield the leaf parts in order, attached mails (message/rfc822) whole, up to the bounds."""
    waiting: list[tuple[RawMessage, int]] = [(message, 0)]
    seen = 0
    while waiting and seen < _MAX_PARTS:
        part, depth = waiting.pop()
        seen += 1
        payload = part.get_payload()
        if isinstance(payload, list) and part.get_content_maintype() == "multipart":
            if depth < _MAX_DEPTH:
                waiting += [(one, depth + 1) for one in reversed(payload) if isinstance(one, Message)]
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
        children = part.get_payload()
        if isinstance(children, list):
            return b"\n".join(one.as_bytes() for one in children if isinstance(one, Message))
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
    """Cut the content after 400 multipart delimiters."""
    for number, found in enumerate(re.finditer(rb"^--", content, re.MULTILINE)):
        if number >= _MAX_DELIMITERS:
            return content[: found.start()]
    return content
