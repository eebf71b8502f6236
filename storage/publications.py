"""Store what became of notices at their destinations: one row for each notice, destination and language."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from domain.outages.notices import Publication, PublicationState
from storage.outage_tables import publications
from storage.types import AnyRow

_p = publications.c
_ADD = insert(publications).returning(_p.id)
_GET = select(publications).where(_p.id == bindparam("publication_id"))
_OF_OUTAGE = select(publications).where(_p.outage_id == bindparam("outage_id")).order_by(_p.id)
_OF_DESTINATION = (
    select(publications)
    .where(_p.destination == bindparam("its_destination"))
    .order_by(_p.id.desc())
    .limit(bindparam("most"))
)
_SAVE = update(publications).where(_p.id == bindparam("publication_id"))


class Publications:
    """The receipts of notices."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_many(self, added: Sequence[Publication]) -> list[int]:
        """Insert publications (their `id` is ignored); return their ids, in order."""
        return [int(self._connection.scalar(_ADD, _row_of(publication)) or 0) for publication in added]

    def get(self, publication_id: int) -> Publication:
        """Return the publication; raises `LookupError`."""
        row = self._connection.execute(_GET, {"publication_id": publication_id}).one_or_none()
        if row is None:
            raise LookupError(f"there is no publication {publication_id}")
        return _publication_from(row)

    def of_outage(self, outage_id: int) -> list[Publication]:
        """Return the outage's publications, oldest first."""
        rows = self._connection.execute(_OF_OUTAGE, {"outage_id": outage_id})
        return [_publication_from(row) for row in rows]

    def at(self, destination: str, limit: int) -> list[Publication]:
        """Return the newest publications at a destination, newest first."""
        rows = self._connection.execute(_OF_DESTINATION, {"its_destination": destination, "most": limit})
        return [_publication_from(row) for row in rows]

    def save(self, publication: Publication) -> None:
        """Update a publication. Whoever calls it holds the lock of its outbox row or of its outage."""
        self._connection.execute(_SAVE, _row_of(publication) | {"publication_id": publication.id})


def _row_of(publication: Publication) -> dict[str, Any]:
    return {
        "notice_id": publication.notice_id,
        "outage_id": publication.outage_id,
        "destination": publication.destination,
        "language": publication.language,
        "state": publication.state.value,
        "external_id": publication.external_id,
        "url": publication.url,
        "data": dict(publication.data),
        "error": publication.error,
        "attempt": publication.attempt,
        "sent_at": publication.sent_at,
        "audience": publication.audience,
        "audience_unit": publication.audience_unit,
    }


def _publication_from(row: AnyRow) -> Publication:
    return Publication(
        id=row.id,
        notice_id=row.notice_id,
        outage_id=row.outage_id,
        destination=row.destination,
        language=row.language,
        state=PublicationState(row.state),
        external_id=row.external_id,
        url=row.url,
        data=row.data,
        error=row.error,
        attempt=row.attempt,
        sent_at=row.sent_at,
        audience=row.audience,
        audience_unit=row.audience_unit,
    )
