"""Limit request bodies regardless of their headers, and pass them on unchanged."""

import asyncio
import io
from collections.abc import AsyncIterator, Iterable

import aiohttp
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from handlers.web.body_limits import MAX_BODY_BYTES, BodyLimit
from handlers.web.server import WebServer


async def echo(request: Request) -> Response:
    return Response(await request.body())


APP = Starlette(routes=[Route("/", echo, methods=["POST", "GET"])])


async def answer(
    parts: Iterable[Message],
    *,
    max_size: int = 10,
    app: ASGIApp = APP,
    kind: str = "http",
) -> tuple[int, bytes]:
    """Return the response to a request whose body comes in these parts."""
    sent: list[Message] = []
    waiting = iter(parts)

    async def receive() -> Message:
        return next(waiting, {"type": "http.disconnect"})

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {
        "type": kind,
        "method": "POST",
        "path": "/",
        "headers": [],
        "query_string": b"",
        "http_version": "1.1",
    }
    await BodyLimit(app, max_size)(scope, receive, send)
    status = next((m["status"] for m in sent if m["type"] == "http.response.start"), 0)
    return status, b"".join(m.get("body", b"") for m in sent if m["type"] == "http.response.body")


def a_part(body: bytes, *, more: bool = False) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


@pytest.mark.parametrize("body", [b"", b"x", b"x" * 10, "ü€😀".encode()])
async def test_a_body_within_the_limit_is_handed_on(body: bytes) -> None:
    assert await answer([a_part(body)]) == (200, body)


async def test_a_body_in_parts_is_put_together() -> None:
    parts = [a_part(b"a", more=True), a_part(b"", more=True), a_part("ü".encode()[:1], more=True)]
    assert await answer([*parts, a_part("ü".encode()[1:])]) == (200, "aü".encode())


@pytest.mark.parametrize("is_declared", [True, False])
async def test_a_client_that_still_sends_hears_that_the_body_is_too_large(is_declared: bool) -> None:
    """With a size that is declared, and with chunks; the connection can be used again."""

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield bytes(100_000)

    server = WebServer(BodyLimit(APP, max_size=1_000_000), "127.0.0.1", 0)
    await server.start()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=1)) as session:
        data = io.BytesIO(bytes(4_000_000)) if is_declared else chunks()
        async with session.post(server.address, data=data) as answer:
            assert (answer.status, b"too large" in await answer.read()) == (413, True)
        async with session.post(server.address, data=b"x") as answer:
            assert (answer.status, await answer.read()) == (200, b"x")
    await server.stop()


async def test_a_body_that_is_declared_too_large_is_refused_before_it_is_read() -> None:
    scope: Scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "headers": [(b"content-length", b"9" * 5_000)],
    }
    sent: list[Message] = []

    async def receive() -> Message:
        raise AssertionError("the body was read")

    async def send(message: Message) -> None:
        sent.append(message)

    await BodyLimit(APP, 10)(scope, receive, send)
    assert sent[0]["status"] == 413


async def test_a_body_that_does_not_arrive_in_time_is_refused() -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {"type": "http", "method": "POST", "path": "/", "headers": []}
    await BodyLimit(APP, 10, seconds=0.01)(scope, receive, send)
    assert sent[0]["status"] == 408


async def test_a_body_without_end_is_refused_without_reading_on() -> None:
    read: list[int] = []

    def endless() -> Iterable[Message]:
        while True:
            read.append(1)
            yield a_part(b"xxxx", more=True)

    status, said = await answer(endless())
    assert status == 413
    assert b"too large" in said
    assert len(read) == 3


async def test_a_body_of_ten_megabytes_is_refused() -> None:
    assert (await answer([a_part(b"x" * 10_000_000)], max_size=MAX_BODY_BYTES))[0] == 413


@pytest.mark.parametrize("body", [b"\xff", b"a\xc3", b"\xed\xa0\x80"])
async def test_what_is_no_text_is_refused(body: bytes) -> None:
    status, said = await answer([a_part(body)])
    assert status == 400
    assert b"UTF-8" in said


async def test_a_client_that_goes_away_is_not_answered() -> None:
    assert await answer([a_part(b"x", more=True), {"type": "http.disconnect"}]) == (0, b"")


async def test_the_app_hears_when_its_client_goes_away_after_the_body() -> None:
    heard: list[str] = []

    async def listens(scope: Scope, receive: Receive, _send: Send) -> None:
        assert scope["type"] == "http"
        heard.extend([(await receive())["type"] for _ in range(2)])

    await answer([a_part(b"x")], app=listens)
    assert heard == ["http.request", "http.disconnect"]


async def test_what_is_no_request_passes_untouched() -> None:
    async def lifespan(scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == "lifespan"
        assert (await receive())["type"] == "lifespan.startup"
        await send({"type": "lifespan.startup.complete"})

    assert await answer([{"type": "lifespan.startup"}], app=lifespan, kind="lifespan") == (0, b"")
