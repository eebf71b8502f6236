"""Check the pages of the e-mail list in a browser: accessible in each state, without scripts, by keyboard."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from playwright.async_api import Browser, Page, expect

from domain.outages.subscribers import SubscriberState
from storage.engine import Store
from tests.browser import ON_PAGE, PATIENCE_MS, Colours, page_fixture
from tests.handlers.outages.mail_world import state_of, subscribed
from tests.handlers.web.form_checks import check_accessible, check_arabic_form
from tests.handlers.web.subscribe.test_pages import ANA, Site, served

pytestmark = ON_PAGE

Reach = Callable[[Page, Site], Awaitable[None]]


@page_fixture
async def site(sqlite: Store) -> AsyncIterator[Site]:
    """The pages on SQLite."""
    async with served(sqlite) as made:
        yield made


async def form(page: Page, site: Site) -> None:
    await page.goto(site.form)
    await expect(page.get_by_label("Payments")).to_be_visible()


async def wrong_address(page: Page, site: Site) -> None:
    await form(page, site)
    await page.get_by_label("Payments").check()
    await page.get_by_role("button").click()
    await expect(page.get_by_role("alert")).to_contain_text("not an e-mail address")
    await expect(page.get_by_label("Payments")).to_be_checked()


async def confirm(page: Page, site: Site) -> None:
    await site.send(site.form, {"address": ANA})
    await page.goto(site.confirm_link())
    await expect(page.get_by_role("button")).to_have_text("Confirm")


async def unsubscribed(page: Page, site: Site) -> None:
    [ana] = subscribed(site.store, "ana")
    await page.goto(site.links.unsubscribe(ana))
    await page.get_by_role("button").click()
    await page.get_by_role("link", name="Subscribe again").click()
    await expect(page.get_by_label("Payments")).to_be_visible()
    await page.goto(site.links.unsubscribe(ana))
    assert state_of(site.store, ANA) is SubscriberState.UNSUBSCRIBED


STATES: dict[str, Reach] = {one.__name__: one for one in (form, wrong_address, confirm, unsubscribed)}


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
        await page.goto(site.form)
        await page.keyboard.press("Tab")
        await page.keyboard.type(ANA)
        await page.keyboard.press("Enter")
        await expect(page.locator("h1")).to_have_text("Look into your mailbox")
        assert state_of(site.store, ANA) is SubscriberState.PENDING
    finally:
        await context.close()


async def test_back_shows_the_rejected_form_and_no_question_of_the_browser(
    clean_page: Page, site: Site
) -> None:
    page = clean_page
    await wrong_address(page, site)
    await page.get_by_role("textbox").fill(ANA)
    await page.get_by_role("button").click()
    await expect(page.locator("h1")).to_have_text("Look into your mailbox")
    await page.go_back()
    await expect(page.get_by_role("alert")).to_contain_text("not an e-mail address")


@pytest.mark.parametrize("width", [320, 1280])
async def test_it_is_arabic_from_right_to_left(browser: Browser, site: Site, width: int) -> None:
    await check_arabic_form(browser, site.form, width=width, title="أخبار الأعطال")
