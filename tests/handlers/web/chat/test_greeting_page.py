"""Show the greeting before the chat's first message, dated when the session was opened, after each reload."""

import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from html import unescape

import pytest
from playwright.async_api import Page, expect

from handlers.chat import session
from handlers.handoffs.verification import verify_by_code
from storage.engine import Store
from tests.browser import ON_PAGE, page_fixture
from tests.handlers.made import ANA, PAYMENT, a_post, arrive
from tests.handlers.web.chat.browsing import Enter, message, open_page, write
from tests.handlers.web.chat.sites import Browser, Site, served

pytestmark = ON_PAGE
GREETING = "Hello! Tell us what happened. We answer right here."


@page_fixture
async def site(sqlite: Store) -> AsyncIterator[Site]:
    """A served chat on SQLite."""
    async with served(sqlite) as site:
        yield site


async def message_texts(page: Page) -> list[str]:
    """Return the texts of the messages in their order."""
    return await page.locator(".message .text").all_text_contents()


async def greeted_at(page: Page) -> str | None:
    """Return the time shown with the greeting."""
    return await page.locator(".message").filter(has_text=GREETING).locator("time").get_attribute("datetime")


async def reload_later(site: Site, page: Page) -> None:
    """Reload the page at a later time."""
    site.clock.moment += timedelta(minutes=10)
    await page.reload()
    await page.locator("body[data-ready]").wait_for()


async def test_the_greeting_keeps_its_position_and_time_after_reloads(site: Site, enter: Enter) -> None:
    handoff = site.offer(site.a_case())
    page = await open_page(await enter(), site.link(handoff))
    came = await greeted_at(page)
    site.clock.moment += timedelta(minutes=10)
    for number, text in enumerate(("@acme hello?", "@acme still nothing")):
        post = a_post(f"95{number}", text, author=ANA, created_at=site.clock.now())
        arrive(site.store, post, now=site.clock.now())
        await reload_later(site, page)
        await expect(message(page, text)).to_be_visible()
        if number == 0:
            assert await message_texts(page) == [PAYMENT, GREETING, "@acme hello?"]
            await write(page, "here")
            await expect(page.locator(".from-customer .meta").last).to_contain_text("Sent")
    assert await message_texts(page) == [PAYMENT, "@acme hello?", GREETING, "here", "@acme still nothing"]
    await site.chat.ctx.desk.run(
        verify_by_code, handoff_id=handoff.id, network="x", author_id=ANA.id, now=site.clock.now()
    )
    await expect(page.locator(".verified")).to_be_visible()
    await expect(message(page, GREETING)).to_have_count(1)
    assert await message_texts(page) == [PAYMENT, "@acme hello?", GREETING, "here", "@acme still nothing"]
    assert await greeted_at(page) == came


async def test_no_greeting_where_the_history_is_truncated(
    site: Site, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await open_page(await enter(), site.link(site.offer(site.a_case())))
    for text in ("one", "two", "three"):
        await write(page, text)
        await expect(message(page, text)).to_be_visible()
    await expect(page.locator(".from-customer .meta").last).to_contain_text("Sent")
    monkeypatch.setattr(session, "MAX_HISTORY", 2)
    await reload_later(site, page)
    assert await message_texts(page) == ["two", "three"]


async def test_whoever_writes_the_code_into_the_chat_is_shown_where_it_belongs(
    site: Site, enter: Enter
) -> None:
    handoff = site.offer(site.a_case())
    page = await open_page(await enter(), site.link(handoff))
    panel = page.locator("#verification details")
    await write(page, "My order is 4711")
    await expect(page.locator(".from-customer .meta").last).to_contain_text("Sent")
    await expect(panel).not_to_have_attribute("open", "")
    await write(page, f"My code is {handoff.code[:3]} {handoff.code[3:]}")
    await expect(panel).to_have_attribute("open", "")
    await expect(page.get_by_role("alert").filter(has_text="send this code to @acme")).to_be_visible()


async def test_a_desk_greets_in_the_languages_that_it_has_written(sqlite: Store) -> None:
    greetings = {"ar": "أهلًا بكم في متجرنا", "de": "Moin"}
    async with served(sqlite, greeting="Welcome", greetings=greetings) as site, Browser(site) as ana:
        await ana.open(site.link(site.offer(site.a_case())))
        for language, greeting in (*greetings.items(), ("fr", "Welcome")):
            _, html = await ana.get("", headers={"Accept-Language": language})
            [data] = re.findall(r'data-page="([^"]+)"', html)
            assert json.loads(unescape(data))["greeting"] == greeting
