"""A team chat that keeps what is posted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from domain.cases.files import File
from domain.delivery.outcomes import Absent, Done, Finding, Outcome


@dataclass
class KeptChat:
    """A `TeamChat` that keeps the channel and the content of each message, and files by the person."""

    posted: list[tuple[str, Mapping[str, Any], str | None]] = field(default_factory=list)
    updated: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    files: list[tuple[str, str]] = field(default_factory=list)
    homes: list[str] = field(default_factory=list)

    async def post(
        self,
        channel: str,
        content: Mapping[str, Any],
        *,
        token: str,
        thread_ts: str | None = None,
        metadata: Mapping[str, str | int] | None = None,
    ) -> Outcome:
        assert token
        self.posted.append((channel, content, thread_ts))
        return Done({**(metadata or {}), "channel": channel, "ts": f"1.{len(self.posted):06}"})

    async def update(self, channel: str, ts: str, content: Mapping[str, Any]) -> Outcome:
        self.updated.append((channel, content))
        return Done({"channel": channel, "ts": ts})

    async def delete(self, channel: str, ts: str) -> Outcome:
        return Done({"channel": channel, "ts": ts})

    async def delete_files(self, channel: str, *, thread_ts: str) -> Outcome:
        raise NotImplementedError((channel, thread_ts))

    async def describe_channel(self, channel: str) -> Finding:
        return Done({"channel": channel, "members": 3})

    async def find(
        self, channel: str, *, token: str, since: datetime, thread_ts: str | None = None
    ) -> Finding:
        assert token, (channel, since, thread_ts)
        return Absent()

    async def publish_home(self, user_id: str, view: Mapping[str, Any]) -> Outcome:
        assert view
        self.homes.append(user_id)
        return Done()

    async def share_file(self, channel: str, file: File, *, thread_ts: str) -> Outcome:
        raise NotImplementedError((channel, file, thread_ts))

    async def find_file(self, channel: str, file: File, *, thread_ts: str, since: datetime) -> Finding:
        raise NotImplementedError((channel, file, thread_ts, since))

    async def send_file(self, user_id: str, *, name: str, content: bytes | Path, text: str) -> Outcome:
        assert content
        self.files.append((user_id, f"{name}: {text}"))
        return Done()

    async def pin(self, channel: str, ts: str) -> Outcome:
        assert ts, channel
        return Done()

    async def upload_picture(self, name: str, content: bytes, *, alt_text: str) -> str | None:
        assert content, alt_text
        return name

    async def add_reaction(self, channel: str, ts: str, name: str) -> Outcome:
        assert ts, (channel, name)
        return Done()
