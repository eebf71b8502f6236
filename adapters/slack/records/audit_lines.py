"""Render audit entries as one short line each, for threads and for "what changed since" messages."""

from collections.abc import Callable, Sequence

from adapters.slack import unproven_mails
from adapters.slack.blocks import context
from adapters.slack.cases import deadline_lines, promise_wording
from adapters.slack.cases.tag_wording import changed_tags_text
from adapters.slack.causes import audit_lines as cause_audit_lines
from adapters.slack.dates import DateStyle, date_mrkdwn, parse_moment
from adapters.slack.escaping import channel_mention, escape, inline, mention
from adapters.slack.handoffs import audit_lines as handoff_audit_lines
from adapters.slack.labels import situation_label, urgency_label
from adapters.slack.message_content import Block
from adapters.slack.outages import audit_lines as outage_audit_lines
from adapters.slack.trackers import wording as issue_wording
from adapters.slack.wording import count_of, language_name
from domain.cases.rota import ReturnReason
from domain.records.audit import Action, Entry
from domain.triage.assessment import Urgency
from domain.triage.situations import Situation

MAX_REASON_LENGTH = 500
MAX_LINES = 8

_TEXTS = {
    Action.CASE_OPENED: "The case was opened",
    Action.CUSTOMER_WROTE: "The customer wrote again",
    Action.CUSTOMER_EDITED: "The customer edited a post",
    Action.POST_GONE: "🗑️ A post was deleted by its author",
    Action.WOKEN: "⏰ Back from snooze",
    Action.REPLY_SENT: "✓ The reply was sent",
    Action.MAIL_COMPLAINED: "🔕 They reported our mail as spam to their provider: no more mail goes there until they write",
    Action.REPLY_SENT_AGAIN: "The reply is not there, so it is being sent again",
    Action.REPLY_LINKED: "The reply was found on the network",
    Action.SUGGESTED: "A reply was suggested",
    Action.CUSTOMER_ERASED: "🗑️ What was stored of the customer was erased",
    Action.CONTENT_EXPIRED: "🗑️ Content was erased, as the settings say how long it is kept",
    **outage_audit_lines.TEXTS,
}
#: Why a claim was returned to the queue, after who had it.
_RETURN_REASONS: dict[str, str] = {
    ReturnReason.STALE: " and did nothing in it while the customer waited",
    ReturnReason.DEACTIVATED: ", who is no longer in Slack",
    ReturnReason.LEFT: ", who is no longer on the team",
}
_TEXTS_WITH_ACTOR = {
    Action.NOTE_ADDED: "📝 {who} added a note, which Details… shows",
    Action.AGENT_AWAY: "{who} said that they are away",
    Action.AGENT_BACK: "{who} said that they are back",
    Action.CLAIMED: "Claimed by {who}",
    Action.RELEASED: "Released by {who}",
    Action.LINE_EDITED: "✏️ {who} changed a line here that had gone out: the customer has the first wording",
    Action.REPLY_RETRIED: "{who} pressed Try again",
    Action.REPLY_REPEATED: "{who} has the reply sent again, though it may have arrived",
    Action.REPLY_CANCELLED: "{who} cancelled the reply before it left",
    Action.REPLY_LEFT: "{who} goes on without the reply: nobody knows whether it arrived",
    Action.RESOLVED: "✅ Resolved by {who}",
    Action.DISMISSED: "➖ {who} said it is not a request",
    Action.REOPENED: "Reopened by {who}",
    Action.MODEL_ASKED: "{who} asked the model for help",
    Action.PICTURES_READ: "{who} had a picture read by a machine",
    Action.EXAMPLE_TAKEN_BACK: "{who} took back what it was said to be about, as an example",
    Action.LEARNING_ASKED: "{who} had the bot learn from what was taught",
    Action.ABUSE_BLURRED: "{who} chose to have abuse blurred",
    Action.ABUSE_SHOWN: "{who} chose to have abuse shown as it was written",
    Action.FORGOTTEN: "{who} had the bot forget what was taught",
    Action.SAVED_REPLY_CREATED: "{who} made a saved reply",
    Action.SAVED_REPLY_EDITED: "{who} edited a saved reply",
    Action.SAVED_REPLY_RETIRED: "{who} retired a saved reply",
    Action.SAVED_REPLY_RESTORED: "{who} brought a saved reply back",
    Action.PROPOSAL_DISMISSED: "{who} dismissed a proposed reply",
    Action.SPIKE_DISMISSED: "{who} said that a spike was not an outage",
    Action.SPIKE_RESTORED: "{who} took back that a spike was not an outage",
    Action.SPIKE_ATTRIBUTED: "{who} said which outage a spike comes from",
    Action.SUMMARY_SHARED: "{who} shared a summary in a channel",
    Action.FIGURES_EXPORTED: "{who} exported figures",
    Action.CONTACTS_SHOWN: "{who} looked at the customer's contact data",
    Action.FILES_SHOWN: "{who} had the customer's files shown here",
    Action.DIGEST_SENT: "{who} had a digest sent now",
    Action.CARD_PULLED: "{who} had this card posted",
    **outage_audit_lines.TEXTS_WITH_ACTOR,
}


def describe(entry: Entry) -> str:
    """Describe an audit entry in mrkdwn, without its time."""
    if entry.action in _DESCRIBERS:
        return _DESCRIBERS[entry.action](entry)
    if entry.action in _TEXTS_WITH_ACTOR:
        return _TEXTS_WITH_ACTOR[entry.action].format(who=mention(entry.actor))
    return _TEXTS[entry.action]


def entry_line(entry: Entry) -> Block:
    """Render an audit entry and its time as a context block."""
    return context(f"{describe(entry)} · {date_mrkdwn(entry.at, DateStyle.CLOCK)}")


def recent_changes(entries: Sequence[Entry]) -> str:
    """Render the newest entries as lines of mrkdwn, oldest first."""
    lines = [f"• {describe(entry)}, {date_mrkdwn(entry.at)}" for entry in entries[-MAX_LINES:]]
    return "\n".join(lines)


def _reason(entry: Entry) -> str:
    """Return the entry's failure reason, escaped; empty if it has none."""
    return escape(inline(str(entry.detail.get("reason") or ""), MAX_REASON_LENGTH))


def _taken_over(entry: Entry) -> str:
    previous = entry.detail.get("from")
    return f"Taken over by {mention(entry.actor)}" + (f" from {mention(str(previous))}" if previous else "")


def _assigned(entry: Entry) -> str:
    to = entry.detail.get("to")
    return f"{mention(entry.actor)} assigned it" + (f" to {mention(str(to))}" if to else "")


def _snoozed(entry: Entry) -> str:
    until = parse_moment(entry.detail.get("until"))
    text = f"💤 Snoozed by {mention(entry.actor)}"
    return text if until is None else f"{text} until {date_mrkdwn(until, DateStyle.DAY_AND_CLOCK)}"


def _corrected(entry: Entry) -> str:
    detail = entry.detail
    try:
        situation, urgency = Situation(str(detail.get("situation"))), Urgency(detail.get("urgency", -1))
    except ValueError:
        return f"{mention(entry.actor)} said what it is about"
    nothing = "" if detail.get("request") else ", and that it wants nothing of us"
    language = f", in {escape(language_name(str(detail['language'])))}" if detail.get("language") else ""
    about = f"*{situation_label(situation)}*, {urgency_label(urgency)}"
    return f"🏷️ {mention(entry.actor)} said it is about: {about}{language}{nothing}"


def _claim_returned(entry: Entry) -> str:
    holder = mention(str(entry.detail.get("from") or "somebody"))
    text = f"↩️ Back in the queue: {holder} had it"
    return text + _RETURN_REASONS.get(str(entry.detail.get("reason")), "")


def _case_tagged(entry: Entry) -> str:
    return f"🏷️ {mention(entry.actor)} tagged the case: {changed_tags_text(entry.detail)}"


def _customer_tagged(entry: Entry) -> str:
    reason = _reason(entry)
    tags = changed_tags_text(entry.detail)
    return f"🏷️ {mention(entry.actor)} tagged the customer: {tags}" + (f" ({reason})" if reason else "")


def _line_deleted(entry: Entry) -> str:
    author = mention(str(entry.detail.get("by") or "somebody"))
    return f"✂️ A line by {author} was deleted here that had gone out: the customer still has it"


def _failed(entry: Entry) -> str:
    reason = _reason(entry)
    return f"⚠️ The reply was not sent: {reason}" if reason else "⚠️ The reply was not sent"


def _missed(entry: Entry) -> str:
    written_at = parse_moment(str(entry.detail.get("written_at") or ""))
    at = f" {date_mrkdwn(written_at, DateStyle.DAY_AND_CLOCK)}" if written_at is not None else ""
    return (
        f"⚠️ {mention(entry.actor)}, what you wrote{at} was not sent to the customer: the bot could not take it "
        "then. Write it again if it still holds"
    )


def _unsure(entry: Entry) -> str:
    reason = _reason(entry)
    return "❓ Not sure the reply was sent" + (f": {reason}" if reason else "")


def _queued(entry: Entry) -> str:
    waits = "❓ *It waits: nobody knows whether the one before arrived.* Say so on the card. "
    return (waits if entry.detail.get("waits") else "") + f"{mention(entry.actor)} sent a reply"


def _still_unsure(entry: Entry) -> str:
    waiting = entry.detail.get("waiting")
    held = f" {count_of(int(waiting), 'answer waits', 'answers wait')} behind it." if waiting else ""
    return f"❓ *Still not sure the reply arrived.*{held} Say so on the card."


def _settled(entry: Entry) -> str:
    verdict = "it was sent" if entry.detail.get("sent") else "it was not sent"
    return f"{mention(entry.actor)} looked: {verdict}"


def _route_failed(entry: Entry) -> str:
    reason = _reason(entry)
    return "⚠️ The card could not be shown where it belongs" + (f": {reason}" if reason else "")


def _card_moved(entry: Entry) -> str:
    places = [channel_mention(str(entry.detail.get(end) or "")) for end in ("from", "to")]
    rule = escape(inline(str(entry.detail.get("rule") or ""), 40))
    by = f", by the rule “{rule}”" if rule else ""
    return f"{mention(entry.actor)} moved the card from {places[0]} to {places[1]}{by}"


def _held(entry: Entry) -> str:
    reason = _reason(entry)
    done = "🔒 {} placed a legal hold" if entry.action is Action.HOLD_PLACED else "{} lifted the legal hold"
    return done.format(mention(entry.actor)) + (f": {reason}" if reason else "")


_DESCRIBERS: dict[Action, Callable[[Entry], str]] = {
    Action.TAKEN_OVER: _taken_over,
    Action.ASSIGNED: _assigned,
    Action.SNOOZED: _snoozed,
    Action.CORRECTED: _corrected,
    Action.CLAIM_RETURNED: _claim_returned,
    Action.CASE_TAGGED: _case_tagged,
    Action.CUSTOMER_TAGGED: _customer_tagged,
    Action.LINE_DELETED: _line_deleted,
    Action.REPLY_FAILED: _failed,
    Action.REPLY_UNSURE: _unsure,
    Action.REPLY_QUEUED: _queued,
    Action.REPLY_DOUBT_REMINDED: _still_unsure,
    Action.LINE_MISSED: _missed,
    Action.REPLY_SETTLED_BY_PERSON: _settled,
    Action.ROUTE_FAILED: _route_failed,
    Action.CARD_MOVED: _card_moved,
    Action.HOLD_PLACED: _held,
    Action.HOLD_LIFTED: _held,
    Action.OFFERED: handoff_audit_lines.offered,
    Action.OFFER_REMINDED: handoff_audit_lines.reminded,
    Action.OFFER_EXPIRED: handoff_audit_lines.expired,
    Action.ARRIVED: handoff_audit_lines.arrived,
    Action.VERIFIED: handoff_audit_lines.verified,
    Action.CODE_WRONG: handoff_audit_lines.code_wrong,
    Action.CODE_ANSWERED: handoff_audit_lines.code_answered,
    Action.VERIFICATION_DENIED: handoff_audit_lines.verification_denied,
    Action.LINK_REUSED: handoff_audit_lines.link_reused,
    Action.RETURNED: handoff_audit_lines.returned,
    Action.OPTED_OUT: handoff_audit_lines.opted_out,
    Action.AUTOMATIC_MAIL_RECEIVED: handoff_audit_lines.automatic_mail,
    Action.MAIL_REPORT_UNPROVEN: handoff_audit_lines.unproven_report,
    Action.MAIL_PARTLY_BOUNCED: handoff_audit_lines.partly_bounced,
    Action.RATED: handoff_audit_lines.rated,
    Action.TRANSCRIPT_ASKED: handoff_audit_lines.transcript_asked,
    Action.TRANSCRIPT_SENT: handoff_audit_lines.transcript_sent,
    Action.TRANSCRIPT_FAILED: handoff_audit_lines.transcript_failed,
    Action.CAUSE_CREATED: cause_audit_lines.created,
    Action.CAUSE_CHANGED: cause_audit_lines.changed,
    Action.CAUSE_DECIDED: cause_audit_lines.decided,
    Action.ISSUE_REQUESTED: issue_wording.requested,
    Action.ISSUE_CREATED: issue_wording.created,
    Action.ISSUE_FAILED: issue_wording.failed,
    Action.ISSUE_LINKED: issue_wording.linked,
    Action.ISSUE_UNLINKED: issue_wording.unlinked,
    Action.ISSUE_CHANGED: issue_wording.changed,
    **deadline_lines.DESCRIBERS,
    **promise_wording.DESCRIBERS,
    **unproven_mails.DESCRIBERS,
}
