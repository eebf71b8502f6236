"""Provide a served chat on each database, and customers' browsers."""

from collections import defaultdict
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest_asyncio
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    ViewportSize,
)

from storage.engine import Store
from tests.browser import PATIENCE_MS, Colours, page_fixture
from tests.handlers.web.chat.browsing import PHONE, Enter
from tests.handlers.web.chat.sites import Site, served

#: Language, colours, width, height, and whether it is touched.
Kind = tuple[str, Colours, int, int, bool]


@pytest_asyncio.fixture
async def site(store: Store) -> AsyncIterator[Site]:
    """A served chat."""
    async with served(store) as site:
        yield site


class Watch:
    """Record script errors, CSP violations and requests to foreign hosts in all pages of a browser."""

    def __init__(self) -> None:
        self.trouble: list[str] = []

    def begin(self, context: BrowserContext) -> None:
        """Watch all tabs, including those opened later."""
        context.on("page", self._watch)
        for page in context.pages:
            self._watch(page)

    def end(self, context: BrowserContext) -> None:
        """Stop watching."""
        context.remove_listener("page", self._watch)
        for page in context.pages:
            page.remove_listener("pageerror", self._on_error)
            page.remove_listener("console", self._on_console)
            page.remove_listener("request", self._on_request)

    def _watch(self, page: Page) -> None:
        page.on("pageerror", self._on_error)
        page.on("console", self._on_console)
        page.on("request", self._on_request)

    def _on_error(self, error: Error) -> None:
        self.trouble.append(f"script error: {error}")

    def _on_console(self, said: ConsoleMessage) -> None:
        if "Policy" in said.text:
            self.trouble.append(said.text)

    def _on_request(self, asked: Request) -> None:
        if urlsplit(asked.url).hostname != "127.0.0.1":
            self.trouble.append(asked.url)


@page_fixture(scope="session")
async def idle_browsers() -> dict[Kind, list[BrowserContext]]:
    """Browsers that no test uses at the moment, by kind, each with one empty tab."""
    return defaultdict(list)


@page_fixture
async def enter(browser: Browser, idle_browsers: dict[Kind, list[BrowserContext]]) -> AsyncIterator[Enter]:
    """Open a customer's browser: `await enter(language="de", colours="dark")`.

    The test fails at teardown if a page had errors. Browsers are reused between tests, without cookies and
    with one empty tab: a new tab starts a renderer process, which loads everything and looks up all fonts
    again. Local storage belongs to an origin, whose port differs in each test.
    """
    watch, used = Watch(), list[tuple[Kind, BrowserContext]]()

    async def open_browser(
        *,
        language: str = "en",
        colours: Colours = "light",
        size: ViewportSize = PHONE,
        phone: bool = True,
    ) -> BrowserContext:
        kind: Kind = (language, colours, size["width"], size["height"], phone)
        context = idle_browsers[kind].pop() if idle_browsers[kind] else await _new(browser, kind)
        used.append((kind, context))
        watch.begin(context)
        return context

    yield open_browser
    for kind, context in used:
        watch.end(context)
        await _leave(context)
        idle_browsers[kind].append(context)
    assert watch.trouble == []


async def _new(browser: Browser, kind: Kind) -> BrowserContext:
    language, colours, width, height, phone = kind
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        locale=language,
        color_scheme=colours,
        reduced_motion="reduce",
        has_touch=phone,
    )
    context.set_default_timeout(PATIENCE_MS)
    await context.new_page()
    return context


async def _leave(context: BrowserContext) -> None:
    """Leave one empty tab, online and without a cookie."""
    first, *others = context.pages
    for page in others:
        await page.close()
    await first.unroute_all(behavior="ignoreErrors")
    await context.set_offline(False)
    await first.goto("about:blank")
    await context.clear_cookies()
