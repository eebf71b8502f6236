"""Turn the plain text of an issue into what a tracker shows, so that nothing in it is interpreted.

What a customer wrote must not mention anybody, refer to another issue, or become a link.
"""

import re
from collections.abc import Iterator
from itertools import groupby

THREAD = "The conversation in Slack"
_GAP = "\u200b"  # a zero-width space
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_MENTION = re.compile(r"@(?=[\w\[])")
_REFERENCE = re.compile(r"#(?=\d)|\b[A-Z][A-Z0-9]{1,9}-(?=\d)")
#: A name of a picture, as GitHub and Linear draw it; "10:30:45" is none.
_EMOJI = re.compile(r":(?=(?:[a-z0-9_+-]*[a-z][a-z0-9_+-]*|100|1234|[+-]1):)", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s<>\"'`]+", re.IGNORECASE)
_LINK = re.compile(r"(?:(?<=:)(?=//))|(?:(?<=\bwww)(?=\.))", re.IGNORECASE)
_MARKUP = re.compile(r"([\\`*_{}\[\]()|~!#<>$])")
_LINE_MARKUP = re.compile(r"^(\s*)([-+=:]|\d+(?=[.)]))")
_DASHES = re.compile(r"^(\s*\d+)\\?([.)])")


def one_line(text: str, limit: int) -> str:
    """Return a title: one line without control characters, at most `limit` characters."""
    line = " ".join(_CONTROL.sub(" ", text).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def unmentioned(text: str) -> str:
    """Break what a tracker takes for a mention of a person or another issue, or for an emoji, invisibly."""
    text = _EMOJI.sub(":" + _GAP, _MENTION.sub("@" + _GAP, text))
    return _REFERENCE.sub(lambda found: found[0] + _GAP, text)


def unlinked(text: str) -> str:
    """Break addresses, so that they are read but not followed."""
    return _LINK.sub(_GAP, text)


def paragraphs(text: str) -> Iterator[tuple[bool, list[str]]]:
    """Iterate over the runs of lines that are quoted, or not; the mark is taken off."""
    lines = [line.rstrip() for line in _CONTROL.sub("", text.replace("\r\n", "\n")).strip().split("\n")]
    for quoted, run in groupby(lines, key=lambda line: line.startswith(">")):
        yield quoted, [line[1:].removeprefix(" ") if quoted else line for line in run]


def markdown(text: str, *, thread_url: str | None) -> str:
    """Return the description in Markdown (GitHub's and Linear's), in which only quotes are formatted."""
    parts = []
    for quoted, lines in paragraphs(text):
        if quoted:
            parts.append("\n".join(f"> {_escaped(unlinked(line))}" for line in lines))
        else:
            parts.append("\n".join(_with_links(line) for line in lines).strip("\n"))
    if thread_url is not None:
        parts.append(f"[{THREAD}]({thread_url})")
    return "\n\n".join(part for part in parts if part)


def document(text: str, *, thread_url: str | None) -> dict[str, object]:
    """Return the description as a document in Atlassian's format (ADF), whose text is never interpreted."""
    content: list[dict[str, object]] = []
    for quoted, lines in paragraphs(text):
        if quoted:
            inner = [_paragraph([_text_node(unlinked(line))]) for line in lines if line]
            content += [{"type": "blockquote", "content": inner}] if inner else []
        else:
            content += [_paragraph(list(_link_nodes(line))) for line in lines if line]
    if thread_url is not None:
        content.append(_paragraph([_text_node(THREAD, link=thread_url)]))
    return {"type": "doc", "version": 1, "content": content or [_paragraph([])]}


def _escaped(line: str) -> str:
    escaped = _MARKUP.sub(r"\\\1", unmentioned(line).replace("&", "&amp;"))
    return _DASHES.sub(r"\1\\\2", _LINE_MARKUP.sub(_escape_first, escaped))


def _escape_first(found: re.Match[str]) -> str:
    return found[0] if found[2].isdigit() else f"{found[1]}\\{found[2]}"


def _with_links(line: str) -> str:
    """Escape a line of ours and leave its addresses as they are."""
    parts, last = [], 0
    for found in _ADDRESS.finditer(line):
        parts += [_escaped(line[last : found.start()]), f"<{found[0]}>"]
        last = found.end()
    return "".join([*parts, _escaped(line[last:])])


def _link_nodes(line: str) -> Iterator[dict[str, object]]:
    last = 0
    for found in _ADDRESS.finditer(line):
        if line[last : found.start()]:
            yield _text_node(line[last : found.start()])
        yield _text_node(found[0], link=found[0])
        last = found.end()
    if line[last:]:
        yield _text_node(line[last:])


def _text_node(text: str, *, link: str | None = None) -> dict[str, object]:
    node: dict[str, object] = {"type": "text", "text": text}
    return node if link is None else {**node, "marks": [{"type": "link", "attrs": {"href": link}}]}


def _paragraph(content: list[dict[str, object]]) -> dict[str, object]:
    return {"type": "paragraph", "content": content}
