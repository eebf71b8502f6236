"""The search query made of the words people choose in `switchboard.toml`."""

import re
from collections.abc import Sequence

LONGEST_QUERY = 512  # characters, for self-serve access; docs.x.com, "Build a query"
_PLAIN = re.compile(r"[@#$]?\w+")
_OPERATORS = frozenset({"OR", "AND"})


def build_query(terms: Sequence[str], excluded: Sequence[str] = ()) -> str | None:
    """The query that finds any of the terms and none of the excluded words, without bare reposts; `None` without terms.

    Raises ValueError, in words for the person who chose them, where X would refuse its length.
    """
    wanted = [quoted for term in terms if (quoted := _quoted(term))]
    if not wanted:
        return None
    any_of = wanted[0] if len(wanted) == 1 else f"({' OR '.join(wanted)})"
    none_of = [f"-{quoted}" for word in excluded if (quoted := _quoted(word))]
    query = " ".join([any_of, *none_of, "-is:retweet"])
    if len(query) > LONGEST_QUERY:
        raise ValueError(
            f"intake.accounts, intake.search_terms and intake.excluded_words make a query of {len(query)} characters, and X takes"
            f" {LONGEST_QUERY}. Use fewer or shorter ones."
        )
    return query


def _quoted(term: str) -> str:
    """A plain word as it is; anything else as a phrase, so that it cannot be read as an operator."""
    words = " ".join(term.replace('"', " ").split())
    if not re.search(r"\w", words):
        return ""
    return words if _PLAIN.fullmatch(words) and words not in _OPERATORS else f'"{words}"'
