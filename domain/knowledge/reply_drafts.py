"""Make a saved reply of an answer that was sent: without the customer's name, handle and numbers."""

import re

from domain.replies.signature import without_initials
from domain.triage.features import encodable
from domain.triage.saved_replies import first_name

_LEADING_HANDLES = re.compile(r"\A(?:\s*@\w+[,:]?\s+)+")
_EMAIL = re.compile(r"\S+@\S+\.\w+")
_NUMBER = re.compile(r"\+?\d[\d\s./-]{2,}\d")


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


def as_example(message: str) -> str:
    """Return a customer's message as one line, without handles, links, addresses and numbers."""
    text = _NUMBER.sub("", encodable(_EMAIL.sub("", message)))
    return " ".join(text.split())
