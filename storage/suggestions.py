"""Store the suggestions."""

from collections.abc import Collection
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, insert, or_, select

from domain.cases.case import CaseState
from domain.triage.drafts import NoSuggestion, Source, Suggestion
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
    select(cases.c.id)
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
_TEXTS_OF = select(suggestions.c.text).where(
    suggestions.c.source == bindparam("its_source"), suggestions.c.name == bindparam("its_name")
)
_DROP = delete(suggestions).where(
    suggestions.c.case_id.in_(bindparam("case_ids", expanding=True)),
    suggestions.c.source != Source.MODEL.value,
)
_FIELDS = [field.name for field in fields(Suggestion) if field.name != "id"]


class Suggestions:
    """The suggested replies of all cases.

    A row without a name stores that none was chosen for its message.
    """

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, chosen: Suggestion | NoSuggestion) -> None:
        """Insert a suggestion, or that none was chosen."""
        self._connection.execute(_ADD, _row_of(chosen))

    def latest(self, case_id: int) -> Suggestion | NoSuggestion | None:
        """Return what was chosen last in the case; `None` where nothing was chosen yet."""
        row = self._connection.execute(_LATEST, {"case_id": case_id}).mappings().one_or_none()
        if row is None:
            return None
        if not row["name"]:
            return NoSuggestion(case_id=case_id, message_id=row["message_id"], created_at=row["created_at"])
        return Suggestion(**dict(row) | {"source": Source(row["source"]), "missing": tuple(row["missing"])})

    def cases_with(self, name: str) -> list[int]:
        """Return the ids of the active cases to which the saved reply was suggested."""
        return list(self._connection.scalars(_CASES_WITH, {"its_name": name}))

    def texts_of(self, source: Source, name: str) -> list[str]:
        """Return the texts that are suggested from what this source calls so."""
        return list(self._connection.scalars(_TEXTS_OF, {"its_source": source.value, "its_name": name}))

    def drop(self, case_ids: Collection[int]) -> None:
        """Delete what was chosen for these cases, except a model's drafts, so that it is chosen anew."""
        if case_ids:
            self._connection.execute(_DROP, {"case_ids": list(case_ids)})

    def delete_from(self, case_id: int, message_id: int) -> None:
        """Delete the suggestions for this message, and later ones by the model, whose prompt contained it."""
        self._connection.execute(_DELETE_FROM, {"case_id": case_id, "message_id": message_id})


def _row_of(chosen: Suggestion | NoSuggestion) -> dict[str, Any]:
    if isinstance(chosen, NoSuggestion):
        empty = dict.fromkeys(("text", "language", "name", "version", "title"), "")
        given = {"case_id": chosen.case_id, "message_id": chosen.message_id, "created_at": chosen.created_at}
        return {"source": Source.SAVED_REPLY.value, "missing": ()} | empty | given
    row = {name: getattr(chosen, name) for name in _FIELDS}
    row["source"] = chosen.source.value
    return row
