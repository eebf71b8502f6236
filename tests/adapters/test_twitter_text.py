"""Compare the vendored rules with twitter-text-parser."""

import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import emoji
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from adapters.twitter_text import Link, find_links, is_valid, weighted_length
from adapters.twitter_text.data import read_lines
from adapters.twitter_text.emoji import find_emoji

EMOJI = read_lines("emoji.txt")
#: Those that twitter-text-parser knows.
OLDER_EMOJI = [one for one in EMOJI if emoji.EMOJI_DATA[one]["E"] <= 12]
DOMAINS = [*read_lines("generic_domains.txt"), *read_lines("country_domains.txt"), "xn--p1ai"]
FRAGMENTS = [
    *("https://", "HTTP://", "example.com", "日本語example.com", "t.co/abc", "/", "?a=b", "(", ")", "/a_(b(c))", "#", "@", ":80"),
    *(".", "-", "_", "\u202e", "\ufffe", "\r\n", "\r", "\u200d", "\ufe0f", "\u20e3", "🏽", "e\u0301", "＠", "/日本語example.com"),
    *("x" * 64, f"https://t.co/{'a' * 41}", f"http://a.com/{'b' * 4096}"),
]  # fmt: skip
PIECES = st.one_of(
    st.sampled_from(FRAGMENTS),
    st.sampled_from(OLDER_EMOJI),
    st.sampled_from(DOMAINS).map(lambda domain: f".{domain}"),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=3),
    st.text("abc.-_/:?=&%1", max_size=8),
)
TEXTS = st.lists(PIECES, max_size=12).map("".join)


@pytest.fixture(scope="module")
def library() -> ModuleType:
    """twitter-text-parser, with a stand-in for the one function of `pkg_resources` that it uses."""
    spec = find_spec("twitter_text")
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).with_name("regexp")
    resources = ModuleType("pkg_resources")
    resources.resource_string = lambda _package, name: (folder / name).read_bytes()  # type: ignore[attr-defined]
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "pkg_resources", resources)
        return import_module("twitter_text")


def links_of(library: ModuleType, text: str) -> list[Link]:
    return [Link(found["url"], *found["indices"]) for found in library.extract_urls_with_indices(text)]


@given(text=TEXTS)
def test_any_text_has_the_same_length_links_and_emoji(library: ModuleType, text: str) -> None:
    found = find_emoji(text)
    assume(all(text[start : start + length] in OLDER_EMOJI for start, length in found.items()))
    result = library.parse_tweet(text)
    assert (weighted_length(text), is_valid(text)) == (result.weightedLength, result.valid)
    assert find_links(text) == links_of(library, text)
    assert [(start, start + length) for start, length in found.items()] == [
        tuple(found["indices"]) for found in library.extract_emojis_with_indices(text)
    ]


def test_each_emoji_is_one_of_the_newest_unicode(library: ModuleType) -> None:
    of_unicode = {
        sequence
        for sequence, about in emoji.EMOJI_DATA.items()
        if about["status"] != emoji.STATUS["component"]
    }
    assert set(EMOJI) == of_unicode, "adapters/twitter_text/README.md says how to write the file anew"
    assert set(OLDER_EMOJI) == {
        entry.emoji for entry in import_module("twitter_text.regexp.emoji").emoji_list
    }
    assert {weighted_length(one) for one in EMOJI} == {2}


def test_each_top_level_domain_makes_a_link(library: ModuleType) -> None:
    frames = ("see acme.{} now", "see https://acme.{}/a now", "acme.{}文")
    texts = [frame.format(domain) for domain in DOMAINS for frame in frames]
    assert [text for text in texts if find_links(text) != links_of(library, text)] == []
    assert find_links("see acme.com now") == [Link("acme.com", 4, 12)]


def test_each_character_has_the_same_weight(library: ModuleType) -> None:
    points = [*range(0x3400), *range(0x3400, sys.maxunicode, 251)]  # the edges of the ranges, then a sample
    characters = [chr(point) for point in points if not 0xD800 <= point <= 0xDFFF]
    for first in range(0, len(characters), 2000):
        text = " ".join(characters[first : first + 2000])
        assert weighted_length(text) == library.parse_tweet(text).weightedLength


def test_surrogates_that_stand_alone_are_counted_and_not_valid() -> None:
    assert weighted_length("\ud800") == 2
    assert not is_valid("a\ud800")


def test_a_name_of_very_many_labels_is_no_link_and_takes_no_longer() -> None:
    assert find_links("a." * 20_000) == []
    assert [link.url for link in find_links("a." * 200 + " see acme.com")] == ["acme.com"]
    assert [link.start for link in find_links("a." * 200 + " see acme.com")] == [405]
