"""Every answer keeps browsers from guessing its type and from framing it, also where there is no page."""

import aiohttp
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from yarl import URL

from adapters.slack.signature import Signature
from handlers.web.app import web_app
from handlers.web.server import WebServer


async def page(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("hello", headers={"content-security-policy": "default-src 'self'"})


@pytest.mark.parametrize(
    ("path", "policy"),
    [("/page", "default-src 'self'"), ("/nowhere", "default-src 'none'; frame-ancestors 'none'")],
)
async def test_each_answer_has_the_headers_and_a_page_keeps_its_own(path: str, policy: str) -> None:
    server = WebServer(web_app(None, [Route("/page", page)]), "127.0.0.1", 0)
    await server.start()
    async with aiohttp.ClientSession() as session, session.get(server.address + path) as answer:
        headers = answer.headers
    await server.stop()
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == policy


@pytest.mark.parametrize("path", ["/page/", "/page/?a=b", "//evil.example/page/"])
async def test_no_redirect_leaves_for_the_host_that_a_request_claims(path: str) -> None:
    server = WebServer(web_app(None, [Route("/{path:path}page", page)]), "127.0.0.1", 0)
    await server.start()
    claimed = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    port = int(server.address.rpartition(":")[2])
    async with aiohttp.ClientSession() as session:
        url = URL(f"http://127.0.0.1:{port}{path}", encoded=True)
        async with session.get(url, headers=claimed, allow_redirects=False) as answer:
            location = answer.headers["location"]
    await server.stop()
    assert location.startswith("/")
    assert not location.startswith("//")


@pytest.mark.parametrize("timestamp", ["9" * 400, "-" + "9" * 400, "1e999", "nan", ""])
def test_a_timestamp_of_any_length_is_refused(timestamp: str) -> None:
    headers = {"x-slack-request-timestamp": timestamp, "x-slack-signature": "v0=00"}
    assert Signature("secret").is_valid(b"{}", headers) is False
