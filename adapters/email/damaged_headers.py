"""Repair the headers of a mail where a line of them is none, so that the fields below it are read."""

import re

MAX_HEADER_BYTES = 64 * 1024
#: A line of a header as the standard and Python's parser know it; any other ends the header for the parser.
_HEADER_LINE = re.compile(rb"[!-9;-~]+:|[ \t]")
_SPACE_BEFORE_COLON = re.compile(rb"([!-9;-~]{1,80})[ \t]{1,20}:")
#: The fields by which a line is told to stand within a header.
_FIELD = re.compile(
    rb"(from|to|cc|subject|date|message-id|in-reply-to|references|reply-to|return-path|delivered-to|received|"
    rb"mime-version|content-type|content-transfer-encoding)[ \t]{0,20}:",
    re.IGNORECASE,
)
#: A parameter that should stand on the line of its field, or begin with a space.
_UNFOLDED = re.compile(
    rb";[ \t]{0,20}\r?\n(?=(?:boundary|charset|format|delsp|name|filename|type|report-type|protocol|micalg)\*?"
    rb"(?:[0-9]\*?)?[ \t]?=)",
    re.IGNORECASE,
)
_MAX_FIELD_LENGTH = 1000  # characters of a line before such a parameter
HEADER_END = re.compile(rb"\r?\n\r?\n")


def with_whole_header(content: bytes) -> bytes:
    """Rewrite lines that are no header fields, but stand within the header: Python's parser ends it there.

    They would hide who wrote, and show the rest of the header as the text. Where no field follows that was
    not there before, the text may begin without an empty line: then nothing is changed.
    """
    if content[:1] in (b" ", b"\t") and _FIELD.match(below := content.lstrip(b" \t")) is not None:
        content = below
    found = HEADER_END.search(content, 0, MAX_HEADER_BYTES)
    end = found.start() if found is not None else min(len(content), MAX_HEADER_BYTES)
    lines = content[:end].split(b"\n")
    odd = [
        at
        for at, line in enumerate(lines)
        if _HEADER_LINE.match(line) is None and not (at == 0 and line.startswith(b"From "))
    ]
    if not odd:
        return content
    fields = [(at, field[1].lower()) for at, line in enumerate(lines) if (field := _FIELD.match(line))]
    before = {name for at, name in fields if at < odd[0]}
    last = max((at for at, name in fields if name not in before), default=-1)
    for at in odd:
        if at <= last or lines[at].startswith(b"X-"):
            spaced = _SPACE_BEFORE_COLON.match(lines[at])
            lines[at] = (
                b"X-Unreadable: " + lines[at]
                if spaced is None
                else spaced[1] + b":" + lines[at][spaced.end() :]
            )
    return b"\n".join(lines) + content[end:]


def with_folded_parameters(content: bytes) -> bytes:
    """Put a space before parameters of Content-… fields that stand on lines of their own, in every part.

    Without one they end the part's header, and the rest of that is shown in place of the text.
    """
    kept: list[bytes] = []
    end, folded = 0, -1
    for found in _UNFOLDED.finditer(content):
        line = content.rfind(b"\n", max(0, found.start() - _MAX_FIELD_LENGTH), found.start()) + 1
        if line == folded or content[line : line + 8].lower() == b"content-":
            kept += [content[end : found.end()], b" "]
            end = folded = found.end()
    return b"".join([*kept, content[end:]]) if kept else content
