"""Parse the addresses of mail headers (RFC 5322), alike on every Python, whatever a program put there.

Python's own parser gives other results from version to version, and nothing for a whole header where one
entry is odd. Here each entry stands for itself.
"""

import re
from collections.abc import Iterator

#: A quoted string, a comment, an address in angle brackets, or one character. Linear: no part can overlap.
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|\((?:[^()\\]|\\.)*\)|<[^<>"]{0,320}>|.', re.DOTALL)
_ADDRESS = re.compile(r"[^\s<>()\[\]\",;:@\\]{1,64}@[^\s<>()\[\]\",;:@\\]{1,255}")
#: The servers on the way, which old programs wrote before an address (RFC 5322, section 4.4).
_ROUTE = re.compile(r"\A\s*(?:@[^\s<>@:,]{1,255},?){1,20}:")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def parse_addresses(value: str) -> list[tuple[str, str]]:
    """Return the pairs of name and address in an undecoded header; what has no address is left out."""
    found: list[tuple[str, str]] = []
    unfinished = ""  # a name with a comma that nobody quoted: Weber, Jonas <j@example.org>
    for entry in _entries(value):
        name, address = _entry(entry)
        if address:
            found.append((", ".join(filter(None, (unfinished, name))), address))
        unfinished = "" if address else ", ".join(filter(None, (unfinished, name)))
    return found


def _entries(value: str) -> Iterator[list[str]]:
    """Yield the tokens of each entry. A group's name and its end separate entries, too."""
    tokens: list[str] = []
    for piece in _PIECE.findall(value):
        if piece in {",", ";"}:
            yield tokens
            tokens = []
        elif piece == ":":
            tokens = []
        else:
            tokens.append(piece)
    yield tokens


def _entry(tokens: list[str]) -> tuple[str, str]:
    """Return name and address of one entry; the last address in angle brackets is the address."""
    brackets = [at for at, token in enumerate(tokens) if len(token) > 1 and token.startswith("<")]
    for at in reversed(brackets):
        if (address := _ADDRESS.fullmatch(_ROUTE.sub("", tokens[at][1:-1], count=1).strip())) is not None:
            return _name(tokens[:at]) or _name(tokens[at + 1 :]), address[0]
    text = "".join(token for token in tokens if not token.startswith("(") or len(token) == 1)
    bare = None if brackets else _ADDRESS.search(text)
    if bare is None:
        return _name(tokens), ""
    comments = [token[1:-1] for token in tokens if token.startswith("(") and len(token) > 1]
    return " ".join(comments).strip() or _name(list(text[: bare.start()])), bare[0]


def _name(tokens: list[str]) -> str:
    """Return the words of a name, its quotes and escapes resolved, its comments left out."""
    words = [
        _ESCAPED.sub(r"\1", token[1:-1]) if token.startswith('"') and len(token) > 1 else token
        for token in tokens
        if not (token.startswith("(") and len(token) > 1)
    ]
    return " ".join("".join(words).split())
