"""Handles leave a text, and its sentences stay whole."""

import pytest

from domain.handles import has_handle_inside, with_bare_handles, without_address


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


def test_bare_handles_have_no_server() -> None:
    assert with_bare_handles("@a and @b@c.example, ana@x.example") == "a and b, ana@x.example"
