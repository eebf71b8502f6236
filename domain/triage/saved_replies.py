"""Define saved replies and fill their templates.

A template contains `{{ first_name }}`-style placeholders and nothing else that is executed. `[[ … ]]` marks
an optional passage, which is left out when a placeholder in it has no value: "Hi[[ {{ first_name }}]], thank
you" becomes "Hi, thank you" for a customer without a name.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from domain.triage.phrases import is_unspaced, tokens
from domain.triage.situations import ENGLISH, Situation

PLACEHOLDERS = frozenset({"first_name", "brand", "help_url"})

_PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_OPTIONAL = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
_TEMPLATE_SYNTAX = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|\[\[|\]\]")
_NAME = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_MAX_NAME_LENGTH = 20
_NOT_FIRST_NAMES = frozenset(
    {
        "dr",
        "prof",
        "mr",
        "mrs",
        "ms",
        "mx",
        "mme",
        "herr",
        "frau",
        "sr",
        "sra",
        "sir",
        "the",
        "el",
        "la",
        "le",
        "die",
    }
)

_MIN_WORD_LENGTH = 3


class TemplateError(ValueError):
    """A template cannot be filled: a placeholder is unknown, or a required value is missing."""


@dataclass(frozen=True)
class SavedReply:
    """An approved reply: the situations it is for, and the templates of its wordings in each language.

    `examples` are messages that it answers. `reasons` are those that it is made for; a reply with one of a
    message's reasons is preferred. The `usual` reply of a situation is the default when nothing else decides.
    A `public_only` reply asks the customer to write in private, so it does not fit who has.
    """

    name: str
    version: int
    title: str
    situations: frozenset[Situation]
    wordings: Mapping[str, tuple[str, ...]]
    examples: tuple[str, ...]
    reasons: frozenset[str] = frozenset()
    usual: bool = False
    public_only: bool = False


def unknown_placeholders(template: str) -> list[str]:
    """Return the names of the placeholders that there are not."""
    return [name for name in _PLACEHOLDER.findall(template) if name not in PLACEHOLDERS]


@lru_cache(1024)  # the same templates are filled for every customer
def check_template(template: str) -> None:
    """Raise `TemplateError` when the text has an unknown placeholder or other template syntax."""
    unknown = unknown_placeholders(template)
    if unknown:
        raise TemplateError(
            f"unknown placeholder {unknown[0]!r}; known are {', '.join(sorted(PLACEHOLDERS))}"
        )
    rest = _PLACEHOLDER.sub("", _OPTIONAL.sub(r"\1", template))
    left_over = _TEMPLATE_SYNTAX.search(rest)
    if left_over:
        raise TemplateError(f"{left_over.group()!r} is not part of a placeholder or an optional passage")


def fill(
    reply: SavedReply, language: str, *, first_name: str, brand: str, help_url: str = ""
) -> Iterator[str]:
    """Yield each wording of the reply in the language, else in English, filled; or not if it cannot be.

    Raises `TemplateError` when no wording can be filled: a value outside an optional passage is empty, or
    there is no template at all, as in a language whose wordings all have another form of address.
    """
    templates = reply.wordings.get(language, reply.wordings.get(ENGLISH))
    if not templates:
        raise TemplateError(f"saved reply {reply.name!r} has no text in {language!r} and none in English")
    errors = []
    for template in templates:
        try:
            yield fill_template(template, first_name=first_name, brand=brand, help_url=help_url)
        except TemplateError as error:
            errors.append(error)
    if len(errors) == len(templates):
        raise errors[0]


def fill_template(template: str, *, first_name: str, brand: str, help_url: str) -> str:
    """Fill one wording. Raises `TemplateError` when a value outside an optional passage is empty."""
    check_template(template)
    return fill_values(template, {"first_name": first_name, "brand": brand, "help_url": help_url})


def fill_values(template: str, values: Mapping[str, str]) -> str:
    """Fill a template with these values by placeholder; an optional passage with an empty one is left out.

    Raises `TemplateError` when a value outside an optional passage is empty or unknown.
    """
    text = _OPTIONAL.sub(lambda passage: _fill_or_drop(passage.group(1), values), template)
    missing = [name for name in _PLACEHOLDER.findall(text) if not values.get(name)]
    if missing:
        raise TemplateError(f"the reply needs {missing[0]!r}, which is not known")
    return _PLACEHOLDER.sub(lambda found: values[found.group(1)], text).strip()


def first_name(name: str) -> str:
    """Extract a first name from a display name; an empty string when it has none.

    It is the first word with letters, if that has nothing but letters, is no longer than a name, and is no
    title; all capitals or all small letters are capitalized. When in doubt, no name: "Hi Dr" is worse than
    "Hi".
    """
    words = name.replace(",", " ").split()
    word = next((word for word in words if any(letter.isalpha() for letter in word)), "")
    if not _NAME.fullmatch(word) or len(word) > _MAX_NAME_LENGTH or word.casefold() in _NOT_FIRST_NAMES:
        return ""
    if len(word) == 1 and not is_unspaced(word):
        return ""
    return word.capitalize() if word.isupper() or word.islower() else word


def _fill_or_drop(passage: str, values: Mapping[str, str]) -> str:
    return passage if all(values.get(name) for name in _PLACEHOLDER.findall(passage)) else ""


def significant_words(text: str) -> frozenset[str]:
    """Return words of a minimum length and, in scripts without spaces, pairs of characters."""
    found = tokens(text)
    words = {token for token in found if len(token) >= _MIN_WORD_LENGTH}
    if not all(map(str.isascii, found)):
        words |= {a + b for a, b in pairwise(found) if is_unspaced(a) and is_unspaced(b)}
    return frozenset(words)
