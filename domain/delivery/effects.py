"""Define the effects on cases and in the team chat, and the list of all effects of the outbox."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from domain.delivery.cause_effects import CAUSE_EFFECTS
from domain.delivery.effect import STORED_NAMES, Effect, Hold, Lane, Safety
from domain.delivery.erasure_effects import ERASURE_EFFECTS
from domain.delivery.flood_effects import FLOOD_EFFECTS
from domain.delivery.outage_effects import OUTAGE_EFFECTS
from domain.delivery.report_effects import REPORT_EFFECTS
from domain.delivery.routing_effects import ROUTING_EFFECTS
from domain.delivery.surge_effects import SURGE_EFFECTS
from domain.delivery.thread_effects import THREAD_EFFECTS
from domain.delivery.tracker_effects import TRACKER_EFFECTS


@dataclass(frozen=True, slots=True)
class PostCard(Effect):
    """Post the case's card in its channel, once; `again` makes the key of a replacement card unique."""

    case_id: int
    channel: str
    again: int = 0
    kind: ClassVar[str] = "post_card"
    lane: ClassVar[Lane] = Lane.CARD
    safety: ClassVar[Safety] = Safety.RECONCILE
    key_template: ClassVar[str] = "{0.case_id}:{0.channel}:{0.again}"
    destination_template: ClassVar[str] = "slack:post:{0.channel}"
    stream_template: ClassVar[str] = "slack:case:{0.case_id}"


@dataclass(frozen=True, slots=True)
class UpdateCard(Effect):
    """Update the case's card; a burst of changes is debounced into one update."""

    case_id: int
    kind: ClassVar[str] = "update_card"
    lane: ClassVar[Lane] = Lane.CARD
    safety: ClassVar[Safety] = Safety.REPEAT
    coalesce: ClassVar[bool] = True
    key_template: ClassVar[str] = "{0.case_id}"
    destination_template: ClassVar[str] = "slack:update"
    stream_template: ClassVar[str] = "slack:case:{0.case_id}"


@dataclass(frozen=True, slots=True)
class DraftReply(Effect):
    """Request a draft reply to the case's message `message_id` from the language model."""

    case_id: int
    message_id: int
    kind: ClassVar[str] = "draft_reply"
    lane: ClassVar[Lane] = Lane.BULK
    safety: ClassVar[Safety] = Safety.REPEAT
    max_attempts: ClassVar[int | None] = 2
    key_template: ClassVar[str] = "{0.case_id}:{0.message_id}"
    destination_template: ClassVar[str] = "model"


@dataclass(frozen=True, slots=True)
class SendPublicReply(Effect):
    """Send our stored message `message_id` as a public reply."""

    message_id: int
    case_id: int
    network: str
    attempt: int = 1
    kind: ClassVar[str] = "send_reply"  # as stored
    lane: ClassVar[Lane] = Lane.AGENT
    safety: ClassVar[Safety] = Safety.RECONCILE
    max_attempts: ClassVar[int | None] = 6
    asks_person: ClassVar[bool] = True
    hold: ClassVar[Hold | None] = Hold.ANSWER
    key_template: ClassVar[str] = "{0.message_id}:{0.attempt}"
    destination_template: ClassVar[str] = "{0.network}:reply"
    stream_template: ClassVar[str] = "{0.network}:case:{0.case_id}"


@dataclass(frozen=True, slots=True)
class SendLinkedAnswer(SendPublicReply):
    """Send our stored message `message_id` of a bulk answer: after agents' own, and held by each pause."""

    kind: ClassVar[str] = "send_linked_answer"
    lane: ClassVar[Lane] = Lane.BULK
    hold: ClassVar[Hold | None] = Hold.BROADCAST


@dataclass(frozen=True, slots=True)
class LinkReply(Effect):
    """Look up the link of our public reply `message_id`, which a person confirmed to be on the network."""

    message_id: int
    case_id: int
    network: str
    kind: ClassVar[str] = "link_reply"
    lane: ClassVar[Lane] = Lane.BULK
    safety: ClassVar[Safety] = Safety.REPEAT
    max_attempts: ClassVar[int | None] = 5
    key_template: ClassVar[str] = "{0.message_id}"
    destination_template: ClassVar[str] = "{0.network}:find"


@dataclass(frozen=True, slots=True)
class SendPrivateReply(Effect):
    """Send our stored message `message_id` in a private venue; `network` is the case's, for DMs."""

    message_id: int
    case_id: int
    venue: str
    attempt: int = 1
    network: str = ""
    kind: ClassVar[str] = "send_private"  # as stored
    lane: ClassVar[Lane] = Lane.AGENT
    safety: ClassVar[Safety] = Safety.RECONCILE
    max_attempts: ClassVar[int | None] = 6
    asks_person: ClassVar[bool] = True
    hold: ClassVar[Hold | None] = Hold.ANSWER
    key_template: ClassVar[str] = "{0.message_id}:{0.attempt}"
    destination_template: ClassVar[str] = "{0.venue}:send"
    stream_template: ClassVar[str] = "{0.venue}:case:{0.case_id}"

    @property
    def destination(self) -> str:
        """The destination; direct messages have one per network, such as "x:dm"."""
        return f"{self.network}:dm" if self.network and self.venue == "dm" else f"{self.venue}:send"


@dataclass(frozen=True, slots=True)
class SendTranscript(Effect):
    """E-mail a chat's transcript to the customer who requested it."""

    transcript_id: int
    case_id: int
    page_language: str = ""
    time_zone: str = ""
    kind: ClassVar[str] = "send_transcript"
    lane: ClassVar[Lane] = Lane.BULK
    safety: ClassVar[Safety] = Safety.RECONCILE
    max_attempts: ClassVar[int | None] = 6
    key_template: ClassVar[str] = "{0.transcript_id}"
    destination_template: ClassVar[str] = "email:send"


@dataclass(frozen=True, slots=True)
class PublishHome(Effect):
    """Publish one user's App Home, with the filter `chosen`."""

    user_id: str
    chosen: str = "all"
    kind: ClassVar[str] = "publish_home"
    lane: ClassVar[Lane] = Lane.AGENT
    safety: ClassVar[Safety] = Safety.REPEAT
    coalesce: ClassVar[bool] = True
    key_template: ClassVar[str] = "{0.user_id}:{0.chosen}"
    destination_template: ClassVar[str] = "slack:home"


@dataclass(frozen=True, slots=True)
class NotifyPerson(Effect):
    """Notify one person, by direct message, or a channel of the audit action `action` by `actor` on a case.

    `user_id` is the person's id, or the channel's.
    """

    user_id: str
    actor: str
    action: str
    case_id: int
    dedupe_key: str
    kind: ClassVar[str] = "tell_person"  # as stored
    lane: ClassVar[Lane] = Lane.BULK
    safety: ClassVar[Safety] = Safety.RECONCILE
    key_template: ClassVar[str] = "{0.user_id}:{0.dedupe_key}"
    destination_template: ClassVar[str] = "slack:post:{0.user_id}"


@dataclass(frozen=True, slots=True)
class Alert(Effect):
    """Alert the people who run the bot, with a link to the board of the outage `board_of`, if any.

    `dedupe_key` is the deduplication key.
    """

    text: str
    dedupe_key: str
    channel: str
    board_of: int | None = None
    kind: ClassVar[str] = "alert"
    lane: ClassVar[Lane] = Lane.AGENT
    safety: ClassVar[Safety] = Safety.RECONCILE
    key_template: ClassVar[str] = "{0.dedupe_key}"
    destination_template: ClassVar[str] = "slack:post:{0.channel}"


EFFECTS: dict[str, type[Effect]] = {
    effect.kind: effect
    for effect in (
        PostCard,
        UpdateCard,
        DraftReply,
        SendPublicReply,
        SendLinkedAnswer,
        LinkReply,
        SendPrivateReply,
        SendTranscript,
        PublishHome,
        NotifyPerson,
        Alert,
        *THREAD_EFFECTS,
        *OUTAGE_EFFECTS,
        *SURGE_EFFECTS,
        *FLOOD_EFFECTS,
        *REPORT_EFFECTS,
        *CAUSE_EFFECTS,
        *ERASURE_EFFECTS,
        *ROUTING_EFFECTS,
        *TRACKER_EFFECTS,
    )
}


def held_kinds(*, with_answers: bool) -> list[str]:
    """Return the kinds of effects that a pause of all sending holds."""
    holds = {Hold.BROADCAST, Hold.ANSWER} if with_answers else {Hold.BROADCAST}
    return sorted(kind for kind, effect in EFFECTS.items() if effect.hold in holds)


def effect_from(kind: str, payload: dict[str, Any]) -> Effect:
    """Restore an effect from its outbox row; raises `KeyError` for a kind that this version does not know."""
    names = {stored: name for name, stored in STORED_NAMES.items()}
    return EFFECTS[kind](**{names.get(stored, stored): value for stored, value in payload.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A claimed row of the outbox: the effect, and the state of this attempt.

    `token` identifies this act on the other side where the platform has room for it (Slack's message
    metadata). `generation` grows when the same effect was queued again while it was in flight. `reconciling`
    is true when the outcome of an earlier attempt is unknown; `responded` where the other side responded to
    that attempt, with a failure of its own. `checks` counts the checks of the other side, this one included.
    `first_tried_at` bounds how far back the other side must be searched; `send_started_at` is when the newest
    request was sent. `note` is why the outcome is unknown.
    """

    id: int
    effect: Effect
    generation: int
    attempts: int
    checks: int
    reconciling: bool
    created_at: datetime
    first_tried_at: datetime | None = None
    send_started_at: datetime | None = None
    note: str | None = None
    responded: bool = False

    @property
    def token(self) -> str:
        return f"{self.id}.{self.generation}"
