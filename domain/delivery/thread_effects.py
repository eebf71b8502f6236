"""Define the effects in the thread of a case's card."""

from dataclasses import dataclass
from typing import ClassVar

from domain.delivery.effect import Effect, Lane, Safety


@dataclass(frozen=True, slots=True)
class PostThread(Effect):
    """Post the audit entries that the case's thread does not show yet.

    Not in the stream of the card: no update of that waits for it. Before the card is posted it does nothing,
    and is queued again after that.
    """

    case_id: int
    channel: str
    kind: ClassVar[str] = "post_thread"
    lane: ClassVar[Lane] = Lane.BULK
    safety: ClassVar[Safety] = Safety.RECONCILE
    coalesce: ClassVar[bool] = True
    key_template: ClassVar[str] = "{0.case_id}"
    destination_template: ClassVar[str] = "slack:post:{0.channel}"
    stream_template: ClassVar[str] = "slack:thread:{0.case_id}"


@dataclass(frozen=True, slots=True)
class RedrawThread(Effect):
    """Re-render a message of the case's thread, because a post that it quotes was deleted."""

    case_id: int
    ts: str
    kind: ClassVar[str] = "redraw_thread"
    lane: ClassVar[Lane] = Lane.BULK
    safety: ClassVar[Safety] = Safety.REPEAT
    coalesce: ClassVar[bool] = True
    key_template: ClassVar[str] = "{0.case_id}:{0.ts}"
    destination_template: ClassVar[str] = "slack:update"


@dataclass(frozen=True, slots=True)
class ShareFile(Effect):
    """Upload a customer's file to the case's thread; queued again when a case without a card gets one."""

    file_id: int
    case_id: int
    channel: str
    kind: ClassVar[str] = "share_file"
    lane: ClassVar[Lane] = Lane.BULK
    safety: ClassVar[Safety] = Safety.RECONCILE
    coalesce: ClassVar[bool] = True
    max_attempts: ClassVar[int | None] = 6
    key_template: ClassVar[str] = "{0.file_id}"
    destination_template: ClassVar[str] = "slack:post:{0.channel}"
    stream_template: ClassVar[str] = "slack:thread:{0.case_id}"


@dataclass(frozen=True, slots=True)
class AddReaction(Effect):
    """Add the reaction `mark` (the name as stored) to an agent's thread message: its delivery status."""

    channel: str
    ts: str
    mark: str
    kind: ClassVar[str] = "mark_message"  # as stored
    lane: ClassVar[Lane] = Lane.AGENT
    safety: ClassVar[Safety] = Safety.REPEAT
    max_attempts: ClassVar[int | None] = 6
    key_template: ClassVar[str] = "{0.channel}:{0.ts}:{0.mark}"
    destination_template: ClassVar[str] = "slack:mark"  # as stored


THREAD_EFFECTS = (PostThread, RedrawThread, ShareFile, AddReaction)
