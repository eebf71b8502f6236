"""Check that the files and folders which texts, docstrings and comments name exist."""

import re
from functools import cache
from pathlib import PurePosixPath

import pytest

from tests.source import ROOT, committed

BINARY = {".eml", ".png", ".webp"}
#: Markdown that names files by parts of their path: its list of changes names old files as well.
MARKDOWN = [
    path
    for path in committed()
    if path.endswith(".md")
    and path != "CHANGELOG.md"
    and not path.startswith(("prompts/replies/", "tests/desks/"))
]
#: Files that are not in the repository, but are named.
ELSEWHERE = {"emoji-test.txt", "switchboard.db.lock", "switchboard.toml", "uv.lock"}

_TOP = "domain|handlers|adapters|storage|prompts|sandbox|tests|docs"
_START = r"(?<![\w/.:@#*<>-])"
FULL_PATH = re.compile(rf"{_START}((?:{_TOP})/(?:[\w.-]+/)*[\w.-]*)")
#: `audit.py`, `slack/app.py` or `chat/`.
PART_OF_PATH = re.compile(
    rf"{_START}((?:[\w.-]+/)*[\w.-]+\.(?:css|html|js|lock|md|py|toml|txt)\b(?![/\w])|(?:[\w.-]+/)+(?=`))"
)


@cache
def existing() -> frozenset[str]:
    """Return all files, and all folders with a slash at their end; both with one at their beginning."""
    folders = {f"/{folder}/" for path in committed() for folder in PurePosixPath(path).parents}
    return frozenset(f"/{path}" for path in committed()) | folders


def missing_paths(text: str) -> list[str]:
    """Return the paths from the root that do not exist."""
    named = (found.rstrip(".").rstrip("/") for found in FULL_PATH.findall(text))
    return [path for path in named if not existing() & {f"/{path}", f"/{path}/"}]


def missing_parts(text: str) -> list[str]:
    """Return the names of files and folders with which no path ends."""
    named = set(PART_OF_PATH.findall(text)) - ELSEWHERE
    return sorted(name for name in named if not any(path.endswith(f"/{name}") for path in existing()))


def test_paths_that_are_named_exist() -> None:
    here = PurePosixPath(__file__).relative_to(ROOT).as_posix()
    texts = [path for path in committed() if PurePosixPath(path).suffix not in BINARY and path != here]
    missing = {path: missing_paths((ROOT / path).read_text(encoding="utf-8")) for path in texts}
    assert {path: named for path, named in missing.items() if named} == {}


@pytest.mark.parametrize("path", MARKDOWN)
def test_files_that_are_named_in_short_exist(path: str) -> None:
    assert missing_parts((ROOT / path).read_text(encoding="utf-8")) == []


#: Folders whose files lie beside one another whatever their capability.
OF_SEVERAL_CAPABILITIES = (
    "adapters",
    "adapters/prompts",
    "adapters/slack",
    "adapters/slack/modals",
    "domain",
    "handlers",
    "handlers/slack",
    "handlers/terminal",
    "handlers/timers",
    "handlers/web",
    "storage",
)


def test_the_map_names_every_file_that_no_folder_places() -> None:
    named = set(re.findall(r"`([^`]+)`", (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")))
    paths = [PurePosixPath(path) for path in committed() if path.endswith(".py")]
    unnamed = [
        str(path)
        for path in paths
        if str(path.parent) in OF_SEVERAL_CAPABILITIES and path.name != "__init__.py"
        if not {str(path), f"{path.parent.name}/{path.name}", path.name} & named
    ]
    assert unnamed == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("see tests/gone.py.", ["tests/gone.py"]),
        ("`handlers/gone/`, `docs/operations.md`", ["handlers/gone"]),
        ("in storage/*.py and tests/source.py", []),
        ("https://example.com/docs/gone.md", []),
    ],
)
def test_a_path_that_is_gone_is_found(text: str, named: list[str]) -> None:
    assert missing_paths(text) == named


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("`gone.py`, `source.py`, `operations.md`", ["gone.py"]),
        ("`chat/`, `gone/`, `en.toml`, `chat/gone.toml`", ["chat/gone.toml", "gone/"]),
        ("`switchboard.toml`, and/or, 1.5 s, https://example.com/gone.html", []),
    ],
)
def test_a_file_that_is_gone_is_found(text: str, named: list[str]) -> None:
    assert missing_parts(text) == named
