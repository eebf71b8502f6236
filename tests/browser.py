"""Provide a headless browser, and pages that are reused between tests.

Playwright objects work only on the event loop that started them, so the browser, its tests and their
fixtures share the session's loop: mark such a module with `pytestmark = ON_PAGE`, and write its fixtures with
`page_fixture`.
"""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

# The shell has no window at all, and needs a seventh less processor time for the same page tests.
_SHELL = Path("/usr/bin/chromium-headless-shell")
CHROMIUM = _SHELL if _SHELL.exists() else Path("/usr/bin/chromium")
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
PATIENCE_MS = 30_000
#: Finds controls that are too small for a finger (WCAG 2.2, 2.5.5). A box is ticked by its label, too; links
#: within a sentence are excepted.
SMALL_TARGETS = """() => [...document.querySelectorAll(
    "button, select, summary, textarea, label.attach, label.agree, a, input:not([type=checkbox])")]
  .filter((one) => !one.closest(".text"))
  .map((one) => [one.id || one.className || one.tagName, one.getBoundingClientRect()])
  .filter(([, { width, height }]) => width && (width < 44 || height < 44))
  .map(([name, { width, height }]) => `${name}: ${width} x ${height}`)"""

#: By how much a page is wider than its window.
WIDER_BY = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

ON_PAGE = [pytest.mark.page, pytest.mark.asyncio(loop_scope="session")]
page_fixture = partial(pytest_asyncio.fixture, loop_scope="session")

Visit = Callable[..., Awaitable[Page]]
Colours = Literal["light", "dark"]


def need_chromium() -> None:
    """Skip the test without Chromium and print why; fail it where CI is set, so that CI cannot miss it."""
    if CHROMIUM.exists():
        return
    missing = f"{CHROMIUM} is missing; on Debian: apt-get install -y chromium-headless-shell"
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


class Tab:
    """A page in its own context, reused by tests: a new one costs a second of two cores."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._trouble: list[str] = []
        self._own = ""
        page.on("pageerror", lambda error: self._note(f"script error: {error}"))
        page.on("console", lambda line: self._console(line.type, line.text))
        page.on("request", lambda request: self._request(request.url))

    async def show(self, address: str, path: str, size: ViewportSize, colours: Colours) -> None:
        """Load a path at this address, and record errors from now on."""
        self._own = urlsplit(address).netloc
        self.page.set_default_timeout(PATIENCE_MS)
        await self.page.set_viewport_size(size)
        await self.page.emulate_media(color_scheme=colours, reduced_motion="reduce")
        await self.page.goto(address + path)
        await self.page.locator("body[data-ready]").wait_for()

    async def leave(self) -> list[str]:
        """Clear all state that a test left; returns the recorded errors.

        None is recorded until the page is shown again.
        """
        await self.page.unroute_all(behavior="ignoreErrors")
        await self.page.mouse.move(0, 0)
        await self.page.evaluate("localStorage.clear()")
        trouble, self._trouble, self._own = self._trouble, [], ""
        await self.page.goto("about:blank")
        return trouble

    def _note(self, what: str) -> None:
        if self._own:
            self._trouble.append(what)

    def _console(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"} and ("Content Security Policy" in text or "TrustedHTML" in text):
            self._note(f"policy: {text}")

    def _request(self, url: str) -> None:
        if not url.startswith("data:") and urlsplit(url).netloc != self._own:
            self._note(f"foreign request: {url}")


@page_fixture(scope="session")
async def clean_pages() -> list[Page]:
    """Pages that no test uses at the moment, each in a context of its own."""
    return []


@page_fixture
async def clean_page(browser: Browser, clean_pages: list[Page]) -> AsyncIterator[Page]:
    """A page without cookies and stored data.

    Its context is reused by the next test: a new one starts a renderer process, which loads everything and
    looks up all fonts again.
    """
    page = clean_pages.pop() if clean_pages else await (await browser.new_context()).new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    # Storage needs no clearing: it belongs to an origin, whose port differs in each test.
    await page.goto("about:blank")
    await page.emulate_media(color_scheme="light", reduced_motion="no-preference")
    await page.context.clear_cookies()
    clean_pages.append(page)


@page_fixture(scope="session")
async def idle_tabs() -> list[Tab]:
    """Tabs that no test uses at the moment."""
    return []


@page_fixture
async def visit(browser: Browser, idle_tabs: list[Tab]) -> AsyncIterator[Visit]:
    """Open the page at an address.

    `await visit(address, person="U0MIA", width=390, height=844, colours="dark")`. The test fails at teardown
    if a page had a script error, a CSP violation or a request to a foreign host. Pass `kept=False` if the
    test changes the page for later tests, for instance its clock.
    """
    used: list[tuple[Tab, bool]] = []

    async def open_page(
        address: str,
        *,
        person: str = "U0SAM",
        width: int = 1440,
        height: int = 900,
        colours: Colours = "light",
        place: str = "",
        kept: bool = True,
    ) -> Page:
        tab = idle_tabs.pop() if idle_tabs and kept else Tab(await browser.new_page())
        used.append((tab, kept))
        await tab.show(address, f"/?as={person}#/{place}", {"width": width, "height": height}, colours)
        return tab.page

    yield open_page
    trouble = []
    for tab, kept in used:
        trouble += await tab.leave()
        if kept:
            idle_tabs.append(tab)
        else:
            await tab.page.close()
    if trouble:
        pytest.fail("; ".join(trouble))
