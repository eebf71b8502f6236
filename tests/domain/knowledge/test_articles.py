"""Split help articles into passages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.knowledge.articles import MAX_PASSAGE_LENGTH, passages_of, title_of
from tests.growth import assert_linear

TEXT = """# Refunds

A refund takes *five* days. See [the list](https://acme.example/list).

## Not there?

Send us the order number.

![a picture](x.png)
"""


def test_each_passage_has_its_heading_and_no_markup() -> None:
    assert title_of(TEXT) == "Refunds"
    assert passages_of(TEXT) == (
        "Refunds. A refund takes five days. See the list.",
        "Not there?. Send us the order number. a picture",
    )


def test_a_long_paragraph_is_split_at_its_sentences() -> None:
    passages = passages_of("First words. " * 200)
    assert len(passages) > 3
    assert all(passage.startswith("First words.") for passage in passages)


def test_a_text_without_words_has_no_passage() -> None:
    assert passages_of("") == passages_of("\n\n# \n") == ()
    assert title_of("no heading") == ""


@pytest.mark.parametrize("piece", ["[", "![", "[a](", "<", "# ", "# #", "*", "\n ", ". ", "a"])
def test_the_time_to_split_a_text_grows_with_its_length_alone(piece: str) -> None:
    assert_linear(lambda text: (title_of(text), passages_of(text)), piece)


def test_the_time_to_find_the_title_grows_with_its_length_alone() -> None:
    assert_linear(lambda text: title_of(f"# {text}x"), "#")


@given(st.text(max_size=3_000))
def test_no_passage_is_empty_or_longer_than_the_limit(text: str) -> None:
    for passage in passages_of(text):
        _, _, body = passage.rpartition(". ")
        assert passage.strip()
        assert len(body) <= MAX_PASSAGE_LENGTH
