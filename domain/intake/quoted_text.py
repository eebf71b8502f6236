"""Separate a customer's new words in a mail from the mail that they answer, which their program quoted.

First by what is known: lines that were said before in the conversation, and headings that name us. Then by
the quote mark. What is not surely a quote is kept: nothing that a customer wrote may vanish.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from domain.intake.answers_below import points_below
from domain.intake.forwarded_mails import is_forward
from domain.intake.inline_answers import InlineAnswers
from domain.intake.known_words import KnownWords
from domain.intake.mail_footers import footer_below_quote, without_advertisement
from domain.intake.own_name import OwnName
from domain.intake.quote_headings import MARK, find_heading, heading_above, is_dated
from domain.intake.quote_lines import (
    with_brackets_closed,
    with_fields_above,
    with_fields_joined,
    with_headings_apart,
    with_plain_marks,
)

_MAX_HEADING_LINES = 3  # of a quote, within its marks
_MAX_SHOWN_QUOTE = 6  # lines of a quote that are shown with the answer below it
_MAX_KNOWN_LENGTH = 100_000  # characters
_MIN_KNOWN_LINES, _MIN_KNOWN_WORDS = 3, 12  # of a quote that no heading and no mark shows
_MAX_GREETING_WORDS = 5
_MAX_NAME_WORDS = 4  # of a line that names who wrote what is below it
_ELLIPSIS = "> …"
#: A subject that no program wrote for an answer, which begins with a short word and a colon in any language.
_OWN_SUBJECT = re.compile(
    r"(?!\s*(?:\[[^\]\n]{1,30}\]\s*)?[^\W\d_]{1,10}\.?\s?(?:[\[(]\d+[\])])?\s?[:：])\s*\S"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailText:
    """What a mail says, for reading it again beside the conversation that it belongs to.

    `whole` is normalised, without attached mails, which `attached` holds. `phrases` stand in mails of ours
    beside what was said. `is_answer` is false where nothing says that it answers a mail of ours.
    """

    whole: str
    attached: str
    subject: str
    own: OwnName
    phrases: Sequence[str] = ()
    is_answer: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The new words of a mail. `is_certain` is false where no quote was found, so that there may be none."""

    text: str
    is_certain: bool


def words_beside_known(mail: MailText, said: Iterable[str]) -> str | None:
    """Return what is new in the mail beside what was `said` before, the newest first.

    `None` where that tells nothing. The first 100,000 characters of it are looked at.
    """
    length = 0
    looked_at = list(mail.phrases)
    for text in said:
        looked_at.append(text[: _MAX_KNOWN_LENGTH - length])
        length += len(looked_at[-1])
    known = KnownWords.of(looked_at)
    reading = new_words(
        mail.whole,
        mail.own,
        known,
        subject=mail.subject,
        is_answer=mail.is_answer,
        phrases=mail.phrases,
    )
    if not reading.is_certain:
        # What the patterns would take for a quote is not what we know: a customer shows somebody else's mail.
        is_of_others = bool(known.lines) and known.knows_nothing_of(mail.whole.split("\n"))
        return "\n\n".join(filter(None, (mail.whole, mail.attached))) if is_of_others else None
    new = without_advertisement(reading.text) or mail.whole
    return "\n\n".join(filter(None, (new, mail.attached)))


def new_words(
    whole: str,
    own: OwnName,
    known: KnownWords,
    *,
    subject: str = "",
    is_answer: bool = True,
    phrases: Sequence[str] = (),
) -> Reading:
    """Return what the customer wrote this time. Linear in the length of the mail.

    Of a quote that an answer stands below, or within, the last lines are shown with it. The whole mail where
    nothing, or only a greeting, would be left.
    """
    whole = own.without_token(whole)
    fields = with_fields_joined(whole.split("\n"), own)
    lines = with_headings_apart(with_brackets_closed(fields, own), own)
    below = find_heading(lines, own)
    if below is not None and (marked := with_plain_marks(lines, below)) is not None:
        lines, below = marked, find_heading(marked, own)
    mail = _Mail(lines, own, known, is_answer, InlineAnswers(own, known, phrases))
    if below is not None and not is_answer and _OWN_SUBJECT.match(subject) is not None:
        return Reading(text=whole, is_certain=True)
    if is_forward(subject, lines[: below.end] if below else lines):
        return Reading(text=whole, is_certain=True)
    kept = mail.answers(lines[: below.start] if below else lines)
    if below is not None:
        answers = mail.within.in_lines(lines[below.end :])
        if answers is None and points_below("\n".join(kept)):
            return Reading(text=whole, is_certain=True)
        kept += answers or []
    elif not mail.has_quote:
        kept = mail.before_known(kept)
    elif (mail.hides_unknown or not known.lines) and points_below("\n".join(kept)):
        return Reading(text=whole, is_certain=True)
    text = "\n".join(kept).strip("\n").strip()
    is_certain = below is not None or mail.has_quote
    return Reading(text=whole if _says_nothing(text) else text, is_certain=is_certain)


@dataclass(slots=True)
class _Mail:
    lines: list[str]
    own: OwnName
    known: KnownWords
    is_answer: bool
    within: InlineAnswers
    has_quote: bool = field(default=False)
    hides_unknown: bool = field(default=False)  # lines of a marked quote that may be answers

    def answers(self, lines: list[str]) -> list[str]:
        """Return the lines without the quote at their end; one with an answer below keeps its end.

        What a program put below the quote is no answer, and is kept.
        """
        end = footer_below_quote(lines)
        if end < len(lines) and any(map(str.strip, above := self._answers(lines[:end]))):
            return [*above, "", *lines[end:]]
        return self._answers(lines)

    def _answers(self, lines: list[str]) -> list[str]:
        kept: list[str] = []
        own_words = 0  # lines that are kept whatever they look like
        headed = range(0)  # the lines of the last heading that does not name us
        for is_quote, block in _blocks(lines):
            if not is_quote:
                kept += block
                continue
            self.has_quote = True
            heading = with_fields_above(kept, heading_above(kept, self.own))
            if self._is_of_others(" ".join([*kept[heading:], *block[:_MAX_HEADING_LINES]]), block):
                kept += block
                own_words = len(kept)
                continue
            headed = range(heading, len(kept))
            if self.own.names(" ".join(kept[heading:])):
                del kept[heading:]
                headed = range(0)
            within = self.within.in_marked(block)
            self.hides_unknown |= within is None and self.within.has_unknown(block)
            if within:
                kept += within[1:] if kept and not kept[-1].strip() else within
                continue
            shown = [line for line in block if line.strip(" >＞")]
            kept += [_ELLIPSIS, *shown[-_MAX_SHOWN_QUOTE:]] if len(shown) > _MAX_SHOWN_QUOTE else shown
        while len(kept) > own_words and (not kept[-1].strip() or MARK.match(kept[-1])):
            kept.pop()
        return kept[: headed.start] if len(kept) in headed or len(kept) == headed.stop else kept

    def _is_of_others(self, heading: str, block: list[str]) -> bool:
        """Return whether others are quoted: nothing in it is known, and its heading does not name us."""
        if self.own.names(heading):
            return False
        if not self.known.lines:
            return not self.is_answer
        said = [line for line in block if line.strip(" >＞")]
        return len(self.known.unknown_lines(said)) == len(said)

    def before_known(self, lines: list[str]) -> list[str]:
        """Return the lines without a known mail at their end that has neither heading nor marks."""
        unknown = self.known.unknown_lines(lines)
        start = (unknown[-1] + 1) if unknown else 0
        quoted = [line for line in lines[start:] if line.strip()]
        above = heading_above(lines[:start], self.own)
        names_us = self.own.names(" ".join(lines[above:start])) and is_dated(lines[above:start])
        is_long = len(quoted) >= _MIN_KNOWN_LINES and sum(map(_words_in, quoted)) >= _MIN_KNOWN_WORDS
        if not quoted or not (names_us or is_long):
            return lines
        self.has_quote = True
        kept = lines[:above]
        last = kept[-1].rstrip() if kept else ""
        is_name = not names_us and last.endswith((":", "：")) and _words_in(last) <= _MAX_NAME_WORDS
        return kept[:-1] if is_name else kept


def _words_in(line: str) -> int:
    return len(line.split())


def _blocks(lines: Sequence[str]) -> list[tuple[bool, list[str]]]:
    """Split the lines into runs that are marked as quoted, or are not; blank lines go with what is above."""
    blocks: list[tuple[bool, list[str]]] = []
    for line in lines:
        is_quote = MARK.match(line) is not None
        if blocks and (blocks[-1][0] == is_quote or not line.strip()):
            blocks[-1][1].append(line)
        else:
            blocks.append((is_quote, [line]))
    return blocks


def _says_nothing(text: str) -> bool:
    """Return whether there is nothing, or only a greeting such as "Hello Maya,"."""
    words = text.split()
    return not words or (len(words) <= _MAX_GREETING_WORDS and text.rstrip().endswith((",", "，", ":")))
