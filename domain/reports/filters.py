"""Read what a report is asked for: a period, and filters such as `language:es`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from domain.cases.tags import BadTagName, tag_name
from domain.errors import Refused
from domain.reports.periods import is_phrase
from domain.triage.language import LANGUAGES, language_code
from domain.triage.situations import Situation

#: A button, which shows the same report again, takes 2,000 characters.
MAX_WORDS = 1_800
_MAX_VALUE = 200
_NUMBER = re.compile(r"[0-9]{1,18}")  # what fits in a column of 64 bits


class FilterKey(StrEnum):
    """What cases can be chosen by. Each is of the case as it is now."""

    CHANNEL = "channel"
    NETWORK = "network"
    SITUATION = "situation"
    LANGUAGE = "language"
    AGENT = "agent"
    OUTAGE = "outage"
    TAG = "tag"


class UnknownFilter(Refused):
    """There is no filter of that name."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class UnknownValue(Refused):
    """A filter has a value that nothing can have; `known` are some that it may have."""

    def __init__(self, key: FilterKey, value: str, known: Sequence[str] = ()) -> None:
        super().__init__(key, value)
        self.key = key
        self.value = value
        self.known = tuple(known)


class TooManyFilters(Refused):
    """There are more filters than `MAX_WORDS` characters hold."""


class TwoPeriods(Refused):
    """More than one word names a period."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(first, second)
        self.first = first
        self.second = second


@dataclass(frozen=True, slots=True)
class Filters:
    """Which cases are counted: those that have, of each key, one of the values. Without any: all."""

    values: Mapping[FilterKey, tuple[str, ...]] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """The filters as they can be typed."""
        return " ".join(f"{key}:{value}" for key, values in self.values.items() for value in values)


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody typed: the word of the period, empty where there is none, and the filters' words."""

    period: str
    filters: tuple[tuple[FilterKey, str], ...]


def parse_question(text: str) -> Question:
    """Split what was typed into the period and the filters; raises `UnknownFilter` and `TwoPeriods`."""
    words, filters = [], []
    for word in text.split():
        key, colon, value = word.partition(":")
        if not colon:
            words.append(word)
        elif key.lower() not in list(FilterKey) or not 0 < len(value) <= _MAX_VALUE:
            raise UnknownFilter(word)
        else:
            filters.append((FilterKey(key.lower()), value))
    period = " ".join(words)
    if len(words) > 1 and not is_phrase(period):
        raise TwoPeriods(words[0], words[1])
    return Question(period, tuple(filters))


def checked_value(key: FilterKey, value: str, *, networks: Sequence[str]) -> str:
    """Return a filter's value as it is stored, of those that need no look-up; raises `UnknownValue`."""
    plain = value.lower()
    if key is FilterKey.SITUATION:
        plain = plain.replace("-", "_")
        if plain not in list(Situation):
            raise UnknownValue(key, value, [situation.value for situation in Situation])
    elif key is FilterKey.NETWORK and plain not in networks:
        raise UnknownValue(key, value, networks)
    elif key is FilterKey.OUTAGE:
        plain = plain.removeprefix("#")
        if _NUMBER.fullmatch(plain) is None:
            raise UnknownValue(key, value, ["12"])
    elif key is FilterKey.LANGUAGE:
        code = language_code(value)
        if code is None:
            raise UnknownValue(key, value, LANGUAGES)
        plain = code
    elif key is FilterKey.TAG:
        plain = _tag(value)
    return plain


def _tag(value: str) -> str:
    try:
        return tag_name(value)
    except BadTagName:
        raise UnknownValue(FilterKey.TAG, value, ["billing"]) from None


def filters_of(values: Sequence[tuple[FilterKey, str]]) -> Filters:
    """Gather the values of each key, each once, in the order of the keys; raises `TooManyFilters`."""
    gathered = {key: tuple(dict.fromkeys(v for k, v in values if k is key)) for key in FilterKey}
    filters = Filters({key: found for key, found in gathered.items() if found})
    if len(filters.words) > MAX_WORDS:
        raise TooManyFilters
    return filters
