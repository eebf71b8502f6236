"""Modals that only say something: the customer's history, an error, what changed."""

from collections.abc import Sequence

from adapters.slack.action_ids import CallbackId
from adapters.slack.blocks import context, paragraph
from adapters.slack.case_rows import history_row
from adapters.slack.escaping import escape_within
from adapters.slack.message_hash import View
from adapters.slack.modals.frame import modal
from adapters.slack.refusal_texts import refusal_mrkdwn
from adapters.slack.rich_text import bullets, rich_text, section, words
from adapters.slack.wording import count_of, display_name, handle
from domain.cases.case import Case

MOST_CASES = 50
LONGEST_NOTICE = 2900


def render_history(case: Case, earlier: Sequence[Case], *, team_url: str) -> View:
    """The author's other cases, newest first, each with its date and outcome and a link to its card."""
    who = section([words(display_name(case), bold=True), words(f"  {handle(case)}")])
    if not earlier:
        blocks = [rich_text(who), paragraph("No other case: this is the first time they are in touch.")]
    else:
        items = [history_row(one, team_url=team_url) for one in earlier[:MOST_CASES]]
        hidden = len(earlier) - MOST_CASES
        rest = [context(f"{count_of(hidden, 'older case')} not shown.")] if hidden > 0 else []
        blocks = [rich_text(who, bullets(items)), *rest]
    return modal("Customer history", CallbackId.HISTORY, blocks, close="Close")


def render_notice(said: str | Exception, *, title: str = "Switchboard") -> View:
    """A modal that only says something: plain text, or why something was not done."""
    escaped = escape_within(said, LONGEST_NOTICE) if isinstance(said, str) else refusal_mrkdwn(said)
    return modal(title, CallbackId.NOTICE, [paragraph(escaped)], close="Close")
