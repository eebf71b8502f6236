"""Customers' files in a case's thread, and the marks under what agents write there."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api_calls import CALL_ERRORS, pages, read, records
from adapters.slack.errors import code_of, repeatable, what_became
from adapters.slack.escaping import one_line, shorten
from domain.cases.files import ALLOWED_TYPES, File
from domain.delivery.outcomes import Absent, Done, Finding, Later, Outcome

LONGEST_NAME = 100
PAGE = 200
#: How much earlier than its own first try a message may be dated: Slack's clock is not ours.
CLOCKS_DIFFER = timedelta(minutes=2)


async def share_file(client: AsyncWebClient, channel: str, thread_ts: str, file: File) -> Outcome:
    """Put a file into a thread, once (docs.slack.dev, files.completeUploadExternal; it takes no metadata to know it by)."""
    try:
        await client.files_upload_v2(
            filename=shared_name(file),
            title=shorten(one_line(file.name), LONGEST_NAME) or "file",
            content=file.content or b"",
            channel=channel,
            thread_ts=thread_ts,
        )
    except SlackRequestError:
        return Later("Slack did not take the bytes of the file")
    except CALL_ERRORS as error:
        return what_became(error, "share a file")
    return Done({"channel": channel})


async def find_shared(
    client: AsyncWebClient, channel: str, thread_ts: str, file: File, since: datetime
) -> Finding:
    """Read the thread for the file, which it has a name of its own by."""
    oldest = f"{(since - CLOCKS_DIFFER).timestamp():.6f}"
    wanted = {"channel": channel, "ts": thread_ts, "oldest": oldest, "limit": PAGE}
    try:
        async for page in pages(client, "conversations.replies", wanted):
            if any(_has(message, shared_name(file)) for message in records(page, "messages")):
                return Done({"channel": channel})
    except CALL_ERRORS as error:
        return repeatable(what_became(error, "read back a file"))
    return Absent()


async def mark_message(client: AsyncWebClient, channel: str, ts: str, name: str) -> Outcome:
    """Put a reaction under a message; safe to repeat."""
    try:
        await read(client.reactions_add(channel=channel, timestamp=ts, name=name))
    except SlackApiError as error:
        if code_of(error) == "already_reacted":
            return Done()
        return repeatable(what_became(error, "mark a message"))
    except CALL_ERRORS as error:
        return repeatable(what_became(error, "mark a message"))
    return Done()


def shared_name(file: File) -> str:
    """What the file is called where it can be saved from: no other has this name, and it ends as its content says."""
    stem = shorten(PurePosixPath(one_line(file.name)).stem, LONGEST_NAME) or "file"
    return f"{stem.replace('/', '_')}-{file.id}{ALLOWED_TYPES.get(file.media_type, '')}"


def _has(message: Mapping[str, Any], name: str) -> bool:
    return any(one.get("name") == name for one in records(message, "files"))
