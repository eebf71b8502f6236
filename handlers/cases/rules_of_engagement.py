"""Check a text that is to be posted in public against the rules of engagement."""

from datetime import datetime, timedelta

from domain.cases.case import Case
from domain.networks import TextCount
from domain.replies.rules_of_engagement import Reply, RulesOfEngagement, RuleViolation, unconfirmed
from storage.unit_of_work import UnitOfWork

#: The window of the duplicate check: the same text may not be posted twice within it.
DUPLICATE_WINDOW = timedelta(days=1)


def used_texts(uow: UnitOfWork, account_id: str, now: datetime) -> frozenset[str]:
    """Return what our account has posted, or is about to, within the window of the duplicate check."""
    return uow.messages.our_texts_since(account_id, now - DUPLICATE_WINDOW)


def check_public_text(
    uow: UnitOfWork,
    case: Case,
    text: str,
    *,
    length: TextCount,
    rules: RulesOfEngagement,
    confirmed: frozenset[str],
    now: datetime,
    required_link: str = "",
) -> list[RuleViolation]:
    """Return the violations of the text; none where all of them are soft and in `confirmed`.

    `required_link` is the invitation link that the form requires in the text: it is removed before the rules
    are checked.
    """
    is_duplicate = uow.messages.our_text_since(case.account_id, text, now - DUPLICATE_WINDOW)
    checked = text.replace(required_link, "") if required_link else text
    violations = rules.check(
        Reply(text=checked, length=length.length, limit=length.limit, is_duplicate=is_duplicate)
    )
    return unconfirmed(violations, confirmed)
