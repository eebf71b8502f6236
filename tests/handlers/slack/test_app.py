"""Build Bolt's app with our client and nothing from the environment, and find the listeners by their ids."""

import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.listener.async_listener import AsyncCustomListener
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.api_calls import web_client
from handlers.slack.app import bolt_app
from handlers.slack.current_request import stores_request, stores_requests
from handlers.slack.listener_table import ANY
from handlers.slack.request_gate import GatedApp


@pytest.mark.parametrize("signing_secret", [None, "s3cret"])
def test_what_stands_in_the_environment_is_neither_used_nor_complained_of(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, signing_secret: str | None
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-of-the-environment")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "of-the-environment")
    ours = web_client("xoxb-ours", base_url="http://127.0.0.1:1/slack/api/", timeout_seconds=7)
    with caplog.at_level(logging.INFO):
        app = bolt_app(ours, signing_secret=signing_secret)
    assert caplog.messages == []
    theirs = app.client
    assert (theirs.token, theirs.base_url, theirs.timeout, theirs.retry_handlers) == (
        "xoxb-ours",
        "http://127.0.0.1:1/slack/api/",
        7,
        [],
    )


class Answering(AsyncWebClient):
    """Tells Bolt who the bot is."""

    async def auth_test(self, **_: Any) -> AsyncSlackResponse:  # noqa: ANN401 - as Slack's client
        return AsyncSlackResponse(
            client=self,
            http_verb="POST",
            api_url="",
            req_args={},
            data={"ok": True, "team_id": "T1", "user_id": "U0BOT", "bot_id": "B1", "url": "https://acme/"},
            headers={},
            status_code=200,
        )


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> GatedApp:
    """Bolt's app, without a Slack."""
    monkeypatch.setattr("slack_sdk.web.async_client.AsyncWebClient.auth_test", Answering.auth_test)
    return bolt_app(web_client("xoxb-1", base_url="http://127.0.0.1:1/api/"), signing_secret=None)


def saying(word: str, heard: list[tuple[str, object]]) -> Callable[..., Awaitable[None]]:
    async def listener(ack: AsyncAck, body: Mapping[str, Any]) -> None:
        heard.append((word, body["user"]["id"]))
        await ack(word)

    return listener


def pressed(action_id: str) -> dict[str, Any]:
    action = {"action_id": action_id, "block_id": "b", "value": "1"}
    return {"type": "block_actions", "team": {"id": "T1"}, "user": {"id": "U1"}, "actions": [action]}


def of_form(kind: str, callback_id: str) -> dict[str, Any]:
    view = {"id": "V1", "type": "modal", "callback_id": callback_id}
    return {"type": kind, "team": {"id": "T1"}, "user": {"id": "U1"}, "view": view}


async def dispatched(app: GatedApp, body: dict[str, Any]) -> tuple[int, str]:
    response = await app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
    return response.status, str(response.body)


async def test_each_request_comes_to_the_listener_of_its_id_and_kind(app: GatedApp) -> None:
    heard: list[tuple[str, object]] = []

    async def with_command(ack: AsyncAck, command: Mapping[str, Any]) -> None:
        await ack(command["text"])

    app.action("a")(saying("a", heard))
    app.action("a")(saying("never", heard))
    app.action(re.compile("^b\\."))(saying("b and more", heard))
    app.view("a")(saying("submitted", heard))
    app.view_closed("a")(saying("closed", heard))
    app.command("/a")(with_command)
    app.action("z")(saying("z", heard))
    assert await dispatched(app, pressed("a")) == (200, "a")
    assert await dispatched(app, pressed("z")) == (200, "z")
    assert await dispatched(app, pressed("b.c")) == (200, "b and more")
    assert await dispatched(app, of_form("view_submission", "a")) == (200, "submitted")
    assert await dispatched(app, of_form("view_closed", "a")) == (200, "closed")
    command = {"command": "/a", "text": "x", "team_id": "T1", "user_id": "U1"}
    assert await dispatched(app, command) == (200, "x")
    assert [user for _, user in heard] == ["U1"] * 5


async def test_what_has_no_listener_comes_to_that_of_any_id_or_to_nobody(app: GatedApp) -> None:
    heard: list[tuple[str, object]] = []
    app.view("a")(saying("submitted", heard))
    app.action("a")(saying("a", heard))
    assert (await dispatched(app, pressed("b")))[0] == 404
    app.action(ANY)(saying("any", heard))
    app.view_submission(ANY)(saying("any form", heard))
    for body in (pressed("b"), {**pressed("b"), "actions": [{"action_id": "", "block_id": "b"}]}):
        assert await dispatched(app, body) == (200, "any")
    assert await dispatched(app, of_form("view_submission", "b")) == (200, "any form")
    assert (await dispatched(app, of_form("view_closed", "a")))[0] == 404


async def test_no_listener_is_asked_that_is_not_of_the_id(
    app: GatedApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, real = [], AsyncCustomListener.async_matches

    async def count(self: AsyncCustomListener, **given: Any) -> bool:  # noqa: ANN401 - as Bolt's
        asked.append(1)
        return await real(self, **given)

    monkeypatch.setattr(AsyncCustomListener, "async_matches", count)
    for number in range(100):
        app.action(f"a{number}")(saying(f"a{number}", []))
        app.view(f"a{number}")(saying(f"form {number}", []))
    assert await dispatched(app, pressed("a99")) == (200, "a99")
    assert await dispatched(app, of_form("view_submission", "a99")) == (200, "form 99")
    assert len(asked) == 3


async def test_what_listener_a_request_comes_to_is_told_by_its_id_and_kind(app: GatedApp) -> None:
    names = ("pressed", "submitted", "any form", "typed", "closed", "by pattern")
    pressed_a, submitted, any_form, typed, closed, by_pattern = (saying(name, []) for name in names)
    app.action("a")(stores_request(pressed_a))
    app.view("a")(submitted)
    app.view_submission(ANY)(any_form)
    app.view_closed("b")(closed)
    app.command("/a")(typed)
    app.action(re.compile("^b\\."))(by_pattern)
    for body, listener in (
        (pressed("a"), pressed_a),
        (of_form("view_submission", "a"), submitted),
        (of_form("view_submission", "b"), any_form),
        ({"command": "/a"}, typed),
        (pressed("b.c"), None),
        ({"command": ["/a"]}, None),
        ({"type": ["block_actions"]}, None),
        ({"type": "event_callback", "event": {}}, None),
    ):
        assert app.find_listener(body) is listener
        assert stores_requests(listener) is (listener is pressed_a)
