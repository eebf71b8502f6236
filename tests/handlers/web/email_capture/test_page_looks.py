"""Check the e-mail capture page in a browser: readable and accessible in every state."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

import pytest
from playwright.async_api import Browser, Page, expect

from domain.handoffs.handoff import HandoffState
from storage.engine import Store
from tests.browser import ON_PAGE, PATIENCE_MS, Colours, page_fixture
from tests.handlers.web.email_capture.test_page import Site, served
from tests.handlers.web.form_checks import check_accessible, check_arabic_form

pytestmark = ON_PAGE

Reach = Callable[[Page, Site], Awaitable[None]]


@page_fixture
async def site(sqlite: Store) -> AsyncIterator[Site]:
    """The page on SQLite."""
    async with served(sqlite) as made:
        yield made


async def form(page: Page, site: Site) -> None:
    await page.goto(site.link)
    await expect(page.get_by_label("Your e-mail address")).to_be_visible()


async def send(page: Page, address: str, *, agrees: bool = True) -> None:
    await page.get_by_label("Your e-mail address").fill(address)
    if agrees:
        await page.get_by_role("checkbox").check()
    await page.get_by_role("button").click()


async def wrong_address(page: Page, site: Site) -> None:
    await form(page, site)
    await send(page, "ana")
    await expect(page.get_by_role("alert")).to_contain_text("This is not an e-mail address")
    await expect(page.get_by_role("checkbox")).to_be_checked()


async def not_agreed(page: Page, site: Site) -> None:
    await form(page, site)
    await send(page, "ana@example.com", agrees=False)
    await expect(page.get_by_role("alert")).to_contain_text("Tick the box")
    await expect(page.get_by_label("Your e-mail address")).to_have_value("ana@example.com")


async def thanks(page: Page, site: Site) -> None:
    await form(page, site)
    await send(page, "ana@example.com")
    await expect(page.get_by_text("482913")).to_be_visible()
    assert site.stored().state is HandoffState.ARRIVED


async def used(page: Page, site: Site) -> None:
    await thanks(page, site)
    await page.goto(site.link)
    await expect(page.locator("main")).to_contain_text("has been used")


async def expired(page: Page, site: Site) -> None:
    site.clock.advance(hours=25)
    await page.goto(site.link)
    await expect(page.locator("main")).to_contain_text("you will get a new one")


async def forged(page: Page, site: Site) -> None:
    await page.goto(site.link[:-1])
    await expect(page.locator("main")).to_contain_text("There is nothing here")


async def busy(page: Page, site: Site) -> None:
    for _ in range(25):
        await site.send({"address": "x"})
    await form(page, site)
    await send(page, "ana@example.com")
    await expect(page.get_by_label("Your e-mail address")).to_have_count(0)


STATES: dict[str, Reach] = {
    one.__name__: one for one in (form, wrong_address, not_agreed, thanks, used, expired, forged, busy)
}


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("state", sorted(STATES))
async def test_anybody_can_read_it(clean_page: Page, site: Site, state: str, colours: Colours) -> None:
    page = clean_page
    await page.set_viewport_size({"width": 360, "height": 740})
    await page.emulate_media(color_scheme=colours)
    await STATES[state](page, site)
    await check_accessible(page)


async def test_it_works_without_scripts_and_with_a_keyboard_alone(browser: Browser, site: Site) -> None:
    context = await browser.new_context(java_script_enabled=False)
    context.set_default_timeout(PATIENCE_MS)
    try:
        page = await context.new_page()
        await page.goto(site.link)
        await page.keyboard.press("Tab")
        await page.keyboard.type("ana@example.com")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Space")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("482913")).to_be_visible()
        assert site.stored().address == "ana@example.com"
    finally:
        await context.close()


async def test_back_shows_the_rejected_form_and_no_question_of_the_browser(
    clean_page: Page, site: Site
) -> None:
    """A browser that may not keep the answer to a POST asks whether to send it again."""
    page = clean_page
    await wrong_address(page, site)
    await send(page, "ana@example.com")
    await expect(page.get_by_text("482913")).to_be_visible()
    await page.go_back()
    await expect(page.get_by_role("alert")).to_contain_text("This is not an e-mail address")
    await page.go_back()
    await expect(page.locator("main")).to_contain_text("has been used")
    await page.go_forward()
    await page.go_forward()
    await expect(page.get_by_text("482913")).to_be_visible()


@pytest.mark.parametrize("width", [320, 1280])
async def test_it_is_arabic_from_right_to_left(browser: Browser, site: Site, width: int) -> None:
    with site.store.unit_of_work() as uow:
        case = uow.cases.get(site.handoff.case_id)
        uow.cases.save(replace(case, assessment=replace(case.assessment, language="ar")))
    await check_arabic_form(browser, site.link, width=width, title="المتابعة بالبريد الإلكتروني")
