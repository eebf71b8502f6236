"""Read the chat page in Arabic: from right to left, all in one language, with the reader's own digits."""

import re

import pytest
from playwright.async_api import Page, expect

from domain.chat.session import MAX_MESSAGE_LENGTH
from storage.engine import Store
from tests.browser import ON_PAGE, SMALL_TARGETS, WIDER_BY
from tests.handlers.web.chat.browsing import Enter, accessibility_violations, open_page
from tests.handlers.web.chat.sites import served

pytestmark = ON_PAGE

_LATIN = re.compile(r"[A-Za-z]{2,}")
#: Names, which are the same in every language.
_NAMES = {"Acme", "Sam", "PDF", "Ana", "Ruiz", "acme"}
_OWN_WORDS = """body => {
  for (const said of body.querySelectorAll(".message .text")) said.hidden = true;
  const shown = body.innerText;
  for (const said of body.querySelectorAll(".message .text")) said.hidden = false;
  return shown;
}"""
#: How far left of the "a" behind it the "@" stands.
_AT_SIGN = """one => {
  const text = [...one.childNodes].find(node => node.textContent.includes("@acme"));
  const at = text.textContent.indexOf("@"), range = document.createRange();
  const left = place => { range.setStart(text, place); range.setEnd(text, place + 1);
                          return range.getBoundingClientRect().left; };
  return left(at + 1) - left(at);
}"""


async def is_arabic(page: Page) -> bool:
    """Check that nothing but names is in another script, beside what the customer wrote."""
    shown = await page.locator("body").evaluate(_OWN_WORDS)
    assert set(_LATIN.findall(shown)) <= _NAMES, shown
    return True


@pytest.mark.parametrize(("width", "height"), [(320, 568), (1280, 800)])
async def test_it_is_arabic_from_right_to_left(sqlite: Store, enter: Enter, width: int, height: int) -> None:
    async with served(sqlite, mails=True, brand="Acme") as site:
        handoff = site.offer(site.a_case())
        context = await enter(language="ar", size={"width": width, "height": height})
        page = await open_page(context, site.link(handoff))
        await expect(page.locator("html")).to_have_attribute("dir", "rtl")
        assert await page.title() == "محادثة مع Acme"
        await page.get_by_role("textbox").fill("لم تصل الطلبية")
        await page.locator("#send").click()
        await expect(page.locator(".message.from-customer").last).to_contain_text("أُرسلت")
        await site.agent_writes(handoff, "نعتذر، ننظر في الأمر الآن.")
        await expect(page.locator(".message .text").last).to_have_text("نعتذر، ننظر في الأمر الآن.")
        await page.locator("summary").click()
        await expect(page.locator("#send svg")).to_have_css("scale", "-1 1")
        assert await is_arabic(page)
        assert await page.locator("#verification p").first.evaluate(_AT_SIGN) > 0
        assert await page.evaluate(WIDER_BY) == 0
        assert await page.evaluate(SMALL_TARGETS) == []
        assert await accessibility_violations(page) == []
        await page.locator("#end").click()
        await page.locator("#rating .link").first.wait_for()
        assert await is_arabic(page)


@pytest.mark.parametrize("language", ["ar-EG", "ar-AE"])
async def test_counts_have_the_digits_of_the_times(sqlite: Store, enter: Enter, language: str) -> None:
    """Egypt writes other digits than the Emirates."""
    async with served(sqlite) as site:
        page = await open_page(await enter(language=language), site.link(site.offer(site.a_case())))
        await page.get_by_role("textbox").fill("x" * (MAX_MESSAGE_LENGTH + 12))
        count, time = "#composer-error", ".message time"
        await expect(page.locator(count)).to_have_text(re.compile("[0-9٠-٩]"))
        digits = [re.findall(r"\d", await page.locator(one).first.inner_text()) for one in (count, time)]
        is_ascii = {one.isascii() for found in digits for one in found}
        assert is_ascii == {language == "ar-AE"}
