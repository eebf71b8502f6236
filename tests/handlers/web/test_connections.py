"""Hold against clients that are slow, many, or send nonsense, and where no file is left for a connection."""

import asyncio
import errno
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from handlers.web import connections
from handlers.web.connections import ConnectionLimits
from handlers.web.request_limits import RequestBudget
from handlers.web.server import WebServer

REQUEST = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
HALF_BODY = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf"
QUICK = ConnectionLimits(in_all=4, per_address=2, head_seconds=0.1, body_seconds=0.1, write_seconds=0.1)


async def echo(request: Request) -> Response:
    if request.url.path == "/large":
        return Response(bytes(30_000_000))
    if request.url.path == "/fault":
        raise LookupError
    return PlainTextResponse(await request.body() or b"hello")


APP = Starlette(routes=[Route("/{path:path}", echo, methods=["GET", "POST"])])


@asynccontextmanager
async def served(
    limits: ConnectionLimits | None = None,
    budget: RequestBudget | None = None,
    proxies: Sequence[str] = (),
) -> AsyncIterator[int]:
    """Serve the app; yields the port."""
    server = WebServer(APP, "127.0.0.1", 0, limits=limits, budget=budget, proxies=proxies)
    await server.start()
    try:
        yield int(server.address.rpartition(":")[2])
    finally:
        await server.stop()


class Client:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def answer(self) -> bytes:
        """Read one answer."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split()[0])
        return head + await self.reader.readexactly(length)

    async def rest(self) -> bytes:
        """Read until the server closes the connection."""
        return await self.reader.read()


@asynccontextmanager
async def connected(port: int, *sent: bytes, source: str = "127.0.0.1") -> AsyncIterator[Client]:
    """Connect and send."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(source, 0))
    writer.write(b"".join(sent))  # not writelines: Python 3.13.0 tries an empty part for ever
    try:
        async with asyncio.timeout(20):
            yield Client(reader, writer)
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


@pytest.mark.parametrize("part", [b"", b"GET / HTTP/1.1\r\nHost: a\r\n", HALF_BODY])
async def test_a_request_that_does_not_arrive_in_time_is_refused(part: bytes) -> None:
    async with served(QUICK) as port, connected(port, part) as client:
        said = await client.rest()
    assert said.startswith(b"HTTP/1.1 408 ")
    assert b"x-content-type-options: nosniff\r\ncontent-security-policy: default-src 'none'; frame" in said


async def test_a_drip_of_bytes_moves_no_deadline() -> None:
    # The first request must arrive in time, on a busy machine too.
    async with served(replace(QUICK, head_seconds=1.0)) as port, connected(port, REQUEST) as client:
        assert b"hello" in await client.answer()

        async def drip() -> None:
            client.writer.write(REQUEST[:-2])
            while True:
                client.writer.write(b"a: b\r\n")
                await asyncio.sleep(0.01)

        dripping = asyncio.create_task(drip())
        assert (await client.rest()).startswith(b"HTTP/1.1 408 ")
        dripping.cancel()


async def test_an_answer_that_nobody_reads_is_given_up() -> None:
    async with served(QUICK) as port, connected(port, b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n") as client:
        await client.reader.readuntil(b"\r\n\r\n")  # on a busy machine 30 MB are long in the making
        client.writer.transport.pause_reading()  # type: ignore[attr-defined]
        await asyncio.sleep(0.3)
        client.writer.transport.resume_reading()  # type: ignore[attr-defined]
        with suppress(ConnectionError):
            assert len(await client.rest()) < 30_000_000


async def test_connections_are_capped_by_address_and_in_all() -> None:
    async with (
        served(ConnectionLimits(in_all=3, per_address=2)) as port,
        connected(port, REQUEST) as one,
        connected(port, REQUEST) as two,
    ):
        await one.answer(), await two.answer()
        async with connected(port, source="127.0.0.1") as third:
            assert (await third.rest()).startswith(b"HTTP/1.1 503 ")
        async with connected(port, REQUEST, source="127.0.0.2") as other:
            assert b"hello" in await other.answer()
            async with connected(port, source="127.0.0.3") as fourth:
                assert b"nosniff" in await fourth.rest()
        one.writer.close()
        await one.writer.wait_closed()
        async with connected(port, REQUEST, source="127.0.0.2") as other:
            assert b"hello" in await other.answer()


async def test_a_proxy_of_ours_is_counted_by_the_visitors_that_it_names() -> None:
    limits, budget = ConnectionLimits(per_address=1), RequestBudget(requests_per_address=1)
    half = HALF_BODY.replace(b"Host: a", b"Host: a\r\nX-Forwarded-For: 203.0.113.7")
    from_other = REQUEST.replace(b"Host: a", b"Host: a\r\nX-Forwarded-For: 203.0.113.8")
    async with served(limits, budget, ["127.0.0.1"]) as port, connected(port, half) as one:
        async with connected(port, from_other) as other:
            assert b"hello" in await other.answer()
        async with connected(port, half) as again:
            assert b" 429 " in await again.answer()
        one.writer.write(b"other")
        assert b"halfother" in await one.answer()


async def test_many_half_bodies_hold_no_more_than_their_share() -> None:
    budget = RequestBudget(bytes_per_address=10, bytes_in_all=11)
    async with (
        served(budget=budget) as port,
        connected(port, HALF_BODY),
        connected(port, HALF_BODY),
        connected(port, HALF_BODY) as third,
    ):
        assert b" 503 " in await third.answer()  # the address has eight bytes already
        async with connected(port, HALF_BODY, source="127.0.0.2") as other:
            assert b" 503 " in await other.answer()


async def test_where_no_file_is_left_the_server_waits_and_goes_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(connections, "ACCEPT_RETRY_SECONDS", 0.01)
    loop, tries = asyncio.get_running_loop(), 0
    accept = loop.sock_accept

    async def without_files(listening: socket.socket) -> tuple[socket.socket, object]:
        nonlocal tries
        tries += 1
        if tries <= 3:
            raise OSError(errno.EMFILE, "Too many open files")
        return await accept(listening)

    monkeypatch.setattr(loop, "sock_accept", without_files)
    async with served() as port, connected(port, REQUEST) as client:
        assert b"hello" in await client.answer()
    assert tries == 5
    assert [line.message for line in caplog.records if line.levelname == "ERROR"] == [
        "no connection can be accepted at the moment: Too many open files"
    ]


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nCookie: " + b"x" * 400_000 + b"\r\n\r\n", 400),
        (b"GET /" + b"9" * 400_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"GET /%ff%00 HTTP/1.1\r\nHost: \xff\r\nCookie: \xff=\xff; a\r\n\r\n", 200),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: " + b"9" * 5_000 + b"\r\n\r\n", 400),
        (b"GET /fault HTTP/1.1\r\nHost: a\r\n\r\n", 500),
    ],
)
async def test_every_answer_keeps_browsers_from_guessing(request_: bytes, status: int) -> None:
    async with served() as port, connected(port, request_) as client:
        client.writer.write_eof()
        said = await client.rest()
    assert said.startswith(b"HTTP/1.1 %d " % status)
    assert b"\r\nx-content-type-options: nosniff\r\n" in said
    assert b"frame-ancestors 'none'" in said
    assert b"Traceback" not in said


async def test_the_parts_of_an_answer_wait_for_no_receipt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each after the first took 40 ms, as long as the other side's system delays a receipt."""
    loop, accepted = asyncio.get_running_loop(), list[socket.socket]()
    connect = loop.connect_accepted_socket

    async def noted(factory: Callable[[], asyncio.Protocol], sock: socket.socket) -> object:
        accepted.append(sock)
        return await connect(factory, sock)

    monkeypatch.setattr(loop, "connect_accepted_socket", noted)
    async with served() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /quick HTTP/1.1\r\nHost: here\r\n\r\n")
        await reader.readline()
        [connection] = accepted
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        writer.close()
