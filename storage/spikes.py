"""Store spikes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from domain.surge.series import Series
from domain.surge.spikes import Spike, SpikeState
from storage.spike_cases import SpikeCases
from storage.surge_tables import spikes
from storage.types import AnyRow

_c = spikes.c
_ADD = insert(spikes).returning(_c.id)
_this = _c.id == bindparam("its_id")
_SAVE = update(spikes).where(_this)
_GET = select(spikes).where(_this).with_for_update()
_SINCE = select(spikes).where(_c.found_at >= bindparam("since")).order_by(_c.id)
_OF_OUTAGE = select(spikes).where(_c.outage_id == bindparam("its_outage")).order_by(_c.id)
_PRUNE = delete(spikes).where(_c.found_at < bindparam("before"), _c.state != SpikeState.OPEN.value)


class Spikes:
    """The spikes that were found, as long as they are learnt from, and their `cases`."""

    __slots__ = ("_connection", "cases")

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.cases = SpikeCases(connection)

    def add(self, spike: Spike) -> Spike:
        """Insert a spike (its `id` is ignored) and return it with its id."""
        return replace(spike, id=self._connection.execute(_ADD, _row_of(spike)).scalar_one())

    def save(self, spike: Spike) -> None:
        """Update a spike; raises `LookupError` where it is not stored."""
        if self._connection.execute(_SAVE, _row_of(spike) | {"its_id": spike.id}).rowcount != 1:
            raise LookupError(f"there is no spike {spike.id}")

    def get(self, spike_id: int) -> Spike | None:
        """Return the spike, locked until this transaction ends; `None` where it is not stored."""
        row = self._connection.execute(_GET, {"its_id": spike_id}).one_or_none()
        return None if row is None else _spike_from(row)

    def since(self, moment: datetime) -> Sequence[Spike]:
        """Return the spikes found from then on, oldest first."""
        return [_spike_from(row) for row in self._connection.execute(_SINCE, {"since": moment})]

    def of_outage(self, outage_id: int) -> Sequence[Spike]:
        """Return the spikes that come from an outage, as somebody said."""
        return [_spike_from(row) for row in self._connection.execute(_OF_OUTAGE, {"its_outage": outage_id})]

    def prune(self, *, before: datetime) -> None:
        """Delete spikes found before then that are over."""
        self._connection.execute(_PRUNE, {"before": before})


def _row_of(spike: Spike) -> dict[str, Any]:
    return {
        "series": spike.series.key,
        "state": spike.state.value,
        "since": spike.since,
        "found_at": spike.found_at,
        "window_seconds": round(spike.window.total_seconds()),
        "authors": spike.count,
        "expected": spike.expected,
        "log_p": spike.log_p,
        "related": [series.key for series in spike.related],
        "told_count": spike.alerted_count,
        "ended_at": spike.ended_at,
        "dismissed_by": spike.dismissed_by,
        "dismissed_at": spike.dismissed_at,
        "channel": spike.channel,
        "ts": spike.ts,
        "outage_id": spike.outage_id,
        "attributed_by": spike.attributed_by,
        "compared_id": spike.compared_id,
        "is_unfollowed": spike.is_unfollowed,
    }


def _spike_from(row: AnyRow) -> Spike:
    return Spike(
        id=row.id,
        series=Series.of(row.series),
        state=SpikeState(row.state),
        since=row.since,
        found_at=row.found_at,
        window=timedelta(seconds=row.window_seconds),
        count=row.authors,
        expected=row.expected,
        log_p=row.log_p,
        related=tuple(Series.of(key) for key in row.related),
        alerted_count=row.told_count,
        ended_at=row.ended_at,
        dismissed_by=row.dismissed_by,
        dismissed_at=row.dismissed_at,
        channel=row.channel,
        ts=row.ts,
        outage_id=row.outage_id,
        attributed_by=row.attributed_by,
        compared_id=row.compared_id,
        is_unfollowed=row.is_unfollowed,
    )
