"""Store the chain of hashes over the audit trail."""

from collections.abc import Sequence

from sqlalchemy import Connection, and_, bindparam, exists, func, insert, select, update

from domain.records.audit import Entry
from domain.records.chain import ChainHead, ChainLink
from storage.audit import entry_from
from storage.audit_tables import audit_head, audit_links
from storage.bulk_insert import insert_rows
from storage.dialects import upserts
from storage.tables import audit

_a, _l = audit.c, audit_links.c
_HEAD = select(audit_head.c.position, audit_head.c.chain_hash)
_SET_HEAD = {
    name: statement.values(id=1).on_conflict_do_update(
        index_elements=[audit_head.c.id],
        set_={"position": statement.excluded.position, "chain_hash": statement.excluded.chain_hash},
    )
    for name, statement in upserts(audit_head).items()
}
# Locked, so that no content is erased between here and the commit.
_UNCHAINED = (
    select(audit).where(_a.position.is_(None)).order_by(_a.id).limit(bindparam("most")).with_for_update()
)
_COUNT = select(func.count()).select_from(audit)
_UNLINKED = (
    select(audit)
    .where(_a.position.is_not(None), ~exists().where(_l.position == _a.position, _l.audit_id == _a.id))
    .order_by(_a.id)
    .limit(1)
)
_COUNT_UNCHAINED = select(func.count()).select_from(audit).where(_a.position.is_(None))
_ADD = insert(audit_links)
_PLACE = update(audit).where(_a.id == bindparam("its_id")).values(position=bindparam("its_position"))
# The entry must know its link, too: otherwise it is chained again.
_LINKS = (
    select(audit, *(column.label(f"link_{column.name}") for column in audit_links.columns))
    .select_from(audit_links.outerjoin(audit, and_(_l.audit_id == _a.id, _l.position == _a.position)))
    .where(_l.position > bindparam("after"))
    .order_by(_l.position)
    .limit(bindparam("most"))
)


class AuditChain:
    """The links of the chain, and its head."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def head(self) -> ChainHead:
        """Return the newest link; that before the first where none is stored."""
        row = self._connection.execute(_HEAD).one_or_none()
        return ChainHead(row.position, row.chain_hash) if row is not None else ChainHead()

    def unchained(self, limit: int) -> list[Entry]:
        """Return entries that have no link yet, by id, and lock them."""
        return [entry_from(row) for row in self._connection.execute(_UNCHAINED, {"most": limit})]

    def count(self) -> int:
        """Count the entries, whether they have a link or not."""
        return int(self._connection.scalar(_COUNT) or 0)

    def unlinked(self) -> list[tuple[int, Entry]]:
        """Return the first entry that says that it has a position, and has no link; with that position."""
        return [(row.position, entry_from(row)) for row in self._connection.execute(_UNLINKED)]

    def count_unchained(self) -> int:
        """Count the entries that have no link yet."""
        return int(self._connection.scalar(_COUNT_UNCHAINED) or 0)

    def add(self, links: Sequence[ChainLink]) -> None:
        """Store links, which follow the head; the last is the head from now on.

        Raises a conflict (`StaleCase`) where another copy of the bot was quicker.
        """
        rows = [
            {
                "position": link.position,
                "audit_id": link.audit_id,
                "salt": link.salt,
                "content_hash": link.content_hash,
                "chain_hash": link.chain_hash,
            }
            for link in links
        ]
        insert_rows(self._connection, _ADD, rows)
        places = [{"its_id": link.audit_id, "its_position": link.position} for link in links]
        self._connection.execute(_PLACE, places)
        head = {"position": links[-1].position, "chain_hash": links[-1].chain_hash}
        self._connection.execute(_SET_HEAD[self._connection.dialect.name], head)

    def links(self, *, after: int, limit: int) -> list[tuple[ChainLink, Entry | None]]:
        """Return the links after a position, in order, each with its entry; `None` where that is gone."""
        rows = self._connection.execute(_LINKS, {"after": after, "most": limit})
        return [
            (
                ChainLink(
                    row.link_position,
                    row.link_audit_id,
                    row.link_salt,
                    row.link_content_hash,
                    row.link_chain_hash,
                ),
                entry_from(row) if row.id is not None else None,
            )
            for row in rows
        ]
