"""Load the rules of engagement from their TOML file."""

from collections import Counter
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from adapters.prompts.toml_file import PromptFileError, StrictModel, load_toml
from domain.replies.rules_of_engagement import CHECKS, Rule, RulesOfEngagement

#: No network accepts these: without a hard rule the agent would learn it only from the failed reply.
_MUST_BE_HARD = {
    "empty": "an answer without a word",
    "too_long": "an answer that is too long for its network",
}


def _known_check(check: str) -> str:
    if check not in CHECKS:
        raise ValueError(f"there is no check {check!r}; there are {', '.join(sorted(CHECKS))}")
    return check


class _Rule(StrictModel):
    check: Annotated[str, AfterValidator(_known_check)]
    hard: Annotated[bool, Field(strict=True)]
    reason: Annotated[str, Field(min_length=1, max_length=300)]


class _File(StrictModel):
    version: Annotated[str, Field(min_length=1, max_length=40)]
    rules: Annotated[list[_Rule], Field(min_length=1)]


def load_rules_of_engagement(path: Path) -> RulesOfEngagement:
    """Load and validate the rules. Raises PromptFileError."""
    file = load_toml(path, _File)
    if problems := _problems(file.rules):
        raise PromptFileError(path, problems)
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
