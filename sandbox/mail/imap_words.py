"""Parse IMAP commands: a tag, a name, and arguments as atoms, quoted strings or literals.

Source: RFC 3501 section 4.
"""

import asyncio
import re
from dataclasses import dataclass

LARGEST_LITERAL = 35 * 1024 * 1024  # bytes
_LITERAL = re.compile(rb"\{(\d{1,9})\+?\}\r\n\Z")
_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|([^\s"]+)')
_TWO_WORDS = frozenset({"UID"})


class Malformed(Exception):
    """The input is no supported command."""


@dataclass(frozen=True, slots=True)
class Command:
    """A parsed command.

    `name` is upper case, such as "UID FETCH"; `literal` is the last literal that came with it.
    """

    tag: str
    name: str
    arguments: list[str]
    literal: bytes | None = None


async def read_command(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Command:
    """Read the next command. Raises `Malformed`, and `IncompleteReadError` at the end of the connection."""
    text, literal = "", None
    while True:
        line = await reader.readuntil(b"\r\n")
        found = _LITERAL.search(line)
        if found is None:
            break
        size = int(found[1])
        if size > LARGEST_LITERAL:
            raise Malformed("the literal is too large")
        writer.write(b"+ go on\r\n")
        await writer.drain()
        literal = await reader.readexactly(size)
        text += line[: found.start()].decode("utf-8", "replace") + '""'
    text += line.decode("utf-8", "replace")
    return _command(text, literal)


def _command(text: str, literal: bytes | None) -> Command:
    words = [
        quoted.replace('\\"', '"').replace("\\\\", "\\") if quoted else plain
        for quoted, plain in _WORD.findall(text)
    ]
    if len(words) < 2:  # noqa: PLR2004 - a tag and a command
        raise Malformed("a command has a tag and a name")
    tag, name, *rest = words
    if name.upper() in _TWO_WORDS and rest:
        name, rest = f"{name} {rest[0]}", rest[1:]
    return Command(tag, name.upper(), rest, literal)
