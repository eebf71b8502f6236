"""Load the rules of engagement from their TOML file."""

import tomllib
from collections import Counter
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from domain.errors import UnusableFile
from domain.replies.rules_of_engagement import CHECKS, Rule, RulesOfEngagement

#: No network accepts these: without a hard rule the agent would learn it only from the failed reply.
_MUST_BE_HARD = {
    "empty": "an answer without a word",
    "too_long": "an answer that is too long for its network",
}


class RulesError(UnusableFile):
    """The rules cannot be used; the text names every mistake with its place."""

    def __init__(self, path: Path, problems: list[str]) -> None:
        listed = "\n".join(f"  {problem}" for problem in problems)
        super().__init__(f"The rules in {path} cannot be used:\n{listed}\nCorrect the file and start again.")
        self.problems = tuple(problems)


def _known_check(check: str) -> str:
    if check not in CHECKS:
        raise ValueError(f"there is no check {check!r}; there are {', '.join(sorted(CHECKS))}")
    return check


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Rule(_Strict):
    check: Annotated[str, AfterValidator(_known_check)]
    hard: bool
    reason: Annotated[str, Field(min_length=1, max_length=300)]


class _File(_Strict):
    version: Annotated[str, Field(min_length=1, max_length=40)]
    rules: Annotated[list[_Rule], Field(min_length=1)]


def load_rules_of_engagement(path: Path) -> RulesOfEngagement:
    """Load and validate the rules. Raises RulesError."""
    try:
        file = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        places = [
            (".".join(map(str, one["loc"])), one["msg"].removeprefix("Value error, "))
            for one in error.errors()
        ]
        raise RulesError(path, [f"{place}: {message}" for place, message in places]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise RulesError(path, [str(error)]) from None
    if problems := _problems(file.rules):
        raise RulesError(path, problems)
    rules = tuple(Rule(name=rule.check, reason=rule.reason, hard=rule.hard) for rule in file.rules)
    return RulesOfEngagement(version=file.version, rules=rules)


def _problems(rules: list[_Rule]) -> list[str]:
    """Return the mistakes across rules: a duplicate check, or a missing one that must be hard."""
    counts = Counter(rule.check for rule in rules)
    duplicates = [
        f"rules: the check {check!r} is there {count} times; keep one of them"
        for check, count in counts.items()
        if count > 1
    ]
    hard = {rule.check for rule in rules if rule.hard}
    missing = [
        f"rules: the check {check!r} must be there with hard = true, or {refused} could be sent"
        for check, refused in _MUST_BE_HARD.items()
        if check not in hard
    ]
    return duplicates + missing
