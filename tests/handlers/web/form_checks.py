"""Check in a browser that a form is accessible, and that one in Arabic goes from right to left."""

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from tests.browser import PATIENCE_MS, SMALL_TARGETS, WIDER_BY


async def check_accessible(page: Page) -> None:
    """Fail where axe finds a violation, the page is wider than its window, or a target too small to touch."""
    found = await Axe().run(page)
    assert [f"{one['id']}: {one['nodes'][0]['html']}" for one in found.response["violations"]] == []
    assert await page.evaluate(WIDER_BY) == 0
    assert await page.evaluate(SMALL_TARGETS) == []


async def check_arabic_form(browser: Browser, url: str, *, width: int, title: str) -> None:
    """Open the form in a window of this width (pixels), and send it with what is no address."""
    context = await browser.new_context(locale="ar", viewport={"width": width, "height": 740})
    context.set_default_timeout(PATIENCE_MS)
    page = await context.new_page()
    try:
        await page.goto(url)
        await expect(page.locator("html")).to_have_attribute("dir", "rtl")
        await expect(page.get_by_role("heading").first).to_have_text(title)
        await page.get_by_role("textbox").fill("ana")
        await page.get_by_role("button").click()
        await expect(page.get_by_role("alert")).to_contain_text("هذا ليس عنوان بريد إلكتروني")
        await check_accessible(page)
    finally:
        await context.close()
