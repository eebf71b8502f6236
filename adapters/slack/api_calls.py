"""One call to Slack's Web API, for readers that go on when it fails."""

from collections.abc import AsyncIterator, Awaitable, Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

MOST_PAGES = 200

#: What a call may end with beside an answer: a refusal, a broken connection, or an answer that cannot be read.
CALL_ERRORS = (SlackApiError, aiohttp.ClientError, TimeoutError, OSError, ValueError, AttributeError)


class Unreadable(ValueError):
    """Slack's answer is not what its documentation says; or its pages do not end, so that what was read is not all."""


def web_client(
    token: str, *, base_url: str, timeout_seconds: int = 15, session: aiohttp.ClientSession | None = None
) -> AsyncWebClient:
    """A client that never repeats a call by itself: slack_sdk's own handler re-sends after a lost connection."""
    return AsyncWebClient(
        token, base_url=base_url, timeout=timeout_seconds, session=session, retry_handlers=[]
    )


async def read(call: Awaitable[AsyncSlackResponse]) -> Mapping[str, Any]:
    """The answer's body; raises one of `CALL_ERRORS`."""
    answer = (await call).data
    if not isinstance(answer, dict):
        raise Unreadable("Slack's answer is no JSON object")
    return answer


async def pages(
    client: AsyncWebClient, method: str, params: Mapping[str, Any]
) -> AsyncIterator[Mapping[str, Any]]:
    """All pages of a listing; raises one of `CALL_ERRORS`."""
    cursor, seen = "", set[str]()
    while True:
        place = {"cursor": cursor} if cursor else {}
        page = await read(client.api_call(method, http_verb="GET", params={**params, **place}))
        yield page
        metadata = page.get("response_metadata")
        cursor = str(metadata.get("next_cursor") or "") if isinstance(metadata, dict) else ""
        if not cursor:
            return
        if cursor in seen or len(seen) >= MOST_PAGES:
            raise Unreadable(f"Slack's pages of {method} do not end")
        seen.add(cursor)


def records(page: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """The objects listed under `name`; whatever else is there is left out."""
    listed = page.get(name)
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
