"""Sign public replies with the agent's initials."""

import re

_SIGNATURE = re.compile(r"\^[^\W\d_]{1,4}\b")
_SIGNATURE_AT_END = re.compile(r"\s*\^[^\W\d_]{1,4}\s*\Z")


def append_signature(text: str, signature: str) -> str:
    """Append the agent's initials as "… ^SO"; an empty text or signature leaves the text as it is."""
    return f"{text} ^{signature}" if text and signature else text


def without_signature(text: str, signature: str) -> str:
    """Remove what `append_signature` appends."""
    return text.removesuffix(f" ^{signature}") if signature else text


def without_initials(text: str) -> str:
    """Remove anybody's initials from the end of the text."""
    return _SIGNATURE_AT_END.sub("", text)


def has_signature(text: str) -> bool:
    """Return whether somebody's initials stand in the text as "^SO"."""
    return bool(_SIGNATURE.search(text))
