"""Keep a page up to date whose event stream is held back: by a filter, a virus scanner, a buffering proxy."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress

import pytest
from playwright.async_api import expect

from handlers.handoffs.arrival import return_to_public
from storage.engine import Store
from tests.browser import ON_PAGE
from tests.handlers.made import SAM
from tests.handlers.web.chat.browsing import Enter, message, open_page, write
from tests.handlers.web.chat.sites import Browser, a_free_port, served

pytestmark = ON_PAGE

_SILENCE_MS = 5_000  # the page's own wait, in stream.js
_HEADERS_END = b"\r\n\r\n"


class Filter:
    """A filter that hands an event stream on when it has ended: nothing of it, or its headers alone."""

    def __init__(self, server_port: int, *, hands_on_headers: bool) -> None:
        self.holds = True
        self._server_port = server_port
        self._hands_on_headers = hands_on_headers
        self._tasks: list[asyncio.Task[None]] = []

    async def connect(self, browser: asyncio.StreamReader, to_browser: asyncio.StreamWriter) -> None:
        """Forward what both sides say, streams aside."""
        server, to_server = await asyncio.open_connection("127.0.0.1", self._server_port)
        is_stream = asyncio.Event()

        async def ask() -> None:
            with closing(to_server), suppress(ConnectionError):
                while data := await browser.read(65_536):
                    if b"GET /chat/events" in data and self.holds:
                        is_stream.set()
                    to_server.write(data)

        async def answer() -> None:
            with closing(to_browser), suppress(ConnectionError):
                while data := await server.read(65_536):
                    if not is_stream.is_set():
                        to_browser.write(data)
                    elif self._hands_on_headers and _HEADERS_END in data:
                        to_browser.write(data.partition(_HEADERS_END)[0] + _HEADERS_END)

        self._tasks += [asyncio.create_task(ask()), asyncio.create_task(answer())]

    async def close(self) -> None:
        """Forward nothing more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@asynccontextmanager
async def filtered(server_port: int, port: int, *, hands_on_headers: bool) -> AsyncIterator[Filter]:
    """A filter at this port."""
    made = Filter(server_port, hands_on_headers=hands_on_headers)
    listening = await asyncio.start_server(made.connect, "127.0.0.1", port)
    yield made
    listening.close()
    await made.close()


@pytest.mark.parametrize("hands_on_headers", [False, True])
async def test_a_page_without_a_stream_asks(sqlite: Store, enter: Enter, hands_on_headers: bool) -> None:
    port, outside = a_free_port(), a_free_port()
    async with (
        served(sqlite, port=port, public_url=f"http://127.0.0.1:{outside}") as site,
        filtered(port, outside, hands_on_headers=hands_on_headers),
    ):
        case = site.a_case()
        handoff = site.offer(case)
        page = await open_page(await enter(), site.link(handoff))
        await write(page, "Is anybody there?")
        await site.agent_writes(handoff, "Yes, I am")
        await expect(message(page, "Yes, I am")).to_have_count(1)
        await site.agent_writes(handoff, "And I look into it")
        await expect(message(page, "And I look into it")).to_have_count(1)
        await expect(message(page, "Is anybody there?")).to_have_count(1)
        await expect(page.locator("#connection")).to_be_hidden()
        now = site.clock.now()
        await site.chat.ctx.desk.run(return_to_public, case_id=case.id, user_id=SAM, now=now)
        await expect(page.locator("#ended")).to_contain_text("To go on, answer our post.")
        await page.goto("about:blank")


async def test_a_page_with_a_stream_does_not_ask(sqlite: Store, enter: Enter) -> None:
    port, outside = a_free_port(), a_free_port()
    async with (
        served(sqlite, port=port, public_url=f"http://127.0.0.1:{outside}") as site,
        filtered(port, outside, hands_on_headers=False) as between,
    ):
        handoff = site.offer(site.a_case())
        context = await enter()
        asked = list[str]()
        context.on("request", lambda request: asked.append(request.url))
        page = await open_page(context, site.link(handoff))
        await page.wait_for_event("request", lambda request: "history?after=" in request.url)
        between.holds = False
        await context.set_offline(True)
        await context.set_offline(False)
        await site.agent_writes(handoff, "Here I am")
        await expect(message(page, "Here I am")).to_have_count(1)
        asked.clear()
        await page.wait_for_timeout(_SILENCE_MS * 2)
        assert asked == []
        await page.goto("about:blank")


async def test_the_history_after_a_message_is_what_came_later(sqlite: Store) -> None:
    async with served(sqlite) as site, Browser(site) as ana:
        handoff = site.offer(site.a_case())
        await ana.open(site.link(handoff))
        first = await ana.write("one")
        second = await ana.write("two")
        status, told = await ana.get(f"/history?after={first['id']}")
        assert status == 200
        assert [one["text"] for one in told["messages"]] == ["two"]
        assert (told["cursor"], told["state"]["is_open"]) == (second["id"], True)
        status, told = await ana.get(f"/history?after={second['id']}")
        assert (told["messages"], told["cursor"]) == ([], second["id"])


async def test_asking_for_what_came_later_is_no_visit(sqlite: Store) -> None:
    async with served(sqlite) as site, Browser(site) as ana:
        await ana.open(site.link(site.offer(site.a_case())))
        for query, is_visit in (("", True), ("?after=0", False)):
            async with ana.session.get(f"{site.address}/chat/history{query}") as answer:
                assert (answer.status, "Set-Cookie" in answer.headers) == (200, is_visit)
