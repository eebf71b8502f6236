"""Check a text of ours against the rules of engagement before it is posted in public."""

from datetime import datetime, timedelta

from domain.cases.case import Case
from domain.networks import TextCount
from domain.replies.rules_of_engagement import Reply, RulesOfEngagement, RuleViolation
from storage.unit_of_work import UnitOfWork

#: How long ago the very same text may not have been posted.
REPEATS_WITHIN = timedelta(days=1)


def public_violations(
    uow: UnitOfWork,
    case: Case,
    text: str,
    *,
    length: TextCount,
    rules: RulesOfEngagement,
    confirmed: frozenset[str],
    now: datetime,
    own_link: str = "",
) -> list[RuleViolation]:
    """The rules that the text breaks, if any of them still stands in the way: a hard one, or a soft one that is not in `confirmed`.

    `own_link` is one that we ask for ourselves, and no rule is about it.
    """
    said_before = uow.messages.our_text_since(case.account_id, text, now - REPEATS_WITHIN)
    judged = text.replace(own_link, "") if own_link else text
    broken = rules.check(
        Reply(text=judged, length=length.length, limit=length.limit, said_before=said_before)
    )
    return broken if any(one.hard or one.rule not in confirmed for one in broken) else []
