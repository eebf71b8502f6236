"""A mistake in a TOML file is named with the line that it is in."""

import tomllib
from collections.abc import Iterator

import pytest

from adapters.prompts.toml_lines import Place, TomlLines
from tests.source import ROOT

TEXT = '''# rules
version = "5"
known.hosts = [
  "[not.a.table]",
  "rules",
]

[situations.refund]
tone = """
version = "6"
"""
"ask for" = "it"

[[rules]]  # the first
check = "empty"

[[rules]]
check = "too_long"
hosts = [["a"],
["b"]
]
hard = true

[[rules.parts]]
size = 1

[[rules.parts]]
size = 2

[rules.more]
size = 3
'''


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("version",), 2),
        (("known", "hosts", 1), 3),
        (("situations", "refund"), 8),
        (("situations", "refund", "tone"), 9),
        (("situations", "refund", "ask for"), 12),
        (("situations", "refund", "missing"), 8),
        (("rules",), 14),
        (("rules", 0), 14),
        (("rules", 0, "check"), 15),
        (("rules", 0, "hard"), 14),
        (("rules", 1, "check"), 18),
        (("rules", 1, "hosts", 1, 0), 19),
        (("rules", 1, "hard"), 22),
        (("rules", 1, "parts", 1, "size"), 28),
        (("rules", 1, "more", "size"), 31),
        (("missing",), None),
        ((), None),
    ],
)
def test_the_line_of_a_place(place: Place, line: int | None) -> None:
    assert tomllib.loads(TEXT)
    assert TomlLines(TEXT).line_of(place) == line


@pytest.mark.parametrize(
    "before",
    [
        'a = 1  # """',
        "a = 1  # '''",
        'a = \'# """\'',
        'a = ["""\n""", "b"]',
        'a = [\n"""one""", """\ntwo"""]',
        "a = ['''b = 2\n''', '''[''']  # ]",
        'a = """x""" # """\nc = 1',
        'a = """x\\""" # [\n"""',
    ],
)
def test_quotes_in_comments_and_texts_in_lists_hide_no_later_line(before: str) -> None:
    text = f"{before}\nmistake = 1\n"
    assert tomllib.loads(text)["mistake"] == 1
    assert TomlLines(text).line_of(("mistake",)) == text.count("\n")


@pytest.mark.parametrize("name", ["rules_of_engagement", "concepts", "invitations", "verification"])
def test_every_key_of_a_shipped_file_has_its_line(name: str) -> None:
    text = (ROOT / "prompts" / f"{name}.toml").read_text(encoding="utf-8")
    lines, found = text.split("\n"), TomlLines(text)
    for place in _places(tomllib.loads(text)):
        number = found.line_of(place)
        assert number is not None, place
        key = str(place[-2] if isinstance(place[-1], int) else place[-1])
        assert key in lines[number - 1], place


def _places(value: object, place: Place = ()) -> Iterator[Place]:
    """Yield the place of each key, and of each table of a list of tables."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*place, key)
            yield from _places(inner, (*place, key))
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for number, inner in enumerate(value):
            yield (*place, number)
            yield from _places(inner, (*place, number))
