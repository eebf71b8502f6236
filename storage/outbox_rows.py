"""Make rows of the outbox from effects, and read what became of one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from domain.delivery.effect import Effect, Lane
from storage.outbox_tables import outbox

_RESULT = select(outbox.c.result).where(outbox.c.key == bindparam("its_key"))


def row_of(effect: Effect, priority: float, now: datetime, lane: Lane | None) -> dict[str, Any]:
    """Return the columns of a new row that the effect gives; `lane` is its class's where it is `None`."""
    return {
        "key": effect.key,
        "kind": effect.kind,
        "payload": effect.payload(),
        "safety": effect.safety.value,
        "coalesce": effect.coalesce,
        "lane": (effect.lane if lane is None else lane).value,
        "priority": priority,
        "destination": effect.destination,
        "stream": effect.stream,
        "due_at": now,
        "created_at": now,
    }


def result_of(connection: Connection, effect: Effect) -> Mapping[str, Any]:
    """Return the stored result of an effect; see `storage.outbox.Outbox.result_of`."""
    return connection.scalar(_RESULT, {"its_key": effect.key}) or {}
