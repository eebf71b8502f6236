"""Serve the feed of outages: Atom (RFC 4287), with what was retracted (RFC 6721)."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from adapters.http_dates import http_date
from domain.clock import Clock
from domain.outages.outage import OutageKind
from domain.outages.published import FEED_PATH, PublishedNotice
from domain.surrogates import replace_lone_surrogates

#: How long a rendered feed is served before the database is read again.
FRESH_FOR = timedelta(seconds=10)
MAX_AGE_SECONDS = 60
_ATOM = "http://www.w3.org/2005/Atom"
_DELETED = "http://purl.org/atompub/tombstones/1.0"
_XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_TYPE = "application/atom+xml"
_NO_NOTICES = datetime(1970, 1, 1, tzinfo=UTC)

Read = Callable[[], Awaitable[Sequence[PublishedNotice]]]

ET.register_namespace("", _ATOM)
ET.register_namespace("at", _DELETED)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rendered:
    body: bytes
    tag: str
    updated_at: datetime


class Feed:
    """The feed at `public_url` + `FEED_PATH`; `?language=de` is a version of it."""

    def __init__(self, *, brand: str, public_url: str, read: Read, clock: Clock) -> None:
        self._brand = brand
        self._url = public_url + FEED_PATH
        self._read = read
        self._clock = clock
        self._lock = asyncio.Lock()
        self._read_at = _NO_NOTICES
        self._notices: Sequence[PublishedNotice] = ()
        self._rendered: dict[str, _Rendered] = {}

    def routes(self) -> list[BaseRoute]:
        """Return the feed's route."""
        return [Route(FEED_PATH, self._answer, methods=["GET"])]

    async def _answer(self, request: Request) -> Response:
        feed = await self._current(request.query_params.get("language", ""))
        headers = {
            "ETag": feed.tag,
            "Last-Modified": format_datetime(feed.updated_at, usegmt=True),
            "Cache-Control": f"public, max-age={MAX_AGE_SECONDS}",
            "X-Content-Type-Options": "nosniff",
        }
        if _is_known(request, feed):
            return Response(status_code=304, headers=headers)
        return Response(feed.body, media_type=f"{_TYPE}; charset=utf-8", headers=headers)

    async def _current(self, language: str) -> _Rendered:
        async with self._lock:
            now = self._clock.now()
            if not timedelta(0) <= now - self._read_at < FRESH_FOR:
                self._notices, self._rendered = await self._read(), {}
                self._read_at = now
            known = {one for notice in self._notices for one in notice.texts}
            chosen = language if language in known else ""
            if chosen not in self._rendered:
                self._rendered[chosen] = render_feed(
                    self._notices, brand=self._brand, url=self._url, language=chosen
                )
            return self._rendered[chosen]


def render_feed(notices: Sequence[PublishedNotice], *, brand: str, url: str, language: str = "") -> _Rendered:
    """Render a feed of notices, newest first. Without a language each notice is in its main one."""
    updated_at = max((notice.updated_at for notice in notices), default=_NO_NOTICES)
    own_url = f"{url}?language={language}" if language else url
    feed = ET.Element(_name("feed"))
    _add(feed, "id", own_url)
    _add(feed, "title", brand)
    _add(feed, "updated", _time(updated_at))
    _add(feed, "link", rel="self", type=_TYPE, href=own_url)
    for other in dict.fromkeys(one for notice in notices for one in notice.texts):
        if other != language:
            _add(feed, "link", rel="alternate", type=_TYPE, hreflang=other, href=f"{url}?language={other}")
    _add(ET.SubElement(feed, _name("author")), "name", brand)
    for notice in notices:
        _add_notice(feed, notice, url, language)
    body: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return _Rendered(body=body, tag=f'"{hashlib.sha256(body).hexdigest()[:32]}"', updated_at=updated_at)


def _add_notice(feed: ET.Element, notice: PublishedNotice, url: str, language: str) -> None:
    entry_id = f"{url}#{notice.reference}"
    if notice.is_retracted:
        attributes = {"ref": entry_id, "when": _time(notice.updated_at)}
        ET.SubElement(feed, f"{{{_DELETED}}}deleted-entry", attributes)
        return
    entry = ET.SubElement(feed, _name("entry"))
    found, text = notice.text_in(language)
    _add(entry, "id", entry_id)
    _add(entry, "title", notice.title)
    _add(entry, "published", _time(notice.published_at))
    _add(entry, "updated", _time(notice.updated_at))
    _add(entry, "link", rel="alternate", href=entry_id)
    terms = [
        notice.phase.value,
        *([] if notice.outage_kind is OutageKind.MAINTENANCE else [notice.severity.value]),
    ]
    for term in (*terms, *notice.components):
        _add(entry, "category", term=term)
    content = _add(entry, "content", text, type="text")
    content.set(_XML_LANGUAGE, found)


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    made = ET.SubElement(parent, _name(name), {key: _legal(value) for key, value in attributes.items()})
    made.text = None if text is None else _legal(text)
    return made


def _name(name: str) -> str:
    return f"{{{_ATOM}}}{name}"


def _legal(text: str) -> str:
    """Drop the characters that XML 1.0 does not allow."""
    return "".join(
        one
        for one in replace_lone_surrogates(text)
        if one in "\t\n\r" or (one >= " " and one not in "\ufffe\uffff")
    )


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _is_known(request: Request, feed: _Rendered) -> bool:
    """Return whether the reader has this version; its tag goes before its time (RFC 9110, 13.2.2)."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        return tags.strip() == "*" or feed.tag in {one.strip().removeprefix("W/") for one in tags.split(",")}
    since = http_date(request.headers.get("if-modified-since"))
    # A retraction changes the feed without a newer time.
    is_plain = b"deleted-entry" not in feed.body
    return is_plain and since is not None and feed.updated_at.replace(microsecond=0) <= since
