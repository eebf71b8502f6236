"""Keep nobody believing that a file was sent: warn before the page is left, and say what was lost."""

import re

from playwright.async_api import Dialog, Page, Route, expect

from storage.engine import Store
from tests.browser import ON_PAGE
from tests.handlers.web.chat.browsing import Enter, message, open_page, write
from tests.handlers.web.chat.sites import served

pytestmark = ON_PAGE

_UPLOADS = re.compile(r"/chat/uploads\?")
_PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(40)


async def attach(page: Page, name: str) -> None:
    """Choose a picture, as a person does who has touched the page."""
    await page.locator("#text").click()
    await page.set_input_files("#file", {"name": name, "mimeType": "image/png", "buffer": _PNG})


async def test_a_file_that_a_reload_overtakes_is_told(sqlite: Store, enter: Enter) -> None:
    async with served(sqlite) as site:
        page = await open_page(await enter(), site.link(site.offer(site.a_case())))
        warnings = list[str]()

        async def leave(dialog: Dialog) -> None:
            warnings.append(dialog.type)
            await dialog.accept()

        page.on("dialog", leave)
        await page.route(_UPLOADS, lambda _: None)
        await attach(page, "lost.png")
        await write(page, "This is what I see")
        await page.reload()
        assert warnings == ["beforeunload"]
        await page.unroute(_UPLOADS)
        lost = page.locator(".message", has_text="lost.png")
        await expect(lost).to_have_class(re.compile("failed"))
        await expect(lost).to_contain_text("Not sent. The page was loaded again before it was sent.")
        await expect(message(page, "This is what I see")).to_have_count(1)
        await attach(page, "lost.png")
        await expect(page.get_by_role("img", name="lost.png")).to_be_visible()
        # Nothing is unsent any more: nobody is warned, and what was told is told once.
        await page.reload()
        await page.locator("body[data-ready]").wait_for()
        assert warnings == ["beforeunload"]
        await expect(page.locator(".message", has_text="lost.png")).to_have_count(0)
        await page.goto("about:blank")


async def test_a_file_that_arrived_though_nobody_said_so_is_not_called_lost(
    sqlite: Store, enter: Enter
) -> None:
    async with served(sqlite) as site:
        page = await open_page(await enter(), site.link(site.offer(site.a_case())))

        async def swallow_the_answer(route: Route) -> None:
            await route.fetch()

        await page.route(_UPLOADS, swallow_the_answer)
        await attach(page, "kept.png")
        await expect(page.get_by_role("img", name="kept.png")).to_be_visible()
        await page.reload()
        await page.locator("body[data-ready]").wait_for()
        await expect(page.get_by_role("img", name="kept.png")).to_be_visible()
        await expect(page.locator(".failed")).to_have_count(0)
        await page.goto("about:blank")


async def test_an_empty_file_is_called_empty(sqlite: Store, enter: Enter) -> None:
    async with served(sqlite) as site:
        page = await open_page(await enter(), site.link(site.offer(site.a_case())))
        empty = {"name": "IMG_1.HEIC", "mimeType": "", "buffer": b""}
        await page.set_input_files("#file", empty)  # type: ignore[arg-type]
        refused = page.locator(".message", has_text="IMG_1.HEIC")
        await expect(refused).to_contain_text("Not sent. It has no content (0 bytes)")
        await expect(refused).to_contain_text("choose it again")
        await page.goto("about:blank")
