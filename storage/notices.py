"""Store notices. Saving one is a compare-and-swap of its version."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from domain.errors import StaleCase
from domain.outages.notices import Notice, NoticeKind, NoticeState, NoticeText, Version
from domain.outages.outage import Phase, Severity
from domain.outages.stated_facts import StatedFacts
from storage.outage_tables import notices
from storage.types import AnyRow, UtcDateTime

_n = notices.c
_ADD = insert(notices).returning(_n.id)
_GET = select(notices).where(_n.id == bindparam("notice_id"))
_OF_OUTAGE = select(notices).where(_n.outage_id == bindparam("outage_id")).order_by(_n.id)
_WAITING = (
    select(notices)
    .where(_n.state == NoticeState.WAITING.value, _n.created_at <= bindparam("moment", type_=UtcDateTime))
    .order_by(_n.id)
)
_SAVE = update(notices).where(_n.id == bindparam("notice_id"), _n.version == bindparam("read_version"))


class Notices:
    """The notices of outages, drafts included."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, notice: Notice) -> Notice:
        """Insert a notice (its `id` is ignored); return it with its id."""
        return replace(notice, id=self._connection.scalar(_ADD, _row_of(notice)))

    def get(self, notice_id: int) -> Notice:
        """Return the notice; raises `LookupError`."""
        row = self._connection.execute(_GET, {"notice_id": notice_id}).one_or_none()
        if row is None:
            raise LookupError(f"there is no notice {notice_id}")
        return _notice_from(row)

    def of_outage(self, outage_id: int) -> list[Notice]:
        """Return the outage's notices, oldest first."""
        return [_notice_from(row) for row in self._connection.execute(_OF_OUTAGE, {"outage_id": outage_id})]

    def waiting(self, moment: datetime) -> list[Notice]:
        """Return the notices that wait for approval and were begun by then, oldest first."""
        return [_notice_from(row) for row in self._connection.execute(_WAITING, {"moment": moment})]

    def save(self, notice: Notice) -> None:
        """Update a notice whose version was raised by one; raises `StaleCase` where another was first."""
        values = _row_of(notice) | {"notice_id": notice.id, "read_version": notice.version - 1}
        if self._connection.execute(_SAVE, values).rowcount != 1:
            raise StaleCase(f"notice {notice.id} was changed by another writer")


def _row_of(notice: Notice) -> dict[str, Any]:
    return {
        "version": notice.version,
        "outage_id": notice.outage_id,
        "kind": notice.kind.value,
        "phase": notice.phase.value,
        "state": notice.state.value,
        "versions": [
            {"language": version.language, "problem": version.problem, "workaround": version.workaround}
            for version in notice.versions
        ],
        "texts": [
            {"destination": text.destination, "language": text.language, "text": text.text}
            for text in notice.texts
        ],
        "authors": list(notice.authors),
        "created_at": notice.created_at,
        "next_update_due": notice.next_update_due,
        "facts": _facts_row(notice.facts),
        "corrects": notice.corrects,
        "approved_by": notice.approved_by,
        "approved_at": notice.approved_at,
        "approved_digest": notice.approved_digest,
    }


def _notice_from(row: AnyRow) -> Notice:
    return Notice(
        id=row.id,
        version=row.version,
        outage_id=row.outage_id,
        kind=NoticeKind(row.kind),
        phase=Phase(row.phase),
        state=NoticeState(row.state),
        versions=tuple(Version(**version) for version in row.versions),
        texts=tuple(NoticeText(**text) for text in row.texts),
        authors=tuple(row.authors),
        created_at=row.created_at,
        next_update_due=row.next_update_due,
        facts=_facts_from(row.facts),
        corrects=row.corrects,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        approved_digest=row.approved_digest,
    )


def _facts_row(facts: StatedFacts | None) -> dict[str, Any] | None:
    if facts is None:
        return None
    return {
        "title": facts.title,
        "severity": facts.severity.value,
        "components": list(facts.components),
        **({"starts_at": facts.starts_at.isoformat()} if facts.starts_at is not None else {}),
        **({"ends_at": facts.ends_at.isoformat()} if facts.ends_at is not None else {}),
    }


def _facts_from(given: Mapping[str, Any] | None) -> StatedFacts | None:
    if given is None:
        return None
    return StatedFacts(
        title=given["title"],
        severity=Severity(given["severity"]),
        components=tuple(given["components"]),
        starts_at=datetime.fromisoformat(given["starts_at"]) if given.get("starts_at") else None,
        ends_at=datetime.fromisoformat(given["ends_at"]) if given.get("ends_at") else None,
    )
