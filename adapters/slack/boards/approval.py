"""Render the message by which approval of a notice is asked for, in the board's thread."""

from adapters.slack.blocks import button, paragraph, with_accessory
from adapters.slack.escaping import escape, inline, mention
from adapters.slack.message_content import Content
from adapters.slack.outages.ids import OutageAction
from adapters.slack.outages.wording import MAX_TITLE_LENGTH, NOTICE_NAMES
from domain.outages.notices import Notice
from domain.outages.outage import Outage


def render_approval_request(outage: Outage, notice: Notice) -> Content:
    """Render the request; its button opens the review."""
    title = escape(inline(outage.title, MAX_TITLE_LENGTH))
    text = f"✋ *Approval is wanted:* {NOTICE_NAMES[notice.kind]} about “{title}”, by {mention(notice.authors[-1])}"
    review = button("Review…", OutageAction.REVIEW, str(notice.id), style="primary")
    return Content(text=text, blocks=[with_accessory(paragraph(text), review)])
