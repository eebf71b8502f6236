"""Read CSV files as other programs write them: their encodings, separators and broken quotation."""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from domain.errors import UnusableFile

_MAX_BYTES = 100 * 1024 * 1024
#: Lines that a quoted cell may go over: a mark that is not closed would else take in the rest of the file.
_MAX_LINES = 20
#: What a strict reader says where a quoted cell goes on behind the last line.
_OPEN = "unexpected end of data"
#: What Excel writes before the first row, to say what separates the cells.
_SEPARATES = re.compile(r"sep=([,;|\t])\s*", re.IGNORECASE)


def text_of(file: Path) -> str:
    """Decode the file: UTF-16 or UTF-8, with or without a byte order mark, else Windows-1252.

    Raises `UnusableFile`.
    """
    try:
        if file.stat().st_size > _MAX_BYTES:
            raise UnusableFile(f"{file} is larger than {_MAX_BYTES // 1024**2} MB. Split it.")
        content = file.read_bytes()
    except OSError as error:
        raise UnusableFile(f"{file} cannot be read: {error.strerror}.") from error
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    for at, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        # Each Latin letter has a zero byte then, which no file of text has otherwise.
        if content[at:200:2].count(0) > content[1 - at : 200 : 2].count(0):
            return content.decode(encoding, "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def records(text: str, on_problem: Callable[[str], None]) -> Iterator[tuple[str, list[str]]]:
    """Yield the cells of each record, and the lines that it was read from as an error names them.

    A quotation mark that is not closed costs the line that it is in, and none behind it.
    """
    lines = list(io.StringIO(text, newline=""))
    delimiter, at = _delimiter(text), 0
    while at < len(lines):
        if at == 0 and _SEPARATES.fullmatch(lines[0]):
            at = 1
            continue
        count = _lines_of_record(lines, at, delimiter)
        reader = csv.reader(lines[at : at + count], delimiter=delimiter)
        try:
            first = at + 1
            for cells in reader:
                last = at + reader.line_num
                yield f"line {last}" if first == last else f"lines {first} to {last}", cells
                first = last + 1
        except csv.Error as error:
            on_problem(f"line {at + reader.line_num}: it cannot be read ({error})")
        at += count


def _delimiter(text: str) -> str:
    """Return what separates the cells: what the first line with anything says, or has most of."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    said = _SEPARATES.fullmatch(first)
    return said[1] if said is not None else max(",;\t", key=first.count)


def _lines_of_record(lines: Sequence[str], start: int, delimiter: str) -> int:
    """Return over how many lines a record goes; 1 where its quotation is broken."""
    for count in range(1, min(_MAX_LINES, len(lines) - start) + 1):
        try:
            list(csv.reader(lines[start : start + count], delimiter=delimiter, strict=True))
        except csv.Error as error:
            if _OPEN in str(error):
                continue
            return 1
        return count
    return 1
