"""A served chat on each database in turn, and customers' browsers."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, ViewportSize

from storage.engine import Store
from tests.browser import PATIENCE_MS, Colours, page_fixture
from tests.handlers.web.chat.browsing import PHONE, Enter
from tests.handlers.web.chat.sites import Site, served


@pytest_asyncio.fixture
async def site(store: Store) -> AsyncIterator[Site]:
    """The chat, served."""
    async with served(store) as site:
        yield site


@page_fixture
async def enter(browser: Browser) -> AsyncIterator[Enter]:
    """A customer's browser: `await enter(language="de", colours="dark")`. The test fails in the end when a page had trouble."""
    trouble: list[str] = []

    def watch(page: Page) -> None:
        page.on("pageerror", lambda error: trouble.append(f"script error: {error}"))
        page.on("console", lambda said: trouble.append(said.text) if "Policy" in said.text else None)
        page.on(
            "request",
            lambda asked: trouble.append(asked.url) if urlsplit(asked.url).hostname != "127.0.0.1" else None,
        )

    async with AsyncExitStack() as stack:

        async def open_browser(
            *,
            language: str = "en",
            colours: Colours = "light",
            size: ViewportSize = PHONE,
            phone: bool = True,
        ) -> BrowserContext:
            context = await browser.new_context(
                viewport=size,
                locale=language,
                color_scheme=colours,
                reduced_motion="reduce",
                has_touch=phone,
            )
            stack.push_async_callback(context.close)
            context.set_default_timeout(PATIENCE_MS)
            context.on("page", watch)
            return context

        yield open_browser
    assert trouble == []
