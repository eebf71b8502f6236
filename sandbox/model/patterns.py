"""Generate a string that matches a regular expression, for schemas with a `pattern`."""

import importlib
import re
from collections.abc import Callable, Iterable
from typing import Any

CANDIDATES = "a0A-_ .@/:é"


def example_of(pattern: str) -> str:
    """Return a short string that `pattern` matches.

    Where the pattern uses unsupported syntax, its own text is returned.
    """
    try:
        text = _all(importlib.import_module("re._parser").parse(pattern))
    except (re.error, NotImplementedError, RecursionError):
        return pattern
    return text if re.search(pattern, text) else pattern


def _all(tokens: Iterable[Any]) -> str:
    return "".join(_one(str(token), argument) for token, argument in tokens)


def _one(token: str, argument: Any) -> str:  # noqa: ANN401 - the regex parser's tree is untyped
    known = TOKENS.get(token)
    if known is None:
        raise NotImplementedError(token)
    return known(argument)


def _repeated(argument: tuple[int, int, Iterable[Any]]) -> str:
    least, most, inner = argument
    return _all(inner) * max(int(least), min(1, int(most)))


def _in(choices: list[tuple[Any, Any]]) -> str:
    kinds = [(str(kind), value) for kind, value in choices]
    if kinds[0][0] == "NEGATE":
        return next(c for c in CANDIDATES if not any(_allows(kind, value, c) for kind, value in kinds[1:]))
    kind, value = kinds[0]
    if kind == "LITERAL":
        return chr(value)
    if kind == "RANGE":
        return chr(value[0])
    return next(c for c in CANDIDATES if _allows(kind, value, c))


def _allows(kind: str, value: Any, character: str) -> bool:  # noqa: ANN401 - the regex parser's tree is untyped
    if kind == "LITERAL":
        return bool(ord(character) == value)
    if kind == "RANGE":
        return bool(value[0] <= ord(character) <= value[1])
    name = str(value)
    shorthand = {"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w"}[name.rpartition("_")[2]]
    return (re.match(shorthand, character) is not None) != ("_NOT_" in name)


TOKENS: dict[str, Callable[[Any], str]] = {
    "LITERAL": chr,
    "NOT_LITERAL": lambda code: next(c for c in CANDIDATES if c != chr(code)),
    "AT": lambda _: "",
    "ASSERT_NOT": lambda _: "",
    "ANY": lambda _: "a",
    "IN": _in,
    "BRANCH": lambda argument: _all(argument[1][0]),
    "SUBPATTERN": lambda argument: _all(argument[-1]),
    "MAX_REPEAT": _repeated,
    "MIN_REPEAT": _repeated,
    "POSSESSIVE_REPEAT": _repeated,
}
