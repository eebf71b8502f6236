"""Find the times that a text names, such as "within 24 hours" or "bis Freitag 17 Uhr"."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import time, timedelta
from functools import cache
from typing import Any, TypeVar

from domain.replies.time_words import TimeWords
from domain.replies.time_words.vocabulary import Named, Part, Unit

#: Offsets of zones that are written after a clock time; else it is meant in the office's zone.
_ZONES = {
    "utc": 0, "gmt": 0, "bst": 1, "cet": 1, "mez": 1, "cest": 2, "mesz": 2,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip
_ZONE = re.compile(r"\s?\(?(" + "|".join(_ZONES) + r")\b", re.IGNORECASE)
_RANGE = r"(?: ?(?:-|–|/|to|or|bis|oder|a|à|o|of|ou|tot|e|et|do|～|〜|から|إلى) ?(?P<most>\d{1,3})|)"
_END = re.compile(r"end|fin\b|fine\b|fim|final|ende|einde|końca|eod|close|中|まで|acabe", re.IGNORECASE)
_DUAL = re.compile("ين$|يومي عمل$")
_MAX_DAY, _HOURS, _MINUTES = 31, 24, 60
_Key = TypeVar("_Key")
_AFTER, _BEFORE = 24, 16  # characters around a day in which its part or its clock time stands
_WHILE = 48  # characters after a day in which is said until when something lasts on it


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A time as it was named: an amount of a unit, a clock time, or a day with a part or a clock time.

    A weekday is 0 for Monday. `utc_offset` is that of the zone that was written, `None` where none was.
    """

    amount: int | None = None
    unit: Unit | None = None
    named: Named | None = None
    weekday: int | None = None
    month: int | None = None
    day: int | None = None
    part: Part | None = None
    clock: time | None = None
    utc_offset: timedelta | None = None


@dataclass(frozen=True, slots=True)
class TimePhrase:
    """A time in a text, from `start` to `end`; `is_deadline` where it says by when, not only on which day."""

    start: int
    end: int
    term: Term
    is_deadline: bool


@dataclass(frozen=True, slots=True)
class _Patterns:
    amount: re.Pattern[str]
    weekday: re.Pattern[str]
    date: re.Pattern[str]
    named: re.Pattern[str]
    part: re.Pattern[str]
    part_before: re.Pattern[str]
    clock: re.Pattern[str]
    by_clock: re.Pattern[str]
    until_clock: re.Pattern[str]
    by: re.Pattern[str]
    names: tuple[Named, ...]


def time_phrases(text: str, words: TimeWords) -> list[TimePhrase]:
    """Return the times that a text names in a language, in order, none within another."""
    patterns = _patterns(words)
    days = _without_overlaps(
        [
            *_dates(text, words, patterns),
            *_amounts(text, words, patterns),
            *_weekdays(text, words, patterns),
            *_named(text, patterns),
        ]
    )
    timed = [_with_clock(text, phrase, patterns) for phrase in days if not _lasts(text, phrase, patterns)]
    return sorted(_without_overlaps([*timed, *_clocks(text, patterns)]), key=lambda phrase: phrase.start)


@cache
def _patterns(words: TimeWords) -> _Patterns:
    gap, edge, space = ("(?<!\\w)", "(?!\\w)", " ") if words.spaced else ("", "", "")
    before = rf"(?:(?P<until>{words.until}){space})?(?:(?P<by>{words.by}){space}|(?P<on>{words.on}){space}|)"
    month = "|".join(words.months) or "(?!)"
    date = words.date.replace("{month}", month)
    numbers = "|".join([r"\d{1,3}", *words.numbers])
    within = rf"{words.within} ?" if words.spaced else ""
    parts = "|".join(f"(?P<{part.name}>{pattern})" for part, pattern in words.parts.items())
    return _Patterns(
        amount=_compiled(
            rf"{gap}{within}(?P<least>{numbers}){_RANGE} ?(?:more |weitere |)"
            rf"(?:{_groups(words.units)}){words.afterwards}{edge}"
        ),
        weekday=_compiled(rf"{gap}{before}(?:{_groups(dict(enumerate(words.weekdays)))}){edge}"),
        date=_compiled(rf"{gap}{before}(?:{date}){edge}"),
        named=_compiled(
            rf"{gap}(?:(?P<until>{words.until}){space})?(?:(?P<by>{words.by}){space})?(?:{_groups(words.names)}){edge}"
        ),
        part=_compiled(parts),
        part_before=_compiled(rf"{gap}(?:{parts or '(?!)'}){space}\Z"),
        clock=_compiled(words.clock),
        by_clock=_compiled(rf"{gap}{words.by}{space}(?:ca\.? |etwa |um |at |about )?(?:{words.clock})"),
        until_clock=_compiled(rf"{gap}(?:{words.until}){space}(?:{words.clock})"),
        by=_compiled(words.by),
        names=tuple(words.names),
    )


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _groups(patterns: Mapping[Any, str]) -> str:
    """Return alternatives of which each is a group, by whose number its key is found."""
    return "|".join(f"(?P<k{index}>{pattern})" for index, pattern in enumerate(patterns.values()))


def _key(found: re.Match[str], patterns: Mapping[_Key, str]) -> _Key:
    return next(key for index, key in enumerate(patterns) if found[f"k{index}"] is not None)


def _amounts(text: str, words: TimeWords, patterns: _Patterns) -> Iterator[TimePhrase]:
    for found in patterns.amount.finditer(text):
        amount = int(found["most"] or 0) or _number(found, words)
        yield _phrase(found, Term(amount=amount, unit=_key(found, words.units)), is_deadline=True)


def _number(found: re.Match[str], words: TimeWords) -> int:
    text = found["least"]
    if text.isdecimal():
        return int(text)
    if not text:
        return 2 if _DUAL.search(found[0]) else 1
    return next(value for name, value in words.numbers.items() if re.fullmatch(name, text, re.IGNORECASE))


def _weekdays(text: str, words: TimeWords, patterns: _Patterns) -> Iterator[TimePhrase]:
    days = dict(enumerate(words.weekdays))
    for found in patterns.weekday.finditer(text):
        if found["until"] is None and (found["by"] or found["on"] or words.bare_weekdays):
            yield _phrase(found, Term(weekday=_key(found, days)), is_deadline=found["by"] is not None)


def _dates(text: str, words: TimeWords, patterns: _Patterns) -> Iterator[TimePhrase]:
    for found in patterns.date.finditer(text):
        groups = found.groupdict()
        day, month = groups["day"] or groups.get("day2"), groups["month"] or groups.get("month2")
        if found["until"] is not None or day is None or month is None or not 1 <= int(day) <= _MAX_DAY:
            continue
        term = Term(day=int(day), month=_month(month, words))
        yield _phrase(found, term, is_deadline=found["by"] is not None)


def _month(text: str, words: TimeWords) -> int:
    digits = text.rstrip(".")
    if digits.isdecimal():
        return int(digits)
    names = (re.compile(name, re.IGNORECASE) for name in words.months)
    return next(number for number, name in enumerate(names, start=1) if name.fullmatch(text))


def _named(text: str, patterns: _Patterns) -> Iterator[TimePhrase]:
    for found in patterns.named.finditer(text):
        if found["until"] is None:
            named = _key(found, dict.fromkeys(patterns.names, ""))
            is_deadline = bool(found["by"] or patterns.by.match(found[0]) or _END.search(found[0]))
            yield _phrase(found, Term(named=named), is_deadline=is_deadline)


def _lasts(text: str, phrase: TimePhrase, patterns: _Patterns) -> bool:
    """Return whether a clock time beside a day says how long something lasts: "today until 8pm"."""
    return patterns.until_clock.search(text, phrase.end, phrase.end + _WHILE) is not None


def _with_clock(text: str, phrase: TimePhrase, patterns: _Patterns) -> TimePhrase:
    """Add the clock time, else the part of the day, that stands beside a day."""
    if phrase.term.amount is not None:
        return phrase
    begins, ends = max(0, phrase.start - _BEFORE), phrase.end + _AFTER
    for found in patterns.clock.finditer(text, begins, ends):
        overlaps = found.start() < phrase.end and phrase.start < found.end()
        if not overlaps and (clock := _clock(found)) is not None:
            term = replace(phrase.term, clock=clock, utc_offset=_offset(text, found.end()))
            start, end = min(phrase.start, found.start()), max(phrase.end, found.end())
            return replace(phrase, start=start, end=end, term=term)
    part = patterns.part.search(text, phrase.start, ends) or patterns.part_before.search(
        text, begins, phrase.start
    )
    if part is None or not part[0]:
        return phrase
    term = replace(phrase.term, part=Part[part.lastgroup or ""])
    start, end = min(phrase.start, part.start()), max(phrase.end, part.end())
    return replace(phrase, start=start, end=end, term=term)


def _clocks(text: str, patterns: _Patterns) -> Iterator[TimePhrase]:
    for found in patterns.by_clock.finditer(text):
        if (clock := _clock(found)) is not None:
            term = Term(clock=clock, utc_offset=_offset(text, found.end()))
            yield _phrase(found, term, is_deadline=True)


def _clock(found: re.Match[str]) -> time | None:
    groups = found.groupdict()
    hour = int(groups["hour"] or groups.get("hour2") or 0)
    minute = int(groups["minute"] or groups.get("minute2") or 0)
    if half := (groups["half"] or "").lower():
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, minute) if hour < _HOURS and minute < _MINUTES else None


def _offset(text: str, at: int) -> timedelta | None:
    found = _ZONE.match(text, at)
    return None if found is None else timedelta(hours=_ZONES[found[1].lower()])


def _phrase(found: re.Match[str], term: Term, *, is_deadline: bool) -> TimePhrase:
    return TimePhrase(found.start(), found.end(), term, is_deadline)


def _without_overlaps(phrases: list[TimePhrase]) -> list[TimePhrase]:
    kept: list[TimePhrase] = []
    for phrase in phrases:
        if not any(phrase.start < other.end and other.start < phrase.end for other in kept):
            kept.append(phrase)
    return kept
