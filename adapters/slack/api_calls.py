"""Call Slack's Web API: without automatic retries, with pagination and checked response shapes."""

from collections.abc import AsyncIterator, Awaitable, Mapping
from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

MAX_PAGES = 200
PAGE_SIZE = 200
#: How far Slack's clock may be behind ours: a message may be dated so much earlier than its first try.
CLOCK_SKEW = timedelta(minutes=2)

#: What a call can raise: a refusal, a broken connection, or a response that cannot be parsed.
CALL_ERRORS = (SlackApiError, aiohttp.ClientError, TimeoutError, OSError, ValueError, AttributeError)


class UnreadableResponse(ValueError):
    """Slack's response is not as documented, or its pagination does not end (the result is incomplete)."""


def web_client(token: str, *, base_url: str, timeout_seconds: int = 15) -> AsyncWebClient:
    """Create a client that never retries: slack_sdk's own handler re-sends a call after a lost connection."""
    return AsyncWebClient(token, base_url=base_url, timeout=timeout_seconds, retry_handlers=[])


async def response_body(call: Awaitable[AsyncSlackResponse]) -> Mapping[str, Any]:
    """Await a call and return its JSON body; raises one of `CALL_ERRORS`."""
    response = (await call).data
    if not isinstance(response, dict):
        raise UnreadableResponse("Slack's answer is no JSON object")
    return response


async def paginate(
    client: AsyncWebClient, method: str, params: Mapping[str, Any]
) -> AsyncIterator[Mapping[str, Any]]:
    """Iterate over all pages of a listing, by cursor; raises one of `CALL_ERRORS`."""
    cursor, seen_cursors = "", set[str]()
    while True:
        cursor_param = {"cursor": cursor} if cursor else {}
        page = await response_body(
            client.api_call(method, http_verb="GET", params={**params, **cursor_param})
        )
        yield page
        metadata = page.get("response_metadata")
        cursor = str(metadata.get("next_cursor") or "") if isinstance(metadata, dict) else ""
        if not cursor:
            return
        if cursor in seen_cursors or len(seen_cursors) >= MAX_PAGES:
            raise UnreadableResponse(f"Slack's pages of {method} do not end")
        seen_cursors.add(cursor)


def objects_in(page: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the objects listed under `name`, skipping everything else."""
    items = page.get(name)
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
