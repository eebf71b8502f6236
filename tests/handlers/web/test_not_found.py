"""Show a stranger a page at an address that there is not, and a program a line."""

import base64
import hashlib
import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from adapters.prompts.sentences import load_sentences
from adapters.prompts.templates import load_template
from handlers.web.app import web_app
from handlers.web.form_pages.words import PageWords
from handlers.web.not_found import NotFoundPage
from handlers.web.server import WebServer

PROMPTS = Path(__file__).parents[3] / "prompts"


@pytest.fixture
async def address() -> AsyncIterator[str]:
    words = PageWords(
        load_template(PROMPTS / "not_found" / "page.html"),
        load_sentences(PROMPTS / "email_capture" / "words.toml", {}),
    )
    page = NotFoundPage(words=words, brand="A <b>&", default_language="de", colour="#123456")
    server = WebServer(web_app(None, [], page), "127.0.0.1", 0)
    await server.start()
    yield server.address
    await server.stop()


@pytest.mark.parametrize("path", ["/", "/address", "/outages", "/outages/", "/a/b%0d%0ac", "/%2e%2e/x"])
async def test_a_browser_is_shown_a_page_in_the_brands_dress(address: str, path: str) -> None:
    headers = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": "es-MX"}
    async with aiohttp.ClientSession(headers=headers) as session, session.get(address + path) as answer:
        shown = await answer.text()
    assert answer.status == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert '<html lang="es"' in shown
    assert "A &lt;b&gt;&amp;" in shown
    [style] = re.findall(r"<style>(.*?)</style>", shown, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in answer.headers["content-security-policy"]
    assert "#123456" in style


async def test_a_program_gets_a_line(address: str) -> None:
    async with aiohttp.ClientSession() as session, session.get(address + "/outages") as answer:
        assert (answer.status, await answer.text()) == (404, "Not Found")


async def test_without_a_language_it_is_in_ours(address: str) -> None:
    async with (
        aiohttp.ClientSession(headers={"Accept": "text/html"}) as session,
        session.get(address + "/") as answer,
    ):
        assert '<html lang="de"' in await answer.text()
