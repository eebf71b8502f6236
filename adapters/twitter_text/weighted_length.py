"""Compute the weighted length of a post, by twitter-text's configuration "version 3"."""

import re
import unicodedata

from adapters.twitter_text.emoji import find_emoji
from adapters.twitter_text.links import find_links
from adapters.twitter_text.patterns import INVALID_CHARS

MAX_WEIGHTED_LENGTH = 280
_SCALE = 100
_DEFAULT_WEIGHT = 200  # also of a whole emoji sequence
_LIGHT_WEIGHT = 100
_LIGHT_RANGES = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))  # code points, both ends included
_TRANSFORMED_URL_LENGTH = 23
_INVALID = re.compile(rf"[{INVALID_CHARS}\ud800-\udfff]")  # lone surrogates cannot be encoded


def weighted_length(text: str) -> int:
    """Return the weighted length of `text`, after NFC."""
    return _weighted_length(_normalized(text))


def is_valid(text: str) -> bool:
    """Return whether `text` may be a post: not empty, not too long, without forbidden characters."""
    normalized = _normalized(text)
    return 0 < _weighted_length(normalized) <= MAX_WEIGHTED_LENGTH and not _INVALID.search(normalized)


def _normalized(text: str) -> str:
    return re.sub(r"\r\n?", "\n", unicodedata.normalize("NFC", text))


def _weighted_length(text: str) -> int:
    links = {link.start: len(link.url) for link in find_links(text)}
    emoji = find_emoji(text)
    weight = index = 0
    while index < len(text):
        if index in links:
            weight += _TRANSFORMED_URL_LENGTH * _SCALE
            index += links[index]
        elif index in emoji:
            weight += _DEFAULT_WEIGHT
            index += emoji[index]
        else:
            weight += _weight(text[index])
            index += 1
    return weight // _SCALE


def _weight(character: str) -> int:
    is_light = any(first <= ord(character) <= last for first, last in _LIGHT_RANGES)
    return _LIGHT_WEIGHT if is_light else _DEFAULT_WEIGHT
