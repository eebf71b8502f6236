"""Read the bot's feed of outages as a feed reader does: with conditional requests, and strictly."""

from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree as ET

import aiohttp

from sandbox.ledger import Ledger

ATOM = "{http://www.w3.org/2005/Atom}"
DELETED = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
REQUIRED = ("id", "title", "updated")
TIMEOUT = aiohttp.ClientTimeout(total=3)

Json = dict[str, Any]


@dataclass(slots=True)
class FeedReader:
    """The entries of the feed at `address`, newest first, as they were read last.

    Each new or changed entry is recorded in the ledger.
    """

    ledger: Ledger
    address: str = ""
    entries: list[Json] = field(default_factory=list)
    problem: str = ""
    _tag: str = ""
    _known: dict[str, str] = field(default_factory=dict)

    async def poll(self) -> None:
        """Read the feed again; `problem` says why it could not be read."""
        headers = {"If-None-Match": self._tag} if self._tag else {}
        try:
            async with (
                aiohttp.ClientSession(timeout=TIMEOUT) as session,
                session.get(self.address, headers=headers) as answer,
            ):
                if answer.status == 304:  # noqa: PLR2004 - Not Modified
                    return
                if answer.status != 200 or answer.content_type != "application/atom+xml":  # noqa: PLR2004 - an HTTP status
                    self.problem = f"HTTP {answer.status}, {answer.content_type}"
                    return
                self._take(await answer.read())
                self._tag, self.problem = answer.headers.get("ETag", ""), ""
        except (TimeoutError, aiohttp.ClientError, ValueError, ET.ParseError) as error:
            self.problem = f"{type(error).__name__}: {error}"

    def _take(self, body: bytes) -> None:
        feed = ET.fromstring(body)  # noqa: S314 - the bot's
        _require(feed)
        self.entries = [_entry(entry) for entry in feed.findall(f"{ATOM}entry")]
        for entry in reversed(self.entries):
            if self._known.get(entry["id"]) != entry["updated"]:
                self._known[entry["id"]] = entry["updated"]
                self.ledger.record("feed", "entry", **entry)
        for gone in feed.findall(DELETED):
            if self._known.pop(gone.get("ref", ""), None) is not None:
                self.ledger.record("feed", "deleted-entry", id=gone.get("ref"))


def _entry(entry: ET.Element) -> Json:
    _require(entry)
    return {
        "id": entry.findtext(f"{ATOM}id"),
        "title": entry.findtext(f"{ATOM}title"),
        "updated": entry.findtext(f"{ATOM}updated"),
        "text": entry.findtext(f"{ATOM}content") or "",
        "terms": [one.get("term") for one in entry.findall(f"{ATOM}category")],
    }


def _require(element: ET.Element) -> None:
    missing = [name for name in REQUIRED if element.find(f"{ATOM}{name}") is None]
    if missing:
        raise ValueError(f"{', '.join(missing)} missing")
