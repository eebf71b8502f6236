"""Define the effects of reports: a digest in a channel."""

from dataclasses import dataclass
from typing import ClassVar

from domain.delivery.effect import Effect, Lane, Safety


@dataclass(frozen=True, slots=True)
class PostDigest(Effect):
    """Post a digest in its channel, once."""

    digest_id: int
    channel: str
    kind: ClassVar[str] = "post_digest"
    lane: ClassVar[Lane] = Lane.BULK
    safety: ClassVar[Safety] = Safety.RECONCILE
    key_template: ClassVar[str] = "{0.digest_id}"
    destination_template: ClassVar[str] = "slack:post:{0.channel}"


REPORT_EFFECTS = (PostDigest,)
