"""Prepare the lines of a mail for the search for its quotes: headings on lines of their own, plain marks."""

import re
from collections.abc import Sequence
from itertools import takewhile

from domain.intake.own_name import OwnName
from domain.intake.quote_headings import (
    ENDING,
    FIELD,
    MAX_LENGTH,
    MAX_LINES,
    RULE,
    TITLE,
    Heading,
    is_dated,
)
from domain.intake.quote_labels import FROM

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

#: A field of NetEase's header, which is a table: "| 发件人 | Acme <support@acme.example> |".
_ROW = re.compile(r"\| ?([^\W\d_][^|:：\n@<>]{0,24}?) ?\| ?([^|\n]{1,200}?) ?\|")
_MIN_ROWS, _MAX_HEADER = 2, 12
#: A field of eM Client's header: 'From "Acme" <support@acme.example>'.
_BARE_FIELD = re.compile(r"([^\W\d_][^\W\d_]{0,20}) ([^\s:：][^\n]{0,300})")
_MIN_BARE_FIELDS = 3
_TITLE = re.compile(r"message du \d", re.IGNORECASE)  # above the header of La Poste
#: A field, or one without a value.
_FIELD_OR_LABEL = re.compile(rf"{FIELD.pattern}|[^\W\d_][^\d:：\n@<>]{{0,24}}[:：]\s*")
#: The fields between which QQ leaves a line empty.
_ABOVE_GAP, _BELOW_GAP = re.compile(r"(?:发件人|发送时间|收件人|抄送)\s?[:：]"), re.compile(r"主题\s?[:：]")


def with_fields_joined(lines: Sequence[str], own: OwnName) -> list[str]:
    """Write the headers of NetEase, QQ and eM Client as other programs write them, where they name us."""
    joined = [line for at, line in enumerate(lines) if line.strip() or not _is_gap(lines, at)]
    joined = _without_gaps(_with_colons(joined, own), own)
    at = 0
    while at < len(joined):
        end = at
        while end < len(joined) and len(joined[end]) <= MAX_LENGTH and _ROW.fullmatch(joined[end]):
            end += 1
        if end - at >= _MIN_ROWS and any(own.address_in(line) for line in joined[at:end]):
            joined[at:end] = [_ROW.sub(r"\1: \2", line) for line in joined[at:end]]
        at = max(end, at + 1)
    return joined


def _with_colons(lines: Sequence[str], own: OwnName) -> list[str]:
    """Put the colons into a header of eM Client, which leaves them out below its title."""
    written = list(lines)
    for at, line in enumerate(lines[:-1]):
        if TITLE.fullmatch(line) is None:
            continue
        header = list(takewhile(_BARE_FIELD.fullmatch, lines[at + 1 : at + 1 + _MAX_HEADER]))
        if len(header) >= _MIN_BARE_FIELDS and own.address_in(header[0]) and is_dated(header):
            written[at + 1 : at + 1 + len(header)] = [_BARE_FIELD.sub(r"\1: \2", field) for field in header]
    return written


def _without_gaps(lines: Sequence[str], own: OwnName) -> list[str]:
    """Leave out the blank lines within a header that begins with us, where a gateway put them everywhere."""
    kept: list[str] = []
    at = 0
    while at < len(lines):
        kept.append(lines[at])
        at += 1
        if FROM.match(lines[at - 1]) is None or own.address_in(lines[at - 1][:MAX_LENGTH]) is None:
            continue
        start = len(kept)
        while at + 1 < len(lines) and not lines[at].strip() and FIELD.fullmatch(lines[at + 1][:MAX_LENGTH]):
            kept.append(lines[at + 1])
            at += 2
        if len(kept) - start < _MIN_BARE_FIELDS - 1:  # a list of a customer's: as it was
            at -= 2 * (len(kept) - start)
            del kept[start:]
    return kept


def _is_gap(lines: Sequence[str], at: int) -> bool:
    is_within = 0 < at < len(lines) - 1
    return is_within and bool(_ABOVE_GAP.match(lines[at - 1]) and _BELOW_GAP.match(lines[at + 1]))


def with_fields_above(lines: Sequence[str], start: int) -> int:
    """Return where a heading begins that fields stand above, and a rule above those, as Yandex writes it."""
    top = start
    while top and start - top < MAX_LINES and start < len(lines) and FIELD.fullmatch(lines[top - 1]):
        top -= 1
    return top - 1 if 0 < top < start and RULE.fullmatch(lines[top - 1]) else start


def header_length(lines: Sequence[str], own: OwnName) -> int:
    """Return how many lines at the beginning of a quote are its header, which names us as the sender."""
    start = next((at for at, line in enumerate(lines) if line.strip()), len(lines))
    end = start + 1 if start < len(lines) and _TITLE.match(lines[start]) else start
    while end < len(lines) and end - start < _MAX_HEADER and _FIELD_OR_LABEL.fullmatch(lines[end]):
        end += 1
    named = any(FROM.match(line) is not None and own.names(line) for line in lines[start:end])
    return end if named and end - start >= _MIN_ROWS else 0


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
