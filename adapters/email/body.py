"""What a customer's mail holds: its text, and the files that came with it."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

import puremagic
from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, PreformattedString, Tag

from adapters.email.headers import decode_bytes
from adapters.email.mime import Part
from domain.cases.files import ALLOWED_TYPES, MAX_FILES, rejection_reason
from domain.intake.private_messages import IncomingFile

_LONGEST_HTML = 150_000  # characters of HTML that are read
#: Beyond these it is not read as HTML: the parser takes more than linear time.
_MOST_TAGS = 3_000
_MOST_OPEN = 100
_TAG = re.compile(r"<[^<>]{0,1000}>")
_LONGEST_NAME = 100
_UNKNOWN = "application/octet-stream"
#: Parts that prove or frame the rest, and are nothing to look at.
_TRIMMINGS = frozenset(
    {
        "application/pgp-encrypted",
        "application/pgp-signature",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
    }
)
_TEXTS = frozenset({"text/plain", "text/html"})
_QUOTES = "blockquote, .gmail_quote, .yahoo_quoted, #divRplyFwdMsg, #appendonsend ~ *, .moz-cite-prefix"
_BREAKING = frozenset(
    ["br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "table", "ul", "ol"]
)


def text_of(parts: Sequence[Part]) -> str:
    """The mail's text; where it is HTML only, the text of that without what it quotes."""
    plain = [_text(part) for part in parts if _is_text(part, "text/plain")]
    told = "\n\n".join(text for text in plain if text.strip())
    if told:
        return told
    html = next((_text(part) for part in parts if _is_text(part, "text/html")), "")
    return text_of_html(html)


def text_of_html(html: str) -> str:
    """HTML as plain text: nothing in it is followed, loaded or run."""
    html = html[:_LONGEST_HTML]
    if html.count("<") > min(_MOST_TAGS, html.count(">") + _MOST_OPEN):
        return "\n".join(" ".join(line.split()) for line in _TAG.sub(" ", html).split("\n") if line.strip())
    page = BeautifulSoup(html, "html.parser")
    for gone in page.select("script, style, head, title, template"):
        gone.decompose()
    whole = _lines(page)
    for quote in page.select(_QUOTES):
        quote.decompose()
    return _lines(page) or whole


def files_of(parts: Sequence[Part], *, is_whole: bool) -> list[IncomingFile]:
    """The files, those that cannot be taken with the reason. `is_whole` is false where only the beginning of the mail was fetched."""
    found = [part for part in parts if _is_file(part)]
    return [_file(part, number, is_whole=is_whole) for number, part in enumerate(found, start=1)]


def media_type_of(content: bytes) -> str:
    """What the content shows itself to be."""
    try:
        return str(puremagic.from_string(content, mime=True)) or _UNKNOWN
    except (puremagic.PureError, ValueError):
        return _UNKNOWN


def _file(part: Part, number: int, *, is_whole: bool) -> IncomingFile:
    media_type = media_type_of(part.content)
    refused = rejection_reason(media_type, len(part.content))
    if not is_whole:
        refused = "the mail is too large, so its files were not fetched"
    elif number > MAX_FILES:
        refused = f"it came with more than {MAX_FILES} files"
    return IncomingFile(
        name=_name(part.name, media_type, number),
        media_type=media_type,
        content=b"" if refused else part.content,
        refused=refused,
    )


def _name(given: str, media_type: str, number: int) -> str:
    """The file's name without the folders before it, ending as its content says."""
    name = PurePosixPath(given.replace("\\", "/")).name.strip(". ") or f"file-{number}"
    ending = ALLOWED_TYPES.get(media_type)
    if ending is None or name.lower().endswith((ending, ".jpeg")):
        return name[-_LONGEST_NAME:]
    return name[: _LONGEST_NAME - len(ending)] + ending


def _is_file(part: Part) -> bool:
    if part.media_type in _TRIMMINGS:
        return False
    return part.is_attached or bool(part.name) or part.media_type not in _TEXTS


def _is_text(part: Part, media_type: str) -> bool:
    return part.media_type == media_type and not _is_file(part)


def _text(part: Part) -> str:
    return decode_bytes(part.content[: 4 * _LONGEST_HTML], part.charset)


def _lines(page: BeautifulSoup) -> str:
    pieces = [_piece(node) for node in page.descendants]
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def _piece(node: PageElement) -> str:
    if isinstance(node, Tag):
        return "\n" if node.name in _BREAKING else ""
    if isinstance(node, PreformattedString) or not isinstance(node, NavigableString):
        return ""  # comments and declarations
    return re.sub(r"\s+", " ", str(node))
