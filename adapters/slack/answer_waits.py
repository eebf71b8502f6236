"""Word why an answer is not sent yet, until when, and what there is to do."""

from adapters.slack.dates import DateStyle, date_mrkdwn
from adapters.slack.escaping import escape, inline
from adapters.slack.wording import count_of
from domain.cases.messages import Message
from domain.delivery.answer_wait import AnswerWait, WaitCause
from domain.delivery.effects import SendPrivateReply, SendPublicReply
from domain.networks import OurAccount
from domain.venues import Venue

MAX_REASON_LENGTH = 300
_RECEIVERS = {Venue.EMAIL: "The mail server", Venue.CHAT: "The chat page"}


def wait_line(wait: AnswerWait, reply: Message, ours: OurAccount) -> str:
    """Say in mrkdwn why our answer waits, until when, and that it goes out by itself."""
    receiver = escape(_RECEIVERS.get(reply.venue, ours.profile.label))
    until = date_mrkdwn(wait.until, DateStyle.DAY_AND_CLOCK)
    line = f"⏳ {_why(wait, reply, receiver, until)}"
    if not wait.ahead:
        return line
    earlier = count_of(wait.ahead, "earlier answer", "earlier answers")
    return f"{line} {earlier} of this conversation {'goes' if wait.ahead == 1 else 'go'} out before it."


def _why(wait: AnswerWait, reply: Message, receiver: str, until: str) -> str:
    match wait.cause:
        case WaitCause.RATE_LIMIT:
            return (
                f"*{receiver} takes no more from us for now:* its rate limit is reached. "
                f"Our reply goes out by itself {until}: there is nothing to do."
            )
        case WaitCause.PACE:
            return (
                f"*Others go first:* {receiver} takes only so many a minute. "
                f"Our reply goes out by itself {until} or a little later: there is nothing to do."
            )
        case WaitCause.RETRY:
            reason = escape(inline(wait.reason.rstrip("."), MAX_REASON_LENGTH))
            return (
                f"*Not sent yet:* {reason}. It is tried again by itself {until}{_attempt(wait, reply)}: "
                "there is nothing to do."
            )


def _attempt(wait: AnswerWait, reply: Message) -> str:
    """Return which attempt comes next, of how many; empty where there is no limit."""
    most = (SendPrivateReply if reply.venue.is_private else SendPublicReply).max_attempts
    return f" (attempt {wait.attempts + 1} of {most})" if most is not None else ""
