"""Build X's search query from the words in `switchboard.toml`."""

import re
from collections.abc import Sequence

MAX_QUERY_LENGTH = 512  # characters, for self-serve access; docs.x.com, "Build a query"
_PLAIN_WORD = re.compile(r"[@#$]?\w+")
_OPERATORS = frozenset({"OR", "AND"})


def build_query(terms: Sequence[str], excluded: Sequence[str] = ()) -> str | None:
    """Return the query for any of the terms and none of the excluded words, without reposts.

    `None` without terms. Raises ValueError, worded for the person who configures it, where it exceeds X's
    limit of 512 characters.
    """
    any_terms = [quoted for term in terms if (quoted := _quoted(term))]
    if not any_terms:
        return None
    any_of = any_terms[0] if len(any_terms) == 1 else f"({' OR '.join(any_terms)})"
    exclusions = [f"-{quoted}" for word in excluded if (quoted := _quoted(word))]
    query = " ".join([any_of, *exclusions, "-is:retweet"])
    if len(query) > MAX_QUERY_LENGTH:
        raise ValueError(
            f"intake.accounts, intake.search_terms and intake.excluded_words make a query of {len(query)} characters, and X takes"
            f" {MAX_QUERY_LENGTH}. Use fewer or shorter ones."
        )
    return query


def _quoted(term: str) -> str:
    """Return a plain word as it is, else a quoted phrase, so that nothing is read as an operator."""
    words = " ".join(term.replace('"', " ").split())
    if not re.search(r"\w", words):
        return ""
    return words if _PLAIN_WORD.fullmatch(words) and words not in _OPERATORS else f'"{words}"'
