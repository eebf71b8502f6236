"""Re-rank the open cases after a change of the ranking rules."""

from storage.unit_of_work import UnitOfWork

#: Cases re-ranked in one transaction.
RERANK_BATCH = 500


def rerank_cases(uow: UnitOfWork) -> int:
    """Re-rank active cases whose stored rank is of older rules.

    Returns `RERANK_BATCH` where there may be more.
    """
    return uow.cases.rerank(limit=RERANK_BATCH)
