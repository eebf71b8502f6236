"""Try the rules of engagement on answers in a file."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from adapters.prompts.sample_answers import SampleAnswer, load_sample_answers
from domain.networks import NetworkProfile
from domain.replies.checks.reply import Reply
from domain.replies.rules_of_engagement import RulesOfEngagement, RuleViolation
from domain.triage.saved_replies import SavedReply, TemplateError, fill
from domain.triage.situations import ENGLISH

_SHOWN = 70  # characters of an answer
_OUTCOMES = ("sent", "asked", "blocked")


def try_rules(
    file: Path,
    *,
    rules: RulesOfEngagement,
    replies: Sequence[SavedReply],
    profile: NetworkProfile,
    help_url: str,
) -> tuple[list[str], bool]:
    """Check each answer as if it were sent; return the lines to print, and whether all would be sent.

    Public answers are counted as the network of `profile` does. Raises `UnusableFile`.
    """
    by_name = {reply.name: reply for reply in replies}
    answers = load_sample_answers(file, saved_replies=frozenset(by_name))
    checked = [
        (number, answer, rules.check(_reply(answer, by_name, profile, help_url)))
        for number, answer in answers
    ]
    lines = [line for number, answer, found in checked for line in _lines(number, answer, found)]
    outcomes = [_outcome(found) for _, _, found in checked]
    counts = ", ".join(f"{outcomes.count(outcome)} {outcome}" for outcome in _OUTCOMES)
    lines.append(f"{len(answers)} answers, rules version {rules.version}: {counts}.")
    return lines, set(outcomes) == {"sent"}


def _reply(
    answer: SampleAnswer, replies: Mapping[str, SavedReply], profile: NetworkProfile, help_url: str
) -> Reply:
    saved = replies.get(answer.saved_reply)
    length = profile.count(answer.text)
    is_private = answer.venue.is_private
    return Reply(
        text=answer.text,
        length=len(answer.text) if is_private else length.length,
        limit=profile.direct_message_length if is_private else length.limit,
        venue=answer.venue,
        links=profile.links(answer.text),
        language=answer.language,
        situation=answer.situation,
        saved_texts=_filled(saved, answer.language or ENGLISH, help_url) if saved is not None else (),
        is_picked=saved is not None,
    )


def _filled(saved: SavedReply, language: str, help_url: str) -> Sequence[str]:
    """Fill a saved reply for nobody in particular; nothing where it needs what is not known."""
    try:
        return list(fill(saved, language, first_name="", brand="us", help_url=help_url))
    except TemplateError:
        return ()


def _outcome(found: Sequence[RuleViolation]) -> str:
    if not found:
        return "sent"
    return "blocked" if any(violation.hard for violation in found) else "asked"


def _lines(number: int, answer: SampleAnswer, found: Sequence[RuleViolation]) -> Iterator[str]:
    text = " ".join(answer.text.split())
    shown = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
    yield f"line {number}: {_outcome(found)}: {shown}"
    yield from (
        f"    {violation.rule} ({'blocks' if violation.hard else 'asks'}): {violation.reason}"
        for violation in found
    )
