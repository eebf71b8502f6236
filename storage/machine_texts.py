"""Store the texts that a model wrote about cases and messages."""

from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, or_, select

from domain.assistance.assistant import Provenance
from domain.assistance.machine_texts import MachineText, TextKind
from storage.model_tables import machine_texts
from storage.types import AnyRow

_c = machine_texts.c
_ADD = insert(machine_texts)
_SAME = (
    _c.case_id == bindparam("of_case"),
    _c.kind == bindparam("of_kind"),
    _c.language == bindparam("in_language"),
)
_DELETE_OF_CASE = delete(machine_texts).where(*_SAME, _c.message_id.is_(None))
_DELETE_OF_MESSAGE = delete(machine_texts).where(*_SAME, _c.message_id == bindparam("of_message"))
_OF_CASE = select(machine_texts).where(_c.case_id == bindparam("case_id")).order_by(_c.id)
_ERASE = delete(machine_texts).where(
    _c.case_id == bindparam("case_id"),
    or_(_c.message_id == bindparam("message_id"), _c.message_id.is_(None)),
)


class MachineTexts:
    """The texts by a model that are kept: one of a kind and language for a message, or for a whole case."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, text: MachineText) -> None:
        """Store a text in place of the one of the same kind and language."""
        values = {"of_case": text.case_id, "of_kind": text.kind.value, "in_language": text.language}
        if text.message_id is None:
            self._connection.execute(_DELETE_OF_CASE, values)
        else:
            self._connection.execute(_DELETE_OF_MESSAGE, {**values, "of_message": text.message_id})
        self._connection.execute(_ADD, _row_of(text))

    def of_case(self, case_id: int) -> list[MachineText]:
        """Return the texts about the case and about its messages, oldest first."""
        return [_text_from(row) for row in self._connection.execute(_OF_CASE, {"case_id": case_id})]

    def erase(self, case_id: int, message_id: int) -> None:
        """Delete the texts about this message, and those about the whole case, which may quote it."""
        self._connection.execute(_ERASE, {"case_id": case_id, "message_id": message_id})


def _row_of(text: MachineText) -> dict[str, Any]:
    return {
        "case_id": text.case_id,
        "message_id": text.message_id,
        "kind": text.kind.value,
        "language": text.language,
        "source": text.source,
        "content": dict(text.content),
        "model": text.provenance.model,
        "prompt": text.provenance.prompt,
        "prompt_version": text.provenance.prompt_version,
        "requested_by": text.requested_by,
        "created_at": text.created_at,
    }


def _text_from(row: AnyRow) -> MachineText:
    return MachineText(
        case_id=row.case_id,
        message_id=row.message_id,
        kind=TextKind(row.kind),
        language=row.language,
        source=row.source,
        content=row.content,
        provenance=Provenance(model=row.model, prompt=row.prompt, prompt_version=row.prompt_version),
        requested_by=row.requested_by,
        created_at=row.created_at,
    )
