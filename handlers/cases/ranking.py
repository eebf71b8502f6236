"""Re-rank the open cases after a change of the ranking rules, and drop due times that are none any more."""

from datetime import datetime

from handlers.cases.cards import redraw_cards
from storage.unit_of_work import UnitOfWork

#: Cases re-ranked in one transaction.
RERANK_BATCH = 500


def rerank_cases(uow: UnitOfWork) -> int:
    """Re-rank active cases whose stored rank is of older rules.

    Returns `RERANK_BATCH` where there may be more.
    """
    return uow.cases.rerank(limit=RERANK_BATCH)


def drop_due_times_of_spam(uow: UnitOfWork, *, now: datetime) -> int:
    """Drop the due times that earlier versions gave to spam; return of how many cases."""
    case_ids = uow.responses.drop_targets_of_spam()
    redraw_cards(uow, case_ids, now=now)
    return len(case_ids)
