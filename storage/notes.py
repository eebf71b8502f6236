"""Store the internal notes of cases."""

from sqlalchemy import Connection, bindparam, insert, select

from domain.cases.notes import Note
from storage.note_tables import case_notes

_n = case_notes.c
_INSERT = insert(case_notes)
_OF_CASE = select(case_notes).where(_n.case_id == bindparam("its_case")).order_by(_n.id)


class Notes:
    """The notes that colleagues write about cases."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, note: Note) -> None:
        """Store a note; its `id` is ignored."""
        row = {"case_id": note.case_id, "author": note.author, "text": note.text, "at": note.at}
        self._connection.execute(_INSERT, row)

    def of_case(self, case_id: int) -> list[Note]:
        """Return the case's notes, oldest first."""
        rows = self._connection.execute(_OF_CASE, {"its_case": case_id})
        return [
            Note(id=row.id, case_id=row.case_id, author=row.author, text=row.text, at=row.at) for row in rows
        ]
