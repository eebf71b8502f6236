"""Search by whole words, and what is shown of a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cases.search import MAX_EXCERPT, excerpt, folded, matches, search_word


@pytest.mark.parametrize(
    ("word", "text", "is_found"),
    [
        ("card", "my card was declined", True),
        ("card", "two cards!", True),
        ("card", "I love Cardiff", False),
        ("card", "discard it", False),
        ("card*", "I love Cardiff", True),
        ("pay", "it was payed", True),
        ("pay", "my payment", False),
        ("pay*", "my payment", True),
        ("4711", "order #4711, please", True),
        ("471", "order #4711", True),
        ("47", "order #47110", False),
        ("a@b.com", "write to a@b.com", True),
        ("50%", "only 50% off", True),
        ("荷物", "昨日届くはずの荷物がまだ", True),
        ("STRASSE", "große Straße", True),
        ("café", "CAFE\u0301 bar", True),
        ("*", "a * b", True),
        ("(", "a ( b", True),
    ],
)
def test_a_word_finds_itself_and_its_inflections(word: str, text: str, is_found: bool) -> None:
    assert matches(folded(word), folded(text)) is is_found


@pytest.mark.parametrize(
    ("typed", "searched"),
    [
        ("@AnaRuiz", "anaruiz"),
        ("“billed", "billed"),
        ('twice"', "twice"),
        ('"@AnaRuiz"', "anaruiz"),
        ("a@b.com", "a@b.com"),
        ("card*", "card*"),
        ("@", "@"),
        ('""', '""'),
        ("don't", "don't"),
    ],
)
def test_a_handle_is_searched_without_its_at_and_a_phrase_without_its_quotes(
    typed: str, searched: str
) -> None:
    assert search_word(typed) == searched


def marked(words: list[str], text: str) -> str:
    found = excerpt([folded(word) for word in words], text)
    shown, end = "", 0
    for start, stop in found.matches:
        shown += found.text[end:start] + "[" + found.text[start:stop] + "]"
        end = stop
    return shown + found.text[end:]


def test_the_words_that_were_found_are_marked() -> None:
    assert marked(["card", "twice"], "My CARD was\ncharged twice, my cards!") == (
        "My [CARD] was charged [twice], my [cards]!"
    )


def test_a_long_text_is_cut_around_the_first_match() -> None:
    shown = marked(["card"], "word " * 60 + "the card is gone " + "word " * 60)
    assert shown.startswith("…word")
    assert "the [card] is gone" in shown
    assert shown.endswith("…")
    assert len(shown) <= MAX_EXCERPT + 4


def test_a_text_that_is_spelled_otherwise_shows_its_beginning() -> None:
    assert marked(["strasse"], "in der großen Straße") == "in der großen Straße"


@given(st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=4), st.text(max_size=400))
def test_matches_lie_in_the_excerpt_apart_and_in_order(words: list[str], text: str) -> None:
    found = excerpt([folded(word) for word in words], text)
    assert len(found.text) <= MAX_EXCERPT + 2
    positions = [position for span in found.matches for position in span]
    assert positions == sorted(positions)
    assert all(0 <= position <= len(found.text) for position in positions)
