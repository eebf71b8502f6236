"""/ui/slack/*: requests and events of the demo page."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession, StreamReader
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import Workspace
from tests.sandbox.slack.apps import Received, actions, button, entry, modal

Json = dict[str, Any]


class Page:
    """One person's browser."""

    def __init__(self, session: ClientSession, user: str) -> None:
        self.session = session
        self.user = user

    async def get(self, name: str, **query: str) -> Json:
        async with self.session.get(f"/ui/slack/{name}", params={"as": self.user, **query}) as response:
            answer: Json = await response.json()
            return answer

    async def post(self, name: str, **body: object) -> Json:
        async with self.session.post(f"/ui/slack/{name}", json={"as": self.user, **body}) as response:
            answer: Json = await response.json()
            return answer


@pytest.fixture
async def page(address: str) -> AsyncIterator[Page]:
    async with ClientSession(address) as session:
        yield Page(session, "U0SAM")


async def next_event(stream: StreamReader) -> tuple[str, Json]:
    """Return the next server-sent event, without comments."""
    name = ""
    while True:
        line = (await stream.readline()).decode().strip()
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            return name, json.loads(line.removeprefix("data: "))


async def test_bootstrap(page: Page) -> None:
    shown = await page.get("bootstrap")
    assert shown["team"]["name"] == "Acme"
    assert shown["me"] == "U0SAM"
    assert [user["name"] for user in shown["users"]] == ["switchboard", "sam", "mia", "kai", "ruth", "leo"]
    support, _oncall, _general, lobby, _rehearsal = shown["channels"]
    assert (support["name"], support["is_member"], support["bot_is_member"]) == ("support", True, True)
    assert (lobby["name"], lobby["bot_is_member"]) == ("lobby", False)
    assert shown["commands"][0]["command"] == "/mentions"
    assert [(one["callback_id"], one["is_of_messages"]) for one in shown["shortcuts"]] == [
        ("outage_open", False),
        ("outage_report", True),
    ]
    assert (await page.post("shortcut", callback_id="nonsense"))["error"] == "unknown_shortcut"
    assert await page.get("bootstrap", **{"as": "U0NOBODY"}) == {"ok": False, "error": "user_not_found"}


async def test_messages_and_replies(page: Page, workspace: Workspace) -> None:
    said = (await page.post("say", channel="C0SUPPORT", text="hello"))["message"]
    await page.post("say", channel="C0SUPPORT", text="there", thread_ts=said["ts"])

    assert [m["text"] for m in (await page.get("messages", channel="C0SUPPORT"))["messages"]] == ["hello"]
    replies = await page.get("replies", channel="C0SUPPORT", ts=said["ts"])
    assert [m["text"] for m in replies["messages"]] == ["hello", "there"]
    assert (await page.post("say", channel="C0NOWHERE", text="x"))["error"] == "channel_not_found"


async def test_a_story_on_the_page(
    page: Page, workspace: Workspace, client: AsyncWebClient, received: Received
) -> None:
    async with page.session.get("/ui/slack/events", params={"as": "U0SAM"}) as response:
        stream = response.content
        await stream.readline()
        posted = await client.chat_postMessage(channel="C0SUPPORT", text="card", blocks=[actions(button())])
        assert (await next_event(stream))[0] == "message"

        assert await page.post("act", channel="C0SUPPORT", ts=posted["ts"], action={"action_id": "go"}) == {
            "ok": True
        }
        opened = await client.views_open(
            trigger_id=workspace.triggers.new("U0SAM"), view=modal(entry("text"))
        )
        view_id = opened["view"]["id"]
        name, data = await next_event(stream)
        assert (name, data["view"]["id"]) == ("view_opened", view_id)

        assert "text" in (await page.post("submit", view_id=view_id, state={"values": {}}))["errors"]
        received.answer = {"response_action": "errors", "errors": {"text": "No"}}
        state = {"values": {"text": {"value": {"type": "plain_text_input", "value": "typed"}}}}
        assert await page.post("submit", view_id=view_id, state=state) == {
            "ok": False,
            "errors": {"text": "No"},
        }
        assert await next_event(stream) == ("view_errors", {"view_id": view_id, "errors": {"text": "No"}})
        assert await page.post("close", view_id=view_id) == {"ok": True}
        assert await next_event(stream) == ("view_closed", {"view_id": view_id})

        received.answer = {"text": "Nothing waits."}
        assert await page.post("command", channel="C0SUPPORT", text="/mentions next") == {"ok": True}
        name, data = await next_event(stream)
        assert (name, data["message"]["text"], data["channel"]) == (
            "ephemeral",
            "Nothing waits.",
            "C0SUPPORT",
        )

        await client.chat_update(channel="C0SUPPORT", ts=posted["ts"], text="changed")
        assert (await next_event(stream))[0] == "message_changed"
        await client.chat_delete(channel="C0SUPPORT", ts=posted["ts"])
        assert await next_event(stream) == ("message_deleted", {"channel": "C0SUPPORT", "ts": posted["ts"]})


async def test_trouble_is_shown_as_a_notice(page: Page, workspace: Workspace, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="C0SUPPORT", text="card", blocks=[actions(button())])
    async with page.session.get("/ui/slack/events", params={"as": "U0SAM"}) as response:
        await response.content.readline()
        refused = await page.post("act", channel="C0SUPPORT", ts=posted["ts"], action={"action_id": "go"})
        assert refused == {"ok": False, "error": "dispatch_failed"}
        name, data = await next_event(response.content)
        assert (name, "did not respond in time" in data["text"]) == ("notice", True)


async def test_the_home_is_asked_for_and_told(
    page: Page, workspace: Workspace, client: AsyncWebClient, received: Received
) -> None:
    assert await page.get("home") == {"view": None}
    await workspace.settled()
    assert received.events[0]["type"] == "app_home_opened"
    await client.views_publish(user_id="U0SAM", view={"type": "home", "blocks": [{"type": "divider"}]})
    assert (await page.get("home"))["view"]["type"] == "home"


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("act", {"channel": "C0SUPPORT", "ts": "1.1", "action": {"action_id": "go"}}),
        ("act", {"action": "nonsense"}),
        ("act", {"view_id": "V1", "action": {}}),
        ("submit", {"view_id": "V1", "state": "nonsense"}),
        ("close", {"view_id": "V1"}),
        ("command", {"channel": "C0SUPPORT", "text": "/nonsense"}),
        ("say", {"channel": "C0SUPPORT", "text": "x", "thread_ts": "1.1"}),
    ],
)
async def test_nonsense_from_the_page_is_refused(page: Page, name: str, body: Json) -> None:
    answer = await page.post(name, **body)
    assert answer["ok"] is False
    assert answer["error"]


async def test_a_broken_body_is_refused(page: Page) -> None:
    async with page.session.post("/ui/slack/say", data=b"{") as response:
        assert (response.status, await response.json()) == (400, {"ok": False, "error": "invalid_json"})
