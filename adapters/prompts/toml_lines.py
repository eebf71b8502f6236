"""Find the line of a TOML file that a mistake is in: `tomllib` keeps no places."""

import re
from collections.abc import Iterator, Sequence
from typing import TypeAlias

Place: TypeAlias = tuple[str | int, ...]

_KEY = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""
_DOTTED = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_TABLE = re.compile(rf"\s*\[\s*({_DOTTED})\s*\]\s*(?:#.*)?$")
_LISTED_TABLE = re.compile(rf"\s*\[\[\s*({_DOTTED})\s*\]\]\s*(?:#.*)?$")
_FIELD = re.compile(rf"\s*({_DOTTED})\s*=")
# Texts and comments of a line, in which brackets and quotes mean nothing; `open` and `literal` are the quotes
# of a text that goes on in the next line.
_TEXT_OR_COMMENT = re.compile(
    r'''"""(?:\\.|[^\\])*?"""|(?P<open>""").*|'''
    r"""'''.*?'''|(?P<literal>''').*|"(?:\\.|[^"\\])*"|'[^']*'|#.*"""
)


class TomlLines:
    """The lines of the keys, items and tables of a text that is valid TOML."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Place, int] = {}
        for place, number in _places(text):
            self._lines.setdefault(place, number)

    def line_of(self, place: Sequence[str | int]) -> int | None:
        """Return the number of the line of a key, an item or a table, from 1.

        Where it has no line of its own, as what is missing or stands in a list, it is that of what it is in;
        `None` where that is the whole file.
        """
        within = (tuple(place[:length]) for length in range(len(place), 0, -1))
        return next((self._lines[outer] for outer in within if outer in self._lines), None)


def _places(text: str) -> Iterator[tuple[Place, int]]:
    """Yield the place of each table and key with its line."""
    table: Place = ()
    counts: dict[Place, int] = {}
    depth = 0  # of the brackets of a value that goes on in the next line
    quotes = ""  # those of a text that does
    for number, written in enumerate(text.split("\n"), start=1):
        line = written
        if quotes:
            _, closed, line = line.partition(quotes)
            if not closed:
                continue
            quotes = ""
        if not depth and (listed := _LISTED_TABLE.match(line)):
            path = _resolved(_keys(listed.group(1)), counts)
            yield from _with_outer(path, number)
            counts[path] = counts.get(path, -1) + 1
            table = (*path, counts[path])
            yield table, number
            continue
        if not depth and (header := _TABLE.match(line)):
            table = _resolved(_keys(header.group(1)), counts)
            yield from _with_outer(table, number)
            continue
        if not depth and (field := _FIELD.match(line)):
            yield from _with_outer((*table, *_keys(field.group(1))), number)
        for found in _TEXT_OR_COMMENT.finditer(line):
            quotes = found["open"] or found["literal"] or ""
        plain = _TEXT_OR_COMMENT.sub("", line)
        depth += plain.count("[") - plain.count("]") + plain.count("{") - plain.count("}")


def _with_outer(place: Place, number: int) -> Iterator[tuple[Place, int]]:
    """Yield the place and what it is in: where that was not there before, this line makes it."""
    return ((place[:length], number) for length in range(1, len(place) + 1))


def _keys(dotted: str) -> Place:
    return tuple(key.strip("\"'") for key in re.findall(_KEY, dotted))


def _resolved(keys: Place, counts: dict[Place, int]) -> Place:
    """Return the place that a header names: within a list of tables it is the last of them."""
    place: Place = ()
    for key in keys[:-1]:
        place = (*place, key)
        if place in counts:
            place = (*place, counts[place])
    return (*place, *keys[-1:])
