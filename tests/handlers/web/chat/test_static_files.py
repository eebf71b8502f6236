"""Load the page on a slow line: its files at once, compressed, and only once."""

import re

import pytest

from storage.engine import Store
from tests.handlers.web.chat.browsing import Enter, open_page
from tests.handlers.web.chat.sites import Browser, served


async def test_a_file_is_kept_under_the_version_that_it_has(sqlite: Store) -> None:
    async with served(sqlite) as site, Browser(site) as ana:
        _, html = await ana.get("")
        [files] = re.findall(r'src="chat(/static/\w{16}/)app\.js"', html)
        for path, kept in (
            (f"{files}app.js", "public, max-age=31536000, immutable"),
            (f"{files}brand.css", "public, max-age=31536000, immutable"),
            ("/static/0000000000000000/app.js", "no-store"),
            ("/static/app.js", "no-store"),
            (f"{files}nothing.js", "no-store"),
        ):
            async with ana.session.get(f"{site.address}/chat{path}") as answer:
                assert answer.headers["Cache-Control"] == kept, path


@pytest.mark.parametrize(("accepted", "encoding"), [("gzip, br", "gzip"), ("identity", None)])
async def test_a_file_is_compressed_for_who_can_read_it(
    sqlite: Store, accepted: str, encoding: str | None
) -> None:
    async with served(sqlite) as site, Browser(site) as ana:
        headers = {"Accept-Encoding": accepted}
        async with ana.session.get(f"{site.address}/chat/static/app.js", headers=headers) as answer:
            assert answer.headers.get("Content-Encoding") == encoding
            assert answer.headers["Vary"] == "Accept-Encoding"
            assert "class ChatPage" in await answer.text()


async def test_another_colour_is_another_version(sqlite: Store) -> None:
    async with served(sqlite) as site, Browser(site) as ana:
        _, first = await ana.get("")
        async with served(sqlite, colour="#aa0000") as other, Browser(other) as ben:
            _, second = await ben.get("")
    versions = {re.findall(r"chat/static/(\w+)/app\.js", html)[0] for html in (first, second)}
    assert len(versions) == 2


_LOADED = """() => performance.getEntriesByType("resource")
  .filter((file) => file.name.includes("/static/") && file.transferSize > 0).map((file) => file.name)"""


@pytest.mark.page
@pytest.mark.asyncio(loop_scope="session")
async def test_scripts_are_named_at_once_and_not_loaded_again(sqlite: Store, enter: Enter) -> None:
    async with served(sqlite) as site:
        page = await open_page(await enter(), site.link(site.offer(site.a_case())))
        loaded = await page.evaluate(_LOADED)
        scripts = {name for name in loaded if name.endswith(".js")}
        named = await page.locator("link[rel=modulepreload]").evaluate_all(
            "found => found.map(one => one.href)"
        )
        assert set(named) == scripts
        assert len(scripts) > 1
        await page.reload()
        await page.locator("body[data-ready]").wait_for()
        assert await page.evaluate(_LOADED) == []
