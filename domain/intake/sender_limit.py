"""Limit how many mails of one sender are taken in a minute."""

from collections import deque
from datetime import timedelta

from domain.intake.email import AutomaticEmail, MailContent, UnreadableEmail
from domain.intake.private_messages import IncomingMessage, SenderCheck

WINDOW = timedelta(minutes=1)
#: Senders that are remembered at most; those who wrote longest ago are forgotten first.
MAX_SENDERS = 10_000


def sender_of(content: MailContent) -> str | None:
    """Return as whose a mail counts; `None` for reports and what makes no case, which cost next to nothing.

    Anybody can write an address into From: whoever does so too often must not have the customer's own mails
    wait. So what proves nothing is counted apart from what our mail server confirms, and each conversation
    whose reply token a mail carries by itself.
    """
    match content:
        case IncomingMessage():
            return _proven_sender(content)
        case AutomaticEmail() | UnreadableEmail():
            return f"{content.sender.casefold()} (a program, or unreadable)"
        case _:
            return None


def _proven_sender(mail: IncomingMessage) -> str:
    address = (mail.address or mail.author.id).casefold()
    if mail.sender_check is SenderCheck.PASSED:
        return address
    if mail.handoff_id is not None and mail.sender_check is not SenderCheck.FAILED:
        return f"{address} (in conversation {mail.handoff_id})"
    return f"{address} (not proven)"


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
