"""Render the request for the approval of a notice, in the board's thread, and how it ended."""

from adapters.slack.blocks import button, context, paragraph, with_accessory
from adapters.slack.escaping import escape, inline, mention
from adapters.slack.message_content import Content
from adapters.slack.outages.ids import OutageAction
from adapters.slack.outages.wording import MAX_TITLE_LENGTH, NOTICE_NAMES
from domain.delivery.outage_effects import RequestEnd
from domain.outages.notices import Notice
from domain.outages.outage import Outage

_ENDS = {
    RequestEnd.APPROVED: "✅ Approved by",
    RequestEnd.SENT: "✅ No approval was needed any more, sent by",
    RequestEnd.CHANGED: "✏️ Changed before it was approved, by",
    RequestEnd.WITHDRAWN: "🗑️ Withdrawn before it was approved, by",
    RequestEnd.REPEATED: "🔁 Asked for again, by",
}


def render_approval_request(outage: Outage, notice: Notice) -> Content:
    """Render the request; its button opens the review."""
    title = escape(inline(outage.title, MAX_TITLE_LENGTH))
    text = f"✋ *Approval is wanted:* {NOTICE_NAMES[notice.kind]} about “{title}”, by {mention(notice.authors[-1])}"
    review = button("Review…", OutageAction.REVIEW, str(notice.id), style="primary")
    return Content(text=text, blocks=[with_accessory(paragraph(text), review)])


def render_ended_request(outage: Outage, notice: Notice, end: RequestEnd, *, by: str) -> Content:
    """Render what became of a request, in one line without a button."""
    title = escape(inline(outage.title, MAX_TITLE_LENGTH))
    text = f"{_ENDS[end]} {mention(by)}: {NOTICE_NAMES[notice.kind]} about “{title}”, by {mention(notice.authors[-1])}"
    return Content(text=text, blocks=[context(text)])
