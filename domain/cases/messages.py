"""One line of a case's transcript, whichever side wrote it and whatever the venue."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.intake.posts import ReplyBlock
from domain.venues import Venue


class Direction(StrEnum):
    """Which side wrote the message."""

    IN = "in"
    OUT = "out"


class Delivery(StrEnum):
    """What became of a message of ours; mirrors its row in the outbox."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    UNSURE = "unsure"

    @property
    def is_settled(self) -> bool:
        """Whether it is known that the message is, or is not, on the other side."""
        return self in {Delivery.SENT, Delivery.FAILED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A stored message. `external_id` is the network's id: a post's first revision, or that of our reply once sent.

    `delivery`, `sent_by`, `error` and `client_key` are set on our own messages only; `client_key` is unique, so that a second
    click on the same form finds the first one's message; `attempt` grows with each time that a person lets a failed one go again. `reply_to_id` is the post it answers.
    `error` says why a failed or unsure one is that, and, of a queued one, what the doubt was before it had to be sent again.
    `reply_block` is why a customer's post cannot be answered from here, as its network said when we read it.
    In a private venue, `external_id` is the venue's own id of it (an e-mail's Message-ID, known before it is sent); `delivered_at` is when it was seen
    to be with the other side; `thread_ts` is the thread message that an agent wrote it in, and `thread_channel`
    where that stands (`None` of older ones: where the card does). Of an e-mail, `subject` is its subject and
    `original` what it held before quotes and signature were taken off. `handoff_id` is the hand-off that a private
    message belongs to.
    `vouched` is whether a customer's private message is shown to come from whoever is there: by their account, their chat, or what only they were mailed.
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
    vouched: bool = False
