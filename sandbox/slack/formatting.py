"""Format Slack's text: convert typed text to mrkdwn and rich text, and find live pings."""

import re
from collections.abc import Iterable, Iterator

from sandbox.slack.block_kit.walk import texts
from sandbox.slack.entities import User
from sandbox.slack.jsons import Json

_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
_PING = re.compile(
    r"<!(channel|here|everyone)(?:\|[^<>]*)?>|<([@!])((?:subteam\^)?[A-Z][A-Z0-9]+)(?:\|[^<>]*)?>"
)
_TOKEN = re.compile(r"<(@|#|!)?([^<>|]+)(?:\|([^<>]*))?>")
_NAMED = re.compile(r":([a-z0-9_+-]+):")
#: The most common emoji, by Slack's name, with their code points.
_EMOJI = {
    "+1": "1f44d",
    "eyes": "1f440",
    "heart": "2764-fe0f",
    "pray": "1f64f",
    "slightly_smiling_face": "1f642",
    "smile": "1f604",
    "tada": "1f389",
    "wave": "1f44b",
    "white_check_mark": "2705",
}
_TYPED_PING = re.compile(r"(?<![\w@])@(channel|here|everyone)\b")


def escape(text: str) -> str:
    """Escape `&`, `<` and `>`, the only characters that Slack escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def convert_typed(text: str, users: Iterable[User]) -> str:
    """Convert typed text to what Slack's client sends: escaped, @names as mentions.

    `<@U…>` of a known member is kept, so that tests may write it.
    """
    people = list(users)
    made = escape(text)
    for user in people:
        made = made.replace(f"&lt;@{user.id}&gt;", f"<@{user.id}>")
        made = re.sub(
            rf"(?<![\w@<])@(?:{re.escape(user.real_name)}|{user.name})\b",
            f"<@{user.id}>",
            made,
            flags=re.IGNORECASE,
        )
    return _TYPED_PING.sub(r"<!\1>", made)


def live_pings(text: str, *, parse_full: bool = False) -> list[str]:
    """Return whom a mrkdwn text would ping outside code.

    Each is "channel", "here", "everyone", a user id or a user group id.
    """
    bare = _CODE.sub(" ", text)
    found = [match[1] or match[3].removeprefix("subteam^") for match in _PING.finditer(bare)]
    if parse_full:
        found += _TYPED_PING.findall(bare)
    return found


def message_pings(message: Json, *, parse_full: bool = False) -> Iterator[tuple[str, str]]:
    """Iterate over every live ping of a message as (target, json-pointer).

    Covers text, mrkdwn, markdown, rich text and attachments.
    """
    for target in live_pings(message.get("text", ""), parse_full=parse_full):
        yield target, "/text"
    yield from _block_pings(message.get("blocks") or [], "/blocks")
    for index, attachment in enumerate(message.get("attachments") or []):
        for name in ("pretext", "text"):
            at = f"/attachments/{index}/{name}"
            yield from ((target, at) for target in live_pings(str(attachment.get(name, ""))))
        yield from _block_pings(attachment.get("blocks") or [], f"/attachments/{index}/blocks")


def _block_pings(blocks: list[Json], at: str) -> Iterator[tuple[str, str]]:
    for kind, text, place in texts(blocks, at):
        if kind in {"mrkdwn", "markdown"}:
            yield from ((target, place) for target in live_pings(text))
    yield from _rich_pings(blocks, at)


def _rich_pings(node: object, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, list):
        for index, entry in enumerate(node):
            yield from _rich_pings(entry, f"{at}/{index}")
    elif isinstance(node, dict):
        field = {"user": "user_id", "usergroup": "usergroup_id", "broadcast": "range"}.get(
            str(node.get("type"))
        )
        if field and field in node:
            yield str(node[field]), at
        for name, entry in node.items():
            if name in {"elements", "rows"}:
                yield from _rich_pings(entry, f"{at}/{name}")


def rich_text(text: str) -> Json:
    """Build the rich_text block that Slack's client makes of a person's message."""
    parts: list[Json] = []
    end = 0
    for match in _TOKEN.finditer(text):
        parts += _plain(text[end : match.start()])
        parts.append(_part(match))
        end = match.end()
    parts += _plain(text[end:])
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": parts}]}


def _part(match: re.Match[str]) -> Json:
    sign, target, label = match.groups()
    if sign == "@":
        return {"type": "user", "user_id": target}
    if sign == "#":
        return {"type": "channel", "channel_id": target}
    if sign == "!":
        return {"type": "broadcast", "range": target}
    return {"type": "link", "url": target, **({"text": label} if label else {})}


def _plain(text: str) -> list[Json]:
    """Split plain text into text and emoji elements."""
    shown = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    parts: list[Json] = []
    end = 0
    for found in _NAMED.finditer(shown):
        if found[1] in _EMOJI:
            parts += _run(shown[end : found.start()])
            parts.append({"type": "emoji", "name": found[1], "unicode": _EMOJI[found[1]]})
            end = found.end()
    return [*parts, *_run(shown[end:])]


def _run(text: str) -> list[Json]:
    return [{"type": "text", "text": text}] if text else []
