"""The team chat: where cards, threads and homes are shown."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from domain.cases.files import File
from domain.delivery.outcomes import Finding, Outcome


class TeamChat(Protocol):
    """Where the team works: cards, threads, homes. Content is whatever its own renderer made."""

    async def post(
        self,
        channel: str,
        content: Mapping[str, Any],
        *,
        token: str,
        thread_ts: str | None = None,
        mark: Mapping[str, str | int] | None = None,
    ) -> Outcome:
        """Post a message that carries `token`, and `mark` beside it. `Done.result` holds "channel", "ts" and the mark.

        `channel` may be a person's id: the message is a direct one then.
        """
        ...

    async def update(self, channel: str, ts: str, content: Mapping[str, Any]) -> Outcome:
        """Change a message of ours."""
        ...

    async def find(
        self, channel: str, *, token: str, since: datetime, thread_ts: str | None = None
    ) -> Finding:
        """Look for the message that carries `token`. `Done.result` is as that of `post`."""
        ...

    async def publish_home(self, user_id: str, view: Mapping[str, Any]) -> Outcome:
        """Show a person their Home."""
        ...

    async def share_file(self, channel: str, file: File, *, thread_ts: str) -> Outcome:
        """Put a file into a thread. `Done.result` is never empty."""
        ...

    async def find_file(self, channel: str, file: File, *, thread_ts: str, since: datetime) -> Finding:
        """Look for that file in the thread. `Done.result` is as that of `share_file`."""
        ...

    async def mark(self, channel: str, ts: str, name: str) -> Outcome:
        """Put the mark of this name under a message."""
        ...
