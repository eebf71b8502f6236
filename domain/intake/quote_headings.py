"""Find the heading that a mail program puts above a mail that it quotes, in any language.

It names us as who wrote what is below: a block of header fields, or a line with a date.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from domain.intake.own_name import OwnName
from domain.intake.quote_labels import FROM, TO, is_pasted

#: The quote mark. A face such as ">:(" and a comparison such as ">= 5" are none.
MARK = re.compile(r"\s{0,3}[>＞](?!=\s?\d|[_.^-][<>_]|[:;]['´-]?[()\[\]|/DP](?:\s|$))")
#: What turns the direction of writing, or has no width: programs put it around addresses and labels.
_BIDI = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069]")
#: A line such as "From: Acme <support@acme.example>", in any language: a short label, a colon, a value.
FIELD = re.compile(r"[\s*]{0,4}[^\W\d_][^:：\n@<>]{0,24}[:：]\**\s?\S.*")
_LABEL = re.compile(r"[\s*]{0,4}[^\W\d_][^\d:：\n@<>]{0,24}[:：]\**\s*")  # alone, a field without value
#: The rest of a field that a program wrapped: an address alone.
_WRAPPED_ADDRESS = re.compile(
    r"\s*[<\[(]?(?:mailto:)?[^\s<>@\[\]()]{1,80}@[^\s<>@\[\]()]{1,80}[>\])]{1,3}[;,]?\s*"
)
#: The rest of a field of addresses, each with its name, which a program wrapped behind a comma.
_MORE_ADDRESSES = re.compile(
    r"\s*(?:[^<>@:;,\n]{0,60}<?[^\s<>@:;,\n]{1,80}@[^\s<>@:;,\n]{1,80}>?[;,]?[ \t]*){1,20}"
)
#: A rule, or a title between rules, in which a hyphen may stand: "-----Original-Nachricht-----".
RULE = re.compile(r"\s*(?:[-_=*—─]{3,}|-{2,}\s?(?:[^-\n]|-(?!-)){1,40}\s?-{2,})\s*")
_DATE = re.compile(
    r"\d{1,2}[:.h]\d{2}|\b(?:19|20)\d\d\b|(?<!\d)(?:19|20)\d\d[年년]|\d{1,2}[./]\d{1,2}[./]\d{2}"
)
TITLE = re.compile(r"\s*-{3,}\s?(?:[^-\n]|-(?!-)){1,40}\s?-{3,}\s*")
_TIME, _YEAR = re.compile(r"\b\d{1,2}[:.h]\d{2}\b"), re.compile(r"\b(?:19|20)\d\d\b")
#: How the line ends that stands above a quote; Zoho's is between dashes.
ENDING = re.compile(r".*(?:[:：]|(?<!-)-{3,})\s*")
#: The verb that a few programs write without a colon behind it, as the last word of a paragraph.
_VERB = re.compile(
    r"[>)\]]?\s*(?:wrote|schrieb|a écrit|escribió|escreveu|ha scritto|schreef|skrev|napisał(?:\(a\))?|kirjoitti)\s*",
    re.IGNORECASE,
)
#: A colon with words behind it: a customer tells what we wrote, or what became of their mail to us.
_REPORTED_WORDS = re.compile(r"[^:：]{0,40}(?::[ \t]+|：[ \t]*)[^\W\d_]")
_DIGIT = re.compile(r"\d")
#: GroupWise: ">>> Acme <support@acme.example> 21.11.2026 10:12 >>>"; below it nothing is marked.
_GROUPWISE = re.compile(r"\s?>>> \S[^\n]{1,250}\d[^\n]{0,10} >>>\s*")
#: Notes: '-----"Acme" <support@acme.example> wrote: -----'.
_NOTES = re.compile(r"\s*-{3,}\s?\S[^\n]{0,200}@[^\n]{0,80}:\s?-{3,}\s*")
_MAX_WORDS_BEFORE = 3
_MAX_WORDS_BETWEEN = 2  # of a date and a bare address: "Uhr schrieb", and not "I wrote to"
MAX_LINES, MAX_LENGTH = 3, 300  # of a heading
_MAX_FIELDS = 12  # lines of a header in a quote
_MIN_FIELDS, _MIN_NAMED_FIELDS = 2, 3  # of a header that names us by address, and by name alone


@dataclass(frozen=True, slots=True)
class Heading:
    """The lines of a heading: those from `end` on are quoted."""

    start: int
    end: int


def find_heading(lines: Sequence[str], own: OwnName) -> Heading | None:
    """Return the first heading that names us as who wrote what is below, where that has no marks."""
    mail = _Lines([_BIDI.sub("", line) for line in lines], own)
    for at, line in enumerate(mail.lines):
        if own.names(line) and (not MARK.match(line) or _GROUPWISE.fullmatch(line)):
            found = mail.fields(at) or mail.sentence(at) or mail.groupwise(at)
            if found is not None and not mail.is_marked_below(found.end):
                return found
    return None


def is_more(lines: Sequence[str], at: int) -> bool:
    """Return whether the line goes on with the addresses of a field, which end in a comma above it."""
    is_open = at > 0 and lines[at - 1].rstrip().endswith((";", ","))
    return is_open and len(lines[at]) <= MAX_LENGTH and _MORE_ADDRESSES.fullmatch(lines[at]) is not None


def is_dated(heading: Sequence[str]) -> bool:
    """Return whether a line of the heading has a date."""
    return any(_DATE.search(line) for line in heading)


def is_to_us(lines: Sequence[str], own: OwnName) -> bool:
    """Return whether a line names us as who was written to: what is below is no mail of ours."""
    return any(TO.match(line) is not None and own.names(line) for line in lines)


def is_from_us(lines: Sequence[str], own: OwnName) -> bool:
    """Return whether the lines below a text name us as the sender, or in a sentence that ends there."""
    if is_to_us(lines, own):
        return False
    if any(own.address_in(line) for line in lines):
        return True
    is_heading = any(FROM.match(line) or ENDING.fullmatch(line) for line in lines)
    return is_heading and own.names(" ".join(lines))


def heading_above(lines: Sequence[str], own: OwnName) -> int:
    """Return where the heading of a marked quote begins at the end of `lines`; their length without one."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    if (fields := _fields_above(lines, end, own)) is not None:
        return fields
    last = _BIDI.sub("", lines[end - 1]).rstrip() if end else ""
    if end and len(last) <= MAX_LENGTH and own.names_and_date(last):
        return end - 1
    if ENDING.fullmatch(last) is None and not last.endswith(">"):
        return len(lines)
    for start in range(end - 1, max(end - 1 - MAX_LINES, -1), -1):
        if not lines[start].strip():
            break
        heading = _BIDI.sub("", " ".join(lines[start:end]))
        if len(heading) <= MAX_LENGTH and _DATE.search(heading):
            is_whole = own.names(heading) or "@" in heading or heading.count(":") > 1
            if not is_whole and start and own.address_in(lines[start - 1]) and is_dated([lines[start - 1]]):
                return _below_words(lines, start - 1, own)  # the date ends in the line above
            return _below_words(lines, _first_line(lines, start, own) if is_whole else end - 1, own)
    return _below_words(lines, end - 1, own) if own.names(last) or "@" in last else len(lines)


def _fields_above(lines: Sequence[str], end: int, own: OwnName) -> int | None:
    """Return where the block of header fields begins that ends there and names us as the sender."""
    above = max(0, end - 2 * _MAX_FIELDS)
    mail = _Lines([_BIDI.sub("", line) for line in lines[above:end]], own)
    for at, line in enumerate(mail.lines):
        if FROM.match(line) and own.names(line) and (found := mail.fields(at)) is not None:
            return above + found.start if found.end == len(mail.lines) else None
    return None


def _first_line(lines: Sequence[str], start: int, own: OwnName) -> int:
    """Return where a wrapped heading begins whose date stands on a lower line than who wrote."""
    above = lines[start - 1] if start else ""
    is_first = own.names(" ".join(lines[start:])) or not own.names(above) or MARK.match(above) is not None
    return start if is_first else start - 1


def _below_words(lines: Sequence[str], start: int, own: OwnName) -> int:
    """Return the line below a heading's first one where that also holds the words that the heading follows.

    At most three words precede the date, or our name, in a heading.
    """
    line = _BIDI.sub("", lines[start])
    ends = [found.start() for found in (_DIGIT.search(line), own.found_in(line)) if found is not None]
    before = [word for word in line[: min(ends, default=0)].split() if any(map(str.isalpha, word))]
    return start + 1 if len(before) > _MAX_WORDS_BEFORE else start


@dataclass(frozen=True, slots=False)
class _Lines:
    lines: Sequence[str]
    own: OwnName

    @cached_property
    def _has_no_gaps(self) -> bool:
        return all(line.strip() for line in self.lines)

    def fields(self, at: int) -> Heading | None:
        """Return the block of header fields that this line is the first address of, and of our mail."""
        if self._is_wrapped(at):
            at -= 1
        if not FIELD.fullmatch(self.lines[at]) or TO.match(self.lines[at]) is not None:
            return None
        start, end = at, at + 1
        lowest, highest = max(0, at - _MAX_FIELDS), min(len(self.lines), at + _MAX_FIELDS)
        while start > lowest and FIELD.fullmatch(self.lines[start - 1]) and "@" not in self.lines[start - 1]:
            start -= 1
        while end < highest and self._is_of_header(end):
            end += 1
        if end - start < _MIN_FIELDS or not self._is_header(start, end, at):
            return None
        return Heading(self._without_rules_above(self._without_notes_title(start)), end)

    def groupwise(self, at: int) -> Heading | None:
        """Return the heading of GroupWise that stands there."""
        is_heading = _GROUPWISE.fullmatch(self.lines[at]) is not None and is_dated([self.lines[at]])
        return Heading(at, at + 1) if is_heading else None

    def _is_of_header(self, at: int) -> bool:
        """Return whether a line below a field is one, too, its rest, or one without value above another."""
        line, following = self.lines[at], self.lines[at + 1] if at + 1 < len(self.lines) else ""
        is_empty = _LABEL.fullmatch(line) is not None and FIELD.fullmatch(following) is not None
        return (
            is_empty or FIELD.fullmatch(line) is not None or self._is_wrapped(at) or is_more(self.lines, at)
        )

    def _is_wrapped(self, at: int) -> bool:
        """Return whether this line is the address of the field above it."""
        is_address = at > 0 and _WRAPPED_ADDRESS.fullmatch(self.lines[at]) is not None
        return is_address and _LABEL.match(self.lines[at - 1]) is not None

    def _is_header(self, start: int, end: int, at: int) -> bool:
        """Return whether fields, of which one names us, are a mail's header and no list of a customer's."""
        line, block = self.lines[at], "\n".join(self.lines[start:end])
        if at + 1 < end and self._is_wrapped(at + 1):
            line = f"{line.rstrip()} {self.lines[at + 1].strip()}"
        if is_pasted(block):
            return False
        if (address := self.own.address_in(line)) is not None:
            is_sender = start == at and line[: address.start()].rstrip().endswith(("<", "[", "mailto:"))
            return is_sender or _DATE.search(block) is not None
        if re.split("[:：]", line, maxsplit=1)[1].strip(" *\"'").casefold() != self.own.name.casefold():
            return False
        if start > 0 and TITLE.fullmatch(self.lines[start - 1]) is not None:
            return True
        is_dated = _TIME.search(block) is not None and _YEAR.search(block) is not None
        return is_dated and end - start >= _MIN_NAMED_FIELDS and FROM.match(line) is not None

    def sentence(self, at: int) -> Heading | None:
        """Return the heading "On … us <our address> wrote:" that ends here, over three lines at most."""
        address = self.own.address_in(self.lines[at])
        if address is None:
            return None
        start, end = at, self._end_of_sentence(at, address.end())
        if end is None:
            return None
        while not _DATE.search(" ".join(self.lines[start:end])[:MAX_LENGTH]):
            above = self.lines[start - 1] if start else ""
            if not above.strip() or MARK.match(above) or at - start + 1 >= MAX_LINES:
                return None
            start -= 1
        start = self._without_fields_above(start)
        if not self._begins_paragraph(start) or self._is_reported(start, at, address):
            return None
        below = _below_words(self.lines, start, self.own)
        return Heading(self._without_rules_above(start) if below == start else below, end)

    def _is_reported(self, start: int, at: int, address: re.Match[str]) -> bool:
        """Return whether a customer reports a mail from or to us: programs do not write our address bare."""
        before = " ".join([*self.lines[start:at], self.lines[at][: address.start()]])
        if before.endswith(("<", "[", "(", "mailto:")) or self.own.names(before):
            return False
        behind_date = re.split(r"\d", before)[-1].split()
        words = sum(any(map(str.isalpha, word)) for word in behind_date)
        return (
            words > _MAX_WORDS_BETWEEN or _REPORTED_WORDS.match(self.lines[at][address.end() :]) is not None
        )

    def _begins_paragraph(self, at: int) -> bool:
        """Return whether nothing stands directly above, as above a heading; text of HTML has no such gaps."""
        above = self.lines[at - 1].strip() if at else ""
        return not above or RULE.fullmatch(above) is not None or self._has_no_gaps

    def _without_fields_above(self, start: int) -> int:
        """Return where fields above a heading begin that stand below a rule, as Yandex writes them."""
        top = start
        while top and start - top < MAX_LINES and FIELD.fullmatch(self.lines[top - 1]):
            top -= 1
        return top if top and RULE.fullmatch(self.lines[top - 1]) else start

    def _without_notes_title(self, start: int) -> int:
        """Return where Notes begins: who wrote stands between dashes, above fields of which To is first."""
        top = start
        while (
            top and start - top < MAX_LINES and (FIELD.fullmatch(above := self.lines[top - 1]) or not above)
        ):
            top -= 1
        above = self.lines[top - 1] if top else ""
        is_title = _NOTES.fullmatch(above) is not None and self.own.names(above)
        return top - 1 if is_title else start

    def _end_of_sentence(self, at: int, after: int) -> int | None:
        """Return where the heading ends: with our address's line, or the next; `None` where it does not."""
        rest = self.lines[at][after:]
        following = self.lines[at + 1] if at + 1 < len(self.lines) else ""
        if ENDING.fullmatch(rest) is None and ENDING.fullmatch(following) is not None:
            return at + 2
        if not following.strip() and _VERB.fullmatch(rest) is not None:
            return at + 1
        return at + 1 if ":" in rest or "：" in rest or ENDING.fullmatch(rest) is not None else None

    def _without_rules_above(self, start: int) -> int:
        while start and (not self.lines[start - 1].strip() or RULE.fullmatch(self.lines[start - 1])):
            start -= 1
        return start

    def is_marked_below(self, at: int) -> bool:
        """Return whether the first line from here on that is not empty has a quote mark."""
        below = (self.lines[one] for one in range(at, len(self.lines)))
        following = next((line for line in below if line.strip()), "")
        return MARK.match(following) is not None
