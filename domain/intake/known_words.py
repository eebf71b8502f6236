"""Recognise lines that were said before in a conversation, however they are wrapped or spaced."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.intake.rewritten_links import with_plain_links

MIN_LINE = 3  # words of a line by which a text is recognised
_RUN = 4  # words in a row that make a line known
_TOKEN = re.compile(r"[^\W_]+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
#: Emoji, check marks and crosses, which may be a whole answer.
_SYMBOL = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff]")


@dataclass(frozen=True, slots=True)
class KnownWords:
    """What was said: runs of four words of it, its short lines whole, and its emoji."""

    runs: frozenset[tuple[str, ...]] = frozenset()
    lines: frozenset[tuple[str, ...]] = frozenset()
    symbols: frozenset[str] = frozenset()

    @classmethod
    def of(cls, texts: Iterable[str]) -> "KnownWords":
        """Index these texts."""
        runs: set[tuple[str, ...]] = set()
        lines: set[tuple[str, ...]] = set()
        symbols: set[str] = set()
        for text in texts:
            tokens = _tokens(text)
            runs.update(tuple(tokens[at : at + _RUN]) for at in range(len(tokens) - _RUN + 1))
            lines.update(tuple(_tokens(line)) for line in text.split("\n"))
            symbols.update(_SYMBOL.findall(text))
        return cls(frozenset(runs), frozenset(lines), frozenset(symbols))

    def unknown_lines(self, lines: Sequence[str]) -> list[int]:
        """Return the numbers of the lines that have a word outside of all that is known."""
        return [number for number, count in enumerate(self.unknown_words(lines)) if count]

    def knows_nothing_of(self, lines: Sequence[str]) -> bool:
        """Return whether no line of some words is known."""
        counts = self.unknown_words(lines)
        return not any(
            not count and words_in(line) >= MIN_LINE for count, line in zip(counts, lines, strict=True)
        )

    def unknown_words(self, lines: Sequence[str]) -> list[int]:
        """Return how many words of each line are not known.

        A line whose words are all known, but not in this order, counts as one: an answer may repeat a word of
        its question.
        """
        shown = [with_plain_links(line) for line in lines]
        tokens = [(number, token) for number, line in enumerate(shown) for token in _tokens(line)]
        covered = [False] * len(tokens)
        words = [token for _, token in tokens]
        unknown = [len(set(_SYMBOL.findall(line)) - self.symbols) for line in shown]
        reordered: set[int] = set()
        for at in range(len(words) - _RUN + 1):
            if tuple(words[at : at + _RUN]) in self.runs:
                covered[at : at + _RUN] = [True] * _RUN
            elif tokens[at][0] == tokens[at + _RUN - 1][0]:
                reordered.add(tokens[at][0])
        counts = [0] * len(shown)
        for (number, _), is_known in zip(tokens, covered, strict=True):
            counts[number] += not is_known
        for number, line in enumerate(shown):
            is_known = tuple(_tokens(line)) in self.lines
            unknown[number] += 0 if is_known else max(counts[number], number in reordered)
        return unknown


def words_in(line: str) -> int:
    """Return how many words the line has; of scripts without spaces, how many letters."""
    return len(_tokens(with_plain_links(line)))


def _tokens(text: str) -> list[str]:
    """Return the words in lower case; of scripts without spaces, the letters."""
    words = _TOKEN.findall(text.casefold())
    return [token for word in words for token in (word if _UNSPACED.search(word) else (word,))]
