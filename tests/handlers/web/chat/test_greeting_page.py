"""Show the greeting before the chat's first line, dated when the customer came in, after each reload."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from playwright.async_api import Page, expect

from handlers.chat import session
from handlers.handoffs.verification import verify_by_code
from storage.engine import Store
from tests.browser import ON_PAGE, page_fixture
from tests.handlers.made import ANA, PAYMENT, a_post, arrive
from tests.handlers.web.chat.browsing import Enter, at, line, write
from tests.handlers.web.chat.sites import Site, served

pytestmark = ON_PAGE
GREETING = "Hello! Tell us what happened. We answer right here."


@page_fixture
async def site(sqlite: Store) -> AsyncIterator[Site]:
    """A served chat on SQLite."""
    async with served(sqlite) as site:
        yield site


async def shown(page: Page) -> list[str]:
    """Return the lines in their order."""
    return await page.locator(".message .text").all_text_contents()


async def greeted_at(page: Page) -> str | None:
    """Return the time shown with the greeting."""
    return await page.locator(".message").filter(has_text=GREETING).locator("time").get_attribute("datetime")


async def reloaded(site: Site, page: Page) -> None:
    """Reload the page at a later time."""
    site.clock.moment += timedelta(minutes=10)
    await page.reload()
    await page.locator("body[data-ready]").wait_for()


async def test_the_greeting_stays_where_and_when_it_was(site: Site, enter: Enter) -> None:
    handoff = site.offer(site.a_case())
    page = await at(await enter(), site.link(handoff))
    came = await greeted_at(page)
    site.clock.moment += timedelta(minutes=10)
    for number, text in enumerate(("@acme hello?", "@acme still nothing")):
        post = a_post(f"95{number}", text, author=ANA, created_at=site.clock.now())
        arrive(site.store, post, now=site.clock.now())
        await reloaded(site, page)
        await expect(line(page, text)).to_be_visible()
        if number == 0:
            assert await shown(page) == [PAYMENT, GREETING, "@acme hello?"]
            await write(page, "here")
            await expect(page.locator(".from-customer .meta").last).to_contain_text("Sent")
    assert await shown(page) == [PAYMENT, "@acme hello?", GREETING, "here", "@acme still nothing"]
    await site.chat.ctx.desk.run(
        verify_by_code, handoff_id=handoff.id, network="x", author_id=ANA.id, now=site.clock.now()
    )
    await expect(page.locator(".verified")).to_be_visible()
    await expect(line(page, GREETING)).to_have_count(1)
    assert await shown(page) == [PAYMENT, "@acme hello?", GREETING, "here", "@acme still nothing"]
    assert await greeted_at(page) == came


async def test_where_the_chats_beginning_is_not_shown_there_is_no_greeting(
    site: Site, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await at(await enter(), site.link(site.offer(site.a_case())))
    for text in ("one", "two", "three"):
        await write(page, text)
        await expect(line(page, text)).to_be_visible()
    await expect(page.locator(".from-customer .meta").last).to_contain_text("Sent")
    monkeypatch.setattr(session, "MAX_HISTORY", 2)
    await reloaded(site, page)
    assert await shown(page) == ["two", "three"]
