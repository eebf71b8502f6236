"""Define the model's draft, and validate it before it is shown to an agent."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from adapters.model.client import Output
from adapters.model.disguises import (
    contacts,
    has_hidden_characters,
    services,
    without_addresses,
    without_phones,
)
from domain.model_calls import NoAnswer
from domain.networks import TextCount
from domain.replies.checks.personal_data import is_reference, secrets_named
from domain.replies.checks.reply import normalize
from domain.triage.drafts import DraftRequest
from domain.triage.language import language_code
from domain.triage.situations import Situation

_MAX_MISSING = 5
_MAX_MISSING_LENGTH = 120
_MAX_OVERLONG = 4  # times the limit; long links count less than their characters
_NUMBER = re.compile(r"(?<!<)\d+(?:[.,:]\d+)*")  # but no heart: <3
_NO_FRACTION = re.compile(r"\.00\Z")
_LEADING_ZERO = re.compile(r"\A0(?=\d[.]\d\d\Z)")
#: A long number, as shops number their orders: "4471123", "123-4567890-1234567".
_REFERENCE = re.compile(r"(?<![A-Za-z0-9_+.,/-])[1-9]\d{2,19}(?:-\d{2,20}){0,3}(?![A-Za-z0-9_/-])")
#: Codes: letters with digits, or a word in capitals.
_CODE = re.compile(
    r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{4,}(?![\w-])|(?<![\w-])[A-Z][A-Z_-]{4,}(?![\w-])"
)
_PLACEHOLDER = re.compile(
    r"\{[{%#]|[%#}]\}|\[\[|\]\]|[\[<{]\s*[^\W\d_][^\]>}\n]{0,40}[\]>}]|\bX{3,}\b|\b_{3,}\b|••"
)
_MARKUP = re.compile(
    r"<[!@#/]|\]\s?\(|!\[|```|\*\*|(?m:^\s*#{1,6}\s)|(?m:^\s*(?:system|assistant|user|human)\s*:)|<\||\[/?INST"
)
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK")


class Answer(Output):
    """The structured output that the model must return."""

    language: str
    situation: Situation
    urgency: Literal["urgent", "high", "normal", "low"]
    missing: list[str]
    reply: str
    based_on: list[str]


class TooLong(NoAnswer):
    """The reply has more characters than the network takes."""

    def __init__(self, length: int) -> None:
        super().__init__("its reply is too long")
        self.length = length


def check_answer(answer: Answer, request: DraftRequest, count: Callable[[str], TextCount]) -> None:
    """Raise NoAnswer, with the first reason, where this answer must not be shown as a suggestion.

    What a reply says of links, names, addresses and codes must stand in the texts that it cites; a number may
    also be the customer's.
    """
    if not answer.reply.strip():
        raise NoAnswer("it is unsure")
    if len(answer.reply) > _MAX_OVERLONG * request.limit:
        raise TooLong(len(answer.reply))  # links are looked for in short texts alone: it takes long
    sources = [normalize(source.text) for source in request.cited(answer.based_on)]
    said = [*sources, *map(normalize, (request.text, *request.earlier))]
    reply, missing = normalize(answer.reply), normalize(" ".join(answer.missing))
    problems = (
        (has_hidden_characters(answer.reply), "its reply holds characters that nobody sees"),
        (_language(answer.language) != _language(request.language), "its reply is in another language"),
        (not answer.based_on, "it cites nothing that it is based on"),
        (len(sources) != len(answer.based_on), "it cites what it was not given"),
        (_MARKUP.search(reply), "its reply holds markup"),
        (any("_" in source.name and source.name in reply for source in request.groundings), "its reply names the id of a source"),
        (_PLACEHOLDER.search(reply), "its reply holds a placeholder"),
        (_mixes_scripts(answer.reply), "its reply mixes alphabets in a word"),
        (_is_ungrounded(contacts, _without_references(reply, said), [*sources, request.brand]), "its reply holds a link, name, address or number that it cites no source of"),
        (_is_ungrounded(services, reply, sources), "its reply names a service that its sources do not name"),
        (_is_ungrounded(secrets_named, reply, sources), "its reply speaks of a secret that its sources do not name"),
        (_is_ungrounded(_codes, reply, [*sources, request.brand, request.first_name]), "its reply holds a code that it cites no source of"),
        (_is_ungrounded(_numbers, reply, said), "its reply holds a figure that neither its sources nor the customer named"),
        (contacts(missing) or _MARKUP.search(missing), "its list of what is missing holds a link, name, address or number"),
    )  # fmt: skip
    for is_wrong, reason in problems:
        if is_wrong:
            raise NoAnswer(reason)
    length = count(answer.reply.strip()).length
    if not 0 < length <= request.limit:
        raise TooLong(length)


def require_grounded(text: str, sources: Sequence[str]) -> None:
    """Raise NoAnswer where a text has what must not be shown, or a link, name or address of its own.

    Markup and placeholders may stand in it where they stand in its sources.
    """
    said, folded = [normalize(source) for source in sources], normalize(text)
    problems = (
        (has_hidden_characters(text), "its text holds characters that nobody sees"),
        (_adds(_MARKUP, folded, said), "its text holds markup"),
        (_adds(_PLACEHOLDER, folded, said), "its text holds a placeholder"),
        (
            _mixes_scripts(text) and not any(map(_mixes_scripts, sources)),
            "its text mixes alphabets in a word",
        ),
        (_is_ungrounded(contacts, folded, said), "its text adds a link, name, address or number"),
        (_is_ungrounded(services, folded, said), "its text adds the name of a service"),
    )
    for is_wrong, reason in problems:
        if is_wrong:
            raise NoAnswer(reason)


def require_no_new_facts(text: str, answer: str, said: str) -> None:
    """Raise NoAnswer where an answer that was written anew speaks of a secret or code that it did not.

    Or of a figure that neither it nor what else was `said` has: of "two days" a model may make "2 days", so
    one of a single digit counts as none.
    """
    new, old, theirs = map(normalize, (text, answer, said))
    problems = (
        (_is_ungrounded(secrets_named, new, [old]), "its text speaks of a secret that the answer does not"),
        (_is_ungrounded(_codes, new, [old, theirs]), "its text adds a code"),
        (_is_ungrounded(_long_numbers, new, [old, theirs]), "its text adds a figure"),
    )
    for is_wrong, reason in problems:
        if is_wrong:
            raise NoAnswer(reason)


def require_no_new_secret(translation: str, answer: str) -> None:
    """Raise NoAnswer where the translation of an answer speaks of a secret, and the answer of none."""
    if secrets_named(translation) and not secrets_named(answer):
        raise NoAnswer("its text speaks of a secret that the answer does not")


def _adds(pattern: re.Pattern[str], text: str, sources: Sequence[str]) -> bool:
    return pattern.search(text) is not None and not any(map(pattern.search, sources))


def missing_of(answer: Answer) -> tuple[str, ...]:
    """Return what the customer has yet to tell: at most five entries, one line each, and no secrets."""
    lines = (" ".join(one.split())[:_MAX_MISSING_LENGTH] for one in answer.missing)
    return tuple(one for one in lines if one and not secrets_named(one))[:_MAX_MISSING]


def _language(code: str) -> str:
    return language_code(code) or ""


def _mixes_scripts(text: str) -> bool:
    """Return whether a word has letters of two alphabets that look alike."""
    return any(len(_scripts(word)) > 1 for word in re.findall(r"[^\W\d_]+", text))


def _scripts(word: str) -> set[str]:
    names = (unicodedata.name(letter, "") for letter in word)
    return {script for name in names for script in _SCRIPTS if name.startswith(script)}


def _is_ungrounded(find: Callable[[str], set[str]], text: str, sources: Iterable[str]) -> bool:
    """Return whether the text has something that none of the sources has."""
    return bool(find(text).difference(*map(find, sources)))


def _without_references(reply: str, said: Iterable[str]) -> str:
    """Return the reply without the numbers of orders and parcels that are named in what was said."""
    known = {digits for text in said for digits in _REFERENCE.findall(text)}
    return _REFERENCE.sub(
        lambda found: "" if found[0] in known and is_reference(reply, found.start()) else found[0], reply
    )


def _codes(text: str) -> set[str]:
    return {found.casefold() for found in _CODE.findall(without_addresses(text))}


def _numbers(text: str) -> set[str]:
    """Return the figures, each in one form: 9.30 and 09:30, 18:00 and 18, 49,99 and 49.99 are the same."""
    found = (one.replace(":", ".").replace(",", ".") for one in _NUMBER.findall(without_phones(text)))
    return {_NO_FRACTION.sub("", _LEADING_ZERO.sub("", one)) for one in found}


def _long_numbers(text: str) -> set[str]:
    return {one for one in _numbers(text) if len(one) > 1}
