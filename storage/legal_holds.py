"""Store which cases are under legal hold."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, delete, select

from domain.records.legal_hold import LegalHold
from storage.audit_tables import legal_holds
from storage.dialects import upserts

_c = legal_holds.c
_OF_CASES = (
    select(legal_holds).where(_c.case_id.in_(bindparam("case_ids", expanding=True))).order_by(_c.case_id)
)
_PUT = {
    name: statement.on_conflict_do_update(
        index_elements=[_c.case_id],
        set_={
            "reason": statement.excluded.reason,
            "placed_by": statement.excluded.placed_by,
            "placed_at": statement.excluded.placed_at,
        },
    )
    for name, statement in upserts(legal_holds).items()
}
_DELETE = delete(legal_holds).where(_c.case_id == bindparam("its_case"))


class LegalHolds:
    """The legal holds in force."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_cases(self, case_ids: Iterable[int]) -> list[LegalHold]:
        """Return the holds on these cases."""
        rows = self._connection.execute(_OF_CASES, {"case_ids": list(case_ids)})
        return [LegalHold(**row) for row in rows.mappings()]

    def put(self, hold: LegalHold) -> None:
        """Place a hold, or change the one in force."""
        row = {
            "case_id": hold.case_id,
            "reason": hold.reason,
            "placed_by": hold.placed_by,
            "placed_at": hold.placed_at,
        }
        self._connection.execute(_PUT[self._connection.dialect.name], row)

    def remove(self, case_id: int) -> bool:
        """Lift the hold; return whether there was one."""
        return self._connection.execute(_DELETE, {"its_case": case_id}).rowcount == 1
