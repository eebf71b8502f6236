"""Keep the page's stream alive: hidden and frozen pages, connections that die unnoticed, several tabs."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress

import pillow_heif
from PIL import Image
from playwright.async_api import expect

from handlers.web.chat.rate_limits import Rates
from storage.engine import Store
from tests.browser import ON_PAGE
from tests.handlers.web.chat.browsing import DESK, Enter, empty_tab, message, open_page, write
from tests.handlers.web.chat.sites import a_free_port, served

pytestmark = ON_PAGE

_SET_HIDDEN = """hidden => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
_CONFIRM_IN_JAPANESE = """box => {
  box.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true }));
  const init = { key: "Enter", keyCode: 229, isComposing: false, bubbles: true, cancelable: true };
  box.dispatchEvent(new KeyboardEvent("keydown", init));
}"""


class Wire:
    """A network between the browser and the server, on which streams can go dead without a reset."""

    def __init__(self, server_port: int) -> None:
        self._server_port = server_port
        self._streams: list[asyncio.Event] = []
        self._tasks: list[asyncio.Task[None]] = []

    def kill(self) -> None:
        """Deliver nothing more to the browser on the streams of this moment."""
        for is_dead in self._streams:
            is_dead.set()

    async def connect(self, browser: asyncio.StreamReader, to_browser: asyncio.StreamWriter) -> None:
        """Forward what both sides say."""
        is_dead = asyncio.Event()
        server, to_server = await asyncio.open_connection("127.0.0.1", self._server_port)

        async def forward(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
            with closing(sink), suppress(ConnectionError):
                while data := await source.read(65_536):
                    if b"/chat/events" in data:
                        self._streams.append(is_dead)
                    if not is_dead.is_set():
                        sink.write(data)

        self._tasks += [
            asyncio.create_task(forward(browser, to_server)),
            asyncio.create_task(forward(server, to_browser)),
        ]

    async def close(self) -> None:
        """Forward nothing more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@asynccontextmanager
async def wired(server_port: int, port: int) -> AsyncIterator[Wire]:
    """A wire at this port."""
    wire = Wire(server_port)
    listening = await asyncio.start_server(wire.connect, "127.0.0.1", port)
    yield wire
    listening.close()
    await wire.close()


async def test_a_page_whose_connection_died_has_every_line_once_it_is_visible(
    sqlite: Store, enter: Enter
) -> None:
    port, outside = a_free_port(), a_free_port()
    url = f"http://127.0.0.1:{outside}"
    async with served(sqlite, port=port, public_url=url) as site, wired(port, outside) as wire:
        handoff = site.offer(site.a_case())
        page = await open_page(await enter(phone=False, size=DESK), site.link(handoff))
        await expect(page.locator("#text")).to_be_focused()
        await page.keyboard.type("kana")
        await page.evaluate(f"({_CONFIRM_IN_JAPANESE})(document.activeElement)")
        await expect(page.locator("#text")).to_have_value("kana")
        await page.keyboard.press("Enter")
        await expect(message(page, "kana")).to_have_count(1)
        await site.agent_writes(handoff, "zero")
        await expect(message(page, "zero")).to_have_count(1)
        # Patience is shorter than the page's own wait for a heartbeat.
        for hide, show in (
            (f"({_SET_HIDDEN})(true)", f"({_SET_HIDDEN})(false)"),
            ("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))",
             "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"),
            ("document.dispatchEvent(new Event('freeze'))", "document.dispatchEvent(new Event('resume'))"),
        ):  # fmt: skip
            await page.evaluate(hide)
            wire.kill()
            count = await page.locator(".message").count()
            for text in (f"one {hide[:30]}", f"two {hide[:30]}"):
                await site.agent_writes(handoff, text)
            await page.evaluate(show)
            await expect(page.locator(".message")).to_have_count(count + 2)
            texts = await page.locator(".message .text").all_text_contents()
            assert texts[-2:] == [f"one {hide[:30]}", f"two {hide[:30]}"]
        photo = io.BytesIO()
        pillow_heif.from_pillow(Image.new("RGB", (64, 48), "red")).save(photo, quality=5)
        await page.set_input_files(
            "#file", {"name": "IMG_1.HEIC", "mimeType": "", "buffer": photo.getvalue()}
        )
        await expect(page.get_by_role("img", name="IMG_1.jpg")).to_be_visible()
        await page.goto("about:blank")


async def test_tabs_of_one_browser_share_a_stream(sqlite: Store, enter: Enter) -> None:
    async with served(sqlite, rates=Rates(streams=1)) as site:
        handoff, context = site.offer(site.a_case()), await enter()
        first = await open_page(context, site.link(handoff))
        tabs = [first]
        for _ in range(2):
            tabs.append(await empty_tab(context))
            await tabs[-1].goto(f"{site.address}/chat")
            await tabs[-1].locator("body[data-ready]").wait_for()
        await site.agent_writes(handoff, "for all")
        await write(first, "from the first")
        for tab in tabs:
            for text in ("for all", "from the first"):
                await expect(message(tab, text)).to_have_count(1)
            await expect(tab.locator("#connection")).to_be_hidden()
        await tabs[-1].close()
        await site.agent_writes(handoff, "to those who stay")
        for tab in tabs[:-1]:
            await expect(message(tab, "to those who stay")).to_have_count(1)
