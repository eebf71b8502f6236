"""What somebody wrote in Slack, as plain text for a reader outside: no escapes, no ids, no marks that only Slack understands.

Slack's own editor sends what was written as a rich_text block, which tells every part for what it is; a message that came by the Web API may have only its
text (docs.slack.dev, rich text block; formatting text for app surfaces).
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.slack.escaping import plain, strip_control
from domain.cases.files import MAX_FILES

_TOKEN = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_EMPTY_LINES = re.compile(r"\n{3,}")
_CODE_POINT = re.compile(r"[0-9a-fA-F]{2,6}")
_WIDEST_TREE = 2000


@dataclass(frozen=True, slots=True)
class Spoken:
    """A message that addresses the bot: `people` are the ids of colleagues that it names."""

    event: Mapping[str, Any]
    bot_user_id: str

    @property
    def people(self) -> list[str]:
        """The colleagues whose names the text needs."""
        ids = [node.get("user_id") for node in _nodes(self._blocks) if node.get("type") == "user"]
        ids += [target for sign, target, _ in _TOKEN.findall(self._text) if sign == "@"]
        return sorted({one for one in ids if isinstance(one, str) and one != self.bot_user_id})

    @property
    def is_addressed(self) -> bool:
        """Whether the bot's name stands at the beginning: a message that merely speaks of it is for colleagues."""
        if not self._blocks:
            first = _TOKEN.match(self._text.lstrip())
            return first is not None and first.group(1, 2) == ("@", self.bot_user_id)
        for part in (part for block in self._blocks for part in _elements(block)):
            for node in _elements(part):
                if node.get("type") == "text" and not str(node.get("text") or "").strip():
                    continue
                return node.get("type") == "user" and node.get("user_id") == self.bot_user_id
        return False

    def text(self, names: Mapping[str, str]) -> str:
        """The words, with `names` for the ids of people; without the bot's own name at the beginning, and wherever else it stands."""
        names = {**names, self.bot_user_id: ""}
        said = _of_blocks(self._blocks, names) if self._blocks else _of_text(self._text, names)
        lines = [line.strip(" \t") for line in strip_control(said).split("\n")]
        return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()

    @property
    def files(self) -> list[dict[str, Any]]:
        """The files that came with it, as Slack describes them; one more than may go, at most."""
        listed = self.event.get("files")
        return (
            [one for one in listed[: MAX_FILES + 1] if isinstance(one, dict)]
            if isinstance(listed, list)
            else []
        )

    @property
    def _blocks(self) -> list[Any]:
        blocks = self.event.get("blocks")
        listed = blocks if isinstance(blocks, list) else []
        return [one for one in listed if isinstance(one, dict) and one.get("type") == "rich_text"]

    @property
    def _text(self) -> str:
        text = self.event.get("text")
        return text if isinstance(text, str) else ""


def _of_blocks(blocks: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> str:
    return "\n".join(_part(part, names) for block in blocks for part in _elements(block))


def _part(part: Mapping[str, Any], names: Mapping[str, str]) -> str:
    inner = _elements(part)
    match part.get("type"):
        case "rich_text_list":
            return "\n".join(
                f"{_bullet(part, at)} {_line(item, names)}" for at, item in enumerate(inner, start=1)
            )
        case "rich_text_quote":
            return "\n".join(f"> {line}" for line in _line(part, names).split("\n"))
        case _:
            return _line(part, names)


def _bullet(part: Mapping[str, Any], at: int) -> str:
    offset = part.get("offset")
    return f"{at + (offset if isinstance(offset, int) else 0)}." if part.get("style") == "ordered" else "•"


def _line(part: Mapping[str, Any], names: Mapping[str, str]) -> str:
    return "".join(_word(node, names) for node in _elements(part))


def _word(node: Mapping[str, Any], names: Mapping[str, str]) -> str:
    kind = node.get("type")
    if kind == "user":
        return names.get(str(node.get("user_id")), "a colleague")
    reader = _WORDS.get(str(kind))
    return reader(node) if reader is not None else ""


def _emoji(node: Mapping[str, Any]) -> str:
    """The character itself; a workspace's own emoji, which nobody else has, leaves its name."""
    points = str(node.get("unicode") or "").split("-")
    if all(_CODE_POINT.fullmatch(point) for point in points):
        return "".join(chr(min(int(point, 16), sys.maxunicode)) for point in points)
    return f":{node.get('name') or 'emoji'}:"


def _link(url: str, label: str) -> str:
    """The address as it is read by somebody who cannot press words; its label before it where that says something else."""
    address = url.removeprefix("mailto:").removeprefix("tel:")
    bare = address.removeprefix("https://").removeprefix("http://").rstrip("/")
    return f"{label} ({address})" if label and label not in {address, bare, url} else address


_WORDS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "text": lambda node: str(node.get("text") or ""),
    "emoji": _emoji,
    "link": lambda node: _link(str(node.get("url") or ""), str(node.get("text") or "")),
    "usergroup": lambda _: "our team",
    "channel": lambda _: "our team's channel",
    "date": lambda node: str(node.get("fallback") or ""),
}


def _of_text(text: str, names: Mapping[str, str]) -> str:
    return plain(_TOKEN.sub(lambda found: _token(found, names), text))


def _token(found: re.Match[str], names: Mapping[str, str]) -> str:
    sign, target, label = found.groups()
    if sign == "@":
        return names.get(target, "a colleague")
    if sign == "#":
        return "our team's channel"
    if sign == "!":
        return (
            "our team"
            if target.startswith("subteam^")
            else (label or "" if target.startswith("date^") else "")
        )
    return _link(target, label or "")


def _elements(node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    listed = node.get("elements")
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _nodes(blocks: list[Any]) -> Iterator[Mapping[str, Any]]:
    waiting, seen = list(blocks), 0
    while waiting and seen < _WIDEST_TREE:
        node = waiting.pop()
        seen += 1
        if isinstance(node, dict):
            yield node
            waiting += _elements(node)
