"""Render post texts as X's API does: prepend mentions, shorten links, escape `&`, `<` and `>`."""

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

from adapters.twitter_text import find_links, is_valid, weighted_length

MENTION = re.compile(r"(?<![\w@/])@(\w{1,15})(?!\w|@)")
WEIGHT_LIMIT = 280
_CACHED_TEXTS = 2048  # texts: a bot that polls fetches the same posts over and over


@dataclass(frozen=True, slots=True)
class Wording:
    """A text with its entities, whose `start` and `end` count code points of `text`."""

    text: str
    entities: dict[str, list[dict[str, Any]]]


def mentions_in(text: str) -> list[str]:
    """Return the usernames that `text` mentions, as written, each once."""
    return list(dict.fromkeys(MENTION.findall(text)))


@lru_cache(_CACHED_TEXTS)
def weight(text: str) -> int:
    """Return the weighted length of `text` as X counts it; a post may have 280.

    Cached, since counting a long text takes milliseconds.
    """
    return weighted_length(text)


def fits(text: str) -> bool:
    """Test whether a post may have this `text`: its length, and no characters that X forbids."""
    return is_valid(text)


def is_long(text: str) -> bool:
    """Test whether `text` needs a long post, which the API carries in `note_tweet`."""
    return len(text) > WEIGHT_LIMIT // 2 and weight(text) > WEIGHT_LIMIT


def full(raw: str, auto_mentions: tuple[str, ...] = ()) -> Wording:
    """Render the whole text."""
    return _with_entities("".join(f"@{name} " for name in auto_mentions) + raw)


def short(raw: str, auto_mentions: tuple[str, ...], post_id: str, links: str = "") -> Wording:
    """Render the `text` field: a long post is cut to 280 and ends in a link to itself.

    Any other ends in the `links` to the post that it quotes and to its media, if it has such.
    """
    if not is_long(raw):
        return full(f"{raw} {links}".strip() if links else raw, auto_mentions)
    link = f"https://x.com/i/web/status/{post_id}"
    cut = raw[:WEIGHT_LIMIT]
    while weight(f"{cut}… {link}") > WEIGHT_LIMIT:
        cut = cut[:-1]
    return full(f"{cut}… {link}", auto_mentions)


def _with_entities(raw: str) -> Wording:
    pieces: list[str] = []
    urls: list[dict[str, Any]] = []
    done = length = 0
    for found in find_links(raw):
        before = escape(raw[done : found.start], quote=False)
        link = _shortened(found.url)
        length += len(before)
        urls.append({"start": length, "end": length + len(link["url"]), **link})
        pieces += [before, link["url"]]
        length += len(link["url"])
        done = found.end
    text = "".join([*pieces, escape(raw[done:], quote=False)])
    mentions = [{"start": m.start(), "end": m.end(), "username": m.group(1)} for m in MENTION.finditer(text)]
    return Wording(text, {"urls": urls, "mentions": mentions})


def _shortened(url: str) -> dict[str, str]:
    expanded = url if "://" in url else f"https://{url}"
    slug = hashlib.sha256(expanded.encode(errors="surrogatepass")).hexdigest()[:10]
    display = re.sub(r"^https?://(www\.)?", "", expanded)
    if len(display) > 26:  # noqa: PLR2004 - where X cuts the visible part of a link
        display = f"{display[:26]}…"
    return {"url": f"https://t.co/{slug}", "expanded_url": expanded, "display_url": display}
