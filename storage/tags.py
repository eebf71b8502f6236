"""Store the tags of cases and of customers."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, exists, func, literal, or_, select, union, union_all

from domain.cases.case import Case
from domain.cases.tags import CustomerTag, TaggedCustomer, Tags, bare_handle
from domain.triage.situations import Situation
from storage.case_rows import case_from
from storage.dialects import upserts
from storage.tables import cases
from storage.tag_tables import case_tags, customer_tags
from storage.types import AnyRow

MAX_SIMILAR = 200  # newest tagged cases that are compared with a case

_t, _u, _c = case_tags.c, customer_tags.c, cases.c
_of_customer = (
    _u.network == bindparam("its_network"),
    _u.account_id == bindparam("its_account"),
    _u.author_id == bindparam("its_author"),
)
_OF_CASE = union_all(
    select(_t.name, literal(None).label("reason"), _t.added_by, _t.added_at).where(
        _t.case_id == bindparam("its_case")
    ),
    select(_u.name, _u.reason, _u.added_by, _u.added_at).where(*_of_customer),
).order_by("name")
_OF_AUTHORS = (
    select(customer_tags)
    .where(
        _u.network == bindparam("its_network"),
        _u.account_id == bindparam("its_account"),
        _u.author_id.in_(bindparam("author_ids", expanding=True)),
    )
    .order_by(_u.name)
)
_ADD = {name: insert.on_conflict_do_nothing() for name, insert in upserts(case_tags).items()}
_REMOVE = delete(case_tags).where(
    _t.case_id == bindparam("its_case"), _t.name.in_(bindparam("names", expanding=True))
)
_SAVE_OF_CUSTOMER = {
    name: insert.on_conflict_do_update(
        index_elements=[_u.network, _u.account_id, _u.author_id, _u.name],
        set_={field: insert.excluded[field] for field in ("reason", "added_by", "added_at")},
    )
    for name, insert in upserts(customer_tags).items()
}
_REMOVE_OF_CUSTOMER = delete(customer_tags).where(
    *_of_customer, _u.name.in_(bindparam("names", expanding=True))
)
_handle = (
    select(_c.author_handle)
    .where(_c.network == _u.network, _c.account_id == _u.account_id, _c.author_id == _u.author_id)
    .order_by(_c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_CUSTOMERS = (
    select(customer_tags, _handle.label("handle"))
    .where(_u.name.in_(bindparam("names", expanding=True)))
    .order_by(_u.name, _u.added_at.desc())
    .limit(bindparam("most"))
)
_NEWEST_BY_HANDLE = (
    select(func.max(_c.id))
    .where(func.lower(_c.author_handle) == bindparam("handle"))
    .group_by(_c.network, _c.account_id, _c.author_id)
    .order_by(func.max(_c.id).desc())
)
_CASES = select(cases).where(_c.id.in_(bindparam("case_ids", expanding=True))).order_by(_c.id.desc())
_IS_USED = select(
    or_(exists().where(_t.name == bindparam("its_name")), exists().where(_u.name == bindparam("its_name")))
)
_NAMES = union(select(_t.name), select(_u.name)).order_by("name").limit(bindparam("most"))
_similar = (
    select(_t.case_id)
    .join(cases, _c.id == _t.case_id)
    .where(_c.situation == bindparam("its_situation"), _c.id != bindparam("its_case"))
    .distinct()
    .order_by(_t.case_id.desc())
    .limit(MAX_SIMILAR)
    .subquery()
)
_COUNT_SIMILAR = select(func.count()).select_from(_similar)
_TAGS_OF_SIMILAR = (
    select(_t.name, func.count()).where(_t.case_id.in_(select(_similar.c.case_id))).group_by(_t.name)
)


class TagStore:
    """The tags of cases and of customers."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_case(self, case: Case) -> Tags:
        """Return the tags of a case and of its customer."""
        rows = self._connection.execute(_OF_CASE, {"its_case": case.id, **_customer(case)}).all()
        return Tags(
            case=tuple(row.name for row in rows if row.reason is None),
            customer=tuple(_customer_tag(row) for row in rows if row.reason is not None),
        )

    def of_authors(
        self, network: str, account_id: str, author_ids: Collection[str]
    ) -> dict[str, list[CustomerTag]]:
        """Return the tags of these customers, by author id."""
        values = {"its_network": network, "its_account": account_id, "author_ids": list(author_ids)}
        found: dict[str, list[CustomerTag]] = {}
        for row in self._connection.execute(_OF_AUTHORS, values):
            found.setdefault(row.author_id, []).append(_customer_tag(row))
        return found

    def add(self, case_id: int, names: Iterable[str], *, by: str, now: datetime) -> None:
        """Give the case these tags; those that it has already stay as they are."""
        rows = [{"case_id": case_id, "name": name, "added_by": by, "added_at": now} for name in names]
        if rows:
            self._connection.execute(_ADD[self._connection.dialect.name], rows)

    def remove(self, case_id: int, names: Iterable[str]) -> None:
        """Take these tags from the case."""
        self._connection.execute(_REMOVE, {"its_case": case_id, "names": list(names)})

    def save_of_customer(self, network: str, account_id: str, author_id: str, tag: CustomerTag) -> None:
        """Give the customer the tag, or replace its reason."""
        row = {
            "network": network,
            "account_id": account_id,
            "author_id": author_id,
            "name": tag.name,
            "reason": tag.reason,
            "added_by": tag.added_by,
            "added_at": tag.added_at,
        }
        self._connection.execute(_SAVE_OF_CUSTOMER[self._connection.dialect.name], row)

    def remove_of_customer(self, network: str, account_id: str, author_id: str, names: Iterable[str]) -> None:
        """Take these tags from the customer."""
        values = {"its_network": network, "its_account": account_id, "its_author": author_id}
        self._connection.execute(_REMOVE_OF_CUSTOMER, values | {"names": list(names)})

    def customers(self, names: Iterable[str], *, limit: int) -> list[TaggedCustomer]:
        """Return who has one of these tags, newest first for each."""
        rows = self._connection.execute(_CUSTOMERS, {"names": list(names), "most": limit})
        return [
            TaggedCustomer(network=row.network, handle=row.handle or "", tag=_customer_tag(row))
            for row in rows
        ]

    def is_used(self, name: str) -> bool:
        """Return whether any case or customer has a tag."""
        return bool(self._connection.scalar(_IS_USED, {"its_name": name}))

    def names(self, *, limit: int) -> list[str]:
        """Return the tags that cases and customers have, in the order of the alphabet."""
        return list(self._connection.scalars(_NAMES, {"most": limit}))

    def newest_cases(self, handle: str) -> list[Case]:
        """Return the newest case of each author who had this handle (case-insensitive) in it."""
        ids = self._connection.scalars(_NEWEST_BY_HANDLE, {"handle": bare_handle(handle)}).all()
        return [case_from(row) for row in self._connection.execute(_CASES, {"case_ids": ids})]

    def of_similar(self, situation: Situation, *, besides: int) -> tuple[int, dict[str, int]]:
        """Count the newest tagged cases of the situation, `besides` left out, and those with each tag."""
        values = {"its_situation": situation.value, "its_case": besides}
        similar = int(self._connection.scalar(_COUNT_SIMILAR, values) or 0)
        counts = {row.name: int(row[1]) for row in self._connection.execute(_TAGS_OF_SIMILAR, values)}
        return similar, counts


def _customer(case: Case) -> dict[str, str]:
    return {"its_network": case.network, "its_account": case.account_id, "its_author": case.author.id}


def _customer_tag(row: AnyRow) -> CustomerTag:
    return CustomerTag(name=row.name, reason=row.reason, added_by=row.added_by, added_at=row.added_at)
