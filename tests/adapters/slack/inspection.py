"""Check invariants of all that is sent to Slack: valid, within limits, no live markup of others."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.slack.block_kit import message_problems, text_length, view_problems
from sandbox.slack.block_kit.walk import elements

NBSP = "\N{NO-BREAK SPACE}"
MESSAGE_TEXT = 4000
ALL_TEXT = 12_000

_TOKEN = re.compile(r"<([^<>]*)>")
_DATE = re.compile(r"!date\^\d+\^[^|]+\|\d{4}-\d\d-\d\d \d\d:\d\d UTC")
#: Marks of `strategies.HOSTILE` that would be formatted.
_FORMATTED = re.compile(r"\*bold\*|_it_|~no~|`code`|```block|:fire:|^&gt; quoted", re.MULTILINE)
_ADDRESS = re.compile(r"<https?://[^|\s<>]+\|")
_LINK = re.compile(r"https?://[^|\s<>]+\|[^<>]+")
#: A person or a channel.
_PERSON = re.compile(r"@([UW][A-Z0-9]+)|#(C[A-Z0-9]+)")
_OVERRIDES = re.compile("[\u202a-\u202e\u2066\u2067\ud800-\udfff\x00-\x08\x0b-\x1f\x7f]")
_INERT_NODES = frozenset({"text", "link", "date"})
#: Slack's menus outside of inputs are so narrow that it cuts a longer one.
MAX_PLACEHOLDER = 22


def check_message(content: Mapping[str, Any], *, people: frozenset[str] = frozenset()) -> None:
    """Fail if Slack would refuse the message, or if it mentions anybody or any channel but `people`."""
    assert message_problems(content["blocks"]) == []
    assert text_length(content["blocks"]) <= ALL_TEXT
    assert 0 < len(content["text"]) <= MESSAGE_TEXT
    _check_live(content["text"], people)
    _check_blocks(content["blocks"], people)


def check_view(view: Mapping[str, Any], *, people: frozenset[str] = frozenset()) -> None:
    """Fail if Slack would refuse the modal or Home, or if it mentions anybody or any channel but `people`."""
    assert view_problems(view) == []
    _check_blocks(view["blocks"], people)


def said(content: Mapping[str, Any]) -> str:
    """Return all text shown, in reading order; dates as their templates, people as their ids.

    Spaces at which no line ends are plain ones.
    """
    return breakable("".join(_said(content["blocks"])))


def breakable(text: str) -> str:
    """Return a text with plain spaces for those at which no line ends."""
    return text.replace(NBSP, " ")


def labels(content: Mapping[str, Any]) -> list[str]:
    """Return the labels of buttons and menus, in order."""
    shown: list[str] = []
    for _block, element in elements(list(content["blocks"])):
        if "text" in element:
            shown.append(element["text"]["text"])
        shown += [option["text"]["text"] for option in element.get("options", [])]
    return shown


def action_ids(content: Mapping[str, Any]) -> set[str]:
    """Return the action ids it may send back."""
    return {element["action_id"] for _block, element in elements(list(content["blocks"]))}


def _check_live(mrkdwn: str, people: frozenset[str]) -> None:
    for token in _TOKEN.findall(mrkdwn):
        person = _PERSON.fullmatch(token)
        known = person is not None and (person[1] or person[2]) in people
        assert known or _DATE.fullmatch(token) or _LINK.fullmatch(token), token
    assert not _FORMATTED.search(_ADDRESS.sub("<", mrkdwn)), mrkdwn
    rest = _TOKEN.sub("", mrkdwn)
    assert "<" not in rest
    assert ">" not in rest


def _check_blocks(blocks: list[dict[str, Any]], people: frozenset[str]) -> None:
    for node in _nodes(blocks):
        kind, text = node.get("type"), node.get("text")
        if isinstance(text, str):
            assert not _OVERRIDES.search(text)
        if kind == "mrkdwn":
            assert node["verbatim"] is True
            _check_live(str(text), people)
    for block in blocks:
        if block["type"] == "rich_text":
            _check_rich(block, people)
        if block["type"] in {"actions", "section"}:
            for node in _nodes([block]):
                if str(node.get("type")).endswith("_select"):
                    assert len(node["placeholder"]["text"]) <= MAX_PLACEHOLDER, node["placeholder"]


def _check_rich(block: dict[str, Any], people: frozenset[str]) -> None:
    for node in _nodes(block["elements"]):
        kind = str(node.get("type"))
        if kind.startswith("rich_text_"):
            continue
        assert kind in _INERT_NODES or (kind == "user" and node["user_id"] in people), node
        if kind == "link":
            assert re.fullmatch(r"https?://[^|\s<>]+", node["url"], re.IGNORECASE)


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - JSON
    if isinstance(tree, list):
        for one in tree:
            yield from _nodes(one)
    elif isinstance(tree, dict):
        if "type" in tree:
            yield tree
        for one in tree.values():
            if isinstance(one, list | dict):
                yield from _nodes(one)


def _said(tree: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    for node in _nodes(tree):
        if node["type"] == "user":
            yield f"<@{node['user_id']}>"
        elif node["type"] == "date":
            yield node["format"]
        elif isinstance(node.get("text"), str):
            yield node["text"]
        if node["type"] in {"section", "context", "actions", "rich_text_section", "rich_text_quote"}:
            yield "\n"
