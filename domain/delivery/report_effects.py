"""Define the effects of reports: a digest or a shared summary in a channel, a chart for one person."""

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


@dataclass(frozen=True, slots=True)
class ShareSummary(Effect):
    """Post the summary that `user_id` shares in a channel, once, as it is then, with its chart.

    `report` is what was asked for, as the button has it. `response_url` reaches a channel where the bot is no
    member, for half an hour; it is empty where there is none. Each press has a `nonce` of its own.
    """

    report: str
    channel: str
    user_id: str
    response_url: str
    nonce: str
    kind: ClassVar[str] = "share_summary"
    lane: ClassVar[Lane] = Lane.AGENT
    safety: ClassVar[Safety] = Safety.RECONCILE
    max_attempts: ClassVar[int | None] = 6
    key_template: ClassVar[str] = "{0.user_id}:{0.nonce}"
    destination_template: ClassVar[str] = "slack:post:{0.channel}"


@dataclass(frozen=True, slots=True)
class SendChart(Effect):
    """Send the chart of a summary to `user_id`, once, and say so where they asked: in `channel`, if any.

    The other fields are those of `ShareSummary`.
    """

    report: str
    channel: str
    user_id: str
    response_url: str
    nonce: str
    kind: ClassVar[str] = "send_chart"
    lane: ClassVar[Lane] = Lane.AGENT
    safety: ClassVar[Safety] = Safety.RECONCILE
    max_attempts: ClassVar[int | None] = 6
    key_template: ClassVar[str] = "{0.user_id}:{0.nonce}"
    destination_template: ClassVar[str] = "slack:post:{0.user_id}"


REPORT_EFFECTS = (PostDigest, ShareSummary, SendChart)
