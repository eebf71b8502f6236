"""Convert the HTML of a mail to plain text, with what is quoted in it marked by ">" as in plain mail."""

import re
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bs4 import BeautifulSoup
    from bs4.element import PageElement, Tag

MAX_HTML_LENGTH = 150_000  # characters of HTML that are read
#: Beyond these, tags are only cut out: the HTML parser takes more than linear time.
_MAX_TAGS = 3_000
_MAX_UNCLOSED = 100
_MAX_QUOTE_DEPTH = 5
_TAG = re.compile(r"<[^<>]{0,1000}>")
_HIDDEN_TAG = re.compile(r"<(/?)(style|script|title|template)\b", re.IGNORECASE)
_HIDDEN = (
    "script, style, head, title, template, [hidden], [style*='display:none'], [style*='display: none'], "
    "[style*='visibility:hidden'], [style*='visibility: hidden']"
)
#: What mail programs put their own line into, below what is written: a paragraph of its own.
_SIGNATURES = (
    "#ms-outlook-mobile-signature, .protonmail_signature_block-proton, .gmail_signature, [id*='_signature'], "
    "#AppleMailSignature"
)
#: What mail programs put a quoted mail into; `blockquote` is most of them.
_QUOTES = "blockquote, .yahoo_quoted, .protonmail_quote, .tutanota_quote, [name='quote']"
#: Where Outlook begins a quoted mail: its heading and all that follows are the quote.
_OUTLOOK = "#divRplyFwdMsg, #mail-editor-reference-message-container, .ms-outlook-mobile-reference-message"
#: How programs indent what somebody writes: no quote, which has a bar at its side.
_INDENTED = re.compile(r"border(?:-left)?(?:-style|-width)?:\s*(?:none|0)", re.IGNORECASE)
_MAX_STYLE_LENGTH = 1_000
_MAX_EMOJI_LENGTH = 12  # characters of the text that stands for a picture
_GAP = "\ue000"  # a character of nobody's, for an empty line
_CELL_TAGS = frozenset({"td", "th"})
_BLOCK_TAGS = frozenset(
    [
        "br",
        "p",
        "div",
        "li",
        "tr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "pre",
        "table",
        "ul",
        "ol",
        "hr",
        "blockquote",
        "section",
        "article",
        "header",
        "footer",
    ]
)


def text_of_html(html: str) -> str:
    """Convert HTML to plain text. Nothing in it is followed, loaded or run."""
    # Here and below, not above: the parser takes 20 ms of each start, and few mails come in the first second.
    from bs4 import BeautifulSoup

    if len(html) > MAX_HTML_LENGTH:
        html = "".join(_outside_of_hidden(html))[:MAX_HTML_LENGTH]  # styles may be longer than the words
    if html.count("<") > min(_MAX_TAGS, html.count(">") + _MAX_UNCLOSED):
        shown = _TAG.sub(" ", "".join(_outside_of_hidden(html)))
        return "\n".join(" ".join(line.split()) for line in shown.split("\n") if line.strip())
    page = BeautifulSoup(html, "html.parser")
    for hidden in page.select(_HIDDEN):
        hidden.decompose()
    for picture in page.select("img[alt]"):
        if _is_emoji(shown := str(picture.get("alt", "")).strip()):
            picture.replace_with(shown)
    joined = ((depth, " ".join("".join(pieces).split())) for depth, pieces in _lines(page))
    return "\n".join(_line(depth, text) for depth, text in joined if text).strip()


def _lines(page: "BeautifulSoup") -> list[tuple[int, list[str]]]:
    """Return the lines of text, each with its depth in quotes and its pieces."""
    from bs4.element import Tag

    lines: list[tuple[int, list[str]]] = [(0, [])]
    depths = _quote_depths(page)
    own_paragraphs = {id(tag) for tag in page.select(_SIGNATURES)}
    laid_out: set[int] = set()  # tags within which line ends count
    for node in page.descendants:
        depth = depths.get(id(node.parent), 0)
        if isinstance(node.previous_sibling, Tag) and node.previous_sibling.name in _BLOCK_TAGS:
            lines.append((depth, []))  # what follows the end of a block
        if not isinstance(node, Tag):
            _add_text(lines, depth, _texts_of(node, is_laid_out=id(node.parent) in laid_out))
            continue
        if id(node) in own_paragraphs:
            lines += [(depth, [_GAP]), (depth, [])]
        if node.name == "pre" or id(node.parent) in laid_out:
            laid_out.add(id(node))
        if node.name in _BLOCK_TAGS:
            lines.append((depths.get(id(node), depth), []))
        elif node.name in _CELL_TAGS:
            lines[-1][1].append(" ")
    return lines


def _add_text(lines: list[tuple[int, list[str]]], depth: int, texts: list[str]) -> None:
    """Add to the last line, and begin a new one where the text has several or stands in another quote."""
    for number, text in enumerate(texts):
        if number or (text and depth != lines[-1][0]):
            lines.append((depth, []))
        lines[-1][1].append(text)


def _outside_of_hidden(html: str) -> Iterator[str]:
    """Yield what stands outside of styles and scripts, in linear time."""
    at, hidden = 0, ""
    for tag in _HIDDEN_TAG.finditer(html):
        name = tag[2].lower()
        if not hidden and not tag[1]:
            yield html[at : tag.start()]
            hidden = name
        elif hidden == name and tag[1]:
            at, hidden = tag.start(), ""
    if not hidden:
        yield html[at:]


def _quote_depths(page: "BeautifulSoup") -> dict[int, int]:
    """Return how deep in quotes each tag stands, by its identity; parents come before their children."""
    quotes = {id(tag) for tag in page.select(_QUOTES) if not _is_indented(tag)}
    for beginning in page.select(_OUTLOOK):
        quotes |= {id(tag) for tag in (beginning, *beginning.find_next_siblings())}
    depths: dict[int, int] = {}
    for tag in page.find_all(True):
        outer = depths.get(id(tag.parent), 0)
        depths[id(tag)] = min(outer + (id(tag) in quotes), _MAX_QUOTE_DEPTH)
    return depths


def _is_indented(tag: "Tag") -> bool:
    """Return whether a block is only indented, by the style that Gmail and Apple give it."""
    has_mark = any(tag.get(name) for name in ("type", "cite", "class", "name", "id"))
    return not has_mark and _INDENTED.search(str(tag.get("style", ""))[:_MAX_STYLE_LENGTH]) is not None


def _is_emoji(text: str) -> bool:
    """Return whether a picture stands for an emoji, as in mails of phones."""
    return (
        0 < len(text) <= _MAX_EMOJI_LENGTH and any(map(_is_symbol, text)) and not any(map(str.isalnum, text))
    )


def _is_symbol(character: str) -> bool:
    return unicodedata.category(character) == "So"


def _line(depth: int, text: str) -> str:
    if text == _GAP:
        return ""
    return f"{'>' * depth} {text}" if depth else text


def _texts_of(node: "PageElement", *, is_laid_out: bool) -> list[str]:
    """Return the text of a node, in its own lines where it is laid out already."""
    from bs4.element import NavigableString, PreformattedString

    if isinstance(node, PreformattedString) or not isinstance(node, NavigableString):
        return []  # comments and declarations
    text = str(node).replace(_GAP, "")
    lines = text.split("\n") if is_laid_out else [text]
    return [re.sub(r"\s+", " ", line) for line in lines]
