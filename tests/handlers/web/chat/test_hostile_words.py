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
MARKUP_TEXTS = {
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
    errors: list[str] = []
    page = clean_page
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.emulate_media(reduced_motion="reduce")

    async def on_dialog(dialog: Dialog) -> None:
        errors.append(f"dialog: {dialog.message}")
        await dialog.dismiss()

    def on_error(error: Error) -> None:
        errors.append(f"script error: {error}")

    def on_console(said: ConsoleMessage) -> None:
        if said.type in {"error", "warning"}:
            errors.append(said.text)

    page.on("dialog", on_dialog)
    page.on("pageerror", on_error)
    page.on("console", on_console)
    yield page
    page.remove_listener("dialog", on_dialog)
    page.remove_listener("pageerror", on_error)
    page.remove_listener("console", on_console)
    assert errors == []


@asynccontextmanager
async def visited(page: Page, store: Store, **words: Any) -> AsyncIterator[Site]:  # noqa: ANN401 - the words of `served`
    """Serve the chat with these texts of ours; the page leaves it before it stops, so no request fails."""
    async with served(store, **words) as site:
        yield site
        await page.goto("about:blank")


async def open_chat(page: Page, link: str) -> None:
    """Open the link; confirm if the page asks before it opens a chat."""
    await page.goto(link)
    start = page.get_by_role("button", name="Start the chat")
    await page.locator("body[data-ready]").or_(start).first.wait_for()
    if await start.is_visible():
        await start.click()
    await page.locator("body[data-ready]").wait_for()
    await expect(page.get_by_role("textbox")).to_be_visible()


async def assert_no_markup(page: Page) -> None:
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


@pytest.mark.parametrize("kind", sorted(MARKUP_TEXTS))
async def test_markup_is_escaped_everywhere_on_the_page(sqlite: Store, page: Page, kind: str) -> None:
    markup = MARKUP_TEXTS[kind]
    brand, greeting = f"Acme {markup}", f"Hello {markup}"
    names = {SAM: f"Sam {markup}"}
    async with visited(page, sqlite, brand=brand, greeting=greeting, names=names) as site:
        author = Author(id="666", handle="eve", name=f"Eve {markup}", followers=1)
        handoff = site.offer(site.a_case(author))
        await open_chat(page, site.link(handoff))
        public = page.locator(".message .author").first
        await expect(public).to_contain_text(author.name)
        await expect(page.get_by_text(greeting).first).to_be_visible()
        assert brand in await page.title()

        await page.get_by_role("textbox").fill(f"customer {markup}")
        await page.get_by_role("button", name="Send").click()
        await expect(page.locator(".from-customer .text").last).to_have_text(f"customer {markup}")
        await expect(page.locator(".from-customer .meta").last).to_contain_text("Sent")
        said = await site.agent_writes(handoff, f"agent {markup}")
        await expect(page.locator(".from-agent .text").last).to_have_text(f"agent {markup}")
        await expect(page.get_by_text(f"Sam {markup}").first).to_be_visible()
        put_file(site, handoff.case_id, said.id, f"{markup}.pdf")
        await assert_no_markup(page)

        await page.reload()
        await page.locator("body[data-ready]").wait_for()
        await expect(page.locator("a.file")).to_have_text(f"{markup}.pdf")
        await expect(page.locator(".from-agent .text").last).to_have_text(f"agent {markup}")
        await page.locator(".from-agent .author, .from-agent .text").first.hover()
        await assert_no_markup(page)


@pytest.mark.parametrize("kind", sorted(MARKUP_TEXTS))
async def test_markup_in_posts_and_in_the_waiting_text_is_escaped(
    sqlite: Store, page: Page, kind: str
) -> None:
    async with visited(page, sqlite, waiting=f"Wait {MARKUP_TEXTS[kind]}") as site:
        text = f"@acme the app eats my payment {MARKUP_TEXTS[kind]}"
        case = a_stored_case(site.store, text, now=site.clock.now())
        await open_chat(page, site.link(site.offer(case)))
        await expect(page.locator(".message .text").first).to_have_text(text)
        await expect(page.get_by_text(f"Wait {MARKUP_TEXTS[kind]}").first).to_be_visible()
        await assert_no_markup(page)


async def test_markup_is_removed_from_names_of_uploaded_files(site: Site, page: Page) -> None:
    await open_chat(page, site.link(site.offer(site.a_case())))
    shot = await page.screenshot()
    await page.set_input_files("#file", {"name": f"{IMAGE}.png", "mimeType": "image/png", "buffer": shot})
    await expect(page.locator(".from-customer a.picture img")).to_be_visible()
    assert "<" not in str(await page.locator(".from-customer a.picture img").get_attribute("alt"))
    await assert_no_markup(page)


@page_fixture
async def site(sqlite: Store) -> AsyncIterator[Site]:
    """A served chat on SQLite."""
    async with served(sqlite) as site:
        yield site
