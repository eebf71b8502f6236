"""Open the chat by a link that only a tap uses up, then by the cookie."""

from collections.abc import AsyncIterator

from playwright.async_api import Browser, expect

from domain.handoffs.handoff import HandoffState
from storage.engine import Store
from tests.browser import ON_PAGE, page_fixture
from tests.handlers.made import PAYMENT
from tests.handlers.web.chat.browsing import Enter, accessibility_violations, empty_tab, message, open_page
from tests.handlers.web.chat.sites import Site, served

pytestmark = ON_PAGE


@page_fixture
async def site(sqlite: Store) -> AsyncIterator[Site]:
    """A served chat on SQLite."""
    async with served(sqlite) as site:
        yield site


async def test_a_used_link_is_explained_in_the_browsers_language(site: Site, enter: Enter) -> None:
    handoff = site.offer(site.a_case())
    await open_page(await enter(), site.link(handoff))
    page = await open_page(await enter(language="de-AT"), site.link(handoff))
    await expect(page.get_by_role("heading", name="Hier öffnet sich kein Chat")).to_be_visible()
    await expect(page.get_by_role("alert")).to_contain_text("schon in einem anderen Browser geöffnet")
    assert await accessibility_violations(page) == []
    bare = await open_page(await enter(language="ja"), site.chat.links.page)
    await expect(bare.get_by_role("alert")).to_contain_text("お送りするリンク")


async def test_loading_the_page_does_not_use_the_link_up(site: Site, enter: Enter) -> None:
    handoff = site.offer(site.a_case())
    scanner, ana = await empty_tab(await enter()), await empty_tab(await enter(colours="dark"))
    await scanner.goto(site.link(handoff))
    await expect(scanner.get_by_role("button", name="Start the chat")).to_be_focused()
    await scanner.reload()
    await expect(scanner.get_by_text("Hello! Tell us what happened.")).to_be_visible()
    assert await accessibility_violations(scanner) == []
    assert site.handoff(handoff).state is HandoffState.OFFERED
    await ana.goto(site.link(handoff))
    await ana.get_by_role("button", name="Start the chat").click()
    await expect(message(ana, PAYMENT)).to_be_visible()
    assert site.handoff(handoff).state is HandoffState.ARRIVED
    await ana.reload()
    await expect(message(ana, PAYMENT)).to_be_visible()
    # With a cookie the link opens the chat at once; without one it is shown as used, without a tap.
    again = await ana.context.new_page()
    await again.goto(site.link(handoff))
    await expect(message(again, PAYMENT)).to_be_visible()
    await scanner.reload()
    await expect(scanner.get_by_role("alert")).to_contain_text("opened in another browser already")


async def test_a_lost_request_to_start_is_retried(site: Site, enter: Enter) -> None:
    handoff = site.offer(site.a_case())
    page = await empty_tab(await enter())
    await page.goto(site.link(handoff))
    await page.route("**/chat/link", lambda route: route.abort())
    await page.get_by_role("button", name="Start the chat").click()
    await expect(page.locator("#connection")).to_be_visible()
    await page.unroute_all(behavior="wait")
    await expect(message(page, PAYMENT)).to_be_visible()


async def test_a_page_whose_scripts_do_not_load_says_what_to_do(site: Site, enter: Enter) -> None:
    page = await empty_tab(await enter())
    await page.route("**/*.js", lambda route: route.abort())
    await page.goto(site.link(site.offer(site.a_case())))
    hint = page.get_by_text("Answer our post then, and we go on from there.")
    await expect(hint).to_be_hidden()
    assert await accessibility_violations(page) == []
    await page.evaluate("document.getAnimations().forEach((one) => one.finish())")
    await expect(hint).to_be_visible()
    assert await accessibility_violations(page) == []


async def test_without_scripts_the_page_does_not_say_that_it_opens(site: Site, browser: Browser) -> None:
    context = await browser.new_context(java_script_enabled=False)
    try:
        page = await context.new_page()
        await page.goto(site.link(site.offer(site.a_case())))
        await expect(page.locator("noscript p")).to_be_visible()
        await expect(page.get_by_text("Opening the chat…")).to_be_hidden()
    finally:
        await context.close()
