"""A socket over which nothing comes is told from one that works, by a clock that is never set back."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import WSMessage, WSMsgType
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from adapters.slack.socket_watch import SILENT_AFTER, SocketWatch


class Socket:
    """A client whose connection a test plays, and the seconds that pass."""

    def __init__(self) -> None:
        self.client = SocketModeClient("xapp-1")
        self.seconds = 0.0
        self.watch = SocketWatch(self.client, lambda: self.seconds)

    def open(self) -> None:
        self.client.current_session = object()  # type: ignore[assignment]

    async def hear(self, text: str) -> None:
        for listener in self.client.on_message_listeners:
            await listener(WSMessage(WSMsgType.TEXT, text, None))

    def is_silent_after(self, seconds: float) -> bool:
        self.seconds += seconds
        return self.watch.is_silent


@pytest.fixture
async def socket() -> AsyncIterator[Socket]:
    socket = Socket()
    yield socket
    socket.client.current_session = None
    socket.client.closed = True
    socket.client.message_processor.cancel()
    await socket.client.aiohttp_client_session.close()


async def test_a_connection_that_answers_pings_works(socket: Socket) -> None:
    socket.open()
    await socket.hear('{"type": "hello"}')
    for wall in (5.0, -7200.0, -7195.0):
        socket.client.last_ping_pong_time = wall  # the clock was set back
        assert not socket.is_silent_after(SILENT_AFTER - 1)
    assert socket.is_silent_after(SILENT_AFTER + 1)
    assert socket.watch.heard_seconds > SILENT_AFTER


async def test_a_connection_that_was_never_greeted_is_silent_though_it_answers_pings(socket: Socket) -> None:
    socket.open()
    for number in range(4):
        socket.client.last_ping_pong_time = float(number)
        assert socket.is_silent_after(25.0) is (number == 3)
    socket.open()
    assert socket.is_silent_after(1.0), "a new connection is no better until it is greeted"
    await socket.hear("[]")
    await socket.hear('{"type": "hello"}')
    socket.client.last_ping_pong_time = 9.0
    assert not socket.is_silent_after(SILENT_AFTER - 2)


async def test_connections_that_open_one_after_the_other_and_hear_nothing_are_silent(
    socket: Socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[float] = []

    async def reopen(*, force: bool) -> None:
        assert force
        opened.append(socket.seconds)
        socket.open()

    monkeypatch.setattr(socket.client, "connect_to_new_endpoint", reopen)
    socket.open()
    await socket.hear('{"type": "hello"}')
    silent = []
    for step in range(1, 31):
        # The library takes the time at which it asks for an answer, once for each connection.
        socket.client.last_ping_pong_time = None if step % 3 else float(step)
        silent.append(socket.is_silent_after(10.0))
        await socket.watch.reconnect()
    assert silent == [False] * 6 + [True] * 24
    assert opened == [70.0, 150.0, 230.0], "each has its minute"
    await socket.hear('{"type": "hello"}')
    assert not socket.watch.is_silent
