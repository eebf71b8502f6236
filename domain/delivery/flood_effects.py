"""Define the effects of flood mode: the board of a flood, and its summary."""

from dataclasses import dataclass
from typing import ClassVar

from domain.delivery.effect import Effect, Lane, Safety


@dataclass(frozen=True, slots=True)
class PostFloodBoard(Effect):
    """Post the board of a flood in its channel, once."""

    flood_id: int
    channel: str
    kind: ClassVar[str] = "post_flood_board"
    lane: ClassVar[Lane] = Lane.AGENT
    safety: ClassVar[Safety] = Safety.RECONCILE
    key_template: ClassVar[str] = "{0.flood_id}"
    destination_template: ClassVar[str] = "slack:post:{0.channel}"
    stream_template: ClassVar[str] = "slack:flood:{0.flood_id}"


@dataclass(frozen=True, slots=True)
class UpdateFloodBoard(Effect):
    """Edit the board of a flood."""

    flood_id: int
    kind: ClassVar[str] = "update_flood_board"
    lane: ClassVar[Lane] = Lane.AGENT
    safety: ClassVar[Safety] = Safety.REPEAT
    coalesce: ClassVar[bool] = True
    key_template: ClassVar[str] = "{0.flood_id}"
    destination_template: ClassVar[str] = "slack:update"
    stream_template: ClassVar[str] = "slack:flood:{0.flood_id}"


@dataclass(frozen=True, slots=True)
class PostFloodSummary(Effect):
    """Say in the channel that a flood is over, and what happened in it."""

    flood_id: int
    channel: str
    kind: ClassVar[str] = "post_flood_summary"
    lane: ClassVar[Lane] = Lane.CARD
    safety: ClassVar[Safety] = Safety.RECONCILE
    key_template: ClassVar[str] = "{0.flood_id}"
    destination_template: ClassVar[str] = "slack:post:{0.channel}"


FLOOD_EFFECTS = (PostFloodBoard, UpdateFloodBoard, PostFloodSummary)
