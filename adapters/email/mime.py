"""Parse MIME within bounds on size, parts and depth, so that no crafted mail costs more than a large one."""

import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.errors import InvalidBase64LengthDefect
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import Compat32

from adapters.email.base64_parts import content_of, is_base64
from adapters.email.charsets import decode_bytes
from adapters.email.damaged_headers import MAX_HEADER_BYTES, with_folded_parameters, with_whole_header
from adapters.email.headers import RawMessage, as_text, decoded
from adapters.email.signed import SIGNED_TYPES, signed_content
from adapters.email.tnef import TNEF_TYPES, read_tnef
from adapters.email.uuencoded import without_files
from adapters.media_types import UNKNOWN_TYPE

MAX_MAIL_BYTES = 30 * 1024 * 1024  # fetched of one mail; a file of 10 MB has 13.7 MB in base64
PARTIAL_MAIL_BYTES = 1024 * 1024  # fetched of a larger one
_MAX_DELIMITERS = 400  # lines that begin with "--", as multipart boundaries do
_MAX_PARTS = 200
_MAX_DEPTH = 20
_MAX_PARAMETERS = 100  # of a header; the name of a file may come in as many pieces
_MAX_UNWRAPPED = 3  # files of Outlook's own format (winmail.dat)
_FIRST_HEADER = re.compile(rb"\s*(?:[A-Za-z-]{2,40}:[^\n]*\n){2}")
_FIRST_DELIMITER = re.compile(rb"\s*--([^\s\"-][^\r\n\"]{0,68}|-[^\r\n\"]{0,68}[^\r\n\"-])\s*\n")
#: Transfer encodings by their letters and digits alone, for programs that write "quoted printable;".
_ENCODINGS = {"quotedprintable": "quoted-printable", "base64": "base64"}
_ODD_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)


class _RawHeaders(Compat32):
    """Python's policy, but headers keep their raw bytes (as lone surrogates) instead of losing them."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        """Return the header as it was parsed; of one with parameters the first ones.

        Python takes more than linear time for semicolons, also within quotes.
        """
        if not name.lower().startswith("content-"):
            return value
        return ";".join(value.split(";", _MAX_PARAMETERS)[:_MAX_PARAMETERS])


_RAW = _RawHeaders()


@dataclass(frozen=True, slots=True)
class Part:
    """A leaf part, or an attached mail. `content` is decoded from its transfer encoding.

    `flow` is how its lines are wrapped, as `Content-Type` says: "flowed", "delsp" (RFC 3676), or empty.
    `alternative` is the same number for the parts of one multipart/alternative, 0 outside of any.
    `is_forwarded` is true within an attached mail, whose parts follow it.
    """

    media_type: str
    charset: str | None
    name: str
    is_attached: bool
    content: bytes
    flow: str = ""
    alternative: int = 0
    is_forwarded: bool = False


def parse(content: bytes) -> RawMessage:
    """Parse the mail; raises `ValueError` where it cannot be parsed."""
    try:
        whole = with_whole_header(with_folded_parameters(content))
        return message_from_bytes(_bounded(whole), policy=_RAW)
    except (RecursionError, LookupError, TypeError, AttributeError, AssertionError) as error:
        raise ValueError(f"it cannot be taken apart ({type(error).__name__})") from None


def parse_headers(content: bytes) -> RawMessage:
    """Parse the headers alone; never raises."""
    header = with_whole_header(with_folded_parameters(content[:MAX_HEADER_BYTES]))
    return BytesHeaderParser(policy=_RAW).parsebytes(header)


def parts(message: RawMessage) -> Iterator[Part]:
    """Yield the leaf parts in order up to the bounds: of an attached mail itself, then its parts.

    What Outlook wrapped into one file (TNEF) is unwrapped.
    """
    waiting = [_Waiting(message)]
    seen = unwrapped = 0
    while waiting and seen < _MAX_PARTS:
        one = waiting.pop()
        seen += 1
        subparts = one.subparts()
        media_type = _media_type(one.message)
        if media_type == "message/rfc822" or not subparts:
            part = _part(one)
            inner = _with_boundary(media_type, part) or _wrapped_mail(part)
            if inner is not None and one.depth < _MAX_DEPTH:
                waiting.append(replace(one, message=inner, depth=one.depth + 1))
                continue
            is_wrapped = unwrapped < _MAX_UNWRAPPED and _is_tnef(part)
            unwrapped += is_wrapped
            yield from _unwrapped(part) if is_wrapped else _with_files_apart(part)
        if subparts and one.depth < _MAX_DEPTH:
            inside = one.alternative if media_type != "multipart/alternative" else seen
            is_forwarded = one.is_forwarded or media_type == "message/rfc822"
            waiting += [_Waiting(sub, one.depth + 1, inside, is_forwarded) for sub in reversed(subparts)]


def subparts_of(message: RawMessage) -> list[RawMessage]:
    """Return the parts of a multipart; of anything else none.

    The payload of a leaf is not asked for: Python decodes it by the charset that the mail claims, and raises
    `ValueError` where that is no name at all.
    """
    payload = message.get_payload() if message.is_multipart() else []
    return [one for one in payload if isinstance(one, Message)]


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A part whose own parts were not looked at yet."""

    message: RawMessage
    depth: int = 0
    alternative: int = 0
    is_forwarded: bool = False

    def subparts(self) -> list[RawMessage]:
        is_report = self.message.get_content_type() == "message/delivery-status"
        return [] if is_report else subparts_of(self.message)


def _part(waiting: _Waiting) -> Part:
    part = waiting.message
    media_type = _text_type(_media_type(part))
    # A text that is the whole mail is what its author wrote, also where the program gave it a name.
    declared = str(part.get("Content-Type", "text/plain")).lower()
    is_text = waiting.depth == 0 and declared.startswith(("text/plain", "text/html"))
    return Part(
        media_type=media_type,
        charset=_charset(part),
        name="" if is_text else _name(part),
        is_attached=not is_text and _disposition(part) == "attachment",
        content=_content(part),
        flow=_flow(part),
        alternative=waiting.alternative,
        is_forwarded=waiting.is_forwarded,
    )


def _media_type(part: RawMessage) -> str:
    """Return the type, also where a parameter follows without a semicolon."""
    return part.get_content_type().split()[0]


def _text_type(media_type: str) -> str:
    """Return the type of a leaf: what claims to have parts and has none is text."""
    return "text/plain" if media_type.startswith("multipart/") else media_type


def _with_boundary(media_type: str, part: Part) -> RawMessage | None:
    """Return the parts of a multipart that does not name its boundary, which its first line is."""
    found = _FIRST_DELIMITER.match(part.content) if media_type.startswith("multipart/") else None
    if found is None or part.content.count(b"--" + found[1]) == 1:
        return None
    head = b'Content-Type: %s; boundary="%s"\n\n' % (media_type.encode("ascii", "replace"), found[1].rstrip())
    inner = _parsed(head + part.content.lstrip())
    return inner if inner is not None and inner.is_multipart() else None


def _wrapped_mail(part: Part) -> RawMessage | None:
    """Return what an opaque signature holds, or a mail that is attached as a file or encoded, else `None`."""
    if part.media_type in SIGNED_TYPES:
        content = signed_content(part.content)
        return _parsed(content) if content is not None else None
    is_saved = part.media_type == UNKNOWN_TYPE and part.name.casefold().endswith(".eml")
    encoded = part.content if is_saved else b""
    if part.media_type == "message/rfc822" and is_base64(part.content):
        encoded = _decoded(part.content)
    if _FIRST_HEADER.match(encoded) is None:
        return None
    return _parsed(b"Content-Type: message/rfc822\n\n" + encoded)


def _decoded(content: bytes) -> bytes:
    try:
        return b64decode(content)
    except ValueError:
        return b""


def _parsed(content: bytes) -> RawMessage | None:
    try:
        return parse(content)
    except ValueError:
        return None


def _is_tnef(part: Part) -> bool:
    return part.media_type in TNEF_TYPES or part.name.casefold() == "winmail.dat"


def _unwrapped(part: Part) -> Iterator[Part]:
    """Yield what Outlook's own format holds; a damaged part as it is."""
    unwrapped = read_tnef(part.content)
    if unwrapped is None:
        yield part
        return
    text, files = unwrapped
    if text:
        content = text.encode()
        yield replace(
            part, media_type="text/plain", charset="utf-8", name="", is_attached=False, content=content
        )
    for name, content in files:
        yield _file(part, name, content)


def _with_files_apart(part: Part) -> Iterator[Part]:
    """Yield the part; behind a text, the files that stood in it."""
    if part.media_type != "text/plain" or part.is_attached or part.name:
        yield part
        return
    text, files = without_files(part.content)
    yield replace(part, content=text)
    for name, content in files:
        yield _file(part, decode_bytes(name, part.charset), content)


def _file(part: Part, name: str, content: bytes) -> Part:
    return replace(part, media_type=UNKNOWN_TYPE, charset=None, name=name, is_attached=True, content=content)


def _content(part: RawMessage) -> bytes:
    encoding = str(part.get("Content-Transfer-Encoding", ""))[:100].lower()
    plain = _ENCODINGS.get(re.sub(r"[^a-z0-9]", "", encoding), encoding)
    if plain != encoding:
        part.replace_header("Content-Transfer-Encoding", plain)
    try:
        if part.is_multipart():
            return b"\n".join(one.as_bytes() for one in subparts_of(part))
        payload = part.get_payload(decode=True)
        if plain == "base64" and isinstance(payload, bytes):
            written = str(part.get_payload()).encode("utf-8", "surrogateescape")
            is_damaged = any(isinstance(defect, InvalidBase64LengthDefect) for defect in part.defects)
            payload = content_of(written, payload, is_damaged=is_damaged)
    except (ValueError, LookupError, RecursionError, TypeError, AttributeError):
        return b""
    return payload if isinstance(payload, bytes) else b""


def _charset(part: RawMessage) -> str | None:
    try:
        named = part.get_content_charset()
    except (ValueError, LookupError, TypeError):
        return None
    odd = _ODD_CHARSET.search(str(part.get("Content-Type", ""))[:500]) if named is None else None
    return odd[1] if odd is not None else named


def _flow(part: RawMessage) -> str:
    if _parameter(part, "format") != "flowed":
        return ""
    return "delsp" if _parameter(part, "delsp") == "yes" else "flowed"


def _parameter(part: RawMessage, name: str) -> str:
    try:
        return str(part.get_param(name, "")).casefold()
    except (ValueError, LookupError, TypeError):
        return ""


def _name(part: RawMessage) -> str:
    try:
        return decoded(" ".join(as_text((part.get_filename() or "")[:500]).split()))
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
