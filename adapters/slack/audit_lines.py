"""The trail's entries in words: one short line each, for the thread and for "what changed since"."""

from collections.abc import Callable, Sequence
from datetime import datetime

from adapters.slack import handoff_lines
from adapters.slack.blocks import context
from adapters.slack.dates import DateStyle, when
from adapters.slack.escaping import escape, inline, mention
from adapters.slack.message_hash import Block
from domain.records.audit import Action, Entry

LONGEST_REASON = 500
MOST_LINES = 8

_PLAIN = {
    Action.CASE_OPENED: "The case was opened",
    Action.CUSTOMER_WROTE: "The customer wrote again",
    Action.CUSTOMER_EDITED: "The customer edited a post",
    Action.POST_GONE: "🗑️ A post was deleted by its author",
    Action.WOKEN: "⏰ Back from snooze",
    Action.REPLY_SENT: "✓ The reply was sent",
    Action.REPLY_SENT_AGAIN: "The reply is not there, so it is being sent again",
    Action.REPLY_LINKED: "The reply was found on the network",
    Action.SUGGESTED: "A reply was suggested",
}
_BY = {
    Action.CLAIMED: "Claimed by {who}",
    Action.RELEASED: "Released by {who}",
    Action.REPLY_QUEUED: "{who} sent a reply",
    Action.REPLY_RETRIED: "{who} pressed Try again",
    Action.RESOLVED: "✅ Resolved by {who}",
    Action.DISMISSED: "➖ {who} said it is not a request",
    Action.REOPENED: "Reopened by {who}",
}


def tell(entry: Entry) -> str:
    """What happened, in mrkdwn, without its time."""
    if entry.action in _TELLERS:
        return _TELLERS[entry.action](entry)
    if entry.action in _BY:
        return _BY[entry.action].format(who=mention(entry.actor))
    return _PLAIN[entry.action]


def tell_line(entry: Entry) -> Block:
    """What happened and when, as a quiet line."""
    return context(f"{tell(entry)} · {when(entry.at, DateStyle.CLOCK)}")


def changes(entries: Sequence[Entry]) -> str:
    """What happened of late, as lines of mrkdwn, the newest last."""
    lines = [f"• {tell(entry)}, {when(entry.at)}" for entry in entries[-MOST_LINES:]]
    return "\n".join(lines)


def reason_of(entry: Entry) -> str:
    """Why it went wrong, escaped; empty where the trail does not say."""
    return escape(inline(str(entry.detail.get("reason") or ""), LONGEST_REASON))


def _taken_over(entry: Entry) -> str:
    before = entry.detail.get("from")
    return f"Taken over by {mention(entry.actor)}" + (f" from {mention(str(before))}" if before else "")


def _assigned(entry: Entry) -> str:
    to = entry.detail.get("to")
    return f"{mention(entry.actor)} assigned it" + (f" to {mention(str(to))}" if to else "")


def _snoozed(entry: Entry) -> str:
    until = _moment(entry.detail.get("until"))
    said = f"💤 Snoozed by {mention(entry.actor)}"
    return said if until is None else f"{said} until {when(until, DateStyle.DAY_AND_CLOCK)}"


def _failed(entry: Entry) -> str:
    why = reason_of(entry)
    return f"⚠️ The reply was not sent: {why}" if why else "⚠️ The reply was not sent"


def _unsure(entry: Entry) -> str:
    why = reason_of(entry)
    return "❓ Not sure the reply was sent" + (f": {why}" if why else "")


def _settled(entry: Entry) -> str:
    found = "it was sent" if entry.detail.get("sent") else "it was not sent"
    return f"{mention(entry.actor)} looked: {found}"


def _route_failed(entry: Entry) -> str:
    why = reason_of(entry)
    return "⚠️ The card could not be shown where it belongs" + (f": {why}" if why else "")


def _moment(given: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(given))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


_TELLERS: dict[Action, Callable[[Entry], str]] = {
    Action.TAKEN_OVER: _taken_over,
    Action.ASSIGNED: _assigned,
    Action.SNOOZED: _snoozed,
    Action.REPLY_FAILED: _failed,
    Action.REPLY_UNSURE: _unsure,
    Action.REPLY_SETTLED_BY_PERSON: _settled,
    Action.ROUTE_FAILED: _route_failed,
    Action.OFFERED: handoff_lines.offered,
    Action.OFFER_REMINDED: handoff_lines.reminded,
    Action.OFFER_EXPIRED: handoff_lines.expired,
    Action.ARRIVED: handoff_lines.arrived,
    Action.VERIFIED: handoff_lines.verified,
    Action.CODE_WRONG: handoff_lines.code_wrong,
    Action.RETURNED: handoff_lines.returned,
    Action.OPTED_OUT: handoff_lines.opted_out,
    Action.RATED: handoff_lines.rated,
    Action.TRANSCRIPT_ASKED: handoff_lines.transcript_asked,
    Action.TRANSCRIPT_SENT: handoff_lines.transcript_sent,
    Action.TRANSCRIPT_FAILED: handoff_lines.transcript_failed,
}
