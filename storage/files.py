"""Store the files of messages."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, null, select, update

from domain.cases.files import File
from domain.cases.messages import Direction
from storage.bulk_insert import BulkInsert
from storage.tables import files, messages
from storage.types import AnyRow

_f = files.c
_INSERT = BulkInsert(files)
_GET = select(files).where(_f.id == bindparam("file_id"))
_SAVE = update(files).where(_f.id == bindparam("file_id"))
_OF_MESSAGES = (
    select(*(column for column in _f if column.name != "content"), null().label("content"))
    .where(_f.message_id.in_(bindparam("message_ids", expanding=True)))
    .order_by(_f.id)
)
_RECEIVED = select(func.count(), func.coalesce(func.sum(_f.size), 0)).where(
    _f.case_id == bindparam("case_id"),
    _f.created_at >= bindparam("since"),
    _f.message_id.in_(
        select(messages.c.id).where(
            messages.c.case_id == bindparam("case_id"),
            messages.c.handoff_id == bindparam("handoff_id"),
            messages.c.direction == Direction.IN.value,
        )
    ),
)


class Files:
    """The files of all messages."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_many(self, files: Sequence[File]) -> list[File]:
        """Insert files (their `id` is ignored) and return them, in order, with ids."""
        if not files:
            return []
        ids = _INSERT.add(self._connection, [_row_of(file) for file in files])
        return [replace(file, id=file_id) for file, file_id in zip(files, ids, strict=True)]

    def get(self, file_id: int) -> File:
        """Return the file with its content; raises `LookupError`."""
        row = self._connection.execute(_GET, {"file_id": file_id}).one_or_none()
        if row is None:
            raise LookupError(f"there is no file {file_id}")
        return _file_from(row)

    def save(self, file: File) -> None:
        """Update a file; raises `LookupError` where it is not stored."""
        if self._connection.execute(_SAVE, _row_of(file) | {"file_id": file.id}).rowcount != 1:
            raise LookupError(f"there is no file {file.id}")

    def of_messages(self, message_ids: Iterable[int]) -> dict[int, list[File]]:
        """Return the files of these messages, by message id, without their contents."""
        found: dict[int, list[File]] = {}
        for row in self._connection.execute(_OF_MESSAGES, {"message_ids": list(message_ids)}):
            found.setdefault(row.message_id, []).append(_file_from(row))
        return found

    def count_received(self, case_id: int, *, handoff_id: int, since: datetime) -> tuple[int, int]:
        """Return number and bytes of the customer's files in this hand-off since `since` (quota)."""
        values = {"case_id": case_id, "handoff_id": handoff_id, "since": since}
        count, size = self._connection.execute(_RECEIVED, values).one()
        return int(count), int(size)


def _row_of(file: File) -> dict[str, Any]:
    return {
        "case_id": file.case_id,
        "message_id": file.message_id,
        "name": file.name,
        "media_type": file.media_type,
        "size": file.size,
        "created_at": file.created_at,
        "content": file.content,
        "source": file.source,
        "shared_at": file.shared_at,
    }


def _file_from(row: AnyRow) -> File:
    return File(
        id=row.id,
        case_id=row.case_id,
        message_id=row.message_id,
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        created_at=row.created_at,
        content=row.content,
        source=row.source,
        shared_at=row.shared_at,
    )
