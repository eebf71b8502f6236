"""Store the chat transcripts that customers asked to have mailed."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from domain.chat.transcript import Transcript
from domain.handoffs.email_addresses import mailbox_of
from storage.bulk_insert import BulkInsert
from storage.tables import transcripts
from storage.types import AnyRow, AnySelect

_t = transcripts.c
_INSERT = BulkInsert(transcripts)
_GET = select(transcripts).where(_t.id == bindparam("transcript_id"))
_SAVE = update(transcripts).where(_t.id == bindparam("transcript_id"))
_OF_HANDOFF = select(transcripts).where(_t.handoff_id == bindparam("handoff_id")).order_by(_t.id)
_SINCE = select(transcripts).where(_t.requested_at > bindparam("since", type_=_t.requested_at.type))
_BY_SENT_ID = (
    select(transcripts).where(_t.external_id.in_(bindparam("ids", expanding=True))).order_by(_t.id.desc())
)


class Transcripts:
    """The requested transcripts."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, transcript: Transcript) -> Transcript:
        """Insert a transcript (its `id` is ignored) and return it with its id."""
        [transcript_id] = _INSERT.add(self._connection, [_row_of(transcript)])
        return replace(transcript, id=transcript_id)

    def save(self, transcript: Transcript) -> None:
        """Update a transcript; raises `LookupError` where it is not stored."""
        row = _row_of(transcript) | {"transcript_id": transcript.id}
        if self._connection.execute(_SAVE, row).rowcount != 1:
            raise LookupError(f"there is no transcript {transcript.id}")

    def get(self, transcript_id: int) -> Transcript:
        """Return the transcript; raises `LookupError`."""
        found = self._list(_GET, transcript_id=transcript_id)
        if not found:
            raise LookupError(f"there is no transcript {transcript_id}")
        return found[0]

    def of_handoff(self, handoff_id: int) -> list[Transcript]:
        """Return the hand-off's transcripts, oldest first."""
        return self._list(_OF_HANDOFF, handoff_id=handoff_id)

    def to_mailbox(self, address: str, *, since: datetime) -> list[Transcript]:
        """Return the transcripts that were requested after `since` for the mailbox of this address."""
        mailbox = mailbox_of(address)
        return [one for one in self._list(_SINCE, since=since) if mailbox_of(one.address) == mailbox]

    def by_external_id(self, external_ids: Iterable[str]) -> list[Transcript]:
        """Return the transcripts that were mailed with one of these Message-IDs, newest first."""
        return self._list(_BY_SENT_ID, ids=list(external_ids))

    def _list(self, query: AnySelect, **values: object) -> list[Transcript]:
        return [_transcript_from(row) for row in self._connection.execute(query, values)]


def _row_of(transcript: Transcript) -> dict[str, Any]:
    return {
        "handoff_id": transcript.handoff_id,
        "case_id": transcript.case_id,
        "address": transcript.address,
        "last_message_id": transcript.last_message_id,
        "requested_at": transcript.requested_at,
        "external_id": transcript.external_id,
        "sent_at": transcript.sent_at,
        "error": transcript.error,
    }


def _transcript_from(row: AnyRow) -> Transcript:
    return Transcript(
        id=row.id,
        handoff_id=row.handoff_id,
        case_id=row.case_id,
        address=row.address,
        last_message_id=row.last_message_id,
        requested_at=row.requested_at,
        external_id=row.external_id,
        sent_at=row.sent_at,
        error=row.error,
    )
