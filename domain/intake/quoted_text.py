"""Tell a customer's new words in a mail from the mail that they answer, which their program quoted.

First by what is known: lines that were said before in the conversation, and headings that name us. Then by
the quote mark. What is not surely a quote is kept: nothing that a customer wrote may vanish.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from domain.intake.forwarded_mails import is_forward
from domain.intake.known_words import KnownWords
from domain.intake.mail_footers import without_advertisement

_MARK = re.compile(r"\s{0,3}[>＞]")
#: A line such as "From: Acme <support@acme.example>", in any language: a short label, a colon, a value.
_FIELD = re.compile(r"[\s*]{0,4}[^\W\d_][^:：\n@<>]{0,24}[:：]\**\s?\S.*")
_RULE = re.compile(r"\s*(?:[-_=*—─]{3,}|-{2,}\s?[^-\n]{1,40}\s?-{2,})\s*")
_DATE = re.compile(r"\d{1,2}[:.h]\d{2}|\b(?:19|20)\d\d\b|\d{1,2}[./]\d{1,2}[./]\d{2}")
_TITLE = re.compile(r"\s*-{3,}\s?[^-\n]{1,40}\s?-{3,}\s*")
_TIME, _YEAR = re.compile(r"\b\d{1,2}[:.h]\d{2}\b"), re.compile(r"\b(?:19|20)\d\d\b")
_MAX_HEADING_LINES = 3
_MAX_HEADING_LENGTH = 300
_MAX_SHOWN_QUOTE = 6  # lines of a quote that are shown with the answer below it
_MAX_KNOWN_LENGTH = 100_000  # characters
_MAX_ANSWERS = 10  # lines that are taken for answers within a marked quote
_LINKS = re.compile(r"<?https?://[^\s<>]*>?|\[(?:image|cid)[^\]]*\]")
#: A quote of an older mail, a heading of one, or nothing: no words that answer.
_NO_ANSWER = re.compile(r"^[>＞]|@|[:：]$|^\W*$")
_MAX_FIELDS = 12  # lines of a header in a quote
_MIN_KNOWN = 0.6  # of the words below a heading; fewer: they are not the mail that we know
_MIN_KNOWN_LINES, _MIN_KNOWN_WORDS = 3, 12  # of a quote that no heading and no mark shows
_MAX_GREETING_WORDS = 5
_MAX_SIGNATURE_WORDS = 4  # of a line that names us
#: A line that may be the name of who signed, which the known texts lack.
_NAME = re.compile(r"\s*[^\W\d_][\w'.-]{0,30}(?: [^\W\d_][\w'.-]{0,30}){0,2}\s*")
_ELLIPSIS = "> …"


@dataclass(frozen=True, slots=False)
class OwnName:
    """How a quote names us: our address, with a token or without, and our name."""

    address: str
    name: str

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        local, _, domain = self.address.partition("@")
        return re.compile(rf"{re.escape(local)}(?:\+[\w-]*)?\s?@{re.escape(domain)}", re.IGNORECASE)

    def address_in(self, text: str) -> re.Match[str] | None:
        """Return where our address stands in the text."""
        return self._pattern.search(text)

    def names(self, text: str) -> bool:
        """Return whether the text names us, by address or name."""
        has_name = bool(self.name) and self.name.casefold() in text.casefold()
        return has_name or self.address_in(text) is not None

    def without_token(self, text: str) -> str:
        """Replace our address with its token by the plain one: who holds the token may write to the case."""
        return self._pattern.sub(self.address, text)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailText:
    """What a mail says, for reading it again beside the conversation that it belongs to.

    `whole` is normalised, without attached mails, which `attached` holds. `phrases` stand in mails of ours
    beside what was said.
    """

    whole: str
    attached: str
    subject: str
    own: OwnName
    phrases: Sequence[str] = ()


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
    reading = new_words(mail.whole, mail.own, known, subject=mail.subject)
    if not reading.is_certain:
        return None
    new = without_advertisement(reading.text) or mail.whole
    return "\n\n".join(filter(None, (new, mail.attached)))


def new_words(whole: str, own: OwnName, known: KnownWords, *, subject: str = "") -> Reading:
    """Return what the customer wrote this time. Linear in the length of the mail.

    Of a quote that an answer stands below, or within, the last lines are shown with it. The whole mail where
    nothing, or only a greeting, would be left.
    """
    whole = own.without_token(whole)
    lines = whole.split("\n")
    mail = _Mail(lines, own, known)
    below = mail.heading()
    if is_forward(subject, lines[: below.end] if below else lines):
        return Reading(text=whole, is_certain=True)
    kept = mail.answers(lines[: below.start] if below else lines)
    if below is not None:
        kept += mail.answers_in_known(lines[below.end :])
    elif not mail.has_quote:
        kept = mail.before_known(kept)
    text = "\n".join(kept).strip("\n").strip()
    is_certain = below is not None or mail.has_quote
    return Reading(text=whole if _says_nothing(text) else text, is_certain=is_certain)


@dataclass(frozen=True, slots=True)
class _Heading:
    """The lines of a heading: those from `end` on are quoted."""

    start: int
    end: int


@dataclass(slots=True)
class _Mail:
    lines: list[str]
    own: OwnName
    known: KnownWords
    has_quote: bool = field(default=False)

    def heading(self) -> _Heading | None:
        """Return the first heading that names us as who wrote what is below, where that has no marks."""
        for at, line in enumerate(self.lines):
            if not _MARK.match(line) and self.own.names(line):
                found = self._fields(at) or self._sentence(at)
                if found is not None and not self._is_marked_below(found.end):
                    return found
        return None

    def answers(self, lines: list[str]) -> list[str]:
        """Return the lines without the quote at their end; one with an answer below keeps its end."""
        kept: list[str] = []
        for is_quote, block in _blocks(lines):
            if not is_quote:
                kept += block
                continue
            self.has_quote = True
            del kept[_heading_above(kept, self.own) :]
            if within := self.answers_in_marked(block):
                kept += within[1:] if kept and not kept[-1].strip() else within
                continue
            shown = [line for line in block if line.strip(" >＞")]
            kept += [_ELLIPSIS, *shown[-_MAX_SHOWN_QUOTE:]] if len(shown) > _MAX_SHOWN_QUOTE else shown
        while kept and (not kept[-1].strip() or _MARK.match(kept[-1])):
            kept.pop()
        return kept

    def answers_in_known(self, lines: list[str]) -> list[str]:
        """Return what stands within a quoted mail and was never said; nothing where that is unclear."""
        unknown = self.known.unknown_lines(lines)
        unknown = [at for at in unknown if not _MARK.match(lines[at])]
        words = sum(len(line.split()) for line in lines)
        if not words or sum(len(lines[at].split()) for at in unknown) > (1 - _MIN_KNOWN) * words:
            return []
        if all(self._is_signature(lines[at]) for at in unknown):
            return []
        kept: list[str] = []
        answers = set(unknown)
        for at in unknown:
            if at and at - 1 not in answers and lines[at - 1].strip():
                kept.append(f"> {lines[at - 1].strip()}")
            kept.append(lines[at])
        return ["", *kept] if kept else []

    def answers_in_marked(self, block: list[str]) -> list[str]:
        """Return what was written into a marked quote of what we said; nothing where that is unclear.

        Some programs mark each line that is typed within a quote, too.
        """
        lines = [line[found.end() :].strip() for line in block if (found := _MARK.match(line)) is not None]
        shown = [line for line in lines if not _NO_ANSWER.search(_LINKS.sub("", line))]
        unknown = self.known.unknown_lines(shown)
        return self.answers_in_known(shown) if 0 < len(unknown) <= _MAX_ANSWERS else []

    def _is_signature(self, line: str) -> bool:
        is_short = len(line.split()) <= _MAX_SIGNATURE_WORDS
        return _NAME.fullmatch(line) is not None or (is_short and self.own.names(line))

    def before_known(self, lines: list[str]) -> list[str]:
        """Return the lines without a known mail at their end that has neither heading nor marks."""
        unknown = self.known.unknown_lines(lines)
        start = (unknown[-1] + 1) if unknown else 0
        quoted = [line for line in lines[start:] if line.strip()]
        if len(quoted) < _MIN_KNOWN_LINES or sum(len(line.split()) for line in quoted) < _MIN_KNOWN_WORDS:
            return lines
        self.has_quote = True
        kept = lines[: _heading_above(lines[:start], self.own)]
        return kept[:-1] if kept and kept[-1].rstrip().endswith((":", "：")) else kept

    def _fields(self, at: int) -> _Heading | None:
        """Return the block of header fields that this line is the first address of."""
        if not _FIELD.fullmatch(self.lines[at]):
            return None
        start, end = at, at + 1
        lowest, highest = max(0, at - _MAX_FIELDS), min(len(self.lines), at + _MAX_FIELDS)
        while start > lowest and _FIELD.fullmatch(self.lines[start - 1]) and "@" not in self.lines[start - 1]:
            start -= 1
        while end < highest and _FIELD.fullmatch(self.lines[end]):
            end += 1
        if end - start < 2:  # noqa: PLR2004 - one line alone may be anybody's
            return None
        if not self._is_header(start, end, at):
            return None
        above = start
        while above and (not self.lines[above - 1].strip() or _RULE.fullmatch(self.lines[above - 1])):
            above -= 1
        return _Heading(above, end)

    def _is_header(self, start: int, end: int, at: int) -> bool:
        """Return whether fields, of which one names us, are a mail's header and no list of a customer's."""
        line, block = self.lines[at], "\n".join(self.lines[start:end])
        if (address := self.own.address_in(line)) is not None:
            is_sender = start == at and line[: address.start()].rstrip().endswith(("<", "[", "mailto:"))
            return is_sender or _DATE.search(block) is not None
        if re.split("[:：]", line, maxsplit=1)[1].strip(" *\"'").casefold() != self.own.name.casefold():
            return False
        is_below_title = start > 0 and _TITLE.fullmatch(self.lines[start - 1]) is not None
        return is_below_title or (_TIME.search(block) is not None and _YEAR.search(block) is not None)

    def _sentence(self, at: int) -> _Heading | None:
        """Return the heading "On … us <our address> wrote:" that ends here, over three lines at most."""
        address = self.own.address_in(self.lines[at])
        if address is None:
            return None
        start = at
        while not _DATE.search(" ".join(self.lines[start : at + 1])[:_MAX_HEADING_LENGTH]):
            above = self.lines[start - 1] if start else ""
            if not above.strip() or _MARK.match(above) or at - start + 1 >= _MAX_HEADING_LINES:
                return None
            start -= 1
        rest = self.lines[at][address.end() :]
        end = at + 1
        if ":" not in rest and "：" not in rest:
            following = self.lines[end] if end < len(self.lines) else ""
            if not following.rstrip().endswith((":", "：")):
                return None
            end += 1
        return _Heading(start, end)

    def _is_marked_below(self, at: int) -> bool:
        following = next((line for line in self.lines[at:] if line.strip()), "")
        return _MARK.match(following) is not None


def _blocks(lines: Sequence[str]) -> list[tuple[bool, list[str]]]:
    """Split the lines into runs that are marked as quoted, or are not; blank lines go with what is above."""
    blocks: list[tuple[bool, list[str]]] = []
    for line in lines:
        is_quote = _MARK.match(line) is not None
        if blocks and (blocks[-1][0] == is_quote or not line.strip()):
            blocks[-1][1].append(line)
        else:
            blocks.append((is_quote, [line]))
    return blocks


def _heading_above(lines: Sequence[str], own: OwnName) -> int:
    """Return where the heading of a marked quote begins at the end of `lines`; their length without one."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    if not end or not lines[end - 1].rstrip().endswith((":", "：", ">")):
        return len(lines)
    for start in range(end - 1, max(end - 1 - _MAX_HEADING_LINES, -1), -1):
        if not lines[start].strip():
            break
        heading = " ".join(lines[start:end])
        if len(heading) <= _MAX_HEADING_LENGTH and _DATE.search(heading):
            return start if own.names(heading) or "@" in heading or heading.count(":") > 1 else end - 1
    return end - 1 if own.names(lines[end - 1]) or "@" in lines[end - 1] else len(lines)


def _says_nothing(text: str) -> bool:
    """Return whether there is nothing, or only a greeting such as "Hello Maya,"."""
    words = text.split()
    return not words or (len(words) <= _MAX_GREETING_WORDS and text.rstrip().endswith((",", "，", ":")))
