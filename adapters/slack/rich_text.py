"""rich_text blocks. Whatever stands in a text node is shown as it is: nothing in it is ever live."""

from collections.abc import Iterable, Sequence
from typing import Any

from adapters.slack.escaping import is_user_id, safe_url, strip_control, who
from adapters.slack.message_hash import Block

Node = dict[str, Any]


def words(text: str, *, bold: bool = False, italic: bool = False) -> Node:
    """A run of text."""
    style = {name: True for name, on in (("bold", bold), ("italic", italic)) if on}
    node: Node = {"type": "text", "text": strip_control(text)}
    return {**node, "style": style} if style else node


def anchor(url: str | None, label: str) -> Node:
    """A link; only its label where the address is none."""
    address = safe_url(url)
    return (
        words(label)
        if address is None
        else {"type": "link", "url": address, "text": strip_control(label) or address}
    )


def person(user: str) -> Node:
    """A Slack user; the bot's name where nobody acted."""
    return {"type": "user", "user_id": user} if is_user_id(user) else words(who(user))


def dotted(parts: Iterable[Sequence[Node]]) -> list[Node]:
    """The parts with " · " between them; empty ones are left out."""
    line: list[Node] = []
    for part in parts:
        if part:
            line += [words(" · "), *part] if line else part
    return line


def section(nodes: Sequence[Node]) -> Node:
    """A paragraph."""
    return {"type": "rich_text_section", "elements": _filled(nodes)}


def quote(text: str) -> Node:
    """Somebody's words, set off by a bar."""
    return {
        "type": "rich_text_quote",
        "elements": [words(text if strip_control(text).strip() else "(no text)")],
    }


def bullets(items: Sequence[Sequence[Node]]) -> Node:
    """A list."""
    return {"type": "rich_text_list", "style": "bullet", "elements": [section(item) for item in items]}


def rich_text(*parts: Node) -> Block:
    """The block."""
    return {"type": "rich_text", "elements": list(parts)}


def _filled(nodes: Sequence[Node]) -> list[Node]:
    """Slack refuses an empty text node."""
    return [node for node in nodes if node["type"] != "text" or node["text"]] or [words(" ")]
