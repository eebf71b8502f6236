"""Check that the names in docstrings exist in the code."""

import ast
import builtins
import re
import sys
from collections.abc import Iterator

from tests.source import ROOT, committed, tree

#: Names that docstrings take from elsewhere: protocols and services, libraries, settings.
FOREIGN = {
    *("DATABASE_URL", "pkg_resources", "VmHWM", "VmRSS"),  # the environment, setuptools, /proc
    *("action_ts", "channel_type", "invalid_arguments", "invalid_blocks"),  # Slack
    *("dm_event", "note_tweet"),  # X
}

#: What Python's tokenizer finds of strings, comments and names, thirty times as fast.
_TOKEN = re.compile(
    r"""
      (?i: \b [rbuf]{1,2} )? (?: \"{3} (?: \\. | [^\\] )*? \"{3} | '{3} (?: \\. | [^\\] )*? '{3}
                              | " (?: \\. | [^\\"] )* " | ' (?: \\. | [^\\'] )* ' )
    | \#[^\n]*
    | \b (?P<name> [^\W\d] \w* )
    """,
    re.VERBOSE | re.DOTALL,
)
_BACKTICKED = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*", re.ASCII)
_CAPITALISED = re.compile(r"[A-Z][A-Za-z0-9]+", re.ASCII)
_DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def test_every_name_in_a_docstring_is_in_the_code() -> None:
    paths = [path for path in committed() if path.endswith(".py")]
    known = {name for path in paths for name in names_in_code(path)}
    known |= FOREIGN | set(sys.stdlib_module_names) | set(dir(builtins))
    assert [(path, name) for path in paths for name in names_in_docstrings(path) if name not in known] == []


def names_in_code(path: str) -> Iterator[str]:
    """Iterate over the identifiers of a file, without strings and comments, and over its module's name."""
    yield from path.removesuffix(".py").split("/")
    text = (ROOT / path).read_text(encoding="utf-8")
    yield from (name for token in _TOKEN.finditer(text) if (name := token["name"]))


def names_in_docstrings(path: str) -> Iterator[str]:
    """Iterate over the backticked identifiers that have an underscore or a capital; dotted ones in parts."""
    for node in _statements(tree(path)):
        if isinstance(node, _DOCUMENTED) and (text := ast.get_docstring(node)):
            for quoted in _BACKTICKED.findall(text):
                if _DOTTED.fullmatch(quoted):
                    yield from (
                        name for name in quoted.split(".") if "_" in name or _CAPITALISED.fullmatch(name)
                    )


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """Iterate over a node and the statements below it."""
    yield node
    for field in ("body", "orelse", "handlers", "finalbody", "cases"):
        below = getattr(node, field, ())
        for child in below if isinstance(below, list) else ():
            yield from _statements(child)
