"""Define why a queued answer of ours is not sent yet, and until when: a rate limit, a retry, its turn."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

#: A shorter wait is over before its card is drawn.
SHORTEST_SHOWN = timedelta(seconds=5)


class WaitCause(Enum):
    """Why it waits.

    `RATE_LIMIT`: the other side takes no more for now. `RETRY`: an attempt did not succeed and is repeated.
    `PACE`: our own rate limit, which keeps us within the other side's.
    """

    RATE_LIMIT = auto()
    RETRY = auto()
    PACE = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerWait:
    """How long an answer waits at least, and why.

    `reason` is why the last attempt did not succeed, `attempts` how many counted. `ahead` is how many
    messages of the same conversation are sent before it: where there are any, it is the first that waits.
    """

    cause: WaitCause
    until: datetime
    reason: str = ""
    attempts: int = 0
    ahead: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedSend:
    """What the outbox holds of a queued send: when it is due, and what its destination allows.

    `note` is why it was postponed, `paused_until` the end of the other side's rate limit, `free_at` when our
    own pace allows the next send.
    """

    due: datetime
    note: str | None = None
    attempts: int = 0
    paused_until: datetime | None = None
    free_at: datetime | None = None


def wait_of(send: QueuedSend, *, ahead: int, now: datetime) -> AnswerWait | None:
    """Return why the send waits; `None` where it is sent within moments."""
    limited, free = send.paused_until or now, send.free_at or now
    until = max(send.due, limited, free)
    if until - now < SHORTEST_SHOWN:
        return None
    if limited - now >= SHORTEST_SHOWN:
        return AnswerWait(cause=WaitCause.RATE_LIMIT, until=until, ahead=ahead)
    if send.due - now >= SHORTEST_SHOWN and send.note:
        reason, attempts = send.note, send.attempts
        return AnswerWait(cause=WaitCause.RETRY, until=until, reason=reason, attempts=attempts, ahead=ahead)
    return AnswerWait(cause=WaitCause.PACE, until=until, ahead=ahead)
