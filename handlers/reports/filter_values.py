"""Check that what the filters of a report name exists, and tell which filter leaves a report empty."""

from collections.abc import Collection

from domain.reports.filters import FilterKey, Filters, UnknownValue
from domain.reports.periods import Period
from domain.reports.summaries import NothingChosen
from storage.unit_of_work import UnitOfWork

_PROPOSED = 5
_MAX_TAGS = 12


def require_known_values(uow: UnitOfWork, *, filters: Filters, proposed_tags: Collection[str]) -> None:
    """Raise `UnknownValue`, with some that exist, where the filters name an outage or a tag that does not.

    A tag that the settings propose exists also where nothing has it yet.
    """
    for number in filters.values.get(FilterKey.OUTAGE, ()):
        try:
            uow.outages.get(int(number))
        except LookupError:
            known = [str(outage.id) for outage in uow.outages.recent(_PROPOSED)]
            raise UnknownValue(FilterKey.OUTAGE, number, known) from None
    for tag in filters.values.get(FilterKey.TAG, ()):
        if tag not in proposed_tags and not uow.tags.is_used(tag):
            raise UnknownValue(FilterKey.TAG, tag, uow.tags.names(limit=_MAX_TAGS))


def why_nothing(uow: UnitOfWork, *, period: Period, filters: Filters) -> NothingChosen:
    """Count the cases that were opened in the period, and those that each filter alone chooses."""
    return NothingChosen(
        cases=uow.figures.cases(period, Filters()),
        by_filter={key: uow.figures.cases(period, filters.only(key)) for key in filters.values},
    )
