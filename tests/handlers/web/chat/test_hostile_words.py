"""Escape every text that the chat page shows, whoever wrote it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import ConsoleMessage, Dialog, Error, Page, expect

from domain.cases.files import File
from domain.intake.posts import Author
from storage.engine import Store
from tests.browser import ON_PAGE, page_fixture
from tests.handlers.made import SAM, a_stored_case
from tests.handlers.web.chat.sites import Site, served

pytestmark = ON_PAGE

IMAGE = "<img src=x onerror=alert(1)>"
WAYS = {
    "image": IMAGE,
    "script": "</script><script>alert(1)</script>",
    "attribute": "\" onmouseover=alert(1) autofocus onfocus=alert(1) x='",
    "svg": "<svg/onload=alert(1)><style>*{display:none}</style>",
    "template": "{{ 7*7 }}{% raw %}${alert(1)}<!--",
    "frame": '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "link": '<a href="javascript:alert(1)">x</a> javascript:alert(1)',
}
#: Elements and event handlers that the page itself does not use.
MARKUP = (
    "iframe, object, embed, base, meta[http-equiv], [onerror], [onload], [onfocus], [onmouseover], img[src='x'], "
    "style, a[href^='javascript'], script:not([src]):not([type='application/json'])"
)


@page_fixture
async def page(clean_page: Page) -> AsyncIterator[Page]:
    """A tab that must end without dialogs, script errors and console errors (CSP violations)."""
    trouble: list[str] = []
    page = clean_page
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.emulate_media(reduced_motion="reduce")

    async def on_dialog(dialog: Dialog) -> None:
        trouble.append(f"dialog: {dialog.message}")
        await dialog.dismiss()

    def on_error(error: Error) -> None:
        trouble.append(f"script error: {error}")

    def on_console(said: ConsoleMessage) -> None:
        if said.type in {"error", "warning"}:
            trouble.append(said.text)

    page.on("dialog", on_dialog)
    page.on("pageerror", on_error)
    page.on("console", on_console)
    yield page
    page.remove_listener("dialog", on_dialog)
    page.remove_listener("pageerror", on_error)
    page.remove_listener("console", on_console)
    assert trouble == []


@asynccontextmanager
async def visited(page: Page, store: Store, **words: Any) -> AsyncIterator[Site]:  # noqa: ANN401 - the words of `served`
    """Serve the chat with these texts of ours; the page leaves it before it stops, so no request fails."""
    async with served(store, **words) as site:
        yield site
        await page.goto("about:blank")


async def come_in(page: Page, link: str) -> None:
    """Open the link; confirm if the page asks before it opens a chat."""
    await page.goto(link)
    start = page.get_by_role("button", name="Start the chat")
    await page.locator("body[data-ready]").or_(start).first.wait_for()
    if await start.is_visible():
        await start.click()
    await page.locator("body[data-ready]").wait_for()
    await expect(page.get_by_role("textbox")).to_be_visible()


async def nothing_came_of_it(page: Page) -> None:
    """Check that no text became markup or script."""
    assert await page.locator(MARKUP).count() == 0
    assert await page.locator(".text img, .text b, .text svg, .author img, h1 img, h1 svg").count() == 0


def put_file(site: Site, case_id: int, message_id: int, name: str) -> None:
    """Store a file with a name that every upload path would refuse."""
    file = File(
        id=0,
        case_id=case_id,
        message_id=message_id,
        name=name,
        media_type="application/pdf",
        size=5,
        created_at=site.clock.now(),
        content=b"%PDF-",
    )
    with site.store.unit_of_work() as uow:
        uow.files.add_many([file])


@pytest.mark.parametrize("way", sorted(WAYS))
async def test_markup_stays_words_wherever_it_stands(sqlite: Store, page: Page, way: str) -> None:
    bad = WAYS[way]
    brand, greeting = f"Acme {bad}", f"Hello {bad}"
    names = {SAM: f"Sam {bad}"}
    async with visited(page, sqlite, brand=brand, greeting=greeting, names=names) as site:
        author = Author(id="666", handle="eve", name=f"Eve {bad}", followers=1)
        handoff = site.offer(site.a_case(author))
        await come_in(page, site.link(handoff))
        public = page.locator(".message .author").first
        await expect(public).to_contain_text(author.name)
        await expect(page.get_by_text(greeting).first).to_be_visible()
        assert brand in await page.title()

        await page.get_by_role("textbox").fill(f"customer {bad}")
        await page.get_by_role("button", name="Send").click()
        await expect(page.locator(".from-customer .text").last).to_have_text(f"customer {bad}")
        await expect(page.locator(".from-customer .meta").last).to_contain_text("Sent")
        said = await site.agent_says(handoff, f"agent {bad}")
        await expect(page.locator(".from-agent .text").last).to_have_text(f"agent {bad}")
        await expect(page.get_by_text(f"Sam {bad}").first).to_be_visible()
        put_file(site, handoff.case_id, said.id, f"{bad}.pdf")
        await nothing_came_of_it(page)

        await page.reload()
        await page.locator("body[data-ready]").wait_for()
        await expect(page.locator("a.file")).to_have_text(f"{bad}.pdf")
        await expect(page.locator(".from-agent .text").last).to_have_text(f"agent {bad}")
        await page.locator(".from-agent .author, .from-agent .text").first.hover()
        await nothing_came_of_it(page)


@pytest.mark.parametrize("way", sorted(WAYS))
async def test_a_post_with_markup_is_shown_as_it_was_written_and_so_is_what_we_say_while_nobody_is_there(
    sqlite: Store, page: Page, way: str
) -> None:
    async with visited(page, sqlite, waiting=f"Wait {WAYS[way]}") as site:
        text = f"@acme the app eats my payment {WAYS[way]}"
        case = a_stored_case(site.store, text, now=site.clock.now())
        await come_in(page, site.link(site.offer(case)))
        await expect(page.locator(".message .text").first).to_have_text(text)
        await expect(page.get_by_text(f"Wait {WAYS[way]}").first).to_be_visible()
        await nothing_came_of_it(page)


async def test_a_file_that_a_customer_sends_keeps_no_markup_in_its_name(site: Site, page: Page) -> None:
    await come_in(page, site.link(site.offer(site.a_case())))
    shot = await page.screenshot()
    await page.set_input_files("#file", {"name": f"{IMAGE}.png", "mimeType": "image/png", "buffer": shot})
    await expect(page.locator(".from-customer a.picture img")).to_be_visible()
    assert "<" not in str(await page.locator(".from-customer a.picture img").get_attribute("alt"))
    await nothing_came_of_it(page)


@page_fixture
async def site(sqlite: Store) -> AsyncIterator[Site]:
    """A served chat on SQLite."""
    async with served(sqlite) as site:
        yield site
