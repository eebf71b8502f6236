"""Count the length of a text as X does, and compare a reply with how X lists it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.networks.x.text_length import comparable, cost, count, links

ANY_TEXT = st.text(st.characters(), max_size=400)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("   \n ", 0),
        ("hello", 5),
        ("  hello  ", 5),
        ("cafe\u0301", 4),
        ("支払い", 6),
        ("😡", 2),
        ("👨‍👩‍👧‍👦", 2),
        ("🏳️‍🌈", 2),
        ("🐦‍🔥", 2),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", 2),  # England
        ("1️⃣", 2),
        ("🧑🏾‍🤝‍🧑🏻", 2),
        ("\U0001faea", 2),  # of Unicode 17
        ("49 €…", 7),
        ("क्षि", 4),
        (unicodedata.normalize("NFD", "한" * 140), 280),
        ("ที่ป" * 23, 92),
        ("We fixed it.It works now", 12 - 3 + 23 + 10),
        ("See README.md", 4 + 23),
        ("https://acme.example.com/a/very/long/path/that/goes/on/and/on?and=on", 23),
        ("see acme.com now", 4 + 23 + 4),
        ("@anaruiz hello", 14),
        ("مرحبا", 5),
        ("a\r\nb", 3),
        ("x" * 280, 280),
        ("x" * 281, 281),
    ],
)
def test_the_weighted_length(text: str, length: int) -> None:
    assert count(text).length == length
    assert count(text).limit == 280


def test_a_text_far_too_long_is_not_weighed_and_does_not_fit() -> None:
    assert not count("支" * 1_000_000).fits


@given(ANY_TEXT)
def test_any_text_can_be_counted(text: str) -> None:
    assert 0 <= count(text).length <= 2 * len(text) + 23 * text.count(".")


@given(ANY_TEXT, st.sampled_from(["x", "支", "😡"]))
def test_more_text_is_never_shorter(text: str, more: str) -> None:
    assert count(f"{text}\n{more}").length >= count(text).length


@given(st.text(st.characters(), max_size=200))
def test_mentions_in_front_and_white_space_do_not_tell_replies_apart(text: str) -> None:
    shown = "@ana @bo_b " + text.replace("\n", "  ")
    assert comparable(shown) == comparable("@cho " + text)


@given(ANY_TEXT)
def test_comparing_settles(text: str) -> None:
    once = comparable(text)
    assert comparable(once) == once


@pytest.mark.parametrize(
    ("text", "dollars"),
    [
        ("Hi Ana", 0.010),
        ("Hi Ana: https://acme.example/help", 0.200),
        ("see acme.com please", 0.200),
        ("We fixed it.It works now", 0.200),
        ("See README.md", 0.200),
        ("acme.io/help", 0.200),
        ("https://intranet/page", 0.200),
        ("It works, e.g. now. Yes", 0.010),
        ("Write to us: https://x.com/messages/compose?recipient_id=1", 0.200),
        ("\ud800 3.5 times", 0.010),
    ],
)
def test_a_link_has_its_price(text: str, dollars: float) -> None:
    assert cost(text) == dollars


@given(ANY_TEXT)
def test_price_and_warning_have_the_same_links(text: str) -> None:
    assert (cost(text) > cost("")) is bool(links(text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We fixed it.It works now", ["it.It"]),
        ("See README.md or https://acme.io/a, please", ["README.md", "https://acme.io/a"]),
        ("See https://intranet/page.", ["https://intranet/page"]),
        ("Nothing here. Or there", []),
        ("Hi Ana.So sorry, it.Is fixed", ["Ana.So", "it.Is"]),
        ("Your refund.to come. Open till 3.30.pm", ["refund.to", "3.30.pm"]),
        ("Run main.py with node.js 2.0, Mr.Smith", ["main.py"]),
        ("詳細はacme.ioへ、または a@b.com", ["acme.io"]),
    ],
)
def test_what_is_a_link_is_named(text: str, found: list[str]) -> None:
    assert links(text) == found
