"""Handles leave a text, and its sentences stay whole."""

import time

import pytest

from domain.handles import has_handle_inside, without_address, without_addresses


@pytest.mark.parametrize(
    ("text", "handle", "left"),
    [
        ("@acme where is my parcel", "acme", "where is my parcel"),
        ("@acme: where is it?\n@acme hello?", "acme", "where is it?\nhello?"),
        ("@friend @acme where is it", "acme", "@friend where is it"),
        ("does @acme deliver", "acme", "does acme deliver"),
        ("does @acme@social.example deliver", "acme@social.example", "does acme deliver"),
        ("does @acme.example. deliver", "acme.example", "does acme.example. deliver"),
        ("does @acmeprint deliver", "acme", "does @acmeprint deliver"),
        ("write to ana@acme today", "acme", "write to ana@acme today"),
        ("@acme配送はまだですか", "acme", "配送はまだですか"),
        ("does @acme deliver", "", "does @acme deliver"),
        ("@acme's app is down", "acme", "acme's app is down"),
        ("هل وصل الطلب؟ @acme أين هو", "acme", "هل وصل الطلب؟ أين هو"),
        ("He said “no.” @acme why", "acme", "He said “no.” why"),
        ("(late!) @acme where is it", "acme", "(late!) where is it"),
        ("(late) @acme where is it", "acme", "(late) acme where is it"),
        ("we asked @friend\n@acme where is it", "acme", "we asked @friend\nwhere is it"),
        ("we asked @friend @acme twice", "acme", "we asked @friend acme twice"),
        ("😡 @acme where is it", "acme", "😡 where is it"),
        ("❤️ 👨‍👩‍👧 🙏🏽@acme where is it", "acme", "❤️ 👨‍👩‍👧 🙏🏽where is it"),
        ("• @acme where is it", "acme", "• where is it"),
        ("¿@acme dónde está?", "acme", "¿dónde está?"),
        ("It works! 🎉 @acme thanks", "acme", "It works! 🎉 thanks"),
        ("I love 😍 @acme", "acme", "I love 😍 acme"),
        ("😡 @friend @acme where is it", "acme", "😡 @friend where is it"),
    ],
)
def test_our_handle_leaves_the_text_where_it_addresses_us(text: str, handle: str, left: str) -> None:
    assert without_address(text, handle) == left


@pytest.mark.parametrize(
    ("text", "is_inside"),
    [
        ("ask @friend", True),
        ("@friend ask again", False),
        ("Really? @friend look", False),
        ("@acme @friend", False),
        ("mail ana@x.example", False),
    ],
)
def test_a_handle_inside_a_sentence_is_found(text: str, *, is_inside: bool) -> None:
    assert has_handle_inside(text) is is_inside


def test_handles_of_others_leave_a_text_as_ours_do() -> None:
    assert without_addresses("@a: ask @b and @c@d.example, ana@x.example") == "ask b and c, ana@x.example"


def test_a_mail_full_of_handles_is_read_at_once() -> None:
    """The forms of issues and saved replies read a whole mail while their reader waits for Slack."""
    begun = time.perf_counter()
    assert without_address("@abc " * 20_000, "abc") == ""
    assert not has_handle_inside("@abc " * 20_000)
    assert time.perf_counter() - begun < 2
