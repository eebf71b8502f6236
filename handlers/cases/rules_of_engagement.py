"""Check a text that is to be sent to a customer against the rules of engagement."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.cases.case import Case
from domain.cases.case_assessment import is_language_certain
from domain.replies.checks.reply import Reply
from domain.replies.right_venue import may_be_public
from domain.replies.rules_of_engagement import RulesOfEngagement, RuleViolation, unconfirmed
from handlers.cases.views import load_statements
from storage.unit_of_work import UnitOfWork

#: The window of the duplicate check: the same text may not be posted twice within it.
DUPLICATE_WINDOW = timedelta(days=1)


def used_texts(uow: UnitOfWork, account_id: str, now: datetime) -> frozenset[str]:
    """Return what our account has posted, or is about to, within the window of the duplicate check."""
    return uow.messages.our_texts_since(account_id, now - DUPLICATE_WINDOW)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What to show before the text is sent; where that is nothing, the rules that the agent overrode."""

    violations: Sequence[RuleViolation]
    overridden: Sequence[str]


def check_reply(
    uow: UnitOfWork,
    case: Case,
    reply: Reply,
    *,
    rules: RulesOfEngagement,
    confirmed: frozenset[str],
    now: datetime,
    required_link: str = "",
) -> CheckResult:
    """Check a reply in a case. There is no violation to show where all are soft and in `confirmed`.

    `required_link` is the invitation link that the form requires in the text: it is removed before the rules
    are checked.
    """
    is_duplicate = not reply.venue.is_private and uow.messages.our_text_since(
        case.account_id, reply.text, now - DUPLICATE_WINDOW
    )
    text = reply.text.replace(required_link, "") if required_link else reply.text
    checkable = replace(
        reply,
        text=text,
        is_duplicate=is_duplicate,
        links=[link for link in reply.links if link != required_link],
    )
    broken = broken_rules(case, checkable, rules)
    # Of a few words the language is a guess. What was said is loaded only where that may matter.
    if broken and not is_language_certain(load_statements(uow, case)):
        broken = broken_rules(case, checkable, rules, is_language_known=False)
    shown = unconfirmed(broken, confirmed)
    return CheckResult(shown, () if shown else sorted(violation.rule for violation in broken))


def broken_rules(
    case: Case, reply: Reply, rules: RulesOfEngagement, *, is_language_known: bool = True
) -> Sequence[RuleViolation]:
    """Check a reply in a case by what it says; whether it is a duplicate, it has to say itself."""
    return rules.check(_in_case(case, reply, is_language_known=is_language_known))


def is_refused(case: Case, reply: Reply, rules: RulesOfEngagement) -> bool:
    """Return whether a reply in a case breaks a hard rule."""
    return rules.refuses(_in_case(case, reply))


def _in_case(case: Case, reply: Reply, *, is_language_known: bool = True) -> Reply:
    assessment = case.assessment
    return replace(
        reply,
        language=assessment.language if is_language_known else "",
        situation=assessment.situation,
        may_be_public=may_be_public(case),
    )
