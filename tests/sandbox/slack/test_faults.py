"""Lost responses: the ledger and the channel show what took effect."""

import asyncio

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.faults import Fault
from sandbox.slack import Workspace
from tests.sandbox.slack.apps import until


async def test_an_answer_lost_after_the_act_leaves_the_message(
    client: AsyncWebClient, workspace: Workspace
) -> None:
    workspace.faults.add(Fault("slack:chat.postMessage", "lost-after"))
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await client.chat_postMessage(channel="C0SUPPORT", text="card")

    assert [m["text"] for m in workspace.messages("C0SUPPORT")] == ["card"]
    assert [e.detail["text"] for e in workspace.ledger.of("slack", "chat.postMessage")] == ["card"]


async def test_a_call_lost_before_the_act_leaves_nothing(
    client: AsyncWebClient, workspace: Workspace
) -> None:
    workspace.faults.add(Fault("slack:chat.*", "lost-before"))
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await client.chat_postMessage(channel="C0SUPPORT", text="card")
    assert workspace.messages("C0SUPPORT") == []

    await client.chat_postMessage(channel="C0SUPPORT", text="card")
    assert len(workspace.ledger.of("slack", "chat.postMessage")) == 1


async def test_a_status_on_request(client: AsyncWebClient, workspace: Workspace) -> None:
    workspace.faults.add(
        Fault("slack:users.info", "status", status=503, body='{"ok": false, "error": "fatal_error"}')
    )
    with pytest.raises(SlackApiError) as caught:
        await client.users_info(user="U0SAM")
    assert (caught.value.response.status_code, caught.value.response["error"]) == (503, "fatal_error")


async def test_uploads_can_be_lost_too(client: AsyncWebClient, workspace: Workspace) -> None:
    workspace.faults.add(Fault("slack:upload", "lost-after"))
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await client.files_upload_v2(channel="C0SUPPORT", filename="a.csv", content="a")
    assert [file.content for file in workspace.files.files.values()] == [b"a"]
    assert workspace.messages("C0SUPPORT") == []


async def test_a_slow_call_acts_in_the_end(client: AsyncWebClient, workspace: Workspace) -> None:
    client.timeout = 1
    workspace.faults.add(Fault("slack:chat.postMessage", "slow", seconds=1.2))
    with pytest.raises(asyncio.TimeoutError):
        await client.chat_postMessage(channel="C0SUPPORT", text="late")
    async with asyncio.timeout(20):
        await until(lambda: len(workspace.messages("C0SUPPORT")) == 1)
