"""Store the suggestions."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, insert, or_, select

from domain.cases.case import CaseState
from domain.triage.drafts import Source, Suggestion
from storage.bulk_insert import insert_rows
from storage.tables import cases, suggestions

_ADD = insert(suggestions)
_LATEST = (
    select(suggestions)
    .where(suggestions.c.case_id == bindparam("case_id"))
    .order_by(suggestions.c.id.desc())
    .limit(1)
)
_DELETE_FROM = delete(suggestions).where(
    suggestions.c.case_id == bindparam("case_id"),
    or_(
        suggestions.c.message_id == bindparam("message_id"),
        and_(suggestions.c.source == Source.MODEL.value, suggestions.c.message_id > bindparam("message_id")),
    ),
)
_CASES_WITH = (
    select(cases.c.id, cases.c.sort_key)
    .where(
        cases.c.state.in_([state.value for state in CaseState if state.is_active]),
        cases.c.id.in_(
            select(suggestions.c.case_id).where(
                suggestions.c.name == bindparam("its_name"),
                suggestions.c.source == Source.SAVED_REPLY.value,
            )
        ),
    )
    .order_by(cases.c.id)
)
_FIELDS = [field.name for field in fields(Suggestion) if field.name != "id"]


class Suggestions:
    """The suggested replies of all cases."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_many(self, suggestions: Sequence[Suggestion]) -> None:
        """Insert suggestions."""
        if suggestions:
            insert_rows(self._connection, _ADD, [_row_of(suggestion) for suggestion in suggestions])

    def latest(self, case_id: int) -> Suggestion | None:
        """Return the case's newest suggestion."""
        row = self._connection.execute(_LATEST, {"case_id": case_id}).mappings().one_or_none()
        if row is None:
            return None
        return Suggestion(**dict(row) | {"source": Source(row["source"]), "missing": tuple(row["missing"])})

    def cases_with(self, name: str) -> list[tuple[int, float]]:
        """Return the id and the sort key of each active case to which the saved reply was suggested."""
        return [(row.id, row.sort_key) for row in self._connection.execute(_CASES_WITH, {"its_name": name})]

    def delete_from(self, case_id: int, message_id: int) -> None:
        """Delete the suggestions for this message, and later ones by the model, whose prompt contained it."""
        self._connection.execute(_DELETE_FROM, {"case_id": case_id, "message_id": message_id})


def _row_of(suggestion: Suggestion) -> dict[str, Any]:
    row = {name: getattr(suggestion, name) for name in _FIELDS}
    row["source"] = suggestion.source.value
    return row
