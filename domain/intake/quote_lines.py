"""Prepare the lines of a mail for the search for its quotes: headings on lines of their own, plain marks."""

import re
from collections.abc import Sequence

from domain.intake.quote_headings import ENDING, MAX_LENGTH, MAX_LINES, Heading, OwnName

#: The marks of a few programs: a bar, or the initials of who is quoted.
_ODD_MARK = re.compile(r"^\s{0,3}(?:\|(?=\s|$)|[A-Z]{1,3}>)")
#: A heading that names the date first, within a line: some programs end no line above it.
_WITHIN_LINE = re.compile(
    r"(?<=\S)[ \t]*(?<![^\W\d_])(?=(?:On|Am|Le|El|Il(?: giorno)?|Op|Den|Em|W dniu|Dnia|Dne|Dňa|På|Pe|Pada) "
    r"(?:[^\s\d]{1,14} ){0,2}\d)"
)
#: A line that ends within an address, and one that begins with its bracket, which looks like a quote mark.
_OPEN = re.compile(r".*<[^\s<>]{1,100}@[^\s<>]{1,100}")
_CLOSED = re.compile(r"> ?[^\s<>][^<>]{0,40}[:：]\s*")


def with_plain_marks(lines: Sequence[str], below: Heading) -> list[str] | None:
    """Replace the marks of a few programs below a heading by the usual one; `None` where there are none."""
    first = next((line for line in lines[below.end :] if line.strip()), "")
    if _ODD_MARK.match(first) is None:
        return None
    return [*lines[: below.end], *(_ODD_MARK.sub(">", line, count=1) for line in lines[below.end :])]


def with_headings_apart(lines: Sequence[str], own: OwnName) -> list[str]:
    """Put a heading that names us on a line of its own where it stands behind what the customer wrote."""
    apart: list[str] = []
    for at, line in enumerate(lines):
        found = _WITHIN_LINE.search(line) if len(line) <= MAX_LENGTH else None
        heading = lines[at : at + MAX_LINES]
        is_heading = found is not None and own.names(" ".join(heading))
        if (
            found is None
            or not is_heading
            or not any(map(str.isalpha, line[: found.start()]))
            or not any(map(ENDING.fullmatch, heading))
        ):
            apart.append(line)
        else:
            apart += [line[: found.start()], line[found.end() :]]
    return apart


def with_brackets_closed(lines: Sequence[str], own: OwnName) -> list[str]:
    """Join a heading that names us where it is wrapped before the bracket that closes our address."""
    joined: list[str] = []
    for line in lines:
        above = joined[-1] if joined and len(joined[-1]) <= MAX_LENGTH else ""
        if _CLOSED.fullmatch(line) and _OPEN.fullmatch(above) and own.names(above):
            joined[-1] += line
        else:
            joined.append(line)
    return joined
