"""List and parse the project's own files, for the tests that read them."""

import ast
import gc
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRODUCTION = ("bot.py", "domain", "handlers", "adapters", "storage")


@cache
def committed() -> tuple[str, ...]:
    """List the paths of all files of the repository, committed or not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return tuple(sorted(path for path in listed.stdout.split("\0") if path and (ROOT / path).is_file()))


def python_files(*places: str) -> Iterator[str]:
    """Iterate over the Python files in `places`, which are paths of files and folders."""
    for path in committed():
        if path.endswith(".py") and any(path == place or path.startswith(f"{place}/") for place in places):
            yield path


@cache
def tree(path: str) -> ast.Module:
    """Parse a Python file, once; use `parsed` for a tree to be changed."""
    module = parsed(path)
    # All files have two million nodes, which the garbage collector would look at again and again.
    gc.freeze()
    return module


def parsed(path: str) -> ast.Module:
    """Parse a Python file anew."""
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), path)


#: Folders of `handlers/` without use cases: the edges, the delivery of the outbox, what runs a rehearsal, and
#: what writes the demo's history.
_NO_USE_CASES = {"delivery", "demo", "rehearsal", "slack", "terminal", "timers", "web"}


def use_cases() -> Iterator[str]:
    """Iterate over the files of use cases: those of the capabilities in `handlers/`."""
    for path in python_files("handlers"):
        folder = path.split("/")[1]
        if path.count("/") > 1 and folder not in _NO_USE_CASES:
            yield path


def imported(module: ast.AST) -> Iterator[str]:
    """Iterate over the full names of all imports of a parsed file, functions included."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
