"""Store digests: which days of which plan were booked, and where they were posted."""

from datetime import UTC, date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, func, select, update

from domain.reports.digests import Cadence, Digest
from domain.reports.filters import filters_of, parse_question
from domain.reports.periods import Period, PeriodKind
from storage.dialects import upserts
from storage.digest_tables import digests
from storage.types import AnyRow

_d = digests.c
_ADD = {
    name: insert.on_conflict_do_nothing(index_elements=[_d.key, _d.day]).returning(_d.id)
    for name, insert in upserts(digests).items()
}
_GET = select(digests).where(_d.id == bindparam("its_id"))
_NEWEST_DAY = select(func.max(_d.day)).where(_d.key == bindparam("its_key"))
_RECORD = update(digests).where(_d.id == bindparam("its_id")).values(posted_ts=bindparam("its_ts"))


class Digests:
    """The digests that were booked."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, digest: Digest) -> int | None:
        """Insert a digest (its `id` is ignored); return its id, `None` where that day was booked before."""
        found: int | None = self._connection.scalar(_ADD[self._connection.dialect.name], _row_of(digest))
        return found

    def get(self, digest_id: int) -> Digest:
        """Return a digest; raises `LookupError` where it is not stored."""
        row = self._connection.execute(_GET, {"its_id": digest_id}).one_or_none()
        if row is None:
            raise LookupError(f"there is no digest {digest_id}")
        return _digest_from(row)

    def newest_day(self, key: str) -> date | None:
        """Return the newest day that was booked of a plan; `None` where none was."""
        day: str | None = self._connection.scalar(_NEWEST_DAY, {"its_key": key})
        return None if day is None else date.fromisoformat(day)

    def record_posted(self, digest_id: int, ts: str) -> None:
        """Store where a digest was posted."""
        self._connection.execute(_RECORD, {"its_id": digest_id, "its_ts": ts})


def _row_of(digest: Digest) -> dict[str, Any]:
    return {
        "key": digest.key,
        "day": digest.day.isoformat(),
        "channel": digest.channel,
        "cadence": digest.cadence.value,
        "since": digest.period.since,
        "until": digest.period.until,
        "zone": str(digest.period.zone),
        "filters": digest.filters.words,
        "due_at": digest.due_at,
        "booked_at": digest.booked_at,
        "asked_by": digest.asked_by,
        "posted_ts": digest.posted_ts,
    }


def _digest_from(row: AnyRow) -> Digest:
    cadence = Cadence(row.cadence)
    period = Period(
        kind=PeriodKind.DATES,
        count=cadence.days,
        since=row.since,
        until=row.until,
        zone=UTC if row.zone == "UTC" else ZoneInfo(row.zone),
    )
    return Digest(
        id=row.id,
        key=row.key,
        day=date.fromisoformat(row.day),
        channel=row.channel,
        cadence=cadence,
        period=period,
        filters=filters_of(parse_question(row.filters).filters),
        due_at=row.due_at,
        booked_at=row.booked_at,
        asked_by=row.asked_by,
        posted_ts=row.posted_ts,
    )
