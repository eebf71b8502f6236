"""Define the effects of routing a case again."""

from dataclasses import dataclass
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


ROUTING_EFFECTS = (MarkMoved,)
