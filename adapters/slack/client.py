"""Posting, changing and finding our messages in Slack."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api_calls import CALL_ERRORS, Unreadable, pages, read, records
from adapters.slack.card_mark import MARK, payload_of
from adapters.slack.directory import Directory
from adapters.slack.errors import repeatable, what_became
from adapters.slack.file_upload import find_shared, mark_message, share_file
from domain.cases.files import File
from domain.delivery.outcomes import Absent, Done, Finding, Outcome, Unknown

PAGE = 200
#: How much earlier than its own first try a message may be dated: Slack's clock is not ours.
CLOCKS_DIFFER = timedelta(minutes=2)


class SlackTeamChat:
    """`domain.ports.TeamChat` over a client that repeats nothing by itself (`calls.web_client`).

    A channel may be given as "#name", where its id could not be found so far: the directory is asked again each time.
    """

    def __init__(self, client: AsyncWebClient, directory: Directory) -> None:
        self._client = client
        self._directory = directory

    async def post(
        self,
        channel: str,
        content: Mapping[str, Any],
        *,
        token: str,
        thread_ts: str | None = None,
        mark: Mapping[str, str | int] | None = None,
    ) -> Outcome:
        """Post once. The token and the mark travel in the message's metadata, which other apps can read."""
        payload = {**(mark or {}), "token": token}
        channel = await self._named(channel)
        try:
            answer = await read(
                self._client.chat_postMessage(
                    channel=channel,
                    text=content["text"],
                    blocks=content["blocks"],
                    thread_ts=thread_ts,
                    metadata={"event_type": MARK, "event_payload": payload},
                    unfurl_links=False,
                    unfurl_media=False,
                )
            )
        except CALL_ERRORS as error:
            return what_became(error, "post a message")
        if not isinstance(answer.get("ts"), str):
            return Unknown("Slack's answer to post a message names no message")
        return Done({**(mark or {}), "channel": str(answer.get("channel") or channel), "ts": answer["ts"]})

    async def update(self, channel: str, ts: str, content: Mapping[str, Any]) -> Outcome:
        """Change a message; safe to repeat."""
        try:
            await read(
                self._client.chat_update(
                    channel=channel, ts=ts, text=content["text"], blocks=content["blocks"]
                )
            )
        except CALL_ERRORS as error:
            return repeatable(what_became(error, "change a message"))
        return Done({"channel": channel, "ts": ts})

    async def find(
        self, channel: str, *, token: str, since: datetime, thread_ts: str | None = None
    ) -> Finding:
        """Read the channel, or the thread, for the message with this token."""
        try:
            place = await self._place(channel)
            return await self._look(place, token, since, thread_ts)
        except CALL_ERRORS as error:
            return repeatable(what_became(error, "read back a message"))

    async def publish_home(self, user_id: str, view: Mapping[str, Any]) -> Outcome:
        """Put a person's Home in place; safe to repeat."""
        try:
            await read(self._client.views_publish(user_id=user_id, view=dict(view)))
        except CALL_ERRORS as error:
            return repeatable(what_became(error, "show App Home"))
        return Done()

    async def share_file(self, channel: str, file: File, *, thread_ts: str) -> Outcome:
        """Put a file into a thread, once."""
        return await share_file(self._client, await self._named(channel), thread_ts, file)

    async def find_file(self, channel: str, file: File, *, thread_ts: str, since: datetime) -> Finding:
        """Read the thread for the file."""
        return await find_shared(self._client, await self._named(channel), thread_ts, file, since)

    async def mark(self, channel: str, ts: str, name: str) -> Outcome:
        """Put a reaction under a message; safe to repeat."""
        return await mark_message(self._client, await self._named(channel), ts, name)

    async def _place(self, channel: str) -> str:
        """A person's direct messages have an id of their own to be read by."""
        if not channel.startswith(("U", "W")):
            return await self._named(channel)
        answer = await read(self._client.conversations_open(users=[channel]))
        opened = answer.get("channel")
        if not isinstance(opened, dict) or not isinstance(opened.get("id"), str):
            raise Unreadable("Slack's answer names no direct messages")
        return str(opened["id"])

    async def _named(self, channel: str) -> str:
        return await self._directory.channel_id(channel) if channel.startswith("#") else channel

    async def _look(self, channel: str, token: str, since: datetime, thread_ts: str | None) -> Finding:
        oldest = f"{(since - CLOCKS_DIFFER).timestamp():.6f}"
        wanted = {"channel": channel, "oldest": oldest, "include_all_metadata": True, "limit": PAGE}
        method = "conversations.history"
        if thread_ts is not None:
            method, wanted = "conversations.replies", {**wanted, "ts": thread_ts}
        async for page in pages(self._client, method, wanted):
            for message in records(page, "messages"):
                payload = payload_of(message)
                if payload.get("token") == token:
                    mark = {name: value for name, value in payload.items() if name != "token"}
                    return Done({**mark, "channel": channel, "ts": str(message.get("ts"))})
        return Absent()
