"""Limit how many mails of one sender are taken in a minute."""

from collections import deque
from datetime import timedelta

from domain.intake.email import AutomaticEmail, MailContent, UnreadableEmail
from domain.intake.private_messages import IncomingMessage

WINDOW = timedelta(minutes=1)
#: Senders that are remembered at most; those who wrote longest ago are forgotten first.
MAX_SENDERS = 10_000


def sender_of(content: MailContent) -> str | None:
    """Return who sent a mail; `None` for reports and what makes no case, which cost next to nothing."""
    match content:
        case IncomingMessage():
            return (content.address or content.author.id).casefold()
        case AutomaticEmail() | UnreadableEmail():
            return content.sender.casefold()
        case _:
            return None


class SenderLimit:
    """Counts what each sender sent in the last minute, by a clock that is never set back."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._taken: dict[str, deque[float]] = {}

    def takes(self, sender: str, seconds: float) -> bool:
        """Return whether one more mail of the sender is taken now, and count it."""
        taken = self._taken.pop(sender, deque())
        while taken and seconds - taken[0] >= WINDOW.total_seconds():
            taken.popleft()
        is_taken = len(taken) < self._per_minute
        if is_taken:
            taken.append(seconds)
        self._taken[sender] = taken
        while len(self._taken) > MAX_SENDERS:
            del self._taken[next(iter(self._taken))]
        return is_taken
