"""Read how customers were treated, a transaction for each page, so that no other work waits for it."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from domain.cases.case import Case
from domain.office_hours import OfficeHours
from domain.reports.filters import Filters
from domain.reports.periods import Period
from domain.reports.survival import Waited
from domain.reports.treatment import WROTE_AGAIN_WITHIN, TreatedCase, part_of_week
from storage.treated_cases import Place, TreatedRow
from storage.unit_of_work import UnitOfWork

PAGE = 2_000
#: Of more, the newest are compared.
MAX_CASES = 30_000


class Page(NamedTuple):
    """Cases, and the place after which to read on; `None` after all."""

    cases: list[TreatedCase]
    last: Place | None


def treated_cases(
    uow: UnitOfWork, *, period: Period, filters: Filters, before: Place | None, now: datetime
) -> Page:
    """Return the next cases whose customers asked in the period, the newest first."""
    rows, last = uow.treated_cases.page(period, filters, before=before, limit=PAGE)
    hours = uow.service_levels.hours
    cases = [_treated(row, hours, now) for row in rows]
    return Page(cases, last)


def example_cases(uow: UnitOfWork, *, case_ids: Sequence[int]) -> dict[int, Case]:
    """Return these cases by id."""
    return {case_id: uow.cases.get(case_id) for case_id in case_ids}


def _treated(row: TreatedRow, hours: OfficeHours, now: datetime) -> TreatedCase:
    seconds, office_seconds = row.seconds, row.office_seconds
    if seconds is None or office_seconds is None:
        seconds = round((now - row.asked_at).total_seconds()) if seconds is None else seconds
        office_seconds = round(hours.seconds_between(row.asked_at, now))
    is_late = seconds > WROTE_AGAIN_WITHIN.total_seconds()
    before = hours.seconds_between(row.asked_at, row.asked_at + WROTE_AGAIN_WITHIN) if is_late else 0.0
    return TreatedCase(
        case_id=row.case_id,
        situation=row.situation,
        urgency=row.urgency,
        came_in=part_of_week(row.asked_at.astimezone(hours.zone)),
        language=row.language,
        followers=row.followers,
        sentiment=row.sentiment,
        wrote_again=row.wrote_again,
        wait=Waited(max(seconds, 0), row.answered),
        office_wait=Waited(max(office_seconds, 0), row.answered),
        office_before=before,
        moved=row.moved,
        resolved=row.resolved,
        asked_again=row.asked_again if row.answered and not row.by_offer else None,
    )
