"""Open the listening socket, report its address, and fail at start where the port is taken."""

import socket

import aiohttp
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from handlers.web.server import WebServer


async def hello(_request: object) -> PlainTextResponse:
    return PlainTextResponse("hello")


def a_server(host: str, port: int = 0) -> WebServer:
    return WebServer(Starlette(routes=[Route("/", hello)]), host, port)


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "http://127.0.0.1:"), ("::1", "http://[::1]:")])
async def test_its_address_can_be_opened_as_it_is(host: str, shown: str) -> None:
    if ":" in host and not has_ipv6():
        pytest.skip("this machine has no IPv6")
    server = a_server(host)
    await server.start()
    assert server.address.startswith(shown)
    async with aiohttp.ClientSession() as session, session.get(server.address) as answer:
        assert await answer.text() == "hello"
    port = int(server.address.rpartition(":")[2])
    await server.stop()
    with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
        """The port is free again."""


@pytest.mark.parametrize(
    ("proxies", "shown"), [(["127.0.0.0/8"], "203.0.113.7"), (["10.0.0.1"], "127.0.0.1"), ([], "127.0.0.1")]
)
async def test_a_visitors_address_is_told_by_our_own_proxies_alone(proxies: list[str], shown: str) -> None:
    async def who(request: Request) -> PlainTextResponse:
        return PlainTextResponse(request.client.host if request.client else "")

    server = WebServer(Starlette(routes=[Route("/", who)]), "127.0.0.1", 0, proxies=proxies)
    await server.start()
    headers = {"X-Forwarded-For": "198.51.100.1, 203.0.113.7"}
    async with aiohttp.ClientSession() as session, session.get(server.address, headers=headers) as answer:
        assert await answer.text() == shown
    await server.stop()


async def test_there_is_no_address_before_the_start() -> None:
    with pytest.raises(RuntimeError, match="has not started"):
        assert a_server("127.0.0.1").address


async def test_a_taken_port_is_an_error_at_the_start_and_nothing_to_stop() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        server = a_server("127.0.0.1", other.getsockname()[1])
        with pytest.raises(OSError, match="in use"):
            await server.start()
        await server.stop()


def has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True
