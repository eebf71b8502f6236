"""Store which agents have a form open on which case."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select

from domain.cases.open_forms import OpenForm
from storage.dialects import upserts
from storage.tables import open_forms

_f = open_forms.c
_this = (_f.case_id == bindparam("its_case"), _f.user_id == bindparam("its_user"))
_SAVE = {
    name: insert.on_conflict_do_update(
        index_elements=[_f.case_id, _f.user_id],
        set_={"active_at": insert.excluded.active_at, "home": insert.excluded.home},
    )
    for name, insert in upserts(open_forms).items()
}
_REMOVE = delete(open_forms).where(*_this)
_OF_CASE = (
    select(open_forms)
    .where(_f.case_id == bindparam("case_id"), _f.active_at > bindparam("since"))
    .order_by(_f.user_id)
)
_REMOVE_INACTIVE = delete(open_forms).where(_f.active_at <= bindparam("before")).returning(_f.case_id)


class OpenForms:
    """The forms that agents have open, one per agent and case."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, form: OpenForm) -> None:
        """Insert the agent's open form, or update the one that is stored."""
        row = {
            "case_id": form.case_id,
            "user_id": form.user_id,
            "active_at": form.active_at,
            "home": form.home,
        }
        self._connection.execute(_SAVE[self._connection.dialect.name], row)

    def remove(self, case_id: int, user_id: str) -> None:
        """Delete the agent's open form, if one is stored."""
        self._connection.execute(_REMOVE, {"its_case": case_id, "its_user": user_id})

    def of_case(self, case_id: int, *, since: datetime) -> list[OpenForm]:
        """Return the case's forms that were active after `since`, by user."""
        values = {"case_id": case_id, "since": since}
        return [
            OpenForm(case_id=row.case_id, user_id=row.user_id, active_at=row.active_at, home=row.home)
            for row in self._connection.execute(_OF_CASE, values)
        ]

    def remove_inactive(self, *, before: datetime) -> set[int]:
        """Delete the forms that were not active after `before`; return the ids of their cases."""
        return set(self._connection.scalars(_REMOVE_INACTIVE, {"before": before}))
