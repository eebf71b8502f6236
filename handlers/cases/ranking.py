"""Re-rank the open cases after a change of the ranking rules."""

from storage.unit_of_work import UnitOfWork

#: Cases in one transaction.
RANKED_AT_ONCE = 500


def rerank_cases(uow: UnitOfWork) -> int:
    """Re-rank active cases that other ranking rules ranked; returns `RANKED_AT_ONCE` where there may be more."""
    return uow.cases.rerank(limit=RANKED_AT_ONCE)
