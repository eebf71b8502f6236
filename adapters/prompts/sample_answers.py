"""Load answers to try the rules of engagement on, strictly: every mistake is reported with its line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import ConfigDict, Field, ValidationError

from adapters.prompts.toml_file import PromptFileError, StrictModel, validation_problems, why_unreadable
from domain.triage.situations import Situation
from domain.venues import Venue

_MAX_PROBLEMS = 20


class SampleAnswer(StrictModel):
    """An answer to try: its text and, where given, what it is about and where it would go.

    `language` is the customer's; `saved_reply` names the saved reply that it claims to be.
    """

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, frozen=True)

    text: Annotated[str, Field(strict=True)]
    situation: Situation | None = None
    venue: Venue = Venue.PUBLIC
    language: Annotated[str, Field(pattern=r"^([a-z]{2,3})?$")] = ""
    saved_reply: str = ""


def load_sample_answers(path: Path, *, saved_replies: frozenset[str]) -> list[tuple[int, SampleAnswer]]:
    """Load answers with the numbers of their lines: one in each line, in a .jsonl file as JSON objects.

    Raises `PromptFileError`, which names the mistakes; `saved_replies` are the names that there are.
    """
    try:
        # Not `splitlines`: a text may contain other line separators, such as U+2028.
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise PromptFileError(path, [why_unreadable(error)]) from None
    problems: list[str] = []
    answers = list(_answers(lines, problems, is_json=path.suffix.lower() == ".jsonl"))
    problems += [
        f"line {number}: saved_reply: there is no saved reply {answer.saved_reply!r}"
        for number, answer in answers
        if answer.saved_reply and answer.saved_reply not in saved_replies
    ]
    if not answers and not problems:
        problems.append("there is no answer in it")
    if problems:
        raise PromptFileError(path, problems[:_MAX_PROBLEMS])
    return answers


def _answers(lines: list[str], problems: list[str], *, is_json: bool) -> Iterator[tuple[int, SampleAnswer]]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield number, SampleAnswer.model_validate(json.loads(line) if is_json else {"text": line.strip()})
        except ValidationError as error:
            problems.extend(f"line {number}: {problem}" for problem in validation_problems(error))
        except json.JSONDecodeError as error:
            problems.append(f"line {number}: is not JSON ({error.msg}, column {error.colno})")
        except (ValueError, RecursionError) as error:
            problems.append(f"line {number}: {error}")
