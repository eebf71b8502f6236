"""Store the vectors of customers' messages, one each."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, bindparam, delete, select

from domain.triage.encoder import Vector, packed, unpacked
from storage.dialects import upserts
from storage.knowledge_tables import message_vectors

_v = message_vectors.c
_PUT = {
    name: insert.on_conflict_do_update(
        index_elements=["message_id"],
        set_={name: insert.excluded[name] for name in ("encoder", "vector")},
    )
    for name, insert in upserts(message_vectors).items()
}
_OF_MESSAGES = select(_v.message_id, _v.vector).where(
    _v.message_id.in_(bindparam("message_ids", expanding=True)), _v.encoder == bindparam("encoder")
)
_DELETE = delete(message_vectors).where(_v.message_id == bindparam("its_message"))


class MessageVectors:
    """The vectors of customers' messages."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put_many(self, vectors: Mapping[int, Vector], *, encoder: str) -> None:
        """Insert the vectors, by message id, or replace the messages' earlier ones.

        `encoder` is the name of the encoder that made them.
        """
        if vectors:
            rows = [
                {"message_id": message_id, "encoder": encoder, "vector": packed(vector)}
                for message_id, vector in vectors.items()
            ]
            self._connection.execute(_PUT[self._connection.dialect.name], rows)

    def of_messages(self, message_ids: Iterable[int], *, encoder: str) -> dict[int, Vector]:
        """Return the vectors of these messages that this encoder made, by message id."""
        values = {"message_ids": list(message_ids), "encoder": encoder}
        rows = self._connection.execute(_OF_MESSAGES, values)
        return {row.message_id: unpacked(row.vector) for row in rows}

    def delete(self, message_id: int) -> None:
        """Delete the message's vector."""
        self._connection.execute(_DELETE, {"its_message": message_id})
