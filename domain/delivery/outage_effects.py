"""Define the effects of outages: notices to their destinations, and the board in the team chat."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from domain.delivery.effect import Effect, Hold, Lane, Safety


@dataclass(frozen=True, slots=True)
class SendNotice(Effect):
    """Publish a notice at one destination. Notices of an outage keep their order there."""

    publication_id: int
    outage_id: int
    target: str
    language: str
    attempt: int = 1
    kind: ClassVar[str] = "send_notice"
    lane: ClassVar[Lane] = Lane.AGENT
    safety: ClassVar[Safety] = Safety.RECONCILE
    max_attempts: ClassVar[int | None] = 8
    asks_person: ClassVar[bool] = True
    hold: ClassVar[Hold | None] = Hold.BROADCAST
    key_template: ClassVar[str] = "{0.publication_id}:{0.attempt}"
    destination_template: ClassVar[str] = "notice:{0.target}"
    stream_template: ClassVar[str] = "notice:{0.outage_id}:{0.target}:{0.language}"


@dataclass(frozen=True, slots=True)
class CorrectNotice(Effect):
    """Replace the text of what was published at a destination that can edit."""

    publication_id: int
    outage_id: int
    target: str
    language: str
    attempt: int = 1
    kind: ClassVar[str] = "correct_notice"
    lane: ClassVar[Lane] = Lane.AGENT
    safety: ClassVar[Safety] = Safety.REPEAT
    max_attempts: ClassVar[int | None] = 8
    hold: ClassVar[Hold | None] = Hold.BROADCAST
    key_template: ClassVar[str] = "{0.publication_id}:{0.attempt}"
    destination_template: ClassVar[str] = "notice:{0.target}"
    stream_template: ClassVar[str] = "notice:{0.outage_id}:{0.target}:{0.language}"


@dataclass(frozen=True, slots=True)
class RetractNotice(Effect):
    """Delete what was published at a destination that can delete."""

    publication_id: int
    outage_id: int
    target: str
    language: str
    attempt: int = 1
    kind: ClassVar[str] = "retract_notice"
    lane: ClassVar[Lane] = Lane.AGENT
    safety: ClassVar[Safety] = Safety.REPEAT
    max_attempts: ClassVar[int | None] = 8
    key_template: ClassVar[str] = "{0.publication_id}:{0.attempt}"
    destination_template: ClassVar[str] = "notice:{0.target}"
    stream_template: ClassVar[str] = "notice:{0.outage_id}:{0.target}:{0.language}"


@dataclass(frozen=True, slots=True)
class PostBoard(Effect):
    """Post an outage's board message, once; `again` makes the key of a replacement unique."""

    outage_id: int
    channel: str
    again: int = 0
    kind: ClassVar[str] = "post_board"
    lane: ClassVar[Lane] = Lane.AGENT
    safety: ClassVar[Safety] = Safety.RECONCILE
    key_template: ClassVar[str] = "{0.outage_id}:{0.channel}:{0.again}"
    destination_template: ClassVar[str] = "slack:post:{0.channel}"
    stream_template: ClassVar[str] = "slack:outage:{0.outage_id}"


@dataclass(frozen=True, slots=True)
class UpdateBoard(Effect):
    """Update an outage's board message; a burst of changes is merged into one update."""

    outage_id: int
    kind: ClassVar[str] = "update_board"
    lane: ClassVar[Lane] = Lane.AGENT
    safety: ClassVar[Safety] = Safety.REPEAT
    coalesce: ClassVar[bool] = True
    key_template: ClassVar[str] = "{0.outage_id}"
    destination_template: ClassVar[str] = "slack:update"
    stream_template: ClassVar[str] = "slack:outage:{0.outage_id}"


@dataclass(frozen=True, slots=True)
class PinMessage(Effect):
    """Pin a message of ours in its channel."""

    channel: str
    ts: str
    kind: ClassVar[str] = "pin_message"
    lane: ClassVar[Lane] = Lane.BULK
    safety: ClassVar[Safety] = Safety.REPEAT
    max_attempts: ClassVar[int | None] = 3
    key_template: ClassVar[str] = "{0.channel}:{0.ts}"
    destination_template: ClassVar[str] = "slack:pin"


@dataclass(frozen=True, slots=True)
class AnswerLinkedCase(Effect):
    """Answer the next customer of a bulk answer: the row `row_id`, slower than agents answer."""

    row_id: int
    case_id: int
    network: str
    kind: ClassVar[str] = "answer_linked_case"
    lane: ClassVar[Lane] = Lane.BULK
    safety: ClassVar[Safety] = Safety.REPEAT
    hold: ClassVar[Hold | None] = Hold.BROADCAST
    key_template: ClassVar[str] = "{0.row_id}"
    destination_template: ClassVar[str] = "bulk:{0.network}"


@dataclass(frozen=True, slots=True)
class AskApproval(Effect):
    """Say in the thread of an outage's board that a notice waits for approval. `version` is the notice's."""

    outage_id: int
    notice_id: int
    version: int
    channel: str
    kind: ClassVar[str] = "ask_approval"
    lane: ClassVar[Lane] = Lane.AGENT
    safety: ClassVar[Safety] = Safety.RECONCILE
    key_template: ClassVar[str] = "{0.notice_id}:{0.version}"
    destination_template: ClassVar[str] = "slack:post:{0.channel}"
    stream_template: ClassVar[str] = "slack:outage:{0.outage_id}"


class RequestEnd(StrEnum):
    """What became of a request for approval. The values are stored."""

    APPROVED = "approved"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    REPEATED = "repeated"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class EndApprovalRequest(Effect):
    """Have the request for approval of a notice say what became of it. `version` is that of the request.

    The next request waits for it, so that it must not wait itself for the cards of linked cases.
    """

    outage_id: int
    notice_id: int
    version: int
    end: str
    user_id: str
    kind: ClassVar[str] = "end_approval_request"
    lane: ClassVar[Lane] = Lane.AGENT
    safety: ClassVar[Safety] = Safety.REPEAT
    max_attempts: ClassVar[int | None] = 8
    key_template: ClassVar[str] = "{0.notice_id}:{0.version}"
    destination_template: ClassVar[str] = "slack:update"
    stream_template: ClassVar[str] = "slack:outage:{0.outage_id}"


@dataclass(frozen=True, slots=True)
class SendTimeline(Effect):
    """Send an outage's time line as a file to whoever asked for it at this moment."""

    outage_id: int
    user_id: str
    asked_at: str
    kind: ClassVar[str] = "send_timeline"
    lane: ClassVar[Lane] = Lane.AGENT
    safety: ClassVar[Safety] = Safety.REPEAT
    max_attempts: ClassVar[int | None] = 5
    key_template: ClassVar[str] = "{0.outage_id}:{0.user_id}:{0.asked_at}"
    destination_template: ClassVar[str] = "slack:post:{0.user_id}"


@dataclass(frozen=True, slots=True)
class PostRehearsal(Effect):
    """Post in the rehearsal channel that a rehearsal began (`part` is "start"), or its "score"."""

    rehearsal_id: int
    channel: str
    part: str
    kind: ClassVar[str] = "post_rehearsal"
    lane: ClassVar[Lane] = Lane.AGENT
    safety: ClassVar[Safety] = Safety.RECONCILE
    key_template: ClassVar[str] = "{0.rehearsal_id}:{0.part}"
    destination_template: ClassVar[str] = "slack:post:{0.channel}"
    stream_template: ClassVar[str] = "slack:rehearsal:{0.rehearsal_id}"


@dataclass(frozen=True, slots=True)
class FoldRehearsalMessage(Effect):
    """Fold a message of a rehearsal that is over into a line, so that nothing looks as if it waited.

    `message` is the kind of it; `situation` and `is_answered` are a card's.
    """

    rehearsal_id: int
    channel: str
    ts: str
    message: str
    situation: str
    is_answered: bool
    kind: ClassVar[str] = "fold_rehearsal_message"
    lane: ClassVar[Lane] = Lane.BULK
    safety: ClassVar[Safety] = Safety.REPEAT
    max_attempts: ClassVar[int | None] = 5
    key_template: ClassVar[str] = "{0.rehearsal_id}:{0.channel}:{0.ts}"
    destination_template: ClassVar[str] = "slack:update"


@dataclass(frozen=True, slots=True)
class MailBatch(Effect):
    """Mail a notice to the next of its subscribers; which those are, the mailing says.

    What was sent already is not sent again, so that a batch may be repeated.
    """

    publication_id: int
    number: int
    kind: ClassVar[str] = "mail_batch"
    lane: ClassVar[Lane] = Lane.BULK
    safety: ClassVar[Safety] = Safety.REPEAT
    hold: ClassVar[Hold | None] = Hold.BROADCAST
    key_template: ClassVar[str] = "{0.publication_id}:{0.number}"
    destination_template: ClassVar[str] = "email:list"
    stream_template: ClassVar[str] = "email:list:{0.publication_id}"


@dataclass(frozen=True, slots=True)
class SendConfirmation(Effect):
    """Mail a person the link with which they confirm that they subscribe."""

    subscriber_id: int
    nonce: str
    kind: ClassVar[str] = "send_confirmation"
    lane: ClassVar[Lane] = Lane.CARD
    safety: ClassVar[Safety] = Safety.REPEAT
    max_attempts: ClassVar[int | None] = 5
    key_template: ClassVar[str] = "{0.subscriber_id}:{0.nonce}"
    destination_template: ClassVar[str] = "email:confirmation"


OUTAGE_EFFECTS = (
    SendNotice,
    CorrectNotice,
    RetractNotice,
    PostBoard,
    UpdateBoard,
    PinMessage,
    AnswerLinkedCase,
    AskApproval,
    EndApprovalRequest,
    SendTimeline,
    PostRehearsal,
    FoldRehearsalMessage,
    MailBatch,
    SendConfirmation,
)
