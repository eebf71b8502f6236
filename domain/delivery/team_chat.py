"""Define the protocol of the team chat, in which cards, threads and App Homes are shown."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from domain.cases.files import File
from domain.delivery.outcomes import Finding, Outcome


class TeamChat(Protocol):
    """A client of the team chat. `content` is what the renderer for that chat produced."""

    async def post(
        self,
        channel: str,
        content: Mapping[str, Any],
        *,
        token: str,
        thread_ts: str | None = None,
        metadata: Mapping[str, str | int] | None = None,
    ) -> Outcome:
        """Post a message that carries `token` and `metadata`.

        `Done.result` holds "channel", "ts" and the metadata. Where `channel` is a user id, the message is
        sent as a direct message.
        """
        ...

    async def update(self, channel: str, ts: str, content: Mapping[str, Any]) -> Outcome:
        """Edit a message that the bot posted."""
        ...

    async def delete(self, channel: str, ts: str) -> Outcome:
        """Delete a message that the bot posted; `Done` if it is gone already. Idempotent."""
        ...

    async def describe_channel(self, channel: str) -> Finding:
        """Look up a channel that the bot may post to.

        `Done.result` holds "channel" (its id) and "members", their number.
        """
        ...

    async def find(
        self, channel: str, *, token: str, since: datetime, thread_ts: str | None = None
    ) -> Finding:
        """Find the message that carries `token`. `Done.result` is as in `post`."""
        ...

    async def publish_home(self, user_id: str, view: Mapping[str, Any]) -> Outcome:
        """Publish a user's App Home."""
        ...

    async def share_file(self, channel: str, file: File, *, thread_ts: str) -> Outcome:
        """Upload a file to a thread. `Done.result` is never empty."""
        ...

    async def find_file(self, channel: str, file: File, *, thread_ts: str, since: datetime) -> Finding:
        """Find that file in the thread. `Done.result` is as in `share_file`."""
        ...

    async def delete_files(self, channel: str, *, thread_ts: str) -> Outcome:
        """Delete the files that the bot shared in a thread, with their messages. Idempotent."""
        ...

    async def send_file(self, user_id: str, *, name: str, content: bytes | Path, text: str) -> Outcome:
        """Send a file with a text as a direct message. May be repeated.

        What is at a path is sent piece by piece, so that it may be larger than the memory.
        """
        ...

    async def pin(self, channel: str, ts: str) -> Outcome:
        """Pin a message in its channel. `Done` where it is pinned already."""
        ...

    async def upload_picture(self, name: str, content: bytes, *, alt_text: str) -> str | None:
        """Upload a picture to show in messages; return its id, `None` where that failed."""
        ...

    async def add_reaction(self, channel: str, ts: str, name: str) -> Outcome:
        """Add the reaction of this name to a message."""
        ...
