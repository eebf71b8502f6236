"""Drive the chat page in a browser, as a customer does."""

from collections.abc import Awaitable, Callable
from typing import Any

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import BrowserContext, Page, ViewportSize

PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 800}
SCRIPT = "<img src=x onerror=alert(1)> & <b>bold</b>"

Enter = Callable[..., Awaitable[BrowserContext]]


async def empty_tab(context: BrowserContext) -> Page:
    """Return an empty tab: the browser's first one while it is unused, else a new one."""
    return (
        next((page for page in context.pages if page.url == "about:blank"), None) or await context.new_page()
    )


async def open_page(context: BrowserContext, link: str) -> Page:
    """Open the link in a new tab and wait until it is ready; start the chat if it greets first."""
    page = await empty_tab(context)
    await page.goto(link)
    await page.locator("#start, body[data-ready]").first.wait_for()
    if await page.locator("#start").count():
        await page.keyboard.press("Enter")
    await page.locator("body[data-ready]").wait_for()
    return page


async def write(page: Page, text: str) -> None:
    """Type a message and press the button."""
    await page.get_by_role("textbox").fill(text)
    await page.get_by_role("button", name="Send").click()


def message(page: Page, text: str) -> Any:  # noqa: ANN401 - a locator
    """Locate the messages with exactly this text."""
    return page.locator(".message .text").get_by_text(text, exact=True)


async def accessibility_violations(page: Page) -> list[str]:
    """Return the accessibility violations that axe reports."""
    found = await Axe().run(page)
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found.response["violations"]]
