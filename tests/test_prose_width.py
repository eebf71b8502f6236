"""Check that prose and comments outside Python are at most 110 characters wide; ruff checks those in Python.

Not measured: tables, headings, code blocks, a line that is one link, data, and the texts that are sent to
customers or to the model.
"""

import re
from collections.abc import Iterator

import pytest

from tests.source import ROOT, committed

WIDTH = 110
SENT = ("prompts/replies/", "prompts/trackers/", "prompts/draft/", "tests/desks/")
FILES = [
    path
    for path in committed()
    if path.endswith((".md", ".toml", ".js", ".env.example")) and not path.startswith(SENT)
]

FENCE = re.compile(r"\s*(```|~~~)")
ONE_LINK = re.compile(r"\s*(?:[-*+] |\d+\. )?(?:\S+|!?\[[^]]*\]\([^)]*\))[.,;:]?")
TOML_COMMENT = re.compile(r"""(?:[^"'#]|"(?:\\.|[^"\\])*"|'[^']*')*#""")
JS_COMMENT = re.compile(r"\s*(?://|/?\*)|.*\s(?://|/\*)\s")


def too_wide(path: str, text: str) -> list[int]:
    """Return the numbers of the lines of prose that are wider than `WIDTH`."""
    lines = text.split("\n")
    if path.endswith(".md"):
        prose = _markdown_prose(lines)
    else:
        comment = JS_COMMENT if path.endswith(".js") else TOML_COMMENT
        prose = (number for number, line in enumerate(lines, 1) if comment.match(line))
    return [
        number
        for number in prose
        if len(lines[number - 1]) > WIDTH and not ONE_LINK.fullmatch(lines[number - 1])
    ]


def _markdown_prose(lines: list[str]) -> Iterator[int]:
    """Iterate over the numbers of the lines that are not in a code block, a table or a heading."""
    fenced = indented = False
    before = ""
    for number, line in enumerate(lines, 1):
        if FENCE.match(line):
            fenced = not fenced
        elif line.strip():
            indented = line.startswith("    ") and (indented or not before.strip())
            if not (fenced or indented or line.lstrip().startswith(("|", "#"))):
                yield number
        before = line


@pytest.mark.parametrize("path", FILES)
def test_prose_is_at_most_110_characters_wide(path: str) -> None:
    assert too_wide(path, (ROOT / path).read_text(encoding="utf-8")) == []


LONG = "word " * 30


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.md", f"# Title\n{LONG}"),
        ("a.md", f"# Title\n- {LONG}"),
        ("a.md", f"```\n{LONG}```\n{LONG}".replace("word ```", "word\n```")),
        ("a.toml", f"name = 1\n# {LONG}"),
        ("a.toml", f'name = 1\nother = "#"  # {LONG}'),
        ("a.js", f"f();\n/** {LONG}*/"),
        ("a.js", f"f();\n g(); // {LONG}"),
    ],
)
def test_a_wide_line_is_found(path: str, text: str) -> None:
    assert too_wide(path, text) == [text.count("\n") + 1]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.md", "word " * 22),
        ("a.md", f"# {LONG}"),
        ("a.md", f"| {LONG} |"),
        ("a.md", f"```sh\n{LONG}\n```"),
        ("a.md", f"Example:\n\n    {LONG}\n    {LONG}"),
        ("a.md", f"- https://example.com/{'a' * WIDTH}"),
        ("a.md", f"![{LONG}](a.png)"),
        ("a.toml", f'words = ["# {LONG}"]'),
        ("a.js", f'const words = "{LONG}".replace(/^https?:\\/\\//, "");'),
    ],
)
def test_what_is_not_prose_may_be_wide(path: str, text: str) -> None:
    assert too_wide(path, text) == []
