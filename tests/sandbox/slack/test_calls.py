"""Web API calls: token, scopes, body encodings, and the errors of malformed ones."""

import json
from collections.abc import Mapping
from io import BytesIO

import pytest
from aiohttp import ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import Workspace
from tests.sandbox.slack.conftest import APP_TOKEN, BOT_TOKEN

BEARER = {"Authorization": f"Bearer {BOT_TOKEN}"}


async def refusal(client: AsyncWebClient, method: str, **arguments: object) -> dict[str, object]:
    with pytest.raises(SlackApiError) as caught:
        await client.api_call(method, json=arguments)
    answer: dict[str, object] = caught.value.response.data
    return answer


async def test_auth_test_names_the_bot_and_lists_the_scopes(
    client: AsyncWebClient, workspace: Workspace
) -> None:
    answer = await client.auth_test()

    assert (answer["team_id"], answer["user_id"], answer["bot_id"]) == ("T0SWITCH", "U0BOT", "B0SWITCH")
    assert set(answer.headers["x-oauth-scopes"].split(",")) == workspace.scopes


@pytest.mark.parametrize(
    ("token", "method", "error"),
    [
        ("", "auth.test", "not_authed"),
        ("xoxb-other", "auth.test", "invalid_auth"),
        (APP_TOKEN, "chat.postMessage", "not_allowed_token_type"),
        (BOT_TOKEN, "apps.connections.open", "not_allowed_token_type"),
        (BOT_TOKEN, "chat.teleport", "unknown_method"),
    ],
)
async def test_the_wrong_token_or_method_is_refused(
    client: AsyncWebClient, token: str, method: str, error: str
) -> None:
    client.token = token
    assert (await refusal(client, method))["error"] == error


async def test_a_missing_scope_is_named(client: AsyncWebClient, workspace: Workspace) -> None:
    workspace.scopes = {"users:read"}

    answer = await refusal(client, "chat.postMessage", channel="C0SUPPORT", text="hello")

    assert answer == {"ok": False, "error": "missing_scope", "needed": "chat:write", "provided": "users:read"}
    assert workspace.messages("C0SUPPORT") == []


@pytest.mark.parametrize(
    ("method", "arguments", "scope"),
    [
        ("users.lookupByEmail", {"email": "sam@acme.example"}, "users:read.email"),
        ("conversations.history", {"channel": "C0SUPPORT"}, "channels:history"),
        ("conversations.members", {"channel": "C0SUPPORT"}, "channels:read"),
        ("conversations.list", {"types": "private_channel"}, "groups:read"),
        ("usergroups.users.list", {"usergroup": "S0AGENTS"}, "usergroups:read"),
        ("reactions.add", {"channel": "C0SUPPORT", "timestamp": "1.0", "name": "eyes"}, "reactions:write"),
        ("files.getUploadURLExternal", {"filename": "a.csv", "length": 3}, "files:write"),
        ("files.info", {"file": "F1"}, "files:read"),
        ("conversations.open", {"users": "U0SAM"}, "im:write"),
    ],
)
async def test_each_method_needs_its_scope(
    client: AsyncWebClient, workspace: Workspace, method: str, arguments: dict[str, object], scope: str
) -> None:
    workspace.scopes.discard(scope)
    answer = await refusal(client, method, **arguments)
    assert answer["error"] == "missing_scope"
    assert scope in str(answer["needed"]).split(",")


async def test_forms_json_and_a_token_in_the_body_all_work(address: str, workspace: Workspace) -> None:
    url = f"{address}/slack/api/chat.postMessage"
    fields = {"channel": "C0SUPPORT", "text": "ünï"}
    blocks = json.dumps([{"type": "divider"}])
    async with ClientSession() as session:
        for kwargs in (
            {"json": {**fields, "blocks": json.loads(blocks)}, "headers": BEARER},
            {"data": {**fields, "blocks": blocks}, "headers": BEARER},
            {"data": {**fields, "blocks": blocks, "token": BOT_TOKEN}},
            {"params": {**fields, "blocks": blocks}, "headers": BEARER},
        ):
            async with session.post(url, **kwargs) as response:
                assert (await response.json())["ok"] is True

    assert [(m["text"], m["blocks"][0]["type"]) for m in workspace.messages("C0SUPPORT")] == [
        ("ünï", "divider")
    ] * 4


@pytest.mark.parametrize(
    ("body", "content_type", "status", "error"),
    [
        (b"{", "application/json", 200, "invalid_json"),
        (b"[" * 200_000, "application/json", 200, "invalid_json"),
        (b"\xff\xfe", "application/json", 200, "invalid_json"),
        (b"[]", "application/json", 200, "json_not_object"),
        (b"%%%", "application/x-www-form-urlencoded", 200, "invalid_form_data"),
        (b"a=1", "text/plain", 200, "invalid_post_type"),
        (b"x" * 10_000_000, "application/json", 413, "request_too_large"),
        (b'{"channel": "C0SUPPORT", "blocks": "[{"}', "application/json", 200, "invalid_blocks_format"),
        (b'{"channel": "C0SUPPORT", "blocks": {"a": 1}}', "application/json", 200, "invalid_blocks_format"),
        (b'{"channel": "C0SUPPORT", "text": ["a"]}', "application/json", 200, "invalid_arguments"),
        (b'{"channel": ["C0SUPPORT"], "text": "a"}', "application/json", 200, "invalid_arguments"),
    ],
)
async def test_a_broken_body_is_answered_and_the_next_call_works(
    address: str, client: AsyncWebClient, body: bytes, content_type: str, status: int, error: str
) -> None:
    headers: Mapping[str, str] = {**BEARER, "Content-Type": content_type}
    async with (
        ClientSession() as session,
        session.post(
            f"{address}/slack/api/chat.postMessage", data=BytesIO(body), headers=headers
        ) as response,
    ):
        assert (response.status, (await response.json())["error"]) == (status, error)

    assert (await client.auth_test())["ok"]


async def test_api_test_says_back_what_it_was_told(client: AsyncWebClient) -> None:
    client.token = None
    assert (await client.api_test(foo="bar"))["args"] == {"foo": "bar"}
    assert (await refusal(client, "api.test", error="my_error"))["error"] == "my_error"
