"""Fold text for the search when it is stored.

So both databases match alike, and neither needs a user-defined function for each row.
"""

import unicodedata


def folded(*texts: str) -> str:
    """Join and fold the texts: NFKC, case folding, and NFKC again because folding may decompose letters."""
    text = unicodedata.normalize("NFKC", "\n".join(texts))
    return unicodedata.normalize("NFKC", text.casefold())
