"""Build X's search query from configured words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.networks.x.query import build_query
from sandbox.x.query import parse


@pytest.mark.parametrize(
    ("terms", "excluded", "query"),
    [
        ([], [], None),
        ([" ", '"'], ["x"], None),
        (["acme"], [], "acme -is:retweet"),
        (["acme", "acme pay"], [], '(acme OR "acme pay") -is:retweet'),
        (
            ["#acme", "@acme"],
            ["giveaway", "free money"],
            '(#acme OR @acme) -giveaway -"free money" -is:retweet',
        ),
        (["from:acme", "OR", "acme's"], [], '("from:acme" OR "OR" OR "acme\'s") -is:retweet'),
        (['say "acme" now'], [], '"say acme now" -is:retweet'),
        (["アクメ"], [], "アクメ -is:retweet"),
    ],
)
def test_the_query(terms: list[str], excluded: list[str], query: str | None) -> None:
    assert build_query(terms, excluded) == query


def test_a_query_over_the_length_limit_is_an_error() -> None:
    with pytest.raises(ValueError, match="search_terms"):
        build_query([f"term number {n}" for n in range(60)])
    longest = build_query(["x" * (512 - len(" -is:retweet"))])
    assert longest is not None
    assert len(longest) == 512


WORDS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=15), max_size=8)


@given(WORDS, WORDS)
def test_any_terms_give_a_query_that_x_parses(terms: list[str], excluded: list[str]) -> None:
    query = build_query(terms, excluded)
    assert (query is None) == (not any(re.search(r"\w", term) for term in terms))
    if query is not None:
        assert callable(parse(query))
        assert query.endswith(" -is:retweet")
