"""Show the newest notice of an open outage on the chat page, before and during a conversation."""

from collections.abc import AsyncIterator
from datetime import timedelta

from playwright.async_api import expect

from adapters.destinations.registry import connect_destinations
from domain.networks import Networks
from domain.outages.notices import NoticeKind, NoticeText, Version
from domain.outages.outage import Phase
from handlers.outages.published import BANNER
from storage.engine import Store
from tests.adapters.destinations.stand_ins import a_context
from tests.browser import ON_PAGE, page_fixture
from tests.handlers.outages.made import a_notice, an_outage, content, deliver, sent
from tests.handlers.web.chat.browsing import SCRIPT, Enter, accessibility_violations, empty_tab, open_page
from tests.handlers.web.chat.sites import Browser, Site, served

pytestmark = ON_PAGE

PAGES = connect_destinations({BANNER: None}, a_context(), Networks({}))
TEXT = f"Card payments fail. {SCRIPT}"
IN_BOTH = (Version(language="en", problem=TEXT), Version(language="de", problem="Es geht nichts."))


@page_fixture
async def site(sqlite: Store) -> AsyncIterator[Site]:
    """A served chat on SQLite."""
    async with served(sqlite) as site:
        yield site


async def announced(site: Site, versions: tuple[Version, ...] = IN_BOTH) -> int:
    """Announce an outage; return its id."""
    texts = tuple(NoticeText(destination=BANNER, language=one.language, text=one.problem) for one in versions)
    outage, notice = an_outage(site.store, TEXT, versions=versions, texts=texts)
    sent(site.store, notice, PAGES)
    await deliver(site.chat.ctx.desk, PAGES)
    site.clock.moment += timedelta(seconds=5)
    return outage.id


async def resolved(site: Site, outage_id: int) -> None:
    notice = a_notice(
        site.store,
        outage_id,
        NoticeKind.RESOLUTION,
        content("It works.", BANNER, phase=Phase.RESOLVED),
        corrects=None,
    )
    sent(site.store, notice, PAGES)
    await deliver(site.chat.ctx.desk, PAGES)
    site.clock.moment += timedelta(seconds=5)


async def test_it_comes_and_goes_in_an_open_chat(site: Site, enter: Enter) -> None:
    page = await open_page(await enter(), site.link(site.offer(site.a_case())))
    banner = page.locator("#outage")
    await expect(banner).to_be_hidden()
    outage_id = await announced(site)
    await expect(banner).to_have_text(TEXT)
    await expect(banner).to_have_attribute("role", "status")
    assert await banner.locator("*").count() == 0
    assert await accessibility_violations(page) == []
    await page.reload()
    await expect(banner).to_have_text(TEXT)
    await resolved(site, outage_id)
    await expect(banner).to_be_hidden()


async def test_it_is_there_without_a_conversation_and_in_the_customers_language(
    site: Site, enter: Enter
) -> None:
    await announced(site)
    for language, shown in (("de", "Es geht nichts."), ("fr", TEXT)):
        page = await empty_tab(await enter(language=language))
        await page.goto(f"{site.address}/chat")
        await expect(page.locator("#outage")).to_have_text(shown)
        await expect(page.locator("#outage")).to_have_attribute("lang", "de" if language == "de" else "en")
        feed = page.locator('link[type="application/atom+xml"]')
        assert await feed.evaluate("link => link.href") == f"{site.address}/feed/outages.atom"


async def test_arabic_is_laid_out_from_the_right_though_it_begins_with_a_latin_name(
    site: Site, enter: Enter
) -> None:
    page = await open_page(await enter(language="ko"), site.link(site.offer(site.a_case())))
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await announced(site, (Version(language="ar", problem="Acme Pay لا يعمل حاليا"),))
    banner = page.locator("#outage")
    for _ in ("by the stream", "by the page"):
        await expect(banner).to_have_attribute("lang", "ar")
        await expect(banner).to_have_css("direction", "rtl")
        await page.reload()


async def test_the_state_says_it_in_the_language_of_the_request(site: Site) -> None:
    await announced(site)
    async with Browser(site) as browser:
        await browser.open(site.link(site.offer(site.a_case())))
        status, told = await browser.get("/history", headers={"Accept-Language": "de-DE"})
    assert status == 200
    assert told["state"]["banner"] == {"language": "de", "direction": "ltr", "text": "Es geht nichts."}
