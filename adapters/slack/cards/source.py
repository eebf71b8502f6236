"""Where the quoted post stands, why we see it, and why it ranks where it does."""

from datetime import datetime

from adapters.slack.dates import DateStyle, when
from adapters.slack.escaping import escape, inline, link
from adapters.slack.wording import count_of, latest_inbound
from domain.cases.case import Case
from domain.cases.messages import Message
from domain.cases.views import CaseView
from domain.intake.posts import ReplyBlock
from domain.networks import OurAccount
from domain.triage.ranking import WAITING, reasons_for
from domain.triage.situations import Reason

#: What only the customer says is shown as said by them, lest it contradicts what the card itself says.
_SAID_BY_THEM = {Reason.LONG_WAIT.value: "says they have waited long"}


def source_line(view: CaseView, message: Message, *, now: datetime, ours: OurAccount) -> str:
    """ "View on X · 14:02 · because it mentions @acme · ranked for: came back, waiting since today at 13:50".

    A private message has neither an address nor a "because": "Direct message · 14:02 · …".
    """
    case, private = view.case, message.venue.is_private
    parts = [
        message.venue.label if private else link(message.url, f"View on {ours.profile.label}"),
        when(message.created_at, DateStyle.CLOCK),
        f"edited {when(message.edited_at)}" if message.edited_at and not message.deleted_at else "",
        "" if private else _because(case, ours),
        _ranked_for(case, now),
        _others(view),
    ]
    return " · ".join(part for part in parts if part)


def _because(case: Case, ours: OurAccount) -> str:
    if case.reply_block is ReplyBlock.NOT_ADDRESSED:
        return "because it matched a search"
    return f"because it mentions @{escape(inline(ours.handle, 40))}"


def _ranked_for(case: Case, now: datetime) -> str:
    if case.waiting_since is None:
        return ""
    reasons = reasons_for(case, now)
    plain = ", ".join(_SAID_BY_THEM.get(reason, reason) for reason in reasons if reason != WAITING)
    # The same moment that the headline counts from.
    since = when(case.waiting_since, DateStyle.DAY_AND_CLOCK)
    waiting = f"waiting since {since}" if WAITING in reasons else ""
    shown = ", ".join(part for part in (escape(inline(plain, 300)), waiting) if part)
    return f"ranked for: {shown}" if shown else ""


def _others(view: CaseView) -> str:
    """The messages that the card does not quote; the thread does."""
    quoted = [message for message in (latest_inbound(view), view.answer) if message is not None]
    others = len({message.id for message in view.messages} - {message.id for message in quoted})
    return f"{count_of(others, 'more message')} in the thread" if others else ""
