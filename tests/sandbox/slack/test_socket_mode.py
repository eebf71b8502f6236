"""Socket Mode with real Bolt apps: connections, redelivery, disconnects."""

import asyncio

import pytest
from aiohttp import ClientSession, WSServerHandshakeError
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.faults import Fault
from sandbox.slack import Workspace
from tests.sandbox.slack.apps import Json, Received, actions, button, modal, until
from tests.sandbox.slack.conftest import APP_TOKEN, Connect


async def socket_url(client: AsyncWebClient) -> str:
    url: str = (await client.apps_connections_open(app_token=APP_TOKEN))["url"]
    return url


async def test_a_click_opens_a_modal_and_its_submission_closes_it(
    workspace: Workspace, client: AsyncWebClient, app: AsyncApp, connect: Connect
) -> None:
    @app.action("go")
    async def clicked(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await client.views_open(
            trigger_id=body["trigger_id"], view=modal(private_metadata=body["actions"][0]["value"])
        )
        await ack()

    @app.view("form")
    async def submitted(ack: AsyncAck, view: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.chat_postMessage(channel="C0SUPPORT", text=f"answered {view['private_metadata']}")

    await connect(app)
    posted = await client.chat_postMessage(channel="C0SUPPORT", text="card", blocks=[actions(button())])

    click = await workspace.press("U0SAM", "C0SUPPORT", posted["ts"], "go")
    view = workspace.open_view("U0SAM")
    assert click.answered
    assert view is not None
    assert (await workspace.submit("U0SAM", view["id"])).answered
    assert workspace.open_view("U0SAM") is None
    assert workspace.messages("C0SUPPORT")[-1]["text"] == "answered 7"


async def test_an_address_is_good_for_one_connection(client: AsyncWebClient, workspace: Workspace) -> None:
    url = await socket_url(client)
    async with ClientSession() as session, session.ws_connect(url) as socket:
        hello = await socket.receive_json()
        assert (hello["type"], hello["num_connections"]) == ("hello", 1)
        assert hello["connection_info"] == {"app_id": "A0SWITCH"}
        with pytest.raises(WSServerHandshakeError):
            await session.ws_connect(url)
    await until(lambda: not workspace.sockets.connections)


async def test_an_eleventh_connection_is_too_many(client: AsyncWebClient, workspace: Workspace) -> None:
    workspace.limits.max_connections = 1
    async with ClientSession() as session, session.ws_connect(await socket_url(client)) as first:
        assert (await first.receive_json())["type"] == "hello"
        async with session.ws_connect(await socket_url(client)) as second:
            message = await second.receive_json()
            assert (message["type"], message["reason"]) == ("disconnect", "too_many_websockets")


async def test_payloads_go_to_any_one_connection(client: AsyncWebClient, workspace: Workspace) -> None:
    async with ClientSession() as session:
        sockets = [await session.ws_connect(await socket_url(client)) for _ in range(2)]
        for socket in sockets:
            await socket.receive_json()
        received: list[list[Json]] = [[], []]

        async def listen(number: int) -> None:
            async for message in sockets[number]:
                envelope = message.json()
                received[number].append(envelope)
                await sockets[number].send_json({"envelope_id": envelope["envelope_id"]})

        listeners = [asyncio.create_task(listen(number)) for number in range(2)]
        for number in range(40):
            await workspace.say("U0SAM", "C0SUPPORT", str(number))
        await workspace.settled()
        for socket in sockets:
            await socket.close()
        await asyncio.gather(*listeners)

    texts = [envelope["payload"]["event"]["text"] for envelope in received[0] + received[1]]
    assert sorted(texts, key=int) == [str(number) for number in range(40)]
    assert received[0]
    assert received[1]


async def test_an_event_comes_again_until_it_is_acked(client: AsyncWebClient, workspace: Workspace) -> None:
    workspace.limits.ack_seconds = 0.05
    workspace.limits.redelivery_seconds = (0.0, 0.2)
    async with ClientSession() as session, session.ws_connect(await socket_url(client)) as socket:
        await socket.receive_json()
        await workspace.say("U0SAM", "C0SUPPORT", "important")
        tries = [await socket.receive_json() for _ in range(2)]
        workspace.limits.ack_seconds = 10.0
        tries.append(await socket.receive_json())
        await socket.send_json({"envelope_id": tries[2]["envelope_id"]})
        await workspace.settled()

    assert len({envelope["payload"]["event_id"] for envelope in tries}) == 1
    assert [(t["retry_attempt"], t["retry_reason"]) for t in tries] == [
        (0, ""),
        (1, "timeout"),
        (2, "timeout"),
    ]
    assert tries[0]["accepts_response_payload"] is False
    assert workspace.ledger.of("slack", "event.given_up") == []


async def test_an_event_that_nobody_ever_acks_is_given_up(workspace: Workspace, address: str) -> None:
    workspace.limits.redelivery_seconds = (0.0, 0.01, 0.01)
    await workspace.say("U0SAM", "C0SUPPORT", "anybody?")
    await workspace.settled()
    (entry,) = workspace.ledger.of("slack", "event.given_up")
    assert entry.detail["event"]["text"] == "anybody?"


async def test_an_event_waits_for_an_app_that_comes_back(
    workspace: Workspace, app: AsyncApp, connect: Connect
) -> None:
    workspace.limits.redelivery_seconds = (0.1,) * 100
    received = Received(app)
    await workspace.say("U0SAM", "C0SUPPORT", "while you were away")
    await connect(app)
    await workspace.settled()
    assert [event["text"] for event in received.events] == ["while you were away"]


async def test_a_payload_goes_to_another_connection_when_one_dies(
    client: AsyncWebClient, workspace: Workspace, app: AsyncApp, connect: Connect
) -> None:
    posted = await client.chat_postMessage(channel="C0SUPPORT", text="card", blocks=[actions(button())])
    async with ClientSession() as session, session.ws_connect(await socket_url(client)) as doomed:
        await doomed.receive_json()
        click = asyncio.create_task(workspace.press("U0SAM", "C0SUPPORT", posted["ts"], "go"))
        assert (await doomed.receive_json())["type"] == "interactive"
        received = Received(app)
        await connect(app)
        await until(lambda: len(workspace.sockets.connections) == 2)
        await doomed.close()
        ack = await click

    assert ack.answered
    assert [body["type"] for body in received.bodies] == ["block_actions"]


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_a_disconnect_envelope_moves_the_app_to_a_new_connection(
    workspace: Workspace, received: Received, client: AsyncWebClient, reason: str
) -> None:
    await until(lambda: len(workspace.sockets.connections) == 1)
    (old,) = workspace.sockets.connections
    assert await workspace.disconnect(reason) == 1
    await until(lambda: any(connection is not old for connection in workspace.sockets.connections))

    posted = await client.chat_postMessage(channel="C0SUPPORT", text="card", blocks=[actions(button())])
    assert (await workspace.press("U0SAM", "C0SUPPORT", posted["ts"], "go")).answered


async def test_the_grace_after_a_disconnect_ends(client: AsyncWebClient, workspace: Workspace) -> None:
    workspace.limits.disconnect_grace_seconds = 0.05
    async with ClientSession() as session, session.ws_connect(await socket_url(client)) as socket:
        await socket.receive_json()
        await workspace.disconnect("refresh_requested")
        assert (await socket.receive_json())["reason"] == "refresh_requested"
        await until(lambda: not workspace.sockets.connections)


async def test_a_cut_connection_is_made_again(
    workspace: Workspace, app: AsyncApp, connect: Connect, client: AsyncWebClient
) -> None:
    handler = await connect(app)
    handler.client.ping_interval = 0.1
    await until(lambda: len(workspace.sockets.connections) == 1)
    assert workspace.abort_connections() == 1
    await until(lambda: not workspace.sockets.connections)
    assert (await client.auth_test())["ok"]


async def test_opening_a_connection_can_fail_on_request(client: AsyncWebClient, workspace: Workspace) -> None:
    workspace.faults.add(Fault("slack:socket", "status", status=503))
    async with ClientSession() as session:
        with pytest.raises(WSServerHandshakeError) as caught:
            await session.ws_connect(await socket_url(client))
        assert caught.value.status == 503


async def test_nonsense_from_the_app_is_ignored(client: AsyncWebClient, workspace: Workspace) -> None:
    async with ClientSession() as session, session.ws_connect(await socket_url(client)) as socket:
        await socket.receive_json()
        for text in ("", "{", "[]", '{"envelope_id": "unknown"}', '{"envelope_id": ["x"]}'):
            await socket.send_str(text)
        await workspace.say("U0SAM", "C0SUPPORT", "still there?")
        envelope = await socket.receive_json()
        await socket.send_json({"envelope_id": envelope["envelope_id"]})
        await workspace.settled()
    assert envelope["payload"]["event"]["text"] == "still there?"


async def test_an_acked_event_can_come_once_more(workspace: Workspace, received: Received) -> None:
    with pytest.raises(LookupError):
        workspace.redeliver()
    await workspace.say("U0SAM", "C0SUPPORT", "once")
    await workspace.settled()
    sent = workspace.redeliver()
    await workspace.settled()
    assert [body["event_id"] for body in received.bodies] == [sent["event_id"]] * 2
