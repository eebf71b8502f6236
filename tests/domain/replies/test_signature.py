"""Sign public replies with the agent's initials."""

import pytest

from domain.replies.signature import append_signature, without_initials, without_signature
from tests.growth import assert_linear


@pytest.mark.parametrize(
    ("text", "signature", "signed"),
    [("Hi Ana", "SO", "Hi Ana ^SO"), ("", "SO", ""), ("Hi Ana", "", "Hi Ana"), ("", "", "")],
)
def test_a_text_is_signed_where_there_are_initials(text: str, signature: str, signed: str) -> None:
    assert append_signature(text, signature) == signed


@pytest.mark.parametrize(
    ("text", "signature", "unsigned"),
    [("Hi Ana ^SO", "SO", "Hi Ana"), ("Hi Ana ^MK", "SO", "Hi Ana ^MK"), ("Hi ^SO", "", "Hi ^SO")],
)
def test_the_own_signature_is_removed(text: str, signature: str, unsigned: str) -> None:
    assert without_signature(text, signature) == unsigned


@pytest.mark.parametrize(
    ("text", "unsigned"),
    [
        ("Hi Ana  ^SO \n", "Hi Ana"),
        ("Hi\n^Ömer", "Hi"),
        ("x^SOMEONE", "x^SOMEONE"),
        ("Hi ", "Hi "),
        ("^SO", ""),
    ],
)
def test_anybody_s_initials_are_removed_from_the_end(text: str, unsigned: str) -> None:
    assert without_initials(text) == unsigned


@pytest.mark.parametrize("piece", [" ", "\n", "^SO ", "^"])
def test_removing_initials_is_linear(piece: str) -> None:
    assert_linear(without_initials, piece)
    assert_linear(lambda text: without_initials(f"{text}a"), piece)
