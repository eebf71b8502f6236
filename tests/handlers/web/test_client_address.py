"""Choose the address for rate limits: an IPv4 address, or an IPv6 network."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from adapters.email import AddressLinks
from domain.triage.form_of_address import DEFAULT_FORMS
from handlers.web.chat.rate_limits import Rates
from handlers.web.chat.routes import chat_routes
from handlers.web.client_address import address_group
from handlers.web.email_capture import EmailCapturePage
from handlers.web.form_pages.words import load_page_words
from handlers.web.server import WebServer
from storage.engine import Store
from tests.handlers.web.chat.sites import served
from tests.source import ROOT

WORDS = load_page_words(ROOT / "prompts" / "email_capture", DEFAULT_FORMS)
ORIGIN = "http://help.example"
ONE, NEIGHBOUR, OTHER = "2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        (ONE, "2001:db8:1:2::/64"),
        (NEIGHBOUR, "2001:db8:1:2::/64"),
        (OTHER, "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("localhost", "localhost"),
        ("", ""),
    ],
)
def test_an_address_is_counted_by_what_its_owner_cannot_change(host: str, counted: str) -> None:
    assert address_group(host) == counted


@asynccontextmanager
async def behind_a_proxy(routes: list[BaseRoute]) -> AsyncIterator[Callable[..., Awaitable[int]]]:
    """Serve these routes; `await ask(host, path)` is the status for a request proxied from this address."""
    server = WebServer(Starlette(routes=routes), "127.0.0.1", 0, proxies=["127.0.0.1"])
    await server.start()
    async with aiohttp.ClientSession() as session:

        async def ask(host: str, path: str, **sent: object) -> int:
            headers = {"X-Forwarded-For": host, "Origin": ORIGIN}
            method = "POST" if sent else "GET"
            async with session.request(
                method, server.address + path, json=sent or None, headers=headers
            ) as answer:
                return answer.status

        try:
            yield ask
        finally:
            await server.stop()


async def test_the_chat_counts_by_it(sqlite: Store) -> None:
    rates = Rates(requests="3/minute", links="1/minute")
    link = {"token": "x", "key": "a" * 32}
    async with (
        served(sqlite, rates=rates, public_url=ORIGIN) as site,
        behind_a_proxy(chat_routes(site.chat)) as ask,
    ):
        assert await ask(ONE, "/chat/link", **link) == 403
        assert await ask(NEIGHBOUR, "/chat/link", **link) == 429
        assert await ask(ONE, "/chat") == 200
        assert await ask(NEIGHBOUR, "/chat") == 429
        assert await ask(OTHER, "/chat") == 200


async def test_the_form_for_an_address_counts_by_it(sqlite: Store) -> None:
    links = AddressLinks(public_url=ORIGIN, secret_key="k" * 40)
    async with served(sqlite) as site:
        page = EmailCapturePage(site.chat.ctx, links=links, words=WORDS, ours="", colour="#0f766e")
        async with behind_a_proxy(page.routes()) as ask:
            statuses = [await ask(host, "/address/none") for host in (*[ONE] * 60, NEIGHBOUR, OTHER)]
    assert statuses == [404] * 60 + [429, 404]
