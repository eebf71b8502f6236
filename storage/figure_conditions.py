"""Define the conditions by which reports choose rows: of a period, and of the cases that filters choose."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    and_,
    case,
    column,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
    true,
    values,
)

from domain.cases.messages import Direction
from domain.records.audit import SYSTEM
from domain.reports.filters import FilterKey, Filters
from domain.reports.periods import Day, Period
from domain.venues import Venue
from storage.sql_functions import ByDatabase
from storage.tables import cases, handoffs, messages
from storage.tag_tables import case_tags, customer_tags
from storage.types import UtcDateTime

#: From the first moment on, and before the second.
Span = tuple[datetime, datetime]
_k, _m = cases.c, messages.c
#: A literal, as in the condition of the index: where it is a parameter, SQLite looks it up in each row.
is_inbound = _m.direction == literal_column(f"'{Direction.IN.value}'")
#: Whether a row of `messages` is a customer's public post.
is_mention = and_(is_inbound, _m.venue == literal_column(f"'{Venue.PUBLIC.value}'"))
#: Whether a hand-off was offered: customers also write in private by themselves.
is_offered = handoffs.c.offered_by != SYSTEM
#: Who holds the case or, once it was closed by another, did hold it last.
HOLDER = func.coalesce(_k.claimed_by, _k.closed_by)
_COLUMNS: Mapping[FilterKey, ColumnElement[Any]] = {
    FilterKey.CHANNEL: _k.channel,
    FilterKey.NETWORK: _k.network,
    FilterKey.SITUATION: _k.situation,
    FilterKey.LANGUAGE: _k.language,
    FilterKey.AGENT: HOLDER,
    FilterKey.OUTAGE: _k.outage_id,
}


def chosen(filters: Filters) -> list[ColumnElement[bool]]:
    """Return the conditions on `cases` that choose what the filters say."""
    return [_has_any(key, values) for key, values in filters.values.items()]


def _has_any(key: FilterKey, values: Sequence[str]) -> ColumnElement[bool]:
    match key:
        case FilterKey.TAG:
            return _is_tagged(values)
        case FilterKey.OUTAGE:
            return _COLUMNS[key].in_([int(value) for value in values])
        case _:
            return _COLUMNS[key].in_(values)


def _is_tagged(names: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that the case, or its customer, has one of the tags."""
    of_case = exists().where(case_tags.c.case_id == _k.id, case_tags.c.name.in_(names))
    same = [customer_tags.c[name] == _k[name] for name in ("network", "account_id", "author_id")]
    of_customer = exists().where(*same, customer_tags.c.name.in_(names))
    return or_(of_case.correlate(cases), of_customer.correlate(cases))


def of_chosen(
    case_id: ColumnElement[Any], filters: Filters, span: Span | None = None
) -> list[ColumnElement[bool]]:
    """Return the conditions on rows with this case id, whose case the filters choose.

    A subquery for each row: of a join, PostgreSQL makes a scan of all cases. `span` is the time of many rows:
    most of their cases were opened in it, so that PostgreSQL reads these once, as one range of an index, into
    hash tables, and looks up the others alone. SQLite has no hash tables, and looks up each.
    """
    if not filters.values:
        return []
    looked_up = select(true()).where(_k.id == case_id, *chosen(filters)).scalar_subquery()
    if span is None:
        return [looked_up]
    is_opened = (_k.id == case_id, within(_k.opened_at, *span))
    from_hash_tables = case(
        (exists().where(*is_opened, *chosen(filters)), true()),
        (exists().where(*is_opened), false()),
        else_=looked_up,
    )
    return [ByDatabase(sqlite=looked_up, postgresql=from_hash_tables)]


def span_of(parts: Sequence[Day]) -> Span:
    """Return the time of parts of a period that follow each other."""
    return parts[0].since, parts[-1].until


def within(
    moment: ColumnElement[Any], since: datetime | ColumnElement[Any], until: datetime | ColumnElement[Any]
) -> ColumnElement[bool]:
    """Return the condition that a moment is not before one and before another."""
    return and_(moment >= since, moment < until)


def during(moment: ColumnElement[Any], period: Period) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a moment is in a period."""
    return moment >= period.since, moment < period.until


def count_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """Count the rows that meet a condition."""
    return func.count(case((condition, 1)))


def listed_parts(parts: Sequence[Day]) -> CTE:
    """List the parts of a period as rows with `number`, `since` and `until`."""
    columns = column("number", Integer), column("since", UtcDateTime), column("until", UtcDateTime)
    rows = [(number, part.since, part.until) for number, part in enumerate(parts)]
    return values(*columns, name="listed").data(rows).cte("listed")
