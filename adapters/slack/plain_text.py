"""Convert Slack messages to plain text for customers: no escapes, ids or Slack markup.

Slack's editor sends a rich_text block, which types every part; a message posted by the Web API may have only
its text (docs.slack.dev, rich text block; formatting text for app surfaces).
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.slack.escaping import strip_control, unescape
from domain.cases.files import MAX_FILES

_TOKEN = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_EMPTY_LINES = re.compile(r"\n{3,}")
_CODE_POINT = re.compile(r"[0-9a-fA-F]{2,6}")
_MAX_NODES = 2000


@dataclass(frozen=True, slots=True)
class BotMention:
    """An `app_mention` event."""

    event: Mapping[str, Any]
    bot_user_id: str

    @property
    def people(self) -> list[str]:
        """The ids of the other users that it mentions, whose names `text` needs."""
        ids = [node.get("user_id") for node in _all_nodes(self._blocks) if node.get("type") == "user"]
        ids += [target for sigil, target, _ in _TOKEN.findall(self._text) if sigil == "@"]
        return sorted({item for item in ids if isinstance(item, str) and item != self.bot_user_id})

    @property
    def is_addressed(self) -> bool:
        """Whether it begins with the bot's name. One that merely mentions the bot is for colleagues."""
        if not self._blocks:
            first = _TOKEN.match(self._text.lstrip())
            return first is not None and first.group(1, 2) == ("@", self.bot_user_id)
        for part in (part for block in self._blocks for part in _child_nodes(block)):
            for node in _child_nodes(part):
                if node.get("type") == "text" and not str(node.get("text") or "").strip():
                    continue
                return node.get("type") == "user" and node.get("user_id") == self.bot_user_id
        return False

    def text(self, names: Mapping[str, str]) -> str:
        """Return the plain text, with `names` for user ids and without the bot's name anywhere."""
        names = {**names, self.bot_user_id: ""}
        text = _blocks_to_text(self._blocks, names) if self._blocks else _mrkdwn_to_text(self._text, names)
        lines = [line.strip(" \t") for line in strip_control(text).split("\n")]
        return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()

    @property
    def files(self) -> list[dict[str, Any]]:
        """The attached files as Slack describes them, at most one more than is allowed."""
        items = self.event.get("files")
        return (
            [item for item in items[: MAX_FILES + 1] if isinstance(item, dict)]
            if isinstance(items, list)
            else []
        )

    @property
    def _blocks(self) -> list[Any]:
        blocks = self.event.get("blocks")
        items = blocks if isinstance(blocks, list) else []
        return [item for item in items if isinstance(item, dict) and item.get("type") == "rich_text"]

    @property
    def _text(self) -> str:
        text = self.event.get("text")
        return text if isinstance(text, str) else ""


def _blocks_to_text(blocks: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> str:
    return "\n".join(_block_element_to_text(part, names) for block in blocks for part in _child_nodes(block))


def _block_element_to_text(part: Mapping[str, Any], names: Mapping[str, str]) -> str:
    inner = _child_nodes(part)
    match part.get("type"):
        case "rich_text_list":
            return "\n".join(
                f"{_list_marker(part, at)} {_inline_to_text(item, names)}"
                for at, item in enumerate(inner, start=1)
            )
        case "rich_text_quote":
            return "\n".join(f"> {line}" for line in _inline_to_text(part, names).split("\n"))
        case _:
            return _inline_to_text(part, names)


def _list_marker(part: Mapping[str, Any], at: int) -> str:
    offset = part.get("offset")
    return f"{at + (offset if isinstance(offset, int) else 0)}." if part.get("style") == "ordered" else "•"


def _inline_to_text(part: Mapping[str, Any], names: Mapping[str, str]) -> str:
    return "".join(_node_to_text(node, names) for node in _child_nodes(part))


def _node_to_text(node: Mapping[str, Any], names: Mapping[str, str]) -> str:
    kind = node.get("type")
    if kind == "user":
        return names.get(str(node.get("user_id")), "a colleague")
    converter = _CONVERTERS.get(str(kind))
    return converter(node) if converter is not None else ""


def _emoji_to_text(node: Mapping[str, Any]) -> str:
    """Return the emoji's characters; ":name:" for a workspace's custom emoji."""
    points = str(node.get("unicode") or "").split("-")
    if all(_CODE_POINT.fullmatch(point) for point in points):
        return "".join(chr(min(int(point, 16), sys.maxunicode)) for point in points)
    return f":{node.get('name') or 'emoji'}:"


def _link_to_text(url: str, label: str) -> str:
    """Return the URL, after its label if that says something else."""
    address = url.removeprefix("mailto:").removeprefix("tel:")
    bare_url = address.removeprefix("https://").removeprefix("http://").rstrip("/")
    return f"{label} ({address})" if label and label not in {address, bare_url, url} else address


_CONVERTERS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "text": lambda node: str(node.get("text") or ""),
    "emoji": _emoji_to_text,
    "link": lambda node: _link_to_text(str(node.get("url") or ""), str(node.get("text") or "")),
    "usergroup": lambda _: "our team",
    "channel": lambda _: "our team's channel",
    "date": lambda node: str(node.get("fallback") or ""),
}


def _mrkdwn_to_text(text: str, names: Mapping[str, str]) -> str:
    return unescape(_TOKEN.sub(lambda match: _token_to_text(match, names), text))


def _token_to_text(match: re.Match[str], names: Mapping[str, str]) -> str:
    sigil, target, label = match.groups()
    if sigil == "@":
        return names.get(target, "a colleague")
    if sigil == "#":
        return "our team's channel"
    if sigil == "!":
        return (
            "our team"
            if target.startswith("subteam^")
            else (label or "" if target.startswith("date^") else "")
        )
    return _link_to_text(target, label or "")


def _child_nodes(node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    items = node.get("elements")
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _all_nodes(blocks: list[Any]) -> Iterator[Mapping[str, Any]]:
    pending, visited = list(blocks), 0
    while pending and visited < _MAX_NODES:
        node = pending.pop()
        visited += 1
        if isinstance(node, dict):
            yield node
            pending += _child_nodes(node)
