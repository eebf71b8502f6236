"""Render the card's source line: link and time of the quoted post, match reason, ranking reasons."""

from datetime import datetime

from adapters.slack.dates import DateStyle, date_mrkdwn
from adapters.slack.escaping import escape, inline, link
from adapters.slack.labels import rank_reason_text
from adapters.slack.venue_names import full_name
from adapters.slack.wording import count_of, latest_inbound
from domain.cases.case import Case
from domain.cases.messages import Message
from domain.cases.views import CaseView
from domain.intake.posts import MatchReason, ReplyBlock
from domain.networks import OurAccount
from domain.triage.ranking import WAITING, reasons_for

_ADDRESSED_BY = {
    MatchReason.MENTION: "mentions",
    MatchReason.QUOTE: "quotes",
    None: "mentions or quotes",
}


def source_line(view: CaseView, message: Message, *, now: datetime, ours: OurAccount) -> str:
    """Render where the message is, when it was sent, why we see it and why it ranks where it does.

    "View on X · 14:02 · because it mentions @acme · ranked for: came back, waiting since today at 13:50". A
    private message has neither a link nor a "because": "Direct message · 14:02 · …".
    """
    case, private = view.case, message.venue.is_private
    parts = [
        full_name(message.venue) if private else link(message.url, f"View on {ours.profile.label}"),
        date_mrkdwn(message.created_at, DateStyle.CLOCK),
        f"edited {date_mrkdwn(message.edited_at)}" if message.edited_at and not message.deleted_at else "",
        "" if private else _match_reason(message, ours),
        _ranked_for(case, now),
        _more_messages(view),
    ]
    return " · ".join(part for part in parts if part)


def _match_reason(message: Message, ours: OurAccount) -> str:
    """Render why the post reached us. Where that is not stored, its reply block tells a search hit."""
    unaddressed = message.reply_block is ReplyBlock.NOT_ADDRESSED
    reason = message.match_reason or (MatchReason.SEARCH if unaddressed else None)
    if reason is MatchReason.SEARCH:
        return "because it matched a search"
    return f"because it {_ADDRESSED_BY[reason]} @{escape(inline(ours.handle, 40))}"


def _ranked_for(case: Case, now: datetime) -> str:
    if case.waiting_since is None:
        return ""
    reasons = reasons_for(case, now)
    reason_text = ", ".join(rank_reason_text(reason) for reason in reasons if reason != WAITING)
    # The same start time as in the headline.
    since = date_mrkdwn(case.waiting_since, DateStyle.DAY_AND_CLOCK)
    waiting = f"waiting since {since}" if WAITING in reasons else ""
    ranked_for = ", ".join(part for part in (escape(inline(reason_text, 300)), waiting) if part)
    return f"ranked for: {ranked_for}" if ranked_for else ""


def _more_messages(view: CaseView) -> str:
    """Count the messages that the card does not quote; the thread shows them."""
    quoted = [message for message in (latest_inbound(view), view.latest_reply) if message is not None]
    others = len({message.id for message in view.messages} - {message.id for message in quoted})
    return f"{count_of(others, 'more message')} in the thread" if others else ""
