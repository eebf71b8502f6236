"""Use the page on the smallest phone, or at 400 % zoom: nothing scrolls sideways, a finger fits on all."""

import pytest
from playwright.async_api import Page, ViewportSize, expect

from storage.engine import Store
from tests.browser import ON_PAGE, SMALL_TARGETS
from tests.handlers.web.chat.browsing import Enter, message, open_page, write
from tests.handlers.web.chat.sites import served

pytestmark = ON_PAGE

SMALLEST: ViewportSize = {"width": 320, "height": 568}  # WCAG 2.2, 1.4.10
_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


async def fits(page: Page) -> bool:
    """Check that nothing is wider than the screen, and no control smaller than a finger."""
    assert await page.evaluate(SMALL_TARGETS) == []
    assert await page.evaluate(_WIDE) == 0
    return True


@pytest.mark.parametrize("language", ["en", "de", "ja"])
async def test_it_fits_the_smallest_phone(sqlite: Store, enter: Enter, language: str) -> None:
    async with served(sqlite, mails=True, brand="Donaudampfschifffahrtsgesellschaft") as site:
        handoff = site.offer(site.a_case())
        page = await open_page(await enter(language=language, size=SMALLEST), site.link(handoff))
        assert await fits(page)
        await page.locator("summary").click()
        assert await fits(page)
        await page.locator("summary").click()
        long_word = "x" * 300
        await site.agent_writes(handoff, f"https://help.example/{long_word} and {long_word}")
        await expect(page.locator(".text a")).to_be_visible()
        for content, shown in ((b"%PDF-1.4\n%%EOF", "a.file"), (b"MZ no", ".failed button")):
            name, kind = f"{'invoice' * 15}.pdf", "application/pdf"
            await page.set_input_files("#file", {"name": name, "mimeType": kind, "buffer": content})
            await expect(page.locator(shown)).to_be_visible()
        await page.locator("#scroller").evaluate("one => one.scrollTo(0, 0)")
        assert await fits(page)
        await page.locator("#end").click()
        assert await fits(page)
        await page.locator("#rating .primary").click()
        await expect(page.locator("#comment")).to_be_visible()
        assert await fits(page)
        await page.locator("#rating .link").first.click()
        await expect(page.locator("#address")).to_be_visible()
        assert await fits(page)


async def test_what_is_new_below_can_be_reached_by_a_finger(sqlite: Store, enter: Enter) -> None:
    async with served(sqlite) as site:
        handoff = site.offer(site.a_case())
        page = await open_page(await enter(size=SMALLEST), site.link(handoff))
        await write(page, "line\n" * 60 + "end")
        await expect(page.locator(".from-customer .text")).to_have_count(2)
        await page.locator("#scroller").evaluate("one => one.scrollTo(0, 0)")
        await page.wait_for_timeout(200)
        await site.agent_writes(handoff, "I am here")
        await expect(message(page, "I am here")).to_have_count(1)
        await expect(page.locator("#newest")).to_be_visible()
        assert await fits(page)


async def test_the_newest_line_stays_in_sight_when_the_header_grows(sqlite: Store, enter: Enter) -> None:
    """Who is here is told once the history is shown, and takes four lines there."""
    async with served(sqlite) as site:
        page = await open_page(await enter(size=SMALLEST), site.link(site.offer(site.a_case())))
        await write(page, "line\n" * 60 + "end")
        await expect(page.locator(".from-customer .text")).to_have_count(2)
        scroller = page.locator("#scroller")
        left = "one => one.scrollHeight - one.scrollTop - one.clientHeight"
        assert await scroller.evaluate(left) < 1
        grow = (
            "one => { one.scrollTop -= 1; document.querySelector('header').style.paddingBottom = '120px'; }"
        )
        await scroller.evaluate(grow)
        await page.wait_for_timeout(200)
        assert await scroller.evaluate(left) < 1
        await scroller.evaluate("one => one.scrollTo(0, 0)")
        await page.wait_for_timeout(200)
        await page.locator("header").evaluate("one => one.style.paddingBottom = ''")
        await page.wait_for_timeout(200)
        assert await scroller.evaluate("one => one.scrollTop") == 0, (
            "whoever reads what is older is left alone"
        )
