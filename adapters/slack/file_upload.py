"""Share customers' files in threads, upload pictures of messages, and add reactions to agents' messages."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api_calls import CALL_ERRORS, CLOCK_SKEW, PAGE_SIZE, objects_in, paginate, response_body
from adapters.slack.errors import classify_error, error_code, retry_if_unknown
from adapters.slack.escaping import one_line, shorten, strip_control
from domain.cases.files import ALLOWED_TYPES, File
from domain.delivery.outcomes import Absent, Done, Finding, Later, Outcome

MAX_NAME_LENGTH = 100
#: Slack looks at an upload for a moment, and refuses messages that show it until then.
READY_CHECKS = 8
READY_SECONDS = 0.4
#: Of a file that may have hundreds of megabytes.
UPLOAD_TIMEOUT = aiohttp.ClientTimeout(total=900)

log = logging.getLogger(__name__)


async def share_file(client: AsyncWebClient, channel: str, thread_ts: str, file: File) -> Outcome:
    """Upload a file to a thread, once (docs.slack.dev, files.completeUploadExternal).

    The API takes no metadata; the file is found again by its unique name.
    """
    try:
        await client.files_upload_v2(
            filename=shared_name(file),
            title=strip_control(shorten(one_line(file.name), MAX_NAME_LENGTH)) or "file",
            content=file.content or b"",
            channel=channel,
            thread_ts=thread_ts,
        )
    except SlackRequestError:
        return Later("Slack did not take the bytes of the file")
    except CALL_ERRORS as error:
        return classify_error(error, "share a file")
    return Done({"channel": channel})


async def upload_file(
    client: AsyncWebClient, channel: str, *, name: str, content: bytes, text: str
) -> Outcome:
    """Upload a file with a text to a channel."""
    try:
        await client.files_upload_v2(
            filename=name, title=name, content=content, channel=channel, initial_comment=text
        )
    except SlackRequestError:
        return Later("Slack did not take the bytes of the file")
    except CALL_ERRORS as error:
        return retry_if_unknown(classify_error(error, "send a file"))
    return Done({"channel": channel})


async def upload_from_disk(
    client: AsyncWebClient, channel: str, *, name: str, path: Path, text: str
) -> Outcome:
    """Upload what is at a path with a text to a channel, piece by piece (docs.slack.dev, uploading files)."""
    try:
        size = (await asyncio.to_thread(path.stat)).st_size
        place = await response_body(client.files_getUploadURLExternal(filename=name, length=size))
        await _send_bytes(client, str(place["upload_url"]), path)
        files: list[dict[str, str | None]] = [{"id": str(place["file_id"]), "title": name}]
        await response_body(
            client.files_completeUploadExternal(files=files, channel_id=channel, initial_comment=text)
        )
    except (SlackRequestError, KeyError):
        return Later("Slack did not take the bytes of the file")
    except CALL_ERRORS as error:
        return retry_if_unknown(classify_error(error, "send a file"))
    return Done({"channel": channel})


async def _send_bytes(client: AsyncWebClient, url: str, path: Path) -> None:
    """Send a file to its upload address; raises `SlackRequestError` where it is refused."""
    content = await asyncio.to_thread(path.open, "rb")
    try:
        async with (
            aiohttp.ClientSession(timeout=UPLOAD_TIMEOUT) as session,
            session.post(url, data=content, proxy=client.proxy) as answer,
        ):
            if answer.status != HTTPStatus.OK:
                raise SlackRequestError(f"an upload was answered {answer.status}")
    finally:
        content.close()


async def find_shared_file(
    client: AsyncWebClient, channel: str, thread_ts: str, file: File, since: datetime
) -> Finding:
    """Search the thread for the file by its unique name."""
    oldest = f"{(since - CLOCK_SKEW).timestamp():.6f}"
    params = {"channel": channel, "ts": thread_ts, "oldest": oldest, "limit": PAGE_SIZE}
    try:
        async for page in paginate(client, "conversations.replies", params):
            if any(_has_file(message, shared_name(file)) for message in objects_in(page, "messages")):
                return Done({"channel": channel})
    except CALL_ERRORS as error:
        return retry_if_unknown(classify_error(error, "read back a file"))
    return Absent()


async def delete_thread_files(client: AsyncWebClient, channel: str, thread_ts: str) -> Outcome:
    """Delete the files in the bot's messages of a thread, then those messages (docs.slack.dev, files.delete).

    People's own files are left: only they can delete them.
    """
    params = {"channel": channel, "ts": thread_ts, "limit": PAGE_SIZE}
    try:
        async for page in paginate(client, "conversations.replies", params):
            for message in objects_in(page, "messages"):
                if "bot_id" in message and (files := objects_in(message, "files")):
                    await _delete_files(client, files)
                    await _delete_message(client, channel, str(message.get("ts")))
    except CALL_ERRORS as error:
        if isinstance(error, SlackApiError) and error_code(error) == "thread_not_found":
            return Done()
        return retry_if_unknown(classify_error(error, "delete a file"))
    return Done()


async def _delete_files(client: AsyncWebClient, files: Sequence[Mapping[str, Any]]) -> None:
    for file in files:
        try:
            await response_body(client.files_delete(file=str(file.get("id"))))
        except SlackApiError as error:
            if error_code(error) not in {"file_not_found", "file_deleted"}:
                raise


async def _delete_message(client: AsyncWebClient, channel: str, ts: str) -> None:
    try:
        await response_body(client.chat_delete(channel=channel, ts=ts))
    except SlackApiError as error:
        if error_code(error) != "message_not_found":
            raise


async def upload_picture(client: AsyncWebClient, name: str, content: bytes, alt_text: str) -> str | None:
    """Upload a picture to no channel, and wait until messages may show it (docs.slack.dev, Slack file).

    Returns its id; `None` where that failed, which is logged.
    """
    try:
        response = await response_body(
            client.files_upload_v2(filename=name, title=alt_text, alt_txt=alt_text, content=content)
        )
        [file] = objects_in(response, "files")
        file_id = str(file["id"])
        for _ in range(READY_CHECKS):
            info = await response_body(client.files_info(file=file_id))
            known = info.get("file")
            if isinstance(known, dict) and known.get("mimetype"):
                return file_id
            await asyncio.sleep(READY_SECONDS)
    except (*CALL_ERRORS, SlackRequestError, KeyError) as error:
        log.warning("a picture could not be uploaded to Slack (%s)", type(error).__name__)
        return None
    log.warning("Slack did not look at an uploaded picture in time")
    return None


async def add_reaction(client: AsyncWebClient, channel: str, ts: str, name: str) -> Outcome:
    """Add a reaction to a message; idempotent."""
    try:
        await response_body(client.reactions_add(channel=channel, timestamp=ts, name=name))
    except SlackApiError as error:
        if error_code(error) == "already_reacted":
            return Done()
        return retry_if_unknown(classify_error(error, "mark a message"))
    except CALL_ERRORS as error:
        return retry_if_unknown(classify_error(error, "mark a message"))
    return Done()


def shared_name(file: File) -> str:
    """Return a unique file name, with the extension of its media type."""
    stem = strip_control(shorten(PurePosixPath(one_line(file.name)).stem, MAX_NAME_LENGTH)) or "file"
    return f"{stem.replace('/', '_')}-{file.id}{ALLOWED_TYPES.get(file.media_type, '')}"


def _has_file(message: Mapping[str, Any], name: str) -> bool:
    return any(file.get("name") == name for file in objects_in(message, "files"))
