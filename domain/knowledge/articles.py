"""Define help articles, and split their text into passages that can be compared with a message."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_PASSAGE_LENGTH = 600

_HEADING = re.compile(r"^#{1,6}[ \t]+(.+)$", re.MULTILINE)
_MARKUP = re.compile(r"!?\[([^\[\]\n]*)\]\([^)\n]{0,1000}\)|[*_`>|#]+|<[^>\n]{1,200}>")
_PARAGRAPH_END = re.compile(r"\n[ \t]*\n")
_SENTENCE_END = re.compile(r"(?<=[.!?。！？])\s+|\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A help article: its file's name, its title, its public address, and the passages of its text."""

    name: str
    title: str
    url: str
    passages: tuple[str, ...]


def title_of(markdown: str) -> str:
    """Return the first heading of a text; empty where it has none."""
    heading = _HEADING.search(markdown)
    return _plain(heading.group(1)) if heading else ""


def passages_of(markdown: str) -> tuple[str, ...]:
    """Split a text into passages of at most `MAX_PASSAGE_LENGTH` characters, each with its heading."""
    return tuple(
        f"{heading}. {passage}" if heading else passage
        for heading, body in _sections(markdown)
        for passage in _passages(body)
    )


def _sections(markdown: str) -> Iterator[tuple[str, str]]:
    headings = list(_HEADING.finditer(markdown))
    yield "", markdown[: headings[0].start() if headings else len(markdown)]
    ends = [*(heading.start() for heading in headings[1:]), len(markdown)]
    for heading, end in zip(headings, ends, strict=False):
        yield _plain(heading.group(1)), markdown[heading.end() : end]


def _passages(body: str) -> Iterator[str]:
    """Join paragraphs, and where one is too long its sentences, up to the greatest length."""
    passage = ""
    for piece in _pieces(body):
        if passage and len(passage) + 1 + len(piece) > MAX_PASSAGE_LENGTH:
            yield passage
            passage = ""
        passage = f"{passage} {piece}".strip()
    if passage:
        yield passage


def _pieces(body: str) -> Iterator[str]:
    for paragraph in _PARAGRAPH_END.split(body):
        text = _plain(paragraph)
        for sentence in [text] if len(text) <= MAX_PASSAGE_LENGTH else _SENTENCE_END.split(text):
            for start in range(0, len(sentence), MAX_PASSAGE_LENGTH):
                yield sentence[start : start + MAX_PASSAGE_LENGTH]


def _plain(markdown: str) -> str:
    """Remove the markup; of links, their text stays."""
    return " ".join(_MARKUP.sub(lambda found: found.group(1) or "", markdown).split())
