"""Take files out of a text where older programs write them ("begin 644 name"), as Lotus Notes does."""

import re
from binascii import Error, a2b_uu

_MAX_FILES = 20
#: The first letter of a line is the number of its bytes, "!" for 1 to "M" for 45; "`" or a space is for none.
_BLOCK = re.compile(
    rb"^begin[ \t]+[0-7]{3,4}[ \t]+(?P<name>[^\s][^\r\n]{0,200})\r?\n"
    rb"(?P<lines>(?:[!-M][ -`]{0,63}\r?\n)+)"
    rb"(?:[ `]?[ \t]*\r?\n)?"
    rb"end[ \t]*\r?(?:\n|\Z)",
    re.MULTILINE,
)


def without_files(text: bytes) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """Return the text without the files in it, and each file's name and content. A damaged one stays."""
    kept: list[bytes] = []
    files: list[tuple[bytes, bytes]] = []
    end = 0
    for found in _BLOCK.finditer(text):
        content = _decoded(found["lines"].splitlines())
        if content is None or len(files) >= _MAX_FILES:
            continue
        files.append((found["name"].strip(), content))
        kept.append(text[end : found.start()])
        end = found.end()
    return b"".join([*kept, text[end:]]), files


def _decoded(lines: list[bytes]) -> bytes | None:
    if len(lines[0]) < _length(lines[0]):
        return None
    try:
        # Spaces at the end may have been cut off; some programs write a checksum there.
        return b"".join(a2b_uu(line[: _length(line)]) for line in lines)
    except Error:
        return None


def _length(line: bytes) -> int:
    """Return how long the line is by its first letter: three bytes are four letters."""
    return 1 + 4 * ((line[0] - ord(" ") + 2) // 3)
