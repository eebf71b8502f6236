"""Define the effects of erasure: what tells of a customer is deleted in the team chat."""

from dataclasses import dataclass
from typing import ClassVar

from domain.delivery.effect import Effect, Lane, Safety


@dataclass(frozen=True, slots=True)
class DeleteMessage(Effect):
    """Delete a message of ours that tells of an erased customer, such as a notification of an agent."""

    channel: str
    ts: str
    kind: ClassVar[str] = "delete_message"
    lane: ClassVar[Lane] = Lane.BULK
    safety: ClassVar[Safety] = Safety.REPEAT
    max_attempts: ClassVar[int | None] = 6
    key_template: ClassVar[str] = "{0.channel}:{0.ts}"
    destination_template: ClassVar[str] = "slack:delete"


@dataclass(frozen=True, slots=True)
class DeleteThreadFiles(Effect):
    """Delete the files that we shared in the thread of an erased customer's case."""

    case_id: int
    channel: str
    ts: str
    kind: ClassVar[str] = "delete_thread_files"
    lane: ClassVar[Lane] = Lane.BULK
    safety: ClassVar[Safety] = Safety.REPEAT
    coalesce: ClassVar[bool] = True
    max_attempts: ClassVar[int | None] = 6
    key_template: ClassVar[str] = "{0.case_id}:{0.ts}"
    destination_template: ClassVar[str] = "slack:delete"
    stream_template: ClassVar[str] = "slack:thread:{0.case_id}"


ERASURE_EFFECTS = (DeleteMessage, DeleteThreadFiles)
