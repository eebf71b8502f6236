"""Load labelled posts from JSON Lines or CSV, strictly: every mistake is reported at once, with its line."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from adapters.prompts.toml_file import PromptFileError, validation_problems, why_unreadable
from domain.knowledge.labelled_posts import LabelledPost
from domain.triage.assessment import Urgency
from domain.triage.situations import Situation

_SENTIMENTS = {"negative": -1, "neutral": 0, "positive": 1}
_MAX_PROBLEMS = 20


def _urgency(value: object) -> object:
    return (
        Urgency[value.upper()] if isinstance(value, str) and value.upper() in Urgency.__members__ else value
    )


def _cells(value: object) -> object:
    """Split a cell of a CSV file: `rant|refund`."""
    return [part for part in value.split("|") if part] if isinstance(value, str) else value


def _sentiment(value: object) -> object:
    return _SENTIMENTS.get(value, value) if isinstance(value, str) else value


class _Labelled(BaseModel):
    """Fields that are not listed are ignored: files have ids, notes and dates of their own."""

    model_config = ConfigDict(hide_input_in_errors=True)

    text: Annotated[str, Field(min_length=1)]
    lang: str | None = None
    situation: Situation | None = None
    also_right: Annotated[frozenset[Situation], BeforeValidator(_cells)] = frozenset()
    urgency: Annotated[Urgency | None, BeforeValidator(_urgency)] = None
    request: bool | None = None
    sentiment: Annotated[int | None, BeforeValidator(_sentiment), Field(ge=-1, le=1)] = None
    brand: str = ""
    desk: str = ""
    replies: Annotated[tuple[str, ...], BeforeValidator(_cells)] = ()


def load_labelled_posts(path: Path) -> list[LabelledPost]:
    """Load a file, or all `*.jsonl` files of a folder in the order of their names.

    Raises `PromptFileError`, which names the mistakes.
    """
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    problems: list[str] = []
    posts = [post for file in files for post in _posts(file, problems)]
    if not posts and not problems:
        problems.append("there is no post in it")
    if problems:
        raise PromptFileError(path, problems[:_MAX_PROBLEMS])
    return posts


def _posts(path: Path, problems: list[str]) -> Iterator[LabelledPost]:
    try:
        # Not `splitlines`: JSON may contain other line separators, such as U+2028, within a text.
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f"{path.name}: {why_unreadable(error)}")
        return
    rows = _rows(lines, path.name, problems, is_csv=path.suffix.lower() == ".csv")
    for number, row in rows:
        place = f"{path.name}:{number}"
        try:
            fields = _Labelled.model_validate(json.loads(row) if isinstance(row, str) else row)
        except ValidationError as error:
            problems.extend(f"{place}: {problem}" for problem in validation_problems(error))
        except json.JSONDecodeError as error:
            problems.append(f"{place}: is not JSON ({error.msg}, column {error.colno})")
        except ValueError as error:
            problems.append(f"{place}: {error}")
        except RecursionError:
            problems.append(f"{place}: lists or objects stand within others too deeply")
        else:
            yield LabelledPost(language=fields.lang, **fields.model_dump(exclude={"lang"}))


def _rows(
    lines: Iterable[str], name: str, problems: list[str], *, is_csv: bool
) -> Iterator[tuple[int, str | Mapping[str, Any]]]:
    """Return the rows with the numbers of their lines. Empty cells of a CSV file are labels not given.

    What no row can be read of is added to `problems`; nothing behind it is read.
    """
    if not is_csv:
        yield from ((number, line) for number, line in enumerate(lines, 1) if line.strip())
        return
    reader = csv.DictReader(line + "\n" for line in lines)
    try:
        for row in reader:
            yield reader.line_num, {key: value for key, value in row.items() if key and value}
    except csv.Error as error:
        problems.append(f"{name}:{reader.line_num}: {error}; is a quotation mark missing above?")
