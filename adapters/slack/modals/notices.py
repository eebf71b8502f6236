"""Render modals that only show a text, such as an error."""

from adapters.slack.action_ids import CallbackId
from adapters.slack.blocks import paragraph
from adapters.slack.escaping import escape_message
from adapters.slack.message_content import View
from adapters.slack.modals.frame import modal
from adapters.slack.refusal_texts import refusal_mrkdwn

MAX_NOTICE_LENGTH = 2900


def render_paragraph(escaped: str, *, title: str = "Switchboard") -> View:
    """Render a modal that shows a paragraph of mrkdwn."""
    return modal(title, CallbackId.NOTICE, [paragraph(escaped)], close="Close")


def render_notice(message: str | Exception, *, title: str = "Switchboard") -> View:
    """Render a modal that shows a plain text, or why an action was not done."""
    escaped = (
        escape_message(message, MAX_NOTICE_LENGTH) if isinstance(message, str) else refusal_mrkdwn(message)
    )
    return modal(title, CallbackId.NOTICE, [paragraph(escaped)], close="Close")
