"""Search the cases by words and tags."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, or_, select, tuple_

from domain.cases.case import Case
from domain.cases.search import folded
from storage.case_rows import case_from
from storage.tables import cases, messages
from storage.tag_tables import case_tags, customer_tags

_c, _t, _u = cases.c, case_tags.c, customer_tags.c


class CaseSearch:
    """Finds cases."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(
        self,
        words: Sequence[str],
        *,
        limit: int,
        tags: Sequence[str] = (),
        among: Collection[int] | None = None,
    ) -> list[Case]:
        """Return cases with every word in a message, or in the author's name or handle, newest first.

        Each has every one of the `tags`, of its own or of its customer, and is `among` these ids where they
        are given. Case-insensitive.
        """
        query = select(cases).order_by(_c.id.desc()).limit(limit)
        if among is not None:
            query = query.where(_c.id.in_(list(among)))
        for word in words:
            part = folded(word)
            matching_cases = select(messages.c.case_id).where(
                messages.c.search_text.contains(part, autoescape=True)
            )
            query = query.where(
                or_(_c.search_text.contains(part, autoescape=True), _c.id.in_(matching_cases))
            )
        for tag in tags:
            customers = select(_u.network, _u.account_id, _u.author_id).where(_u.name == tag)
            query = query.where(
                or_(
                    _c.id.in_(select(_t.case_id).where(_t.name == tag)),
                    tuple_(_c.network, _c.account_id, _c.author_id).in_(customers),
                )
            )
        return [case_from(row) for row in self._connection.execute(query)]
