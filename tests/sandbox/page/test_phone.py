"""The customer's phone: only the brand's chat link opens there, in a frame."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, Route, expect

from sandbox.mail.post_office import BRAND
from sandbox.world import World
from tests.browser import ON_PAGE, PATIENCE_MS, page_fixture

pytestmark = ON_PAGE
CHAT = "http://127.0.0.1:9/chat#token"


@page_fixture
async def sam(browser: Browser, address: str) -> AsyncIterator[Page]:
    """The page, with a chat page at an address where nothing listens."""

    async def answer(route: Route) -> None:
        await route.fulfill(content_type="text/html", body="<p>Hello from the chat</p>")

    context = await browser.new_context()
    context.set_default_timeout(PATIENCE_MS)
    await context.route("http://127.0.0.1:9/**", answer)
    page = await context.new_page()
    await page.goto(address)
    await page.locator("body[data-ready]").wait_for()
    yield page
    await context.close()


@pytest.mark.parametrize("place", ["post", "message", "mail"])
async def test_a_link_to_the_chat_opens_on_the_phone(sam: Page, world: World, place: str) -> None:
    ana = world.x.accounts.get("anaruiz", "Ana Ruiz")
    post = world.x.post(ana, "@acme it fails again")
    if place == "post":
        world.x.post(world.x.brand, f"Come here: {CHAT}", reply_to=post.id)
    elif place == "mail":
        world.mail.send(BRAND, ["ana.ruiz@example.com"], f"Subject: Hello\r\n\r\nCome: {CHAT}.\r\n".encode())
        await sam.get_by_role("tab", name="Mail").click()
    else:
        world.x.direct.send(ana, f"Come here: {CHAT}")
        await sam.get_by_role("tab", name="Inbox").click()
    await sam.get_by_role("link", name="127.0.0.1:9/chat#token").click()
    await expect(sam.get_by_role("tab", name="Phone")).to_have_attribute("aria-selected", "true")
    await expect(sam.get_by_test_id("phone")).to_contain_text("Ana Ruiz’s phone")
    await expect(sam.frame_locator("iframe").get_by_text("Hello from the chat")).to_be_visible()
    await sam.get_by_role("tab", name="Public").click()
    await expect(sam.locator("iframe")).to_be_hidden()
