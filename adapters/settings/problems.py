"""Word what pydantic refuses of the settings, by the name of each setting, without its value."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

CHOICES_FILE = "switchboard.toml"
MISSING = "is missing"

#: What is wrong with each setting, by its name.
Problems = dict[str, str]
#: What a value must be, by a part of pydantic's message: its own show patterns and names of types.
_MUST_BE = {
    "pattern '^#[0-9a-fA-F]{6}$'": "must be a colour such as #0f766e",
    "pattern '^https?://": "must be a web address such as https://acme.example, without a path",
    "pattern '^(https?://": "must be a web address that begins with http:// or https://",
    "pattern '^[a-z]{2,3}$'": "must be the code of a language, such as en",
    "pattern '^@?": "must be a handle such as @acme",
    "pattern '": "has characters that cannot stand there",
    "a valid integer": "must be a whole number",
    "a valid number": "must be a number",
    "a valid boolean": "must be true or false",
    "a valid tuple": 'must be a list, such as ["a", "b"]; of tables: each with double brackets, as in [[…]]',
    "a valid string": "must be one text in quotation marks",
    "a valid date": "must be a day, written year-month-day, such as 2026-12-24",
    "at least 1 character": "must not be empty",
}


def problems_in(
    error: ValidationError,
    meanings: Mapping[str, str],
    *,
    environment: bool,
    given: Mapping[str, Any] | None = None,
) -> Problems:
    """Describe each error by the setting's name; `given` is what the file has, by which tables are named."""
    problems: Problems = {}
    for one in error.errors(include_url=False, include_input=False, include_context=False):
        name = _name(one["loc"], environment=environment)
        meaning = meanings.get(name.removeprefix(f"{CHOICES_FILE}: "), "")
        described = _describe(one["type"], one["msg"], meaning)
        problems[name] = described + _table_name(one["loc"], given or {})
    return problems


def _table_name(location: tuple[int | str, ...], given: Mapping[str, Any]) -> str:
    """Return " (in “press”)" for an error in the table of that name, in a list of tables; else empty."""
    part: Any = given
    for step in location:
        try:
            part = part[step]
        except (KeyError, IndexError, TypeError):
            return ""
        if isinstance(step, int) and isinstance(part, dict):
            name = part.get("name")
            return f" (in “{name}”)" if isinstance(name, str) and name else f" (in table {step + 1})"
    return ""


def _name(location: tuple[int | str, ...], *, environment: bool) -> str:
    path = ".".join(str(part) for part in location)
    return path.upper() if environment else f"{CHOICES_FILE}: {path}"


def _describe(kind: str, message: str, meaning: str) -> str:
    text = f" ({meaning})" if meaning else ""
    if kind == "missing":
        return f"{MISSING}{text}"
    if kind == "extra_forbidden":
        return "is not a setting; see switchboard.example.toml for those there are"
    if kind in {"setting", "value_error"}:
        return f"{message.removeprefix('Value error, ')}{text}"
    return f"{_describe_invalid(message)}{text}"


def _describe_invalid(message: str) -> str:
    """Say in plain words what pydantic's message says of an invalid value."""
    found = (words for part, words in _MUST_BE.items() if part in message)
    return next(found, message.replace("Input should", "should", 1))
