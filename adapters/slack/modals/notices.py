"""Render modals that only inform: a customer's history, errors."""

from collections.abc import Sequence

from adapters.slack.action_ids import CallbackId
from adapters.slack.blocks import context, paragraph
from adapters.slack.case_rows import history_row
from adapters.slack.escaping import escape_within
from adapters.slack.message_content import View
from adapters.slack.modals.frame import modal
from adapters.slack.refusal_texts import refusal_mrkdwn
from adapters.slack.rich_text import bullets, rich_text, section, text_node
from adapters.slack.wording import count_of, display_name, handle
from domain.cases.case import Case

MAX_CASES = 50
MAX_NOTICE_LENGTH = 2900


def render_history(case: Case, earlier: Sequence[Case], *, team_url: str) -> View:
    """Render the author's other cases, newest first, each with its date, outcome and a link to its card."""
    customer = section([text_node(display_name(case), bold=True), text_node(f"  {handle(case)}")])
    if not earlier:
        blocks = [rich_text(customer), paragraph("No other case: this is the first time they are in touch.")]
    else:
        items = [history_row(other, team_url=team_url) for other in earlier[:MAX_CASES]]
        hidden = len(earlier) - MAX_CASES
        rest = [context(f"{count_of(hidden, 'older case')} not shown.")] if hidden > 0 else []
        blocks = [rich_text(customer, bullets(items)), *rest]
    return modal("Customer history", CallbackId.HISTORY, blocks, close="Close")


def render_notice(message: str | Exception, *, title: str = "Switchboard") -> View:
    """Render a modal that shows a plain text, or why an action was not done."""
    escaped = (
        escape_within(message, MAX_NOTICE_LENGTH) if isinstance(message, str) else refusal_mrkdwn(message)
    )
    return modal(title, CallbackId.NOTICE, [paragraph(escaped)], close="Close")
