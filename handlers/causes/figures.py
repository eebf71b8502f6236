"""Gather the figures of all causes."""

from datetime import datetime

from domain.causes.cause import Cause, CauseState
from domain.causes.figures import CauseFigures, fixes, spans_around
from domain.reports.filters import Filters
from domain.reports.periods import Period
from storage.unit_of_work import UnitOfWork

_ORDER = {CauseState.OPEN: 0, CauseState.IN_PROGRESS: 0, CauseState.FIXED: 1, CauseState.NOT_OURS: 2}


def list_causes(uow: UnitOfWork, *, period: Period, filters: Filters, now: datetime) -> list[CauseFigures]:
    """Count each cause in a period, in the one before, and around its fix.

    Those that are open come first, then those that are fixed, each with the most cases first.
    """
    causes = uow.causes.all()
    around = []
    for cause in causes:
        before, after = spans_around(cause, now)
        counts = uow.causes.counts(cause.id, [*before, *after], filters)
        around.append((counts[: len(before)], counts[len(before) :]))
    spans = [*((day.since, day.until) for day in period.days), (period.before.since, period.before.until)]
    by_cause, waiting = uow.causes.counts_of_all(spans, filters), uow.causes.waiting_counts()
    found = []
    for cause, fix in zip(causes, fixes(causes, around, now), strict=True):
        *days, before_count = by_cause[cause.id]
        found.append(
            CauseFigures(
                cause=cause,
                days=days,
                before=before_count,
                waiting=waiting.get(cause.id, 0),
                fix=fix,
            )
        )
    return sorted(found, key=lambda one: (_ORDER[one.cause.state], -one.count, -one.cause.id))


def get_cause(uow: UnitOfWork, *, cause_id: int) -> Cause:
    """Return a cause. Raises `CauseNotFound`."""
    return uow.causes.get(cause_id)
