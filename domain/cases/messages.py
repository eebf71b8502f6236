"""Define the messages of a case: incoming and outgoing, public and private."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.intake.post_context import NO_CONTEXT, PostContext
from domain.intake.posts import MatchReason, Media, ReplyBlock, with_alt_texts
from domain.records.erasure import is_erased
from domain.triage.assessment import Assessment
from domain.venues import Venue

#: `Message.error` of what a person kept from being sent.
CANCELLED = "it was cancelled before it left"


class Direction(StrEnum):
    """Whether the customer (`IN`) or we (`OUT`) wrote the message."""

    IN = "in"
    OUT = "out"


class Delivery(StrEnum):
    """The delivery status of an outgoing message; mirrors its row in the outbox."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    UNSURE = "unsure"

    @property
    def is_settled(self) -> bool:
        """Whether the outcome is known: delivered, or failed for good."""
        return self in {Delivery.SENT, Delivery.FAILED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A stored message.

    All messages:
    `external_id` is the network's id: of a post, its first revision; of our reply, set once it is sent; in a
    private venue, the venue's own id (an e-mail's Message-ID, known before it is sent). `handoff_id` is the
    hand-off that a private message belongs to.

    Incoming messages:
    `reply_block` is why a post cannot be replied to from here, as decided when it was read. `match_reason` is
    why a post reached us; `None` for a private message, and for a post that was stored before migration 0004.
    `sender_authenticated` is whether a private message is proven to come from the hand-off's participant: by
    their account, their chat session, or a token that only they were mailed. `subject` is an e-mail's
    subject, `original` its text before quotes and signature were stripped. `assessment` is that of this
    message alone; `None` once it is deleted, and for one that was stored before migration 0006. `media` are a
    public post's pictures and videos, which stay on its network; what comes in private is in `storage.files`.
    `context` is what came with a public post; its text is empty where the network withholds it.

    Outgoing messages:
    `delivery`, `sent_by`, `error` and `client_key` are set on these only. `client_key` is unique, so that
    submitting the same form twice finds the first message (idempotency key). `attempt` grows each time that a
    person retries a failed message. `reply_to_id` is the post that it replies to. `error` says why a message
    is failed or unsure; on a queued one, why an earlier try was unsure. `delivered_at` is when a private
    message was confirmed to have arrived. `thread_ts` is the thread message in which an agent wrote it, and
    `thread_channel` its channel (`None` on older rows: the card's channel).
    """

    id: int
    case_id: int
    direction: Direction
    venue: Venue
    author_id: str
    author_name: str
    text: str
    created_at: datetime
    external_id: str | None = None
    revision_id: str | None = None
    url: str | None = None
    reply_to_id: str | None = None
    reply_block: ReplyBlock | None = None
    match_reason: MatchReason | None = None
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    delivery: Delivery | None = None
    sent_by: str | None = None
    sent_at: datetime | None = None
    error: str | None = None
    client_key: str | None = None
    attempt: int = 1
    rules_version: str | None = None
    delivered_at: datetime | None = None
    thread_ts: str | None = None
    thread_channel: str | None = None
    subject: str | None = None
    original: str | None = None
    handoff_id: int | None = None
    sender_authenticated: bool = False
    assessment: Assessment | None = None
    media: tuple[Media, ...] = ()
    context: PostContext = NO_CONTEXT

    @property
    def was_erased(self) -> bool:
        """Whether the text was erased here, and not deleted by its author."""
        by_us = self.direction is Direction.OUT or self.assessment is not None or is_erased(self.author_id)
        return self.deleted_at is not None and by_us

    @property
    def is_withheld(self) -> bool:
        """Whether the network withholds the post and gives a notice in place of its words."""
        has_words = bool(self.text or self.media)
        return self.context.withheld is not None and not has_words and self.deleted_at is None

    @property
    def is_cancelled(self) -> bool:
        """Whether a person kept our message from being sent."""
        return self.delivery is Delivery.FAILED and self.error == CANCELLED

    @property
    def words(self) -> str:
        """The text and the alt texts, by which the message is assessed."""
        return with_alt_texts(self.text, self.media)
