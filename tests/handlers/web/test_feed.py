"""Serve the feed of outages: valid Atom, cached, in each language, and safe with any text."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.outages.outage import OutageKind, Phase, Severity
from domain.outages.published import FEED_PATH, PublishedNotice
from handlers.web.app import web_app
from handlers.web.feed import Feed, render_feed
from handlers.web.server import WebServer
from tests.handlers.web.chat.sites import Clock

MOMENT = datetime(2026, 11, 29, 4, 0, tzinfo=UTC)
URL = "https://help.example.com"
ATOM = "{http://www.w3.org/2005/Atom}"
NOTICE = PublishedNotice(
    outage_id=7,
    reference="notice-71",
    outage_kind=OutageKind.OUTAGE,
    phase=Phase.INVESTIGATING,
    severity=Severity.CRITICAL,
    title="Payments fail",
    components=("Payments",),
    texts={"en": "Card payments fail.", "de": "Kartenzahlungen schlagen fehl."},
    published_at=MOMENT,
    updated_at=MOMENT,
)


def parsed(body: bytes) -> ET.Element:
    return ET.fromstring(body)  # noqa: S314 - our own feed


@dataclass
class Site:
    """A served feed: what it reads, how often it did, its clock and address."""

    notices: list[PublishedNotice]
    clock: Clock = field(default_factory=lambda: Clock(MOMENT))
    reads: int = 0
    address: str = ""

    async def read(self) -> Sequence[PublishedNotice]:
        self.reads += 1
        return list(self.notices)

    async def get(self, query: str = "", **headers: str) -> tuple[int, bytes, Mapping[str, str]]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with (
            aiohttp.ClientSession() as session,
            session.get(self.address + FEED_PATH + query, headers=named) as answer,
        ):
            return answer.status, await answer.read(), answer.headers


@asynccontextmanager
async def served(*notices: PublishedNotice) -> AsyncIterator[Site]:
    site = Site(list(notices))
    feed = Feed(brand="Acme", public_url=URL, read=site.read, clock=site.clock)
    server = WebServer(web_app(None, feed.routes()), "127.0.0.1", 0)
    await server.start()
    site.address = server.address
    try:
        yield site
    finally:
        await server.stop()


async def test_it_is_atom_with_everything_that_a_reader_needs() -> None:
    update = replace(
        NOTICE,
        reference="notice-72",
        phase=Phase.IDENTIFIED,
        texts={"en": "Found."},
        published_at=MOMENT + timedelta(minutes=5),
        updated_at=MOMENT + timedelta(minutes=7),
    )
    async with served(update, NOTICE) as site:
        status, body, headers = await site.get()
    assert (status, headers["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    feed = parsed(body)
    assert feed.tag == f"{ATOM}feed"
    assert feed.findtext(f"{ATOM}id") == URL + FEED_PATH
    assert feed.findtext(f"{ATOM}title") == "Acme"
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Acme"
    assert feed.findtext(f"{ATOM}updated") == "2026-11-29T04:07:00Z"
    first, second = feed.findall(f"{ATOM}entry")
    assert first.findtext(f"{ATOM}id") == f"{URL}{FEED_PATH}#notice-72"
    assert (first.findtext(f"{ATOM}published"), first.findtext(f"{ATOM}updated")) == (
        "2026-11-29T04:05:00Z",
        "2026-11-29T04:07:00Z",
    )
    assert second.findtext(f"{ATOM}title") == "Payments fail"
    assert second.findtext(f"{ATOM}content") == "Card payments fail."
    terms = [one.get("term") for one in second.findall(f"{ATOM}category")]
    assert terms == ["investigating", "critical", "Payments"]
    languages = {one.get("hreflang"): one.get("href") for one in feed.findall(f"{ATOM}link")}
    assert languages["de"] == f"{URL}{FEED_PATH}?language=de"


async def test_without_a_notice_it_is_a_feed_too() -> None:
    async with served() as site:
        status, body, _ = await site.get()
    feed = parsed(body)
    assert (status, feed.findall(f"{ATOM}entry")) == (200, [])
    assert feed.findtext(f"{ATOM}updated") == "1970-01-01T00:00:00Z"


async def test_each_language_has_its_version() -> None:
    async with served(replace(NOTICE, texts={"en": "Found."}, reference="n2"), NOTICE) as site:
        german = parsed((await site.get("?language=de"))[1])
        english = parsed((await site.get("?language=<x>"))[1])
    assert german.findtext(f"{ATOM}id") == f"{URL}{FEED_PATH}?language=de"
    contents = [one.find(f"{ATOM}content") for one in german.findall(f"{ATOM}entry")]
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    assert [(one.get(lang), one.text) for one in contents if one is not None] == [
        ("en", "Found."),
        ("de", "Kartenzahlungen schlagen fehl."),
    ]
    assert english.findtext(f"{ATOM}id") == URL + FEED_PATH


async def test_a_reader_that_has_it_gets_no_body() -> None:
    async with served(NOTICE) as site:
        _, _, headers = await site.get()
        assert headers["Cache-Control"] == "public, max-age=60"
        tag, moment = headers["ETag"], headers["Last-Modified"]
        for known in (
            {"If_None_Match": tag},
            {"If_None_Match": f'"other", W/{tag}'},
            {"If_Modified_Since": moment},
        ):
            status, body, told = await site.get(**known)
            assert (status, body, told["ETag"]) == (304, b"", tag)
        for unknown in (
            {"If_None_Match": '"other"', "If_Modified_Since": moment},
            {"If_Modified_Since": "nonsense"},
            {"If_Modified_Since": "Sat, 28 Nov 2026 00:00:00 GMT"},
        ):
            assert (await site.get(**unknown))[0] == 200


@pytest.mark.parametrize(
    "since",
    ["Mon, 01 Jan 99999999999 00:00:00 +0000", "Mon, 01 Jan 2001 00:00:00 +99999999999999999999", "?"],
)
async def test_a_time_that_cannot_be_read_is_none(since: str) -> None:
    async with served(NOTICE) as site:
        status, body, _ = await site.get(If_Modified_Since=since)
    assert (status, bool(body)) == (200, True)


async def test_each_of_many_languages_has_its_version() -> None:
    texts = {f"x{first}{second}": f"Fails {first}{second}" for first in "abcdefgh" for second in "abcdefgh"}
    async with served(replace(NOTICE, texts=texts)) as site:
        for language, text in texts.items():
            status, body, _ = await site.get(f"?language={language}")
            assert (status, text.encode() in body) == (200, True)


async def test_a_correction_and_a_retraction_are_seen() -> None:
    async with served(NOTICE) as site:
        _, _, before = await site.get()
        site.notices[:] = [
            replace(NOTICE, texts={"en": "Some fail."}, updated_at=MOMENT + timedelta(hours=1))
        ]
        site.clock.moment += timedelta(minutes=1)
        _, body, _ = await site.get()
        assert parsed(body).findtext(f"{ATOM}entry/{ATOM}content") == "Some fail."
        site.notices[:] = [replace(NOTICE, is_retracted=True)]
        site.clock.moment += timedelta(minutes=1)
        status, body, _ = await site.get(If_Modified_Since=before["Last-Modified"])
        assert status == 200
        feed = parsed(body)
        assert feed.findall(f"{ATOM}entry") == []
        [deleted] = feed.findall("{http://purl.org/atompub/tombstones/1.0}deleted-entry")
        assert deleted.get("ref") == f"{URL}{FEED_PATH}#notice-71"
        assert b"Card payments" not in body


async def test_many_readers_read_the_database_once_in_ten_seconds() -> None:
    async with served(NOTICE) as site:
        for _ in range(5):
            await site.get()
            await site.get("?language=de")
        assert site.reads == 1
        site.clock.moment += timedelta(seconds=11)
        await site.get()
        assert site.reads == 2


@given(st.text(), st.text(min_size=1))
def test_any_text_makes_a_feed_that_can_be_read(title: str, text: str) -> None:
    hostile = replace(NOTICE, title=title, texts={"en": f"{text}<script>]]>&amp;"}, components=(title,))
    body = render_feed([hostile], brand=title, url=URL, language="").body
    content = parsed(body).findtext(f"{ATOM}entry/{ATOM}content")
    assert content is not None
    assert content.endswith("<script>]]>&amp;")
    assert b"<script" not in body
