"""Read what a report is asked for: a period, and filters such as `language:es`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum

from domain.cases.tags import BadTagName, tag_name
from domain.errors import Refused
from domain.reports.period_words import is_period
from domain.triage.language import LANGUAGES, language_code
from domain.triage.situations import Situation

#: A button, which shows the same report again, takes 2,000 characters.
MAX_WORDS = 1_800
_MAX_VALUE = 200
_NUMBER = re.compile(r"[0-9]{1,18}")  # what fits in a column of 64 bits
_QUOTES = '"“”„«»'
_AROUND = f"{_QUOTES},; "  # what may stand around a word
#: A word; a filter may have a space behind its colon, and a value of several words in quotation marks.
_WORD = re.compile(
    rf"[^\s:{_QUOTES}]+:\s*[{_QUOTES}][^{_QUOTES}]+[{_QUOTES}]|[^\s:{_QUOTES}]+:(?=\s)\s+[^\s:]+(?=\s|$)|\S+"
)
_TIME_OF_DAY = re.compile(r"[0-9]{1,2}:[0-9]{2}")
_NAMES_OF_PERIODS = frozenset({"period", "date", "from", "to", "since", "until", "before", "after"})
_MAX_NAME = 20  # of a filter that is compared with those that there are
_MOST_WORDS = 5  # of a period
_MOST_TYPED = 100  # words besides filters: each is compared with many
#: What may stand between or behind periods and means nothing.
_JOINING = frozenset({"and", "&", "+", "or", "vs", "vs.", "und", "y", "et", "e", "please"})


class FilterKey(StrEnum):
    """What cases can be chosen by. Each is of the case as it is now."""

    CHANNEL = "channel"
    NETWORK = "network"
    SITUATION = "situation"
    LANGUAGE = "language"
    AGENT = "agent"
    OUTAGE = "outage"
    TAG = "tag"


#: What people call a filter that has another name.
_OTHER_KEYS = {
    "lang": FilterKey.LANGUAGE,
    "user": FilterKey.AGENT,
    "person": FilterKey.AGENT,
    "assignee": FilterKey.AGENT,
    "by": FilterKey.AGENT,
    "in": FilterKey.CHANNEL,
    "about": FilterKey.SITUATION,
    "topic": FilterKey.SITUATION,
    "label": FilterKey.TAG,
    "incident": FilterKey.OUTAGE,
    "platform": FilterKey.NETWORK,
    "source": FilterKey.NETWORK,
}


_KEYS_OF_MARKS = {"#": FilterKey.CHANNEL, "@": FilterKey.AGENT}


class FilterFault(StrEnum):
    """Why a word is no filter."""

    NAME = "name"
    NO_VALUE = "no_value"
    TOO_LONG = "too_long"
    LINK = "link"
    TIME_OF_DAY = "time_of_day"
    PERIOD = "period"


class UnknownFilter(Refused):
    """A word with a colon is no filter; `instead` is how what was meant may be written, empty if unknown."""

    def __init__(self, words: str, fault: FilterFault = FilterFault.NAME, instead: str = "") -> None:
        super().__init__(words, fault, instead)
        self.words = words
        self.fault = fault
        self.instead = instead


class UnknownWord(Refused):
    """A word is neither a period nor a filter; `instead` is how what was meant may be written, if known."""

    def __init__(self, words: str, instead: str = "") -> None:
        super().__init__(words, instead)
        self.words = words
        self.instead = instead


class UnknownValue(Refused):
    """A filter has a value that nothing has; `known` are some that it may have, `meant` is the nearest."""

    def __init__(self, key: FilterKey, value: str, known: Sequence[str] = ()) -> None:
        super().__init__(key, value)
        self.key = key
        self.value = value
        self.known = tuple(known)
        self.meant = _nearest(value, known)


class SeveralAgents(Refused):
    """A filter's value is the name of more than one agent; `names` are their full names."""

    def __init__(self, value: str, names: Sequence[str]) -> None:
        super().__init__(value, names)
        self.value = value
        self.names = tuple(names)


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

    def without(self, key: FilterKey) -> "Filters":
        """All but the values of one key."""
        return Filters({other: values for other, values in self.values.items() if other is not key})

    def only(self, key: FilterKey) -> "Filters":
        """The values of one key alone."""
        return Filters({key: self.values[key]})


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody typed: the word of the period, empty where there is none, and the filters' words."""

    period: str
    filters: tuple[tuple[FilterKey, str], ...]


def parse_question(text: str) -> Question:
    """Split what was typed into the period and the filters.

    Words of which no part is a period are returned as the period's, which `parse_period` refuses.
    Raises `UnknownFilter`, `UnknownWord` and `TwoPeriods`.
    """
    words: list[str] = []
    filters: list[tuple[FilterKey, str]] = []
    for word in _WORD.findall(text):
        if ":" in word:
            filters.append(_filter(word))
        elif plain := word.strip(_AROUND):
            words.append(plain)
    return Question(_period_among(words, filters), tuple(filters))


def _filter(word: str) -> tuple[FilterKey, str]:
    name, _, rest = word.strip(_AROUND).partition(":")
    key, value = name.lower(), rest.strip(_AROUND)
    if key in list(FilterKey):
        if value and len(value) <= _MAX_VALUE:
            return FilterKey(key), value
        raise UnknownFilter(word, FilterFault.TOO_LONG if value else FilterFault.NO_VALUE)
    if value.startswith("//"):
        raise UnknownFilter(word, FilterFault.LINK)
    if _TIME_OF_DAY.fullmatch(word):
        raise UnknownFilter(word, FilterFault.TIME_OF_DAY)
    if key in _NAMES_OF_PERIODS:
        raise UnknownFilter(word, FilterFault.PERIOD)
    near = get_close_matches(key[:_MAX_NAME], list(FilterKey), n=1)
    meant = _OTHER_KEYS.get(key) or (FilterKey(near[0]) if near else None)
    raise UnknownFilter(word, FilterFault.NAME, f"{meant}:{value}" if meant and value else "")


def _period_among(words: Sequence[str], filters: Sequence[tuple[FilterKey, str]]) -> str:
    """Return the period's words; raises where they are two periods, or beside a period mean nothing."""
    if is_period(whole := " ".join(words)):
        return whole
    if len(words) > _MOST_TYPED:
        raise UnknownWord(whole)
    periods, others = _split(words)
    for index, other in enumerate(others):
        if instead := _meant(other, others[index + 1 :], filters):
            raise UnknownWord(other, instead)
    if periods and others:
        raise UnknownWord(" ".join(others))
    if len(periods) > 1:
        raise TwoPeriods(periods[0], periods[1])
    return periods[0] if periods else whole


def _split(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the periods among the words, the longest each, and the other words that mean something."""
    periods, others, at = [], [], 0
    while at < len(words):
        ends = [
            end
            for end in range(min(at + _MOST_WORDS, len(words)), at, -1)
            if is_period(" ".join(words[at:end]))
        ]
        if ends:
            periods.append(" ".join(words[at : ends[0]]))
        elif words[at].lower() not in _JOINING:
            others.append(words[at])
        at = ends[0] if ends else at + 1
    return periods, others


def _meant(word: str, following: Sequence[str], filters: Sequence[tuple[FilterKey, str]]) -> str:
    """Return the filter that a word without a colon was meant as; empty where nobody can tell."""
    plain, key, value = word.lower(), "", word
    if plain in list(FilterKey):
        key, value = (plain, following[0]) if following else ("", "")
    elif word[0] in _KEYS_OF_MARKS:
        key = _KEYS_OF_MARKS[word[0]]
    elif plain in LANGUAGES:
        key = FilterKey.LANGUAGE
    elif plain.replace("-", "_") in list(Situation):
        key = FilterKey.SITUATION
    elif not following and filters and filters[-1][0] is FilterKey.AGENT:
        key, value = FilterKey.AGENT, f'"{filters[-1][1]} {word}"'
    return f"{key}:{value}" if key else ""


def _nearest(value: str, known: Sequence[str]) -> str:
    """Return which of the known values was likely misspelt, also by one of its words; empty if none."""
    written = {one.casefold(): one for one in known}
    for one in known:
        for word in one.split():
            written.setdefault(word.casefold(), one)
    near = get_close_matches(value.removeprefix("@").casefold()[:_MAX_NAME], written, n=1)
    return written[near[0]] if near else ""


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
