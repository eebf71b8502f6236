"""Read the first public posts of cases, from which topics are found. A page at a time, by an index."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, or_, select

from domain.causes.topics import TopicPost
from domain.reports.filters import Filters
from storage.figure_conditions import chosen, is_mention, within
from storage.tables import cases, messages
from storage.types import AnyRow

_k, _m = cases.c, messages.c
_first = select(func.min(_m.id)).where(_m.case_id == _k.id, is_mention).correlate(cases).scalar_subquery()


class Before(NamedTuple):
    """Where to read on: before the case that was opened then and has this id."""

    opened_at: datetime
    case_id: int


class TopicPosts:
    """The first public post of each case."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def page(
        self,
        since: datetime,
        until: datetime,
        filters: Filters,
        *,
        before: Before | None,
        limit: int,
    ) -> tuple[Sequence[TopicPost], Before | None]:
        """Return the posts of up to `limit` cases that were opened from `since` on and before `until`.

        The newest first, and where to read on; `None` after the last.
        """
        query = (
            select(
                _k.id,
                _k.opened_at,
                _k.situation,
                _k.language,
                _k.outage_id,
                _m.id.label("message_id"),
                _m.network,
                _m.author_id,
                _m.text,
                _m.url,
            )
            .join_from(cases, messages, _m.id == _first)
            .where(within(_k.opened_at, since, until), *chosen(filters))
            .order_by(_k.opened_at.desc(), _k.id.desc())
            .limit(limit)
        )
        if before is not None:
            is_older = or_(_k.opened_at < before.opened_at, _k.id < before.case_id)
            query = query.where(_k.opened_at <= before.opened_at, is_older)
        rows = self._connection.execute(query).all()
        last = Before(rows[-1].opened_at, rows[-1].id) if len(rows) == limit else None
        return [_post_from(row) for row in rows], last


def _post_from(row: AnyRow) -> TopicPost:
    return TopicPost(
        case_id=row.id,
        message_id=row.message_id,
        author=f"{row.network}:{row.author_id}",
        text=row.text,
        language=row.language,
        situation=row.situation,
        at=row.opened_at,
        outage_id=row.outage_id,
        url=row.url,
    )
