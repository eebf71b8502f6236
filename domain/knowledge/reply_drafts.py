"""Make a saved reply of an answer that was sent: without the customer's name, handle and numbers."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from domain.handles import has_handle_inside, without_address, without_addresses
from domain.replies.signature import without_initials
from domain.triage.features import encodable
from domain.triage.saved_replies import first_name

_LEADING_HANDLES = re.compile(r"\A(?:\s*@\w+[,:]?\s+)+")
#: Not the end of a handle with its server ("@acme@social.example").
_EMAIL = re.compile(r"(?<![@＠A-Za-z0-9_.+-])[^\s@]{1,64}@[^\s@]{1,255}\.\w+")
#: Of an example's words, so many in the order of the message, and so many at least, are a quote.
_MIN_SHARE = 0.8
_MIN_QUOTED = 4
_NUMBER = re.compile(r"\+?\d[\d\s./-]{2,}\d")
_PAUSES = frozenset(",:")  # what stands alone where a handle before it is left out


def as_template(answer: str, customer_name: str) -> str:
    """Return the answer with a placeholder for the customer's first name, and without anybody's initials.

    The placeholder is optional where it stands behind a space or before a comma, as in "Hi Ana," and
    "Ana, we …".
    """
    text = without_initials(_LEADING_HANDLES.sub("", answer)).strip()
    name = first_name(customer_name)
    if not name:
        return text
    names = {customer_name.strip(), name, customer_name.split(maxsplit=1)[0]}
    pattern = "|".join(re.escape(known) for known in sorted(names, key=len, reverse=True))
    return re.sub(rf"(,?\x20)?(?<!\w)(?:{pattern})(?!\w)(,\x20|)", _placeholder, text)


def _placeholder(found: re.Match[str]) -> str:
    before, after = found.group(1) or "", found.group(2) or ""
    if before:
        return f"[[{before}{{{{ first_name }}}}]]{after}"
    return f"[[{{{{ first_name }}}}{after}]]" if after else "{{ first_name }}"


def is_quote_of(message: str, example: str) -> bool:
    """Return whether an example of a saved reply is this message, or was made of it by few changes."""
    shown = _words(example)
    said = {_words(text) for text in (message, without_addresses(message))}
    return any(_is_quote(one, shown) for one in said)


def _is_quote(said: Sequence[str], shown: Sequence[str]) -> bool:
    if not shown or said == shown:
        return said == shown
    matched = sum(
        block.size for block in SequenceMatcher(None, said, shown, autojunk=False).get_matching_blocks()
    )
    return len(shown) >= _MIN_QUOTED and matched >= _MIN_SHARE * len(shown)


def as_example(message: str, our_handle: str) -> str:
    """Return a customer's message as one line, without handles, links, addresses and numbers.

    Our own handle stays as a bare name inside a sentence. Where another one stands there, the sentence would
    lack a word or show somebody's name, and nothing is returned.
    """
    text = without_address(_EMAIL.sub("", message), our_handle)
    return "" if has_handle_inside(text) else " ".join(_without_data(without_addresses(text)).split())


def _words(text: str) -> tuple[str, ...]:
    words = _without_data(_EMAIL.sub("", text)).casefold().split()
    return tuple(word for word in words if word not in _PAUSES)


def _without_data(text: str) -> str:
    return _NUMBER.sub("", encodable(text))
