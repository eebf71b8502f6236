"""Sign public replies with the agent's initials."""

import re

_SIGNATURE = re.compile(r"\^[^\W\d_]{1,4}\b")
_SIGNATURE_AT_END = re.compile(r"\^[^\W\d_]{1,4}\Z")
_MAX_SIGNATURE_LENGTH = 5


def append_signature(text: str, signature: str) -> str:
    """Append the agent's initials as "… ^SO"; an empty text or signature leaves the text as it is."""
    return f"{text} ^{signature}" if text and signature else text


def without_signature(text: str, signature: str) -> str:
    """Remove what `append_signature` appends."""
    return text.removesuffix(f" ^{signature}") if signature else text


def without_initials(text: str) -> str:
    """Remove anybody's initials from the end of the text."""
    bare = text.rstrip()
    found = _SIGNATURE_AT_END.search(bare, max(0, len(bare) - _MAX_SIGNATURE_LENGTH))
    return text if found is None else bare[: found.start()].rstrip()


def has_signature(text: str) -> bool:
    """Return whether somebody's initials stand in the text as "^SO"."""
    return bool(_SIGNATURE.search(text))
