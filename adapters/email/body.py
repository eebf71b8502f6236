"""Extract the text and the attached files of a customer's mail."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, PreformattedString, Tag

from adapters.email.headers import decode_bytes
from adapters.email.mime import Part
from adapters.media_types import media_type_of
from domain.cases.files import ALLOWED_TYPES, MAX_FILES, FileFault, file_fault
from domain.intake.private_messages import IncomingFile

_MAX_HTML_LENGTH = 150_000  # characters of HTML that are read
#: Beyond these, tags are only cut out: the HTML parser takes more than linear time.
_MAX_TAGS = 3_000
_MAX_UNCLOSED = 100
_TAG = re.compile(r"<[^<>]{0,1000}>")
_MAX_NAME_LENGTH = 100
#: Signatures and encryption control parts: not files that a person would open.
_NON_CONTENT_TYPES = frozenset(
    {
        "application/pgp-encrypted",
        "application/pgp-signature",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
    }
)
_TEXT_TYPES = frozenset({"text/plain", "text/html"})
_QUOTES = "blockquote, .gmail_quote, .yahoo_quoted, #divRplyFwdMsg, #appendonsend ~ *, .moz-cite-prefix"
_BLOCK_TAGS = frozenset(
    ["br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "table", "ul", "ol"]
)


def text_of(parts: Sequence[Part]) -> str:
    """Return the mail's plain text; of a mail that is HTML only, the text of that without its quotes."""
    plain = [_decoded(part) for part in parts if _is_text(part, "text/plain")]
    joined = "\n\n".join(text for text in plain if text.strip())
    if joined:
        return joined
    html = next((_decoded(part) for part in parts if _is_text(part, "text/html")), "")
    return text_of_html(html)


def text_of_html(html: str) -> str:
    """Convert HTML to plain text. Nothing in it is followed, loaded or run."""
    html = html[:_MAX_HTML_LENGTH]
    if html.count("<") > min(_MAX_TAGS, html.count(">") + _MAX_UNCLOSED):
        return "\n".join(" ".join(line.split()) for line in _TAG.sub(" ", html).split("\n") if line.strip())
    page = BeautifulSoup(html, "html.parser")
    for hidden in page.select("script, style, head, title, template"):
        hidden.decompose()
    whole = _page_text(page)
    for quote in page.select(_QUOTES):
        quote.decompose()
    return _page_text(page) or whole


def files_of(parts: Sequence[Part], *, is_whole: bool) -> list[IncomingFile]:
    """Return the attached files; those that are refused have the reason and no content.

    `is_whole` is false where only the beginning of the mail was fetched: then all of them are refused. At
    most `domain.cases.files.MAX_FILES` files pass.
    """
    found = [part for part in parts if _is_file(part)]
    return [_file(part, number, is_whole=is_whole) for number, part in enumerate(found, start=1)]


def _file(part: Part, number: int, *, is_whole: bool) -> IncomingFile:
    media_type = media_type_of(part.content)
    refused: FileFault | str | None = file_fault(media_type, len(part.content))
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
    """Return the file name without folders, with the extension that the content's type has."""
    name = PurePosixPath(given.replace("\\", "/")).name.strip(". ") or f"file-{number}"
    ending = ALLOWED_TYPES.get(media_type)
    if ending is None or name.lower().endswith((ending, ".jpeg")):
        return name[-_MAX_NAME_LENGTH:]
    return name[: _MAX_NAME_LENGTH - len(ending)] + ending


def _is_file(part: Part) -> bool:
    if part.media_type in _NON_CONTENT_TYPES:
        return False
    return part.is_attached or bool(part.name) or part.media_type not in _TEXT_TYPES


def _is_text(part: Part, media_type: str) -> bool:
    return part.media_type == media_type and not _is_file(part)


def _decoded(part: Part) -> str:
    return decode_bytes(part.content[: 4 * _MAX_HTML_LENGTH], part.charset)


def _page_text(page: BeautifulSoup) -> str:
    pieces = [_node_text(node) for node in page.descendants]
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def _node_text(node: PageElement) -> str:
    if isinstance(node, Tag):
        return "\n" if node.name in _BLOCK_TAGS else ""
    if isinstance(node, PreformattedString) or not isinstance(node, NavigableString):
        return ""  # comments and declarations
    return re.sub(r"\s+", " ", str(node))
