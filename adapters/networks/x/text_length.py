"""Count and price a reply or post on X, and normalise its text for comparison."""

import re
import unicodedata

from adapters.networks.x import prices
from adapters.networks.x.post_text import SHORT_LINK
from adapters.twitter_text import find_links, weighted_length
from domain.networks import TextCount
from domain.surrogates import replace_lone_surrogates

WEIGHTED_LIMIT = 280
#: Longer texts are not weighted: they exceed the limit by any weight.
_MAX_COUNTED = 4000
_LEADING_MENTIONS = re.compile(r"(?:@\w+\s+)+")
#: A link that X may shorten although `adapters.twitter_text` does not know its top-level domain.
_ANY_LINK = re.compile(r"https?://\S*[\w/]")
_LINK_MARK = "\N{LINK SYMBOL}"


def count(text: str) -> TextCount:
    """Return X's weighted length: at most 280; a link counts 23, emoji and CJK 2, after NFC and trimming.

    The @mentions that X puts in front of a reply count nothing and are no part of `text`.
    """
    trimmed = replace_lone_surrogates(unicodedata.normalize("NFC", text)).strip()
    if not trimmed or len(trimmed) > _MAX_COUNTED:
        return TextCount(length=len(trimmed), limit=WEIGHTED_LIMIT)
    return TextCount(length=weighted_length(trimmed), limit=WEIGHTED_LIMIT)


def cost(text: str) -> float:
    """Return what X charges for this reply, in US dollars."""
    return prices.POST_WITH_LINK.dollars if links(text) else prices.REPLY.dollars


def post_cost(text: str) -> float:
    """Return what X charges for this text as a post of our own, in US dollars."""
    return prices.POST_WITH_LINK.dollars if links(text) else prices.POST.dollars


def links(text: str) -> list[str]:
    """Return what X takes for links, in order: also “it.It” where a space is missing, and “README.md”."""
    readable = replace_lone_surrogates(unicodedata.normalize("NFC", text))
    found = {link.start: link.url for link in find_links(readable)}
    with_scheme = {match.start(): match[0] for match in _ANY_LINK.finditer(readable)}
    return [url for _, url in sorted((with_scheme | found).items())]


def comparable(text: str) -> str:
    """Normalise a reply's text so that what we sent and what X shows compare equal.

    X puts mentions in front, shortens links and may change white space.
    """
    text = _LEADING_MENTIONS.sub(
        "", replace_lone_surrogates(unicodedata.normalize("NFC", text)).lstrip(), count=1
    )
    text = SHORT_LINK.sub(_LINK_MARK, text)
    for link in reversed(find_links(text)):
        text = text[: link.start] + _LINK_MARK + text[link.end :]
    return " ".join(_ANY_LINK.sub(_LINK_MARK, text).split())
