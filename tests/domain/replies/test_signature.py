"""Sign public replies with the agent's initials."""

import pytest

from domain.replies.signature import append_signature


@pytest.mark.parametrize(
    ("text", "signature", "signed"),
    [("Hi Ana", "SO", "Hi Ana ^SO"), ("", "SO", ""), ("Hi Ana", "", "Hi Ana"), ("", "", "")],
)
def test_a_text_is_signed_where_there_are_initials(text: str, signature: str, signed: str) -> None:
    assert append_signature(text, signature) == signed
