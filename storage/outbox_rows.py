"""Make rows of the outbox from effects."""

from datetime import datetime
from typing import Any

from domain.delivery.effect import Effect, Lane


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
