"""A headless browser for the tests that drive the demo's page.

Playwright lives in the loop in which it was started, so the browser, the tests that use it and their fixtures share the
session's loop: mark such a module with `pytestmark = ON_PAGE`, and write its fixtures with `page_fixture`.
"""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 15_000

ON_PAGE = [pytest.mark.page, pytest.mark.asyncio(loop_scope="session")]
page_fixture = partial(pytest_asyncio.fixture, loop_scope="session")

Visit = Callable[..., Awaitable[Page]]
Colours = Literal["light", "dark"]


def need_chromium() -> None:
    """Skip the test without Chromium, saying so; fail it where CI is set, so that a pipeline cannot miss it."""
    if CHROMIUM.exists():
        return
    missing = f"{CHROMIUM} is missing; on Debian: apt-get install -y chromium"
    if os.environ.get("CI"):
        pytest.fail(missing)
    pytest.skip(missing)


@page_fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One browser for all tests; skips without Chromium, and fails instead where CI is set."""
    need_chromium()
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        await started.close()


class Trouble:
    """What must not happen on any page: script errors, refusals of the policy, calls to a foreign host."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def watch(self, page: Page, address: str) -> None:
        """Note all trouble of this page from now on."""
        own = urlsplit(address).netloc
        page.on("pageerror", lambda error: self.seen.append(f"script error: {error}"))
        page.on("console", lambda line: self._console(line.type, line.text))
        page.on("request", lambda request: self._request(request.url, own))

    def _console(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"} and ("Content Security Policy" in text or "TrustedHTML" in text):
            self.seen.append(f"policy: {text}")

    def _request(self, url: str, own: str) -> None:
        if not url.startswith("data:") and urlsplit(url).netloc != own:
            self.seen.append(f"foreign request: {url}")


@page_fixture
async def visit(browser: Browser) -> AsyncIterator[Visit]:
    """Open the page at an address: `await visit(address, person="U0MIA", width=390, height=844, colours="dark")`.

    Each page has a context of its own. The test fails in the end when a page had trouble.
    """
    trouble = Trouble()
    async with AsyncExitStack() as stack:

        async def open_page(
            address: str,
            *,
            person: str = "U0SAM",
            width: int = 1440,
            height: int = 900,
            colours: Colours = "light",
            place: str = "",
        ) -> Page:
            context = await browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=colours, reduced_motion="reduce"
            )
            stack.push_async_callback(context.close)
            context.set_default_timeout(PATIENCE_MS)
            page = await context.new_page()
            trouble.watch(page, address)
            await page.goto(f"{address}/?as={person}#/{place}")
            await page.locator("body[data-ready]").wait_for()
            return page

        yield open_page
    if trouble.seen:
        pytest.fail("; ".join(trouble.seen))
