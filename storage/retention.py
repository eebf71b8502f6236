"""Find content that is older than it may be kept, in windows of ids, and erase old audit entries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    or_,
    select,
    update,
)

from domain.cases.case import CLOSED
from domain.cases.messages import Delivery
from domain.records.audit import SYSTEM
from domain.records.erasure import ERASED
from domain.records.retention import ERASED_ACTOR
from domain.venues import Venue
from storage.aged_rows import prune_aged
from storage.audit_tables import audit_links, legal_holds
from storage.tables import audit, cases, files, messages
from storage.types import AnySelect

#: Rows that are looked at in one transaction.
WINDOW = 500

_m, _c, _f, _a = messages.c, cases.c, files.c, audit.c
_CLOSED = [state.value for state in CLOSED]
#: An answer whose sending is paused, or put off, is sent as it was written.
_is_settled = or_(_m.delivery.is_(None), _m.delivery.in_([one.value for one in Delivery if one.is_settled]))
_before = bindparam("before", type_=_m.created_at.type)


def _in_window(column: ColumnElement[int]) -> ColumnElement[bool]:
    return and_(column > bindparam("after"), column <= bindparam("until"))


def _expires(case_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Return whether the content of a case may be erased: it is closed, and under no legal hold."""
    is_closed = exists().where(_c.id == case_id, _c.state.in_(_CLOSED))
    return and_(is_closed, ~exists().where(legal_holds.c.case_id == case_id))


_MESSAGES = (
    select(_m.id, _m.case_id)
    .where(_in_window(_m.id), _m.venue == bindparam("venue"), _m.created_at < _before)
    .where(_m.deleted_at.is_(None), _is_settled, _expires(_m.case_id))
    .order_by(_m.id)
)
_FILES = (
    select(_f.message_id, _f.case_id)
    .where(_in_window(_f.id), _f.created_at < _before, _f.name != "", _expires(_f.case_id))
    .order_by(_f.id)
)
_WITH_CARDS = (
    select(_c.id).where(_c.id.in_(bindparam("ids", expanding=True)), _c.card_ts.is_not(None)).order_by(_c.id)
)
_WITH_FILES = select(_f.case_id).where(_f.case_id.in_(bindparam("ids", expanding=True)), _f.name != "")
_others = cases.alias("others")
_of_same_author = and_(
    _others.c.network == _c.network,
    _others.c.account_id == _c.account_id,
    _others.c.author_id == _c.author_id,
)
_keeps_words = or_(
    _others.c.state.not_in(_CLOSED),
    exists().where(legal_holds.c.case_id == _others.c.id),
    exists().where(_m.case_id == _others.c.id, _m.deleted_at.is_(None)),
)
_PEOPLE = (
    select(_c.id, _c.network, _c.account_id, _c.author_id)
    .where(_in_window(_c.id), _c.state.in_(_CLOSED), ~_c.author_id.startswith(ERASED))
    .where(~exists().where(_of_same_author, _keeps_words))
    .order_by(_c.id)
)
_CASES_OF = select(_c.id).where(
    _c.network == bindparam("network"),
    _c.account_id == bindparam("account"),
    _c.author_id == bindparam("author"),
)
_ENTRIES = (
    select(_a.id)
    .where(_in_window(_a.id), _a.at < _before)
    .where(or_(_a.actor.not_in([SYSTEM, ERASED_ACTOR]), cast(_a.detail, Text) != "{}"))
    .where(or_(_a.case_id.is_(None), ~exists().where(legal_holds.c.case_id == _a.case_id)))
)
_ids: BindParameter[int] = bindparam("ids", expanding=True)
_ERASE_SALTS = update(audit_links).where(audit_links.c.audit_id.in_(_ids)).values(salt=None)
_ERASE_ENTRIES = (
    update(audit)
    .where(_a.id.in_(_ids))
    .values(
        actor=case((_a.actor == SYSTEM, SYSTEM), else_=ERASED_ACTOR),
        detail={},
        erased_at=bindparam("now", type_=_a.erased_at.type),
    )
)
_NEWEST: Mapping[str, AnySelect] = {
    table.name: select(func.max(table.c.id)) for table in (messages, files, cases, audit)
}


@dataclass(frozen=True, slots=True)
class Window:
    """The ids above `after`, up to `until`."""

    after: int
    until: int

    def bounds(self) -> dict[str, Any]:
        """Return the parameters of a query."""
        return {"after": self.after, "until": self.until}


class ExpiredContent:
    """What is older than it may be kept. Cases that are open or under legal hold have none."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def newest_id(self, table: str) -> int:
        """Return the newest id of a table."""
        return int(self._connection.scalar(_NEWEST[table]) or 0)

    def messages(self, window: Window, before: Mapping[Venue, datetime]) -> list[tuple[int, int]]:
        """Return the expired messages of a window, each with its case."""
        return [
            (row.id, row.case_id)
            for venue, moment in before.items()
            for row in self._connection.execute(
                _MESSAGES, window.bounds() | {"venue": venue.value, "before": moment}
            )
        ]

    def files(self, window: Window, before: datetime) -> list[tuple[int, int]]:
        """Return the messages of the expired files of a window, each with its case."""
        rows = self._connection.execute(_FILES, window.bounds() | {"before": before})
        return [(row.message_id, row.case_id) for row in rows]

    def with_files(self, case_ids: Sequence[int]) -> frozenset[int]:
        """Return those of these cases that still have a file."""
        return frozenset(self._connection.scalars(_WITH_FILES, {"ids": list(case_ids)}))

    def with_cards(self, case_ids: Sequence[int]) -> list[int]:
        """Return those of these cases that have a card, in order."""
        return list(self._connection.scalars(_WITH_CARDS, {"ids": list(case_ids)}))

    def people(self, window: Window) -> list[list[int]]:
        """Return all cases of each author whose cases have no words left, where one is in the window."""
        authors = {
            (row.network, row.account_id, row.author_id)
            for row in self._connection.execute(_PEOPLE, window.bounds())
        }
        return [
            list(
                self._connection.scalars(
                    _CASES_OF, {"network": network, "account": account, "author": author}
                )
            )
            for network, account, author in sorted(authors)
        ]

    def prune_aged(self, *, before: datetime, limit: int) -> Sequence[int]:
        """Delete up to `limit` rows of each table that nobody needs once they are old; return how many."""
        return prune_aged(self._connection, before=before, limit=limit)

    def erase_entries(self, window: Window, *, before: datetime, now: datetime) -> int:
        """Erase who acted, and details, of the expired audit entries of a window; return how many."""
        found = list(self._connection.scalars(_ENTRIES, window.bounds() | {"before": before}))
        if found:
            self._connection.execute(_ERASE_SALTS, {"ids": found})
            self._connection.execute(_ERASE_ENTRIES, {"ids": found, "now": now})
        return len(found)
