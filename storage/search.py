"""Finding cases by words: text is folded when it is stored, so that both databases look for the same, and neither calls us for each row."""

import unicodedata


def folded(*texts: str) -> str:
    """The texts as they are searched: composed (NFKC), without case; composed anew after that, since it takes some letters apart."""
    text = unicodedata.normalize("NFKC", "\n".join(texts))
    return unicodedata.normalize("NFKC", text.casefold())
