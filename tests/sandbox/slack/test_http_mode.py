"""HTTP mode: signed requests to the app's request URL, with Bolt's HTTP app."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.app import new_app, serving
from sandbox.slack import Workspace
from tests.sandbox.slack.apps import Received, actions, button, entry, modal, until

SECRET = "sandbox-signing-secret"


class Receiver:
    """An app's web server: the requests that it received, and its responses."""

    def __init__(self, app: AsyncApp) -> None:
        self._app = app
        self.url = ""
        self.headers: list[dict[str, str]] = []
        self.status = 0

    async def handle(self, request: web.Request) -> web.Response:
        self.headers.append(dict(request.headers))
        if self.status:
            return web.Response(status=self.status)
        asked = AsyncBoltRequest(body=await request.text(), headers=dict(request.headers))
        answer = await self._app.async_dispatch(asked)
        content_type = answer.headers.get("content-type", ["text/plain"])[0].split(";")[0]
        return web.Response(status=answer.status, text=answer.body, content_type=content_type)


@pytest.fixture
def app(client: AsyncWebClient) -> AsyncApp:
    return AsyncApp(name="test", client=client, signing_secret=SECRET, process_before_response=True)


@pytest.fixture
async def receiver(app: AsyncApp, workspace: Workspace) -> AsyncIterator[Receiver]:
    receiver = Receiver(app)
    served = new_app()
    served.router.add_post("/slack/events", receiver.handle)
    async with serving(served) as address:
        receiver.url = f"{address}/slack/events"
        workspace.use_http(receiver.url, SECRET)
        yield receiver


async def test_the_handshake(workspace: Workspace, receiver: Receiver, app: AsyncApp) -> None:
    assert await workspace.use_http(receiver.url, SECRET).handshake("token") is True


async def test_clicks_commands_submissions_and_events_arrive_signed(
    client: AsyncWebClient, workspace: Workspace, receiver: Receiver, app: AsyncApp
) -> None:
    received = Received(app)
    posted = await client.chat_postMessage(channel="C0ONCALL", text="card", blocks=[actions(button())])
    await workspace.settled()
    received.bodies.clear()

    assert (await workspace.press("U0KAI", "C0ONCALL", posted["ts"], "go")).answered
    received.answer = {"text": "Nothing waits."}
    assert (await workspace.command("U0KAI", "C0ONCALL", "/mentions \ud800 next")).answered
    view = await client.views_open(trigger_id=workspace.triggers.new("U0KAI"), view=modal(entry("text")))
    received.answer = {"response_action": "errors", "errors": {"text": "No"}}
    refused = await workspace.submit("U0KAI", view["view"]["id"], {"text": "x"})
    await workspace.say("U0KAI", "C0ONCALL", "hello")
    await workspace.settled()

    kinds = [body.get("type", body.get("command")) for body in received.bodies]
    assert kinds == ["block_actions", "/mentions", "view_submission", "event_callback"]
    assert refused.errors == {"text": "No"}
    assert [m["text"] for m in workspace.ephemerals("U0KAI")] == ["Nothing waits."]


async def test_another_secret_is_refused_by_bolt(
    workspace: Workspace, receiver: Receiver, app: AsyncApp
) -> None:
    Received(app)
    workspace.use_http(receiver.url, "forged")
    ack = await workspace.command("U0KAI", "C0ONCALL", "/mentions")
    assert ack.failure == "http_error"


async def test_a_failed_event_comes_again_with_its_number_and_reason(
    workspace: Workspace, receiver: Receiver, app: AsyncApp
) -> None:
    received = Received(app)
    workspace.limits.redelivery_seconds = (0.0, 0.2, 0.2)
    receiver.status = 500
    await workspace.say("U0KAI", "C0ONCALL", "hello")
    await until(lambda: len(receiver.headers) == 2)
    receiver.status = 0
    await workspace.settled()

    numbers = [headers.get("X-Slack-Retry-Num") for headers in receiver.headers]
    assert numbers == [None, "1", "2"]
    assert receiver.headers[1]["X-Slack-Retry-Reason"] == "http_error"
    assert [event["text"] for event in received.events] == ["hello"]


async def test_an_app_that_is_not_there_fails_at_once(workspace: Workspace) -> None:
    workspace.use_http("http://127.0.0.1:9/slack/events", SECRET)
    ack = await workspace.command("U0KAI", "C0ONCALL", "/mentions")
    assert ack.failure == "dispatch_failed"
    await workspace.close()


async def test_the_signature_is_slacks(workspace: Workspace) -> None:
    seen: list[Any] = []

    async def keep(request: web.Request) -> web.Response:
        seen.append((await request.text(), dict(request.headers)))
        return web.Response()

    served = new_app()
    served.router.add_post("/", keep)
    async with serving(served) as address:
        workspace.use_http(address, SECRET)
        await workspace.say("U0KAI", "C0ONCALL", "hello")
        await workspace.settled()
        await workspace.close()

    ((body, headers),) = seen
    assert SignatureVerifier(SECRET).is_valid_request(body, headers)
    assert not SignatureVerifier("other").is_valid_request(body, headers)
    assert json.loads(body)["event"]["text"] == "hello"
