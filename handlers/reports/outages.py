"""Check that the outages exist that a report is asked for."""

from domain.reports.filters import FilterKey, Filters, UnknownValue
from storage.unit_of_work import UnitOfWork

_PROPOSED = 5


def require_outages(uow: UnitOfWork, *, filters: Filters) -> None:
    """Raise `UnknownValue`, with the newest outages, where the filters name one that does not exist."""
    for number in filters.values.get(FilterKey.OUTAGE, ()):
        try:
            uow.outages.get(int(number))
        except LookupError:
            known = [str(outage.id) for outage in uow.outages.recent(_PROPOSED)]
            raise UnknownValue(FilterKey.OUTAGE, number, known) from None
