"""Keep a rehearsal in its channel: mark what it shows, and send what it posts nowhere else."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from adapters.slack.blocks import context, paragraph
from adapters.slack.escaping import mention
from adapters.slack.message_content import Block, View
from domain.cases.files import File
from domain.delivery.outcomes import Done, Finding, Outcome
from domain.delivery.team_chat import TeamChat

#: Before the `callback_id` of a rehearsal's views, by which what Slack tells of them finds its way.
CALLBACK_PREFIX = "rehearsal:"
_BLOCK = "rehearsal"
_TEXT = "REHEARSAL"
_IN_THREAD = "🎭 REHEARSAL"
_BANNER = "🎭 *REHEARSAL* · nothing is sent"
_MAX_MESSAGE_BLOCKS, _MAX_VIEW_BLOCKS = 50, 100


def mark_view(view: View) -> View:
    """Return the view as a rehearsal's: with the mark on top, and a `callback_id` that says so."""
    callback = str(view.get("callback_id") or "")
    if not callback.startswith(CALLBACK_PREFIX):
        callback = CALLBACK_PREFIX + callback
    blocks = _marked(view["blocks"], context(_BANNER), _MAX_VIEW_BLOCKS)
    return {**view, "callback_id": callback, "blocks": blocks}


def unmark_view(view: Mapping[str, Any]) -> View:
    """Return the view as it was before `mark_view`."""
    callback = str(view.get("callback_id") or "").removeprefix(CALLBACK_PREFIX)
    return {**view, "callback_id": callback, "blocks": _without_mark(view.get("blocks") or [])}


def is_marked(view: Mapping[str, Any]) -> bool:
    """Whether the view is a rehearsal's."""
    return str(view.get("callback_id") or "").startswith(CALLBACK_PREFIX)


def is_marked_message(message: Mapping[str, Any]) -> bool:
    """Whether a message that Slack tells of is a rehearsal's."""
    blocks = message.get("blocks")
    return isinstance(blocks, list) and any(
        isinstance(block, dict) and block.get("block_id") == _BLOCK for block in blocks
    )


def mark_message(content: Mapping[str, Any], banner: Block | None = None) -> Mapping[str, Any]:
    """Return a message with the mark on top, and in its notification."""
    banner = banner or paragraph(_BANNER)
    marked = {
        **content,
        "text": f"{_TEXT} · {content['text']}",
        "blocks": _marked(content["blocks"], banner, _MAX_MESSAGE_BLOCKS),
    }
    return {**marked, "plain": mark_message(content["plain"], banner)} if "plain" in content else marked


class RehearsalChat:
    """A `TeamChat` of a rehearsal: whatever the channel, it posts in the rehearsal's, each message marked.

    What would be a direct message is posted there too and names the person; App Homes are left as they are.
    """

    def __init__(self, team_chat: TeamChat, channel: str) -> None:
        self._chat = team_chat
        self._channel = channel

    async def post(
        self,
        channel: str,
        content: Mapping[str, Any],
        *,
        token: str,
        thread_ts: str | None = None,
        metadata: Mapping[str, str | int] | None = None,
    ) -> Outcome:
        """Post a message. One in a thread has a small mark: the message above it has the large one."""
        if channel != self._channel:
            content = {**content, "blocks": [paragraph(f"For {mention(channel)}:"), *content["blocks"]]}
        banner = paragraph(_BANNER) if thread_ts is None else context(_IN_THREAD)
        content = mark_message(content, banner)
        return await self._chat.post(
            self._channel, content, token=token, thread_ts=thread_ts, metadata=metadata
        )

    async def update(self, channel: str, ts: str, content: Mapping[str, Any]) -> Outcome:
        """Update a message."""
        return await self._chat.update(self._channel, ts, mark_message(content))

    async def delete(self, channel: str, ts: str) -> Outcome:
        """Delete a message."""
        return await self._chat.delete(self._channel, ts)

    async def delete_files(self, channel: str, *, thread_ts: str) -> Outcome:
        """Delete the files in a thread."""
        return await self._chat.delete_files(self._channel, thread_ts=thread_ts)

    async def describe_channel(self, channel: str) -> Finding:
        """Look up the rehearsal's channel."""
        return await self._chat.describe_channel(self._channel)

    async def find(
        self,
        channel: str,
        *,
        token: str,
        since: datetime,
        thread_ts: str | None = None,
    ) -> Finding:
        """Find a message."""
        return await self._chat.find(self._channel, token=token, since=since, thread_ts=thread_ts)

    async def publish_home(self, user_id: str, view: Mapping[str, Any]) -> Outcome:
        """Do nothing: App Home shows the real cases."""
        return Done()

    async def share_file(self, channel: str, file: File, *, thread_ts: str) -> Outcome:
        """Upload a file to a thread."""
        return await self._chat.share_file(self._channel, file, thread_ts=thread_ts)

    async def find_file(
        self,
        channel: str,
        file: File,
        *,
        thread_ts: str,
        since: datetime,
    ) -> Finding:
        """Find that file."""
        return await self._chat.find_file(self._channel, file, thread_ts=thread_ts, since=since)

    async def send_file(self, user_id: str, *, name: str, content: bytes | Path, text: str) -> Outcome:
        """Send a file to the person who asked for it, with a name that says what it is."""
        return await self._chat.send_file(
            user_id, name=f"rehearsal-{name}", content=content, text=f"{_TEXT} · {text}"
        )

    async def pin(self, channel: str, ts: str) -> Outcome:
        """Pin a message."""
        return await self._chat.pin(self._channel, ts)

    async def upload_picture(self, name: str, content: bytes, *, alt_text: str) -> str | None:
        """Upload a picture to show in messages."""
        return await self._chat.upload_picture(name, content, alt_text=alt_text)

    async def add_reaction(self, channel: str, ts: str, name: str) -> Outcome:
        """Add a reaction."""
        return await self._chat.add_reaction(self._channel, ts, name)


def _marked(blocks: list[Block], banner: Block, limit: int) -> list[Block]:
    """Put the mark first. Where Slack allows no further block, the last ones that only show make room."""
    bare = _without_mark(blocks)
    by_use = sorted(range(len(bare)), key=lambda place: (_use(bare[place]), place))
    kept = sorted(by_use[: limit - 1])
    return [{**banner, "block_id": _BLOCK}, *(bare[place] for place in kept)]


def _use(block: Block) -> int:
    """Return 0 for a block that a form is read from, 1 for one with a button or a menu, 2 for any other."""
    if block["type"] == "input":
        return 0
    return 1 if block["type"] == "actions" or "accessory" in block else 2


def _without_mark(blocks: list[Block]) -> list[Block]:
    return [block for block in blocks if block.get("block_id") != _BLOCK]
