"""Replace lone surrogates: the result can be encoded, and other text stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.surrogates import replace_lone_surrogates


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("a\ud800b", "a\ufffdb"),
        ("\udc00\ud83d", "\ufffd\ufffd"),
        ("\ud83d\ude00", "😀"),
        ("日本 😀", "日本 😀"),
    ],
)
def test_lone_surrogates_are_replaced(written: str, kept: str) -> None:
    assert replace_lone_surrogates(written) == kept


@given(st.text(st.characters(categories=("Cs", "L", "So"))))
def test_the_result_can_be_encoded(text: str) -> None:
    whole = replace_lone_surrogates(text)
    assert whole.encode().decode() == whole
