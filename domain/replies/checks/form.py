"""Check the form of a reply: empty, too long, placeholders, capitals, repeats, signature, language."""

import re

from domain.replies.checks.reply import Reply, normalize
from domain.replies.signature import has_signature
from domain.triage.phrases import is_unspaced, tokens

MIN_LETTERS_FOR_ALL_CAPS = 12

_PLACEHOLDER_NAME = r"(?:[^\W_]{1,20}[ _-]){0,3}(?:name|link|url|number|date|amount)"
_PLACEHOLDER = re.compile(
    rf"\{{\{{.*?\}}\}}|\[\[.*?\]\]|<{_PLACEHOLDER_NAME}>|\[{_PLACEHOLDER_NAME}\]|\{{{_PLACEHOLDER_NAME}\}}",
    re.IGNORECASE | re.DOTALL,
)
_LINK_OR_HANDLE = re.compile(r"https?://\S+|[@#^]\w+")
_MIN_LETTERS_FOR_LANGUAGE = 60
_MAX_LENGTH_FOR_LANGUAGE = 1000
_MIN_WORDS_TO_COMPARE = 8
_MIN_OVERLAP = 0.25


def is_empty(reply: Reply) -> bool:
    """Return whether there is nothing but spaces."""
    return not reply.text.strip()


def is_too_long(reply: Reply) -> bool:
    """Return whether the network would refuse the length."""
    return reply.length > reply.limit


def has_placeholder(reply: Reply) -> bool:
    """Return whether a placeholder was left in."""
    return bool(_PLACEHOLDER.search(reply.text))


def is_duplicate(reply: Reply) -> bool:
    """Return whether the same text was sent recently."""
    return reply.is_duplicate


def is_all_caps(reply: Reply) -> bool:
    """Return whether every letter that can be small is a capital."""
    letters = [letter for letter in reply.text if letter.isalpha() and letter.lower() != letter.upper()]
    return len(letters) >= MIN_LETTERS_FOR_ALL_CAPS and all(letter.isupper() for letter in letters)


def is_unsigned(reply: Reply) -> bool:
    """Return whether the signature that the form's text had was taken out."""
    return reply.is_signed and not has_signature(reply.text)


def is_in_wrong_language(reply: Reply) -> bool:
    """Return whether both halves of the text are in one language that is not the customer's.

    Never for a short text, and never for one in the language of the saved reply that it started from: where a
    saved reply is not there in the customer's language, English is sent.
    """
    detector, text = reply.detector, _LINK_OR_HANDLE.sub(" ", reply.text[:_MAX_LENGTH_FOR_LANGUAGE])
    letters = sum((2 if is_unspaced(letter) else 1) for letter in text if letter.isalpha())
    if detector is None or not reply.language or letters < _MIN_LETTERS_FOR_LANGUAGE:
        return False
    middle = len(text) // 2
    middle += max(0, text[middle:].find(" "))
    found = {detector.detect(half) for half in (text, text[:middle], text[middle:])}
    if len(found) > 1 or found & {None, reply.language}:
        return False
    return not found & {detector.detect(saved) for saved in reply.saved_texts}


def is_far_from_saved_reply(reply: Reply) -> bool:
    """Return whether little is left of the saved reply that the agent picked."""
    words = _words(reply.text)
    saved = [known for text in reply.saved_texts if len(known := _words(text)) >= _MIN_WORDS_TO_COMPARE]
    if not reply.is_picked or not saved or len(words) < _MIN_WORDS_TO_COMPARE:
        return False
    return all(len(known & words) / min(len(known), len(words)) < _MIN_OVERLAP for known in saved)


def _words(text: str) -> frozenset[str]:
    return frozenset(tokens(normalize(text).casefold()))
