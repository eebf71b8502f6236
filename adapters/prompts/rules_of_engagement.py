"""Load the rules of engagement from their TOML file."""

from collections import Counter
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from adapters.prompts.toml_file import PromptFileError, StrictModel, load_toml
from domain.replies.checks import CHECKS
from domain.replies.checks.links import host_of
from domain.replies.checks.reply import PromiseKind
from domain.replies.rules_of_engagement import Guidance, Rule, RulesOfEngagement, Where
from domain.triage.language import Detector
from domain.triage.situations import Situation

#: No network accepts these: without a hard rule the agent would learn it only from the failed reply.
_MUST_BE_HARD = {
    "empty": "an answer without a word",
    "too_long": "an answer that is too long for its network",
}


def _known_check(check: str) -> str:
    if check not in CHECKS:
        raise ValueError(f"there is no check {check!r}; there are {', '.join(sorted(CHECKS))}")
    return check


def _host(text: str) -> str:
    host = host_of(text)
    if host != text or "." not in host:
        raise ValueError(f"{text!r} is not a host; write it as 'acme.example'")
    return host


def _digits(text: str) -> str:
    digits = "".join(filter(str.isdecimal, text))
    if not digits:
        raise ValueError(f"{text!r} is not a telephone number")
    return digits


_Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]


class _Rule(StrictModel):
    check: Annotated[str, AfterValidator(_known_check)]
    hard: Annotated[bool, Field(strict=True)]
    where: Where = Where.PUBLIC
    reason: Annotated[str, Field(min_length=1, max_length=300)]


class _Known(StrictModel):
    hosts: tuple[Annotated[str, AfterValidator(_host)], ...] = ()
    phone_numbers: tuple[Annotated[str, AfterValidator(_digits)], ...] = ()


class _Guidance(StrictModel):
    tone: _Words = ""
    ask_for: _Words = ""
    never_promise: frozenset[PromiseKind] = frozenset()
    approver: _Words = ""
    do_not_answer: _Words = ""
    venues: Annotated[frozenset[Literal[Where.PUBLIC, Where.PRIVATE]], Field(min_length=1)] = frozenset(
        {Where.PUBLIC, Where.PRIVATE}
    )


class _File(StrictModel):
    version: Annotated[str, Field(min_length=1, max_length=40)]
    known: _Known = _Known()
    situations: Annotated[dict[Situation, _Guidance], Field(default_factory=dict)]
    rules: Annotated[list[_Rule], Field(min_length=1)]


def load_rules_of_engagement(
    path: Path, *, help_url: str = "", detector: Detector | None = None
) -> RulesOfEngagement:
    """Load and validate the rules. Raises PromptFileError.

    The host of `help_url` is a known one, and a link to it is not asked about. Without a `detector`, no reply
    is in the wrong language.
    """
    file = load_toml(path, _File)
    if problems := _problems(file.rules):
        raise PromptFileError(path, problems)
    rules = tuple(
        Rule(name=rule.check, reason=rule.reason, hard=rule.hard, where=rule.where) for rule in file.rules
    )
    return RulesOfEngagement(
        version=file.version,
        rules=rules,
        situations={name: Guidance(**table.model_dump()) for name, table in file.situations.items()},
        known_hosts=frozenset(file.known.hosts) | {host for host in [host_of(help_url)] if host},
        known_phone_numbers=frozenset(file.known.phone_numbers),
        help_urls=frozenset({help_url} - {""}),
        detector=detector,
    )


def _problems(rules: list[_Rule]) -> list[str]:
    """Return the mistakes across rules: a duplicate check, or a missing one that must be hard in public."""
    counts = Counter(rule.check for rule in rules)
    duplicates = [
        f"rules: the check {check!r} is there {count} times; keep one of them"
        for check, count in counts.items()
        if count > 1
    ]
    hard = {rule.check for rule in rules if rule.hard and rule.where is not Where.PRIVATE}
    missing = [
        f"rules: the check {check!r} must be there with hard = true, or {refused} could be sent"
        for check, refused in _MUST_BE_HARD.items()
        if check not in hard
    ]
    return duplicates + missing
