"""Replace lone surrogates, which no text has and no encoder takes."""


def replace_lone_surrogates(text: str) -> str:
    """Replace lone surrogates by U+FFFD; a pair becomes the character that it encodes."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
