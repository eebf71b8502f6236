"""Escape untrusted text for mrkdwn."""

import json
import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.escaping import (
    cut_at_word,
    escape,
    escape_code,
    escape_message,
    escape_within,
    fold_lines,
    inline,
    is_user_id,
    isolate,
    link,
    mention,
    one_line,
    safe_url,
    shorten,
    shorten_to_columns,
    strip_control,
    unescape,
)

NASTY = st.sampled_from(
    [
        "<!channel>",
        "<@U0SAM>",
        "<https://evil|bank>",
        "&lt;",
        "&",
        "\u202e",
        "\u2069",
        "\u2068",
        "\ud83d",
        "\x00",
        "*_~`:＊＿｀",
        ":fire:",
        "\n> ",
        "👩‍💻",
        "é",
        "ا",
    ]
)
ANYTHING = st.lists(NASTY | st.text(max_size=20), max_size=12).map("".join)


LOOK_ALIKES = str.maketrans("∗ˍ∼ˋ﹡⸏∶", "*_~`＊＿:")
#: What Slack formats: marks, of which it takes "_" alone for a letter in a word; emoji; a quote.
FORMATTED = re.compile(
    r"[*~`＊＿｀]|(?<![A-Za-z0-9_])_|_(?![A-Za-z0-9_])|:(?!\d\d?:)[\w+'-]+:|^[ \t]*(?:&gt;|＞)", re.MULTILINE
)


@given(ANYTHING)
def test_escape_can_be_read_back(text: str) -> None:
    text = text.translate(LOOK_ALIKES).replace("｀", "").replace("\u00ad", "")
    assert unescape(escape(text).replace("\u00ad", "")).translate(LOOK_ALIKES) == strip_control(text)


@given(ANYTHING)
def test_nothing_escaped_is_live_or_formatted(text: str) -> None:
    escaped = escape(text)
    assert "<" not in escaped
    assert ">" not in escaped
    assert not FORMATTED.search(escaped), escaped


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("~not~ charged", "∼not∼ charged"),
        ("*_bold_*", "∗ˍboldˍ∗"),
        ("`code` ```block```", "ˋcodeˋ ˋˋˋblockˋˋˋ"),
        ("my snake_case a__b @ana_ruiz @ana_", "my snake_case a__b @ana_ruiz @anaˍ"),
        ("on :fire: :100: at 10:30:45", "on ∶fire: ∶100: at 10:30:45"),
        (":`:", "∶ˋ:"),
        ("> said\n >> so", "\u00ad&gt; said\n\u00ad &gt;&gt; so"),
        ("a > b", "a &gt; b"),
    ],
)
def test_marks_are_letters_that_look_like_them(text: str, escaped: str) -> None:
    assert escape(text) == escaped


def test_a_label_is_escaped_and_an_address_is_not() -> None:
    assert link("https://x.com/_a_", "~no~") == "<https://x.com/_a_|∼no∼>"


def test_our_commands_stay_code_in_a_sentence_of_ours() -> None:
    said = "Run `python bot.py check`, or type `/mentions digest`; ~not~ `rm -rf` `/mentions <x>`"
    shown = "Run `python bot.py check`, or type `/mentions digest`; ∼not∼ ˋrm -rfˋ ˋ/mentions &lt;x&gt;ˋ"
    assert escape_message(said, 200) == shown


def test_code_is_left_only_by_our_own_marks() -> None:
    assert escape_code("a`*b* <x>") == "aˋ*b* &lt;x&gt;"


@given(ANYTHING)
def test_clean_text_survives_the_wire_and_stays_clean(text: str) -> None:
    cleaned = strip_control(text)
    assert strip_control(cleaned) == cleaned
    assert json.loads(json.dumps(cleaned).encode()) == cleaned
    assert cleaned.encode() is not None


@given(ANYTHING, st.integers(min_value=0, max_value=60))
def test_shortened_text_fits(text: str, limit: int) -> None:
    assert len(shorten(text, limit)) <= limit


@given(ANYTHING, st.integers(min_value=5, max_value=60))
def test_escaped_text_fits_and_ends_in_no_broken_entity(text: str, limit: int) -> None:
    cut = escape_within(text, limit)
    assert len(cut) <= limit
    assert all(part.partition(";")[0] in {"amp", "lt", "gt"} for part in cut.split("&")[1:])


@given(ANYTHING)
def test_isolated_words_cannot_leave_their_isolate(text: str) -> None:
    depth = 0
    for character in isolate(one_line(text)):
        depth += (character == "\u2068") - (character == "\u2069")
        assert depth >= 0
    assert depth == 0


def test_right_to_left_words_are_isolated_and_others_are_left_alone() -> None:
    assert inline("أحمد", 20) == "\u2068أحمد\u2069"
    assert inline("Ana", 20) == "Ana"
    assert escape(inline("أحمد", 20)) == "\u2068أحمد\u2069"


def test_an_override_cannot_turn_our_own_words_around() -> None:
    assert strip_control("Ana \u202egnp.exe\u202c \u2067x\u2069") == "Ana gnp.exe x"


def test_control_characters_go_and_lines_stay() -> None:
    assert strip_control("a\x00b\x07\r\nc\u2028d\te\x85f") == "ab\nc\nd\te\nf"
    assert strip_control("\ud83d!") == "\ufffd!"


def test_nothing_printable_is_removed_or_replaced() -> None:
    """A text that is printable is therefore not searched, as this one is, for what it begins with."""
    printable = "".join(char for char in map(chr, range(sys.maxunicode + 1)) if char.isprintable())
    assert strip_control(f"\0{printable}") == printable


def test_a_cut_never_splits_a_joined_emoji_or_an_accent() -> None:
    assert shorten("ab👩\u200d💻", 5) == "ab👩\u200d💻"
    assert shorten("ab👩\u200d💻c", 5) == "ab…"
    accented = shorten(unicodedata.normalize("NFD", "abcé def"), 5)
    assert accented == "abc…"


@pytest.mark.parametrize(
    "url",
    [None, "", "javascript:alert(1)", "https://", "ftp://x.com/", "x.com", "https://x.com/" + "a" * 4000],
)
def test_what_is_no_web_address_is_no_link(url: str | None) -> None:
    assert safe_url(url) is None
    assert link(url, "View <b>") == "View &lt;b&gt;"


def test_an_address_cannot_break_out_of_its_link() -> None:
    assert link("https://x.com/a|b>c<d?e=1&f=2", "View") == "<https://x.com/a%7Cb%3Ec%3Cd?e=1&amp;f=2|View>"


def test_only_user_ids_are_mentioned() -> None:
    assert mention("U0SAM") == "<@U0SAM>"
    assert mention("system") == "Switchboard"
    assert mention("U1> <!channel") == "U1&gt; &lt;!channel"
    assert not is_user_id("U0SAM\n")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("short", "short"),
        ("ten letter", "ten letter"),
        ("eleven lett", "eleven le…"),
        ("お荷物の状", "お荷物の状"),
        ("お荷物の状況", "お荷物の…"),
        ("", ""),
    ],
)
def test_a_line_is_cut_to_columns_of_which_wide_letters_take_two(text: str, shown: str) -> None:
    assert shorten_to_columns(text, 10) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a\nb\n", "a\nb"), ("a\nb\nc", "a\nb…"), ("abcdefghijk", "abcdefghi…"), (" \n", "")],
)
def test_a_text_is_folded_to_lines_and_characters(text: str, shown: str) -> None:
    assert fold_lines(text, lines=2, limit=10) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("we will help you from there. Never share a code", "we will help you from there…"),
        ("tell us what you see, and on which device it is", "tell us what you see, and on…"),
        ("tell us what it says, the device and the country", "tell us what it says, the…"),
        ("please send us all the numbers; and the date of it", "please send us all the numbers…"),
        ("what is it that you see there? Tell us all the rest", "what is it that you see there?…"),
    ],
)
def test_a_text_that_is_cut_ends_in_no_point_before_its_ellipsis(text: str, shown: str) -> None:
    assert cut_at_word(text, 32) == shown
