"""The text of a reply: how long X counts it, and what stays of it when X shows it again."""

import re
import unicodedata

from adapters.twitter_text import find_links, weighted_length
from domain.networks import TextCount

WEIGHTED_LIMIT = 280
#: US dollars for a reply to somebody who addressed us, and for a post with a link (X's price list, November 2026).
REPLY_COST = 0.010
LINK_COST = 0.200
#: Beyond this many characters the count is not worth the work; it is far too long by any weight.
_COUNTED_AT_MOST = 4000
_LEADING_MENTIONS = re.compile(r"(?:@\w+\s+)+")
_SHORTENED = re.compile(r"https?://t\.co/\w+", re.ASCII)
#: What X may shorten though the library does not know its top-level domain.
_OTHER_LINK = re.compile(r"https?://\S*[\w/]")
_LINK = "\N{LINK SYMBOL}"


def count(text: str) -> TextCount:
    """X's weighted length: 280 at most, a link 23, emoji and CJK 2, after NFC and trimming.

    The @mentions that X itself puts in front of a reply are free and are no part of `text`.
    """
    trimmed = _readable(unicodedata.normalize("NFC", text)).strip()
    if not trimmed or len(trimmed) > _COUNTED_AT_MOST:
        return TextCount(length=len(trimmed), limit=WEIGHTED_LIMIT)
    return TextCount(length=weighted_length(trimmed), limit=WEIGHTED_LIMIT)


def cost(text: str) -> float:
    """What X charges for this reply, in US dollars."""
    readable = _readable(unicodedata.normalize("NFC", text))
    return LINK_COST if find_links(readable) or _OTHER_LINK.search(readable) else REPLY_COST


def comparable(text: str) -> str:
    """What two showings of the same reply have in common.

    X puts mentions in front, shortens links and may change white space.
    """
    text = _LEADING_MENTIONS.sub("", _readable(unicodedata.normalize("NFC", text)).lstrip(), count=1)
    text = _SHORTENED.sub(_LINK, text)
    for link in reversed(find_links(text)):
        text = text[: link.start] + _LINK + text[link.end :]
    return " ".join(_OTHER_LINK.sub(_LINK, text).split())


def _readable(text: str) -> str:
    """Lone surrogates, which cannot be encoded, replaced."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
