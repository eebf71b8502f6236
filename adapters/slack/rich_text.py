"""Build rich_text blocks. Their text nodes are shown literally, so untrusted text is safe in them.

Where a block takes no rich_text, such as a section with a button, `to_mrkdwn` renders the same nodes.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from adapters.slack.escaping import actor_name, escape, is_user_id, link, mention, safe_url, strip_control
from adapters.slack.message_content import Block

_GROUP_ID = re.compile(r"S[A-Z0-9]{5,}")
Node = dict[str, Any]
_MARKS = {"bold": "*", "italic": "_"}


def text_node(text: str, *, bold: bool = False, italic: bool = False) -> Node:
    """Build a text element."""
    style = {name: True for name, on in (("bold", bold), ("italic", italic)) if on}
    node: Node = {"type": "text", "text": strip_control(text)}
    return {**node, "style": style} if style else node


def link_node(url: str | None, label: str) -> Node:
    """Build a link element; only its label as text if the URL is unsafe or missing."""
    address = safe_url(url)
    return (
        text_node(label)
        if address is None
        else {"type": "link", "url": address, "text": strip_control(label) or address}
    )


def user_node(user: str, *, bold: bool = False) -> Node:
    """Build a user element; the actor's name as text if it is no Slack user."""
    if not is_user_id(user):
        return text_node(actor_name(user), bold=bold)
    node: Node = {"type": "user", "user_id": user}
    return {**node, "style": {"bold": True}} if bold else node


def group_node(group: str) -> Node:
    """Build a user group element, which mentions its members; its id as text if it is none."""
    return {"type": "usergroup", "usergroup_id": group} if _GROUP_ID.fullmatch(group) else text_node(group)


def join_dotted(parts: Iterable[Sequence[Node]], *, separator: str = " · ") -> list[Node]:
    """Join the parts with the separator, skipping empty ones."""
    line: list[Node] = []
    for part in parts:
        if part:
            line += [text_node(separator), *part] if line else part
    return line


def to_mrkdwn(nodes: Sequence[Node]) -> str:
    """Render nodes of text, links, people and times as mrkdwn, every text escaped."""
    return "".join(map(_node_mrkdwn, nodes))


def _node_mrkdwn(node: Node) -> str:
    match node["type"]:
        case "link":
            text = link(node["url"], node["text"])
        case "user":
            text = mention(node["user_id"])
        case "usergroup":
            text = f"<!subteam^{node['usergroup_id']}>"
        case "date":
            text = f"<!date^{node['timestamp']}^{node['format']}|{escape(node['fallback'])}>"
        case _:
            text = escape(node["text"])
    marks = "".join(_MARKS[style] for style in node.get("style", {}))
    words = text.strip()
    # Slack takes a mark beside a space for a character.
    return text.replace(words, f"{marks}{words}{marks[::-1]}", 1) if marks and words else text


def section(nodes: Sequence[Node]) -> Node:
    """Build a section element."""
    return {"type": "rich_text_section", "elements": _without_empty_text(nodes)}


def quote(text: str) -> Node:
    """Build a quote element."""
    return quote_nodes([text_node(text)] if strip_control(text).strip() else [])


def quote_nodes(nodes: Sequence[Node]) -> Node:
    """Build a quote element of nodes; "(no text)" if there are none."""
    return {"type": "rich_text_quote", "elements": list(nodes) or [text_node("(no text)")]}


def bullets(items: Sequence[Sequence[Node]]) -> Node:
    """Build a bullet list."""
    return {"type": "rich_text_list", "style": "bullet", "elements": [section(item) for item in items]}


def rich_text(*parts: Node) -> Block:
    """Build the block."""
    return {"type": "rich_text", "elements": list(parts)}


def _without_empty_text(nodes: Sequence[Node]) -> list[Node]:
    """Drop empty text elements, which Slack refuses."""
    return [node for node in nodes if node["type"] != "text" or node["text"]] or [text_node(" ")]
