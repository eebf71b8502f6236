"""Store the texts that a model wrote about cases and messages."""

from typing import Any

from sqlalchemy import Connection, bindparam, delete, or_, select

from domain.assistance.assistant import Provenance
from domain.assistance.machine_texts import MachineText, TextKind
from storage.dialects import upserts
from storage.model_tables import machine_texts
from storage.types import AnyRow

_c = machine_texts.c
_REPLACED = ("source", "content", "model", "prompt", "prompt_version", "requested_by", "created_at")
_SAVE = {
    (dialect, of_message): insert.on_conflict_do_update(
        index_elements=["message_id" if of_message else "case_id", "kind", "language"],
        index_where=_c.message_id.is_not(None) if of_message else _c.message_id.is_(None),
        set_={name: insert.excluded[name] for name in _REPLACED},
    )
    for dialect, insert in upserts(machine_texts).items()
    for of_message in (True, False)
}
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
        statement = _SAVE[self._connection.dialect.name, text.message_id is not None]
        self._connection.execute(statement, _row_of(text))

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
