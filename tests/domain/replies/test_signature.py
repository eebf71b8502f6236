"""Sign public replies with the agent's initials."""

import pytest

from domain.replies.signature import append_signature, without_signature


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
