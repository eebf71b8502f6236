"""The page's files and their Content-Security-Policy."""

import re
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from sandbox import page
from sandbox.app import serving

ROOT = Path(page.__file__).parent
SCRIPTS = sorted((ROOT / "js").glob("*.js"))


@pytest.fixture
def app() -> web.Application:
    made = web.Application()
    page.add_routes(made)
    return made


@pytest.mark.parametrize("path", ["/", "/page/js/app.js", "/page/css/tokens.css", "/page/svg/mark.svg"])
async def test_every_file_comes_with_the_policy(app: web.Application, path: str) -> None:
    async with (
        serving(app) as address,
        aiohttp.ClientSession() as session,
        session.get(address + path) as answer,
    ):
        assert answer.status == 200
        policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["require-trusted-types-for"] == "'script'"


@pytest.mark.parametrize(
    "path",
    [
        "/page/js/../__init__.py",
        "/page/js/%2e%2e%2f__init__.py",
        "/page/css/app.js",
        "/page/js/none.js",
        "/page/py/x.py",
    ],
)
async def test_nothing_else_is_served(app: web.Application, path: str) -> None:
    async with (
        serving(app) as address,
        aiohttp.ClientSession() as session,
        session.get(address + path) as answer,
    ):
        assert answer.status == 404


async def test_a_permalink_leads_into_the_page(app: web.Application) -> None:
    path = "/archives/C0SUPPORT/p1712345678000100"
    async with serving(app) as address, aiohttp.ClientSession() as session:
        async with session.get(address + path, allow_redirects=False) as answer:
            assert answer.headers["Location"] == "/#/C0SUPPORT/1712345678.000100"
        within = {"thread_ts": "1712345000.000200"}
        async with session.get(address + path, params=within, allow_redirects=False) as answer:
            assert answer.headers["Location"] == "/#/C0SUPPORT/1712345000.000200"


def test_the_document_names_only_files_that_exist_and_holds_no_script_of_its_own() -> None:
    document = (ROOT / "index.html").read_text()
    for kind, name in re.findall(r'"/page/(\w+)/([\w.]+)"', document):
        assert (ROOT / kind / name).is_file()
    assert re.findall(r"<script[^>]*>([^<]*)", document) == [""]
    assert not re.search(r"<style|\sstyle=|\son\w+=|https?://", document)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_no_script_turns_text_into_markup_or_code(script: Path) -> None:
    source = script.read_text()
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser|srcdoc",
        source,
    )
    assert source.startswith("/**")
    assert len(source.splitlines()) <= 200


def test_every_import_names_a_script_of_the_page() -> None:
    named = {name for script in SCRIPTS for name in re.findall(r'from "\./(\w+\.js)"', script.read_text())}
    assert len(named) > 1
    assert {ROOT / "js" / name for name in named} <= {*SCRIPTS}
