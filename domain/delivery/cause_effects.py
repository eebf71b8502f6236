"""Define the effect of a cause that was fixed: who still waits is listed for a person."""

from dataclasses import dataclass
from typing import ClassVar

from domain.delivery.effect import Effect, Lane, Safety


@dataclass(frozen=True, slots=True)
class PostCauseFixed(Effect):
    """List, in a direct message, the customers who wait for a cause that was fixed at its `version`."""

    cause_id: int
    version: int
    user_id: str
    kind: ClassVar[str] = "post_cause_fixed"
    lane: ClassVar[Lane] = Lane.AGENT
    safety: ClassVar[Safety] = Safety.RECONCILE
    key_template: ClassVar[str] = "{0.cause_id}:{0.version}"
    destination_template: ClassVar[str] = "slack:post:{0.user_id}"


CAUSE_EFFECTS = (PostCauseFixed,)
