"""Define the effects of routing a case again."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from domain.delivery.effect import Effect, Lane, Safety


@dataclass(frozen=True, slots=True)
class MarkMoved(Effect):
    """Replace a card that moved by where it went. In the stream of the card: after the new one is posted."""

    case_id: int
    channel: str
    ts: str
    kind: ClassVar[str] = "mark_moved"
    lane: ClassVar[Lane] = Lane.CARD
    safety: ClassVar[Safety] = Safety.REPEAT
    max_attempts: ClassVar[int | None] = 6
    key_template: ClassVar[str] = "{0.channel}:{0.ts}"
    destination_template: ClassVar[str] = "slack:update"
    stream_template: ClassVar[str] = "slack:case:{0.case_id}"


@dataclass(frozen=True, slots=True)
class MarkMovedOnceOpen(Effect):
    """Replace a card that moved out of an unusable channel by where it went, once the channel is usable.

    In a stream of its own: the case's other updates do not wait for the channel. It is tried for four weeks.
    """

    case_id: int
    channel: str
    ts: str
    kind: ClassVar[str] = "mark_moved_once_open"
    lane: ClassVar[Lane] = Lane.BULK
    safety: ClassVar[Safety] = Safety.REPEAT
    max_attempts: ClassVar[int | None] = 120
    key_template: ClassVar[str] = "{0.channel}:{0.ts}"
    destination_template: ClassVar[str] = "slack:update"


@dataclass(frozen=True, slots=True)
class UpdateCardOnceOpen(Effect):
    """Update a card that stays in an unusable channel, once the channel is usable.

    In a stream of its own: the case's other updates do not wait for the channel. It is tried for four weeks.
    """

    case_id: int
    kind: ClassVar[str] = "update_card_once_open"
    lane: ClassVar[Lane] = Lane.BULK
    safety: ClassVar[Safety] = Safety.REPEAT
    coalesce: ClassVar[bool] = True
    max_attempts: ClassVar[int | None] = 120
    key_template: ClassVar[str] = "{0.case_id}"
    destination_template: ClassVar[str] = "slack:update"


_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=6)


def wait_for_channel(attempts: int) -> timedelta:
    """Compute the wait after the `attempts`-th try at an unusable channel: 1 min, doubling, at most 6 h."""
    factor: int = 2 ** min(max(attempts - 1, 0), 10)
    return min(_FIRST_WAIT * factor, _LONGEST_WAIT)


ROUTING_EFFECTS = (MarkMoved, MarkMovedOnceOpen, UpdateCardOnceOpen)
