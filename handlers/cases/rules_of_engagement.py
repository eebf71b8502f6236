"""Check a text that is to be sent to a customer against the rules of engagement."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.cases.case import Case
from domain.replies.checks.reply import Reply
from domain.replies.right_venue import may_be_public
from domain.replies.rules_of_engagement import RulesOfEngagement, RuleViolation, unconfirmed
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
    broken = broken_rules(
        case,
        replace(
            reply,
            text=text,
            is_duplicate=is_duplicate,
            links=[link for link in reply.links if link != required_link],
        ),
        rules,
    )
    shown = unconfirmed(broken, confirmed)
    return CheckResult(shown, () if shown else sorted(violation.rule for violation in broken))


def broken_rules(case: Case, reply: Reply, rules: RulesOfEngagement) -> Sequence[RuleViolation]:
    """Check a reply in a case by what it says; whether it is a duplicate, it has to say itself."""
    assessment = case.assessment
    return rules.check(
        replace(
            reply,
            language=assessment.language,
            situation=assessment.situation,
            may_be_public=may_be_public(case),
        )
    )
