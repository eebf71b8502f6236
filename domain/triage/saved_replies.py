"""The suggestion that needs no model: the best of the saved replies, filled with what is known of the customer.

A template holds `{{ first_name }}`-style placeholders and nothing else that is executed. `[[ … ]]` marks a passage that is
left out when something in it is not known: "Hi[[ {{ first_name }}]], thank you" is "Hi, thank you" for a nameless customer.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from domain.triage.assessment import Assessment
from domain.triage.phrases import is_unspaced, tokens
from domain.triage.situations import ENGLISH, Situation

PLACEHOLDERS = frozenset({"first_name", "brand", "help_url"})

_PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_OPTIONAL = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
_LEFT_OVER = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|\[\[|\]\]")
_NAME = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_LONGEST_NAME = 20
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
_SHORTEST_TELLING_WORD = 3
_LEAST_LIKENESS = 0.2

_Place = tuple[bool, int, float, bool, int, str]


class TemplateError(ValueError):
    """A saved reply's text cannot be used: it names something unknown, or something it needs is missing."""


@dataclass(frozen=True)
class SavedReply:
    """An approved wording: what it is for, and its text in each language.

    `reasons` are those it is made for above others; the `usual` one of a situation is taken when nothing else decides.
    """

    name: str
    version: int
    title: str
    situations: frozenset[Situation]
    languages: Mapping[str, str]
    examples: tuple[str, ...]
    reasons: frozenset[str] = frozenset()
    usual: bool = False


@lru_cache(1024)  # the templates stay, the customers go by
def check_template(template: str) -> None:
    """Raise TemplateError when the text names an unknown placeholder or uses any other template sign."""
    unknown = [name for name in _PLACEHOLDER.findall(template) if name not in PLACEHOLDERS]
    if unknown:
        raise TemplateError(
            f"unknown placeholder {unknown[0]!r}; known are {', '.join(sorted(PLACEHOLDERS))}"
        )
    rest = _PLACEHOLDER.sub("", _OPTIONAL.sub(r"\1", template))
    left_over = _LEFT_OVER.search(rest)
    if left_over:
        raise TemplateError(f"{left_over.group()!r} is not part of a placeholder or an optional passage")


def fill(reply: SavedReply, language: str, *, first_name: str, brand: str, help_url: str = "") -> str:
    """Return the reply's text in the language (else in English), filled.

    TemplateError when the text needs a value that is empty, outside an optional passage, or there is no text at all.
    """
    template = reply.languages.get(language) or reply.languages.get(ENGLISH)
    if template is None:
        raise TemplateError(f"saved reply {reply.name!r} has no text in {language!r} and none in English")
    known = {"first_name": first_name, "brand": brand, "help_url": help_url}
    return _fill(
        _OPTIONAL.sub(lambda passage: _fill_or_drop(passage.group(1), known), template), known
    ).strip()


def first_name(name: str) -> str:
    """Return what to call somebody by their display name, or nothing when it holds no name.

    The first word with letters, when it is nothing but letters, of a name's length and no title; all capitals are toned
    down. Better no name than a wrong one: "Hi Dr" is worse than "Hi".
    """
    words = name.replace(",", " ").split()
    word = next((word for word in words if any(letter.isalpha() for letter in word)), "")
    if not _NAME.fullmatch(word) or len(word) > _LONGEST_NAME or word.casefold() in _NOT_FIRST_NAMES:
        return ""
    if len(word) == 1 and not is_unspaced(word):
        return ""
    return word.capitalize() if word.isupper() or word.islower() else word


def choose(replies: Iterable[SavedReply], assessment: Assessment, text: str) -> SavedReply | None:
    """Return the saved reply for the situation whose examples are most like the text, or None."""
    fitting = [reply for reply in replies if assessment.situation in reply.situations]
    if len(fitting) <= 1:
        return next(iter(fitting), None)
    return min(fitting, key=_order(assessment, text))


def alternatives(
    replies: Iterable[SavedReply], assessment: Assessment, text: str, n: int
) -> list[SavedReply]:
    """Return the n next best saved replies, those for the same situation first."""
    ordered = sorted(replies, key=_order(assessment, text))
    best = choose(ordered, assessment, text)
    return [reply for reply in ordered if reply is not best][:n]


def _fill(template: str, known: Mapping[str, str]) -> str:
    check_template(template)
    missing = [name for name in _PLACEHOLDER.findall(template) if not known[name]]
    if missing:
        raise TemplateError(f"the reply needs {missing[0]!r}, which is not known")
    return _PLACEHOLDER.sub(lambda found: known[found.group(1)], template)


def _fill_or_drop(passage: str, known: Mapping[str, str]) -> str:
    return passage if all(known.get(name, "?") for name in _PLACEHOLDER.findall(passage)) else ""


def _order(assessment: Assessment, text: str) -> Callable[[SavedReply], _Place]:
    """Sort key: the situation, the reasons, the likeness, the usual one, the one for the fewest situations, the name."""
    words = _telling(text)

    def key(reply: SavedReply) -> _Place:
        likeness = max(
            (_likeness(words, _telling_of_example(example)) for example in reply.examples), default=0.0
        )
        shared = len(reply.reasons & set(assessment.reasons))
        return (
            assessment.situation not in reply.situations,
            -shared,
            -likeness,
            not reply.usual,
            len(reply.situations),
            reply.name,
        )

    return key


def _telling(text: str) -> frozenset[str]:
    """The words of some length and, where words are not separated, the pairs of characters."""
    cut = tokens(text)
    words = {token for token in cut if len(token) >= _SHORTEST_TELLING_WORD}
    if not all(map(str.isascii, cut)):
        words |= {a + b for a, b in pairwise(cut) if is_unspaced(a) and is_unspaced(b)}
    return frozenset(words)


_telling_of_example = lru_cache(1024)(_telling)  # the examples stay, the posts go by


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The words in common, against the size of both texts (the cosine of their word sets), from 0 to 1.

    A little likeness is chance, and counts as none.
    """
    if one.isdisjoint(other):
        return 0.0
    likeness = len(one & other) / math.sqrt(len(one) * len(other))
    return likeness if likeness >= _LEAST_LIKENESS else 0.0
