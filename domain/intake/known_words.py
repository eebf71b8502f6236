"""Recognise lines that were said before in a conversation, however they are wrapped or spaced."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_RUN = 4  # words in a row that make a line known
_TOKEN = re.compile(r"[^\W_]+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class KnownWords:
    """What was said: runs of four words of it, and its short lines whole."""

    runs: frozenset[tuple[str, ...]] = frozenset()
    lines: frozenset[tuple[str, ...]] = frozenset()

    @classmethod
    def of(cls, texts: Iterable[str]) -> "KnownWords":
        """Index these texts."""
        runs: set[tuple[str, ...]] = set()
        lines: set[tuple[str, ...]] = set()
        for text in texts:
            tokens = _tokens(text)
            runs.update(tuple(tokens[at : at + _RUN]) for at in range(len(tokens) - _RUN + 1))
            lines.update(tuple(_tokens(line)) for line in text.split("\n"))
        return cls(frozenset(runs), frozenset(lines))

    def unknown_lines(self, lines: Sequence[str]) -> list[int]:
        """Return the numbers of the lines that have a word outside of all that is known."""
        tokens = [(number, token) for number, line in enumerate(lines) for token in _tokens(line)]
        covered = [False] * len(tokens)
        words = [token for _, token in tokens]
        for at in range(len(words) - _RUN + 1):
            if tuple(words[at : at + _RUN]) in self.runs:
                covered[at : at + _RUN] = [True] * _RUN
        unknown = {number for (number, _), is_known in zip(tokens, covered, strict=True) if not is_known}
        return [number for number in sorted(unknown) if tuple(_tokens(lines[number])) not in self.lines]


def _tokens(text: str) -> list[str]:
    """Return the words in lower case; of scripts without spaces, the letters."""
    words = _TOKEN.findall(text.casefold())
    return [token for word in words for token in (word if _UNSPACED.search(word) else (word,))]
