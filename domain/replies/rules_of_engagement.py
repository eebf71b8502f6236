"""Check a reply against the rules of engagement. Which rules are in force is read from a file."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from domain.errors import Refused
from domain.replies.checks import CHECKS, FOUND
from domain.replies.checks.reply import PromiseKind, Reply
from domain.triage.language import Detector
from domain.triage.situations import Situation
from domain.venues import Venue


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleViolation:
    """A broken rule of engagement. A hard one blocks sending; a soft one asks for confirmation.

    `words` of the reply are what breaks it, where the check can name them.
    """

    rule: str
    reason: str
    hard: bool
    words: tuple[str, ...] = ()


class RulesBroken(Refused):
    """A reply breaks rules of engagement, and there is no form to ask in."""

    def __init__(self, violations: Sequence[RuleViolation]) -> None:
        super().__init__(violations)
        self.violations = violations

    @property
    def is_final(self) -> bool:
        """Whether one of the rules is hard, so that the text cannot be sent as it is."""
        return any(violation.hard for violation in self.violations)


class Where(StrEnum):
    """Where a rule is in force."""

    PUBLIC = "public"
    PRIVATE = "private"
    EVERYWHERE = "everywhere"

    def includes(self, venue: Venue) -> bool:
        """Return whether replies in the venue are checked."""
        return self is Where.EVERYWHERE or (self is Where.PRIVATE) is venue.is_private


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: its check in `CHECKS`, the reason shown to the agent, whether it blocks, where it holds."""

    name: str
    reason: str
    hard: bool
    where: Where = Where.PUBLIC


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """What to mind in a situation; the fields are in the words of who wrote the file, and empty where unset.

    `ask_for` is what the customer must be asked for, always in private; `approver` is who must agree before
    the answer goes out; `do_not_answer` says why such posts are left alone. `venues` are where such cases may
    be answered: of `Where`, `EVERYWHERE` is never in it.
    """

    tone: str = ""
    ask_for: str = ""
    never_promise: frozenset[PromiseKind] = frozenset()
    approver: str = ""
    do_not_answer: str = ""
    venues: frozenset[Where] = frozenset({Where.PUBLIC, Where.PRIVATE})

    @property
    def is_private(self) -> bool:
        """Whether such cases are answered in private alone."""
        return Where.PUBLIC not in self.venues


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesOfEngagement:
    """The rules in force, and their version, which the audit trail keeps with each reply that passed.

    `known_hosts` and `known_phone_numbers` (digits) may be given to anybody. `help_urls` are the address of
    the help, if there is one.
    """

    version: str
    rules: Sequence[Rule]
    situations: Mapping[Situation, Guidance] = field(default_factory=dict)
    known_hosts: frozenset[str] = frozenset()
    known_phone_numbers: frozenset[str] = frozenset()
    help_urls: frozenset[str] = frozenset()
    detector: Detector | None = None

    def check(self, reply: Reply) -> list[RuleViolation]:
        """Return the violations of a reply, hard rules first."""
        known = self._known(reply)
        violations = [
            RuleViolation(
                rule=rule.name,
                reason=rule.reason,
                hard=rule.hard,
                words=tuple(FOUND[rule.name](known)) if rule.name in FOUND else (),
            )
            for rule in self.rules
            if _is_broken(rule, known)
        ]
        return sorted(violations, key=lambda violation: not violation.hard)

    def refuses(self, reply: Reply) -> bool:
        """Return whether a reply breaks a hard rule: in a third of the time of `check`."""
        known = self._known(reply)
        return any(rule.hard and _is_broken(rule, known) for rule in self.rules)

    def _known(self, reply: Reply) -> Reply:
        """Return the reply with what the rules compare it with."""
        guidance = self.situations.get(reply.situation) if reply.situation is not None else None
        return replace(
            reply,
            article_urls=reply.article_urls | self.help_urls,
            known_hosts=self.known_hosts,
            known_phone_numbers=self.known_phone_numbers,
            never_promise=guidance.never_promise if guidance is not None else frozenset(),
            belongs_in_private=guidance is not None and guidance.is_private and not reply.may_be_public,
            detector=self.detector,
        )


def _is_broken(rule: Rule, known: Reply) -> bool:
    return rule.where.includes(known.venue) and CHECKS[rule.name](known)


def unconfirmed(violations: Sequence[RuleViolation], confirmed: Collection[str]) -> list[RuleViolation]:
    """Return the violations to show; none where all of them are soft and in `confirmed`."""
    may_be_sent = all(not violation.hard and violation.rule in confirmed for violation in violations)
    return [] if may_be_sent else list(violations)
