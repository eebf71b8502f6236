"""Define the pause of all sending: who paused, since when, and what it holds."""

from dataclasses import dataclass
from datetime import datetime

from domain.delivery.effect import Effect, Hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A pause of all sending. `holds_answers`: it also holds the answers that agents give one by one."""

    id: int
    paused_by: str
    paused_at: datetime
    holds_answers: bool = False
    resumed_by: str | None = None
    resumed_at: datetime | None = None


def is_held(effect: Effect, pause: Pause) -> bool:
    """Return whether the pause holds the effect."""
    return effect.hold is Hold.BROADCAST or (effect.hold is Hold.ANSWER and pause.holds_answers)
