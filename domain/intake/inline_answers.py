"""Find the answers that a customer typed into a quoted mail: what in it was never said before."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.intake.known_words import MIN_LINE, KnownWords, words_in
from domain.intake.mail_banners import without_banners
from domain.intake.own_name import OwnName
from domain.intake.program_lines import program_lines
from domain.intake.quote_headings import ENDING, MARK, MAX_LINES, find_heading, is_dated
from domain.intake.quote_lines import header_length

#: A quote of an older mail: no words that answer.
_OLDER = re.compile(r"[>＞]")
_MIN_KNOWN = 0.4  # of the words; fewer, and no line of some words: this is not the mail that we know
_MAX_SIGNATURE_WORDS = 4  # of a line that names us
#: A line that may be the name of who signed, which the known texts lack.
_NAME = re.compile(r"\s*[^\W\d_][\w'.-]{0,30}(?: [^\W\d_][\w'.-]{0,30}){0,2}\s*")
#: What may look like a name, and answers.
_YES_OR_NO = frozenset(
    "yes no ja nein oui non sí si sim não da нет да tak nie ok okay done erledigt fait hecho".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class InlineAnswers:
    """Finds answers within quotes of what is `known`. `phrases` are as in `MailText`."""

    own: OwnName
    known: KnownWords
    phrases: Sequence[str] = ()

    def in_lines(self, lines: list[str]) -> list[str] | None:
        """Return what stands within a quoted mail and was never said; `None` where that is unclear."""
        lines = without_banners(lines)
        known = {at for at, count in enumerate(self.known.unknown_words(lines)) if not count}
        by_programs = program_lines(lines, self.own, self.phrases, known)
        by_programs |= {at for at, line in enumerate(lines) if MARK.match(line)}
        said = [at for at, line in enumerate(lines) if line.strip() and at not in by_programs]
        counts = dict(zip(said, self.known.unknown_words([lines[at] for at in said]), strict=True))
        total = sum(words_in(lines[at]) for at in said)
        is_known = any(not counts[at] and words_in(lines[at]) >= MIN_LINE for at in said)
        if not total or (not is_known and sum(counts.values()) > (1 - _MIN_KNOWN) * total):
            return None
        answers = [at for at in said if counts[at] and not self._is_signature(lines, at, counts)]
        kept: list[str] = []
        for at in answers:
            asked = next((above for above in range(at - 1, -1, -1) if lines[above].strip()), None)
            if asked in counts and asked not in answers:
                kept.append(f"> {lines[asked].strip()}")
            kept.append(lines[at])
        return ["", *kept] if kept else []

    def in_marked(self, block: list[str]) -> list[str] | None:
        """Return what was written into a marked quote of what we said; `None` where that is unclear.

        Some programs mark each line that is typed within a quote, too.
        """
        return self.in_lines(self._shown(block))

    def has_unknown(self, block: list[str]) -> bool:
        """Return whether some lines of a marked quote are not known, and others are."""
        shown = self._shown(block)
        return 0 < len(self.known.unknown_lines(shown)) < sum(map(bool, shown))

    def _shown(self, block: list[str]) -> list[str]:
        """Return the lines of a marked quote without marks, heading and older quotes."""
        marked = [line[found.end() :].strip() for line in block if (found := MARK.match(line)) is not None]
        lines = without_banners(marked)
        heading = find_heading(lines, self.own)  # HTML marks it, too
        if heading is not None and not any(map(str.strip, lines[: heading.start])):
            lines = lines[heading.end :]
        return _without_older(lines[header_length(lines, self.own) :])

    def _is_signature(self, lines: Sequence[str], at: int, counts: Mapping[int, int]) -> bool:
        """Return whether the line names who signed one of the quoted mails: us, or a person, at its end."""
        line = lines[at]
        above = next((one for one in range(at - 1, -1, -1) if lines[one].strip()), None)
        asks = ("?", "？", ":", "：") if above == at - 1 else (":", "：")
        if above is not None and lines[above].rstrip().endswith(asks):
            return False
        if words_in(line) <= _MAX_SIGNATURE_WORDS and self.own.names(line):
            return True
        below = next((one for one in range(at + 1, len(lines)) if lines[one].strip()), None)
        is_last = above is not None and not counts.get(above, 1) and (below is None or below not in counts)
        is_name = _NAME.fullmatch(line) is not None and line.strip()[:1].lower() != line.strip()[:1]
        return is_last and is_name and line.strip().casefold() not in _YES_OR_NO


def _without_older(lines: Sequence[str]) -> list[str]:
    """Return the lines of a quote without older quotes within it, and the heading of each."""
    kept: list[str] = []
    for line in lines:
        if _OLDER.match(line) is None:
            kept.append(line)
            continue
        near = range(len(kept), max(len(kept) - MAX_LINES, 0), -1)
        end = next((one for one in near if kept[one - 1].strip()), 0)
        if end and ENDING.fullmatch(kept[end - 1]) is not None:
            above = range(end - 1, max(end - 1 - MAX_LINES, -1), -1)
            start = next((at for at in above if is_dated([kept[at]])), end)
            kept[start:end] = [""] * (end - start)
    return kept
