"""Store outages. Saving one is a compare-and-swap of its version."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, or_, select, text, update

from domain.errors import StaleCase
from domain.outages.outage import OPEN_STATES, Outage, OutageKind, OutageState, Phase, Severity
from storage.dialects import is_sqlite
from storage.outage_tables import outages
from storage.types import AnyRow, UtcDateTime

_o = outages.c
_OPEN = sorted(state.value for state in OPEN_STATES)
_ADD = insert(outages).returning(_o.id)
_GET = select(outages).where(_o.id == bindparam("outage_id"))
_BY_FORM = select(outages).where(_o.form_key == bindparam("form_key"))
_LIST_OPEN = select(outages).where(_o.state.in_(_OPEN)).order_by(_o.id)
_COUNT_OPEN = select(func.count()).select_from(outages).where(_o.state.in_(_OPEN))
_RECENT = select(outages).order_by(_o.id.desc()).limit(bindparam("most"))
_DUE = (
    select(outages)
    .where(
        _o.state == OutageState.ANNOUNCED.value,
        or_(
            _o.next_update_due <= bindparam("moment", type_=UtcDateTime),
            _o.starts_at <= bindparam("moment", type_=UtcDateTime),
        ),
    )
    .order_by(_o.id)
)
_RESOLVED_SINCE = (
    select(outages)
    .where(_o.state == OutageState.RESOLVED.value, _o.resolved_at >= bindparam("moment", type_=UtcDateTime))
    .order_by(_o.id)
)
# NO KEY UPDATE: rows that refer to an outage may be inserted meanwhile.
_LOCK = (
    select(_o.id)
    .where(_o.id.in_(bindparam("outage_ids", expanding=True)))
    .order_by(_o.id)
    .with_for_update(key_share=True)
)
# Serialises transactions that read which outages are open and then open another: no row stands for the one
# that is not committed yet. ("outa" in ASCII.)
_LOCK_OPENING = text("SELECT pg_advisory_xact_lock(1869968481)")
_SAVE = update(outages).where(_o.id == bindparam("outage_id"), _o.version == bindparam("read_version"))
_BOARD = update(outages).where(_o.id == bindparam("outage_id"))


class Outages:
    """The outages and maintenances."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, outage: Outage) -> Outage:
        """Insert an outage (its `id` is ignored); return it with its id."""
        return replace(outage, id=self._connection.scalar(_ADD, _row_of(outage)))

    def get(self, outage_id: int) -> Outage:
        """Return the outage; raises `LookupError`."""
        row = self._connection.execute(_GET, {"outage_id": outage_id}).one_or_none()
        if row is None:
            raise LookupError(f"there is no outage {outage_id}")
        return _outage_from(row)

    def lock(self, outage_ids: Iterable[int]) -> None:
        """Lock outages against other writers until this transaction ends: before their cases are locked."""
        self._connection.execute(_LOCK, {"outage_ids": sorted(outage_ids)})

    def lock_opening(self) -> None:
        """Lock the opening of outages, so that no other is opened until this transaction ends."""
        if not is_sqlite(self._connection):
            self._connection.execute(_LOCK_OPENING)

    def by_form(self, form_key: str) -> Outage | None:
        """Return the outage that this form opened."""
        row = self._connection.execute(_BY_FORM, {"form_key": form_key}).one_or_none()
        return None if row is None else _outage_from(row)

    def open(self) -> list[Outage]:
        """Return those that go on or are being drafted, oldest first."""
        return [_outage_from(row) for row in self._connection.execute(_LIST_OPEN)]

    def count_open(self) -> int:
        """Count those that go on or are being drafted."""
        return self._connection.scalar(_COUNT_OPEN) or 0

    def recent(self, limit: int) -> list[Outage]:
        """Return the newest ones, open or not, newest first."""
        return [_outage_from(row) for row in self._connection.execute(_RECENT, {"most": limit})]

    def due(self, moment: datetime) -> list[Outage]:
        """Return the announced ones whose next update is due, or whose maintenance begins, by then."""
        return [_outage_from(row) for row in self._connection.execute(_DUE, {"moment": moment})]

    def resolved_since(self, moment: datetime) -> list[Outage]:
        """Return those that were resolved since then."""
        return [_outage_from(row) for row in self._connection.execute(_RESOLVED_SINCE, {"moment": moment})]

    def save(self, outage: Outage) -> None:
        """Update an outage whose version was raised by one; raises `StaleCase` where another was first."""
        row = _row_of(outage)
        for name in ("board_channel", "board_ts"):
            del row[name]
        values = row | {"outage_id": outage.id, "read_version": outage.version - 1}
        if self._connection.execute(_SAVE, values).rowcount != 1:
            raise StaleCase(f"outage {outage.id} was changed by another writer")

    def record_board(self, outage_id: int, *, channel: str, ts: str, digest: str) -> None:
        """Store where the board message is, and the digest of what it shows."""
        values = {"outage_id": outage_id, "board_channel": channel, "board_ts": ts, "board_digest": digest}
        self._connection.execute(_BOARD, values)

    def forget_board(self, outage_id: int) -> None:
        """Record that there is no board message any more."""
        values = {"outage_id": outage_id, "board_channel": None, "board_ts": None, "board_digest": None}
        self._connection.execute(_BOARD, values)

    def board_digest(self, outage_id: int) -> str | None:
        """Return the digest of what the board shows; `None` before it is posted."""
        row = self._connection.execute(_GET, {"outage_id": outage_id}).one_or_none()
        return None if row is None else row.board_digest


def _row_of(outage: Outage) -> dict[str, Any]:
    return {
        "version": outage.version,
        "kind": outage.kind.value,
        "title": outage.title,
        "severity": outage.severity.value,
        "components": list(outage.components),
        "state": outage.state.value,
        "phase": outage.phase.value,
        "lead": outage.lead,
        "opened_by": outage.opened_by,
        "opened_at": outage.opened_at,
        "announced_at": outage.announced_at,
        "resolved_at": outage.resolved_at,
        "resolved_by": outage.resolved_by,
        "starts_at": outage.starts_at,
        "ends_at": outage.ends_at,
        "next_update_due": outage.next_update_due,
        "board_channel": outage.board_channel,
        "board_ts": outage.board_ts,
        "spike_id": outage.spike_id,
        "form_key": outage.form_key,
        "is_rehearsal": outage.is_rehearsal,
    }


def _outage_from(row: AnyRow) -> Outage:
    return Outage(
        id=row.id,
        version=row.version,
        kind=OutageKind(row.kind),
        title=row.title,
        severity=Severity(row.severity),
        components=tuple(row.components),
        state=OutageState(row.state),
        phase=Phase(row.phase),
        lead=row.lead,
        opened_by=row.opened_by,
        opened_at=row.opened_at,
        announced_at=row.announced_at,
        resolved_at=row.resolved_at,
        resolved_by=row.resolved_by,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        next_update_due=row.next_update_due,
        board_channel=row.board_channel,
        board_ts=row.board_ts,
        spike_id=row.spike_id,
        form_key=row.form_key,
        is_rehearsal=row.is_rehearsal,
    )
