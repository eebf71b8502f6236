"""Select the lines of a transcript that a summary is made from."""

from collections.abc import Sequence

from domain.assistance.assistant import Line
from domain.assistance.machine_texts import text_digest
from domain.cases.messages import Delivery, Direction, Message

#: The least number of messages that make a case long enough for a summary.
LONG_CASE = 6
MAX_LINE_LENGTH = 2000


def transcript_lines(messages: Sequence[Message]) -> tuple[Line, ...]:
    """Return what was said, oldest first; without deleted messages and answers that were not sent."""
    return tuple(
        Line(
            text=message.text[:MAX_LINE_LENGTH],
            is_ours=message.direction is Direction.OUT,
            venue=message.venue.value,
            day=message.created_at.date().isoformat(),
        )
        for message in messages
        if message.deleted_at is None and message.delivery is not Delivery.FAILED
    )


def transcript_digest(lines: Sequence[Line]) -> str:
    """Return the digest by which a summary finds the transcript that it was made from."""
    return text_digest("\0".join(f"{line.day} {line.venue} {line.is_ours} {line.text}" for line in lines))
