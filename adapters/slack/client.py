"""Post, update and find our messages in Slack."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api_calls import (
    CALL_ERRORS,
    CLOCK_SKEW,
    PAGE_SIZE,
    UnreadableResponse,
    objects_in,
    paginate,
    response_body,
)
from adapters.slack.card_metadata import METADATA_EVENT_TYPE, metadata_payload
from adapters.slack.directory import Directory
from adapters.slack.errors import classify_error, error_code, retry_if_unknown
from adapters.slack.file_upload import (
    add_reaction,
    delete_thread_files,
    find_shared_file,
    share_file,
    upload_file,
    upload_from_disk,
    upload_picture,
)
from adapters.slack.message_content import Content
from adapters.slack.pictures import without_pictures
from adapters.slack.records.contact_masking import mask
from domain.cases.files import File
from domain.delivery.outcomes import Absent, Done, Failed, Finding, Outcome, Unknown


class SlackTeamChat:
    """Implements `TeamChat` with a client that never retries by itself (`api_calls.web_client`).

    A channel may be given as "#name" if its id was not found so far: the directory is asked again each time.
    With `masks_contacts`, contact data is masked in every message.
    """

    def __init__(self, client: AsyncWebClient, directory: Directory, *, masks_contacts: bool = False) -> None:
        self._client = client
        self._directory = directory
        self._masks_contacts = masks_contacts

    async def post(
        self,
        channel: str,
        content: Mapping[str, Any],
        *,
        token: str,
        thread_ts: str | None = None,
        metadata: Mapping[str, str | int] | None = None,
    ) -> Outcome:
        """Post once. Other apps can read `token` and `metadata`, which the message carries."""
        content = mask(content) if self._masks_contacts else content
        payload = {**(metadata or {}), "token": token}
        channel = await self._resolve_channel(channel)
        try:
            response = await response_body(
                self._client.chat_postMessage(
                    channel=channel,
                    text=content["text"],
                    blocks=content["blocks"],
                    thread_ts=thread_ts,
                    metadata={"event_type": METADATA_EVENT_TYPE, "event_payload": payload},
                    unfurl_links=False,
                    unfurl_media=False,
                )
            )
        except CALL_ERRORS as error:
            outcome = classify_error(error, "post a message")
            plain = _without_pictures(content, outcome)
            if plain is None:
                return outcome
            return await self.post(channel, plain, token=token, thread_ts=thread_ts, metadata=metadata)
        if not isinstance(response.get("ts"), str):
            return Unknown("Slack's answer to post a message names no message")
        return Done(
            {**(metadata or {}), "channel": str(response.get("channel") or channel), "ts": response["ts"]}
        )

    async def update(self, channel: str, ts: str, content: Mapping[str, Any]) -> Outcome:
        """Update a message; idempotent."""
        content = mask(content) if self._masks_contacts else content
        try:
            await response_body(
                self._client.chat_update(
                    channel=channel, ts=ts, text=content["text"], blocks=content["blocks"]
                )
            )
        except CALL_ERRORS as error:
            outcome = retry_if_unknown(classify_error(error, "change a message"))
            plain = _without_pictures(content, outcome)
            return outcome if plain is None else await self.update(channel, ts, plain)
        return Done({"channel": channel, "ts": ts})

    async def delete(self, channel: str, ts: str) -> Outcome:
        """Delete a message; idempotent."""
        try:
            await response_body(self._client.chat_delete(channel=channel, ts=ts))
        except CALL_ERRORS as error:
            outcome = retry_if_unknown(classify_error(error, "delete a message"))
            is_gone = isinstance(outcome, Failed) and outcome.code == "message_not_found"
            return Done({"channel": channel, "ts": ts}) if is_gone else outcome
        return Done({"channel": channel, "ts": ts})

    async def describe_channel(self, channel: str) -> Finding:
        """Look up a channel. `Failed` where the bot is not in it."""
        try:
            channel_id = await self._resolve_channel(channel)
            info = self._client.conversations_info(channel=channel_id, include_num_members=True)
            found = (await response_body(info)).get("channel")
        except CALL_ERRORS as error:
            return retry_if_unknown(classify_error(error, "look up a channel"))
        if not isinstance(found, dict) or not found.get("is_member"):
            return Failed(f"The bot is not in {channel}. Invite it there.", route_broken=True)
        members = found.get("num_members")
        return Done({"channel": channel_id, "members": members if isinstance(members, int) else None})

    async def find(
        self, channel: str, *, token: str, since: datetime, thread_ts: str | None = None
    ) -> Finding:
        """Search the channel, or the thread, for the message whose metadata has this token."""
        try:
            channel_id = await self._readable_channel(channel)
            return await self._find_by_token(channel_id, token, since, thread_ts)
        except CALL_ERRORS as error:
            return retry_if_unknown(classify_error(error, "read back a message"))

    async def publish_home(self, user_id: str, view: Mapping[str, Any]) -> Outcome:
        """Publish a user's App Home; idempotent."""
        try:
            await response_body(self._client.views_publish(user_id=user_id, view=dict(view)))
        except CALL_ERRORS as error:
            return retry_if_unknown(classify_error(error, "show App Home"))
        return Done()

    async def share_file(self, channel: str, file: File, *, thread_ts: str) -> Outcome:
        """Upload a file to a thread, once."""
        return await share_file(self._client, await self._resolve_channel(channel), thread_ts, file)

    async def find_file(self, channel: str, file: File, *, thread_ts: str, since: datetime) -> Finding:
        """Search the thread for the file."""
        return await find_shared_file(
            self._client, await self._resolve_channel(channel), thread_ts, file, since
        )

    async def delete_files(self, channel: str, *, thread_ts: str) -> Outcome:
        """Delete the bot's files in a thread, with their messages; idempotent."""
        return await delete_thread_files(self._client, await self._resolve_channel(channel), thread_ts)

    async def send_file(self, user_id: str, *, name: str, content: bytes | Path, text: str) -> Outcome:
        """Upload a file to a user's direct messages; a repetition sends it again."""
        try:
            channel = await self._readable_channel(user_id)
        except CALL_ERRORS as error:
            return retry_if_unknown(classify_error(error, "open direct messages"))
        if isinstance(content, Path):
            return await upload_from_disk(self._client, channel, name=name, path=content, text=text)
        return await upload_file(self._client, channel, name=name, content=content, text=text)

    async def pin(self, channel: str, ts: str) -> Outcome:
        """Pin a message; idempotent."""
        channel = await self._resolve_channel(channel)
        try:
            await response_body(self._client.pins_add(channel=channel, timestamp=ts))
        except CALL_ERRORS as error:
            if isinstance(error, SlackApiError) and error_code(error) == "already_pinned":
                return Done()
            return retry_if_unknown(classify_error(error, "pin a message"))
        return Done()

    async def upload_picture(self, name: str, content: bytes, *, alt_text: str) -> str | None:
        """Upload a picture that only the bot sees until a message of it shows it."""
        return await upload_picture(self._client, name, content, alt_text)

    async def add_reaction(self, channel: str, ts: str, name: str) -> Outcome:
        """Add a reaction to a message; idempotent."""
        return await add_reaction(self._client, await self._resolve_channel(channel), ts, name)

    async def _readable_channel(self, channel: str) -> str:
        """Return a channel id that history can be read from: that of the direct messages for a user id."""
        if not channel.startswith(("U", "W")):
            return await self._resolve_channel(channel)
        response = await response_body(self._client.conversations_open(users=[channel]))
        opened = response.get("channel")
        if not isinstance(opened, dict) or not isinstance(opened.get("id"), str):
            raise UnreadableResponse("Slack's answer names no direct messages")
        return str(opened["id"])

    async def _resolve_channel(self, channel: str) -> str:
        return await self._directory.channel_id(channel) if channel.startswith("#") else channel

    async def _find_by_token(
        self, channel: str, token: str, since: datetime, thread_ts: str | None
    ) -> Finding:
        oldest = f"{(since - CLOCK_SKEW).timestamp():.6f}"
        params = {"channel": channel, "oldest": oldest, "include_all_metadata": True, "limit": PAGE_SIZE}
        method = "conversations.history"
        if thread_ts is not None:
            method, params = "conversations.replies", {**params, "ts": thread_ts}
        async for page in paginate(self._client, method, params):
            for message in objects_in(page, "messages"):
                payload = metadata_payload(message)
                if payload.get("token") == token:
                    metadata = {name: value for name, value in payload.items() if name != "token"}
                    return Done({**metadata, "channel": channel, "ts": str(message.get("ts"))})
        return Absent(lists_at_once=True)


def _without_pictures(content: Mapping[str, Any], outcome: Outcome) -> Content | None:
    """Return what to send instead where Slack refused content that has pictures; else `None`."""
    if not isinstance(outcome, Failed) or not outcome.invalid_content:
        return None
    if "plain" in content:
        plain: Content = content["plain"]
        return plain
    blocks = without_pictures(content["blocks"])
    return None if blocks is None else Content(text=content["text"], blocks=blocks)
