"""Find the lines within a quoted conversation that nobody wrote: headers, headings, dates and signatures."""

import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

from domain.intake.known_words import words_in
from domain.intake.own_name import OwnName
from domain.intake.quote_headings import (
    ENDING,
    FIELD,
    MARK,
    MAX_LENGTH,
    MAX_LINES,
    RULE,
    is_dated,
    is_more,
)
from domain.intake.quote_labels import FROM

_MAX_HEADER, _MIN_FIELDS = 14, 3  # lines
_LABEL = re.compile(r"[\s*]{0,4}[^\W\d_][^\d:：\n@<>]{0,24}[:：]\**\s*")  # a field without value
_BRACKETED = re.compile(r"[<(\[](?:mailto:)?[^\s<>()\[\]@]{1,100}@[^\s<>()\[\]@]{1,100}[>)\]]")
#: Who wrote a message that our mails quote, and when: "You · Nov 21, 2026, 10:12 UTC+1".
_EARLIER = re.compile(r"[^·\n]{1,100} · [^·\n]{3,60}\bUTC(?:[+-]\d{1,2}(?::\d{2})?)?\s*")
_LINK = re.compile(r"\s*https?://\S+\s*")
_PLACEHOLDER = re.compile(r"\{\w+\}")


def program_lines(
    lines: Sequence[str], own: OwnName, phrases: Iterable[str] = (), known: Collection[int] = ()
) -> set[int]:
    """Return the numbers of the lines that mail programs, or our own mails, put between what was said.

    `phrases` stand in our mails beside it; they may hold "{code}" and the like. `known` are the numbers of
    lines that were said: a header or heading that does not name us is one above these only, as a customer may
    type what looks like one.
    """
    found = _lines_of_phrases(lines, phrases)
    at = 0
    while at < len(lines):
        length = _header_length(lines, at, own) or _heading_length(lines, at, own)
        if length and not (
            own.names("\n".join(lines[at : at + length])) or _is_above(lines, at + length, known)
        ):
            length = 0
        if length or RULE.fullmatch(lines[at]) or _EARLIER.fullmatch(lines[at][:MAX_LENGTH]):
            found.update(range(at, at + (length or 1)))
        at += length or 1
    return found


def _is_above(lines: Sequence[str], at: int, known: Collection[int]) -> bool:
    """Return whether the first line from here on that is not blank is known, and more than a name."""
    near = range(at, min(at + _MAX_HEADER, len(lines)))
    below = next((number for number in near if lines[number].strip()), None)
    return below is not None and below in known and words_in(lines[below]) > 1


def _header_length(lines: Sequence[str], at: int, own: OwnName) -> int:
    """Return how many lines from this one on are the header of a mail of either side; 0 without one."""
    end = at
    while end < len(lines) and end - at < _MAX_HEADER and _is_of_header(lines, at, end):
        end += 1
    header = lines[at:end]
    senders = [line for line in header if FROM.match(line) is not None]
    is_named = any(_BRACKETED.search(line) for line in senders) or (
        bool(senders) and own.names("\n".join(header))
    )
    return end - at if is_named and end - at >= _MIN_FIELDS and is_dated(header) else 0


def _is_of_header(lines: Sequence[str], start: int, at: int) -> bool:
    line = lines[at]
    if len(line) > MAX_LENGTH or MARK.match(line) is not None:
        return False
    is_field = FIELD.fullmatch(line) is not None or _LABEL.fullmatch(line) is not None
    return is_field or (at > start and is_more(lines, at))


def _heading_length(lines: Sequence[str], at: int, own: OwnName) -> int:
    """Return how many lines the sentence above a quoted mail has: it names an address and a date."""
    begins_paragraph = at == 0 or not lines[at - 1].strip()
    can_be_wrapped = begins_paragraph and len(lines[at]) <= MAX_LENGTH and is_dated([lines[at]])
    for count in range(1, MAX_LINES + 1 if can_be_wrapped else 2):
        heading = lines[at : at + count]
        if len(heading) < count or not heading[-1].strip() or sum(map(len, heading)) > MAX_LENGTH:
            return 0
        if ENDING.fullmatch(heading[-1]) is not None:
            text = " ".join(heading)
            is_named = _BRACKETED.search(text) is not None or own.address_in(text) is not None
            return count if is_named and is_dated(heading) else 0
    return 0


def _lines_of_phrases(lines: Sequence[str], phrases: Iterable[str]) -> set[int]:
    """Return the lines of our own phrases, and that of a link below one."""
    text = "\n".join(lines)
    found: set[int] = set()
    for phrase in phrases:
        first = seen = 0
        for match in _pattern(phrase).finditer(text):
            first, seen = first + text.count("\n", seen, match.start()), match.start()
            last = first + match[0].count("\n")
            is_linked = last + 1 < len(lines) and _LINK.fullmatch(lines[last + 1][:MAX_LENGTH]) is not None
            found.update(range(first, last + 1 + is_linked))
    return found


@lru_cache(maxsize=64)
def _pattern(phrase: str) -> re.Pattern[str]:
    """Return the pattern of whole lines that say the phrase, however they are wrapped."""
    words = (r"\S{1,80}".join(map(re.escape, _PLACEHOLDER.split(word))) for word in phrase.split())
    said = r"\s{1,20}".join(words) or "(?!)"
    return re.compile(rf"^[^\S\n]{{0,20}}{said}[^\S\n]{{0,20}}$", re.MULTILINE)
