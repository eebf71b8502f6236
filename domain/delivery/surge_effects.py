"""Define the effects of surges: the alert of a spike in the team chat."""

from dataclasses import dataclass
from typing import ClassVar

from domain.delivery.effect import Effect, Lane, Safety


@dataclass(frozen=True, slots=True)
class PostSpike(Effect):
    """Post the alert of a spike or a silence, once."""

    spike_id: int
    channel: str
    kind: ClassVar[str] = "post_spike"
    lane: ClassVar[Lane] = Lane.AGENT
    safety: ClassVar[Safety] = Safety.RECONCILE
    key_template: ClassVar[str] = "{0.spike_id}:{0.channel}"
    destination_template: ClassVar[str] = "slack:post:{0.channel}"
    stream_template: ClassVar[str] = "slack:spike:{0.spike_id}"


@dataclass(frozen=True, slots=True)
class UpdateSpike(Effect):
    """Update the alert of a spike: it grew, it is over, or a person said that it is no outage."""

    spike_id: int
    kind: ClassVar[str] = "update_spike"
    lane: ClassVar[Lane] = Lane.AGENT
    safety: ClassVar[Safety] = Safety.REPEAT
    coalesce: ClassVar[bool] = True
    key_template: ClassVar[str] = "{0.spike_id}"
    destination_template: ClassVar[str] = "slack:update"
    stream_template: ClassVar[str] = "slack:spike:{0.spike_id}"


SURGE_EFFECTS = (PostSpike, UpdateSpike)
