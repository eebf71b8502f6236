"""Render the list of the promises that are due: the answer to `/mentions promises`, and App Home's."""

from collections.abc import Sequence

from adapters.slack.blocks import context, paragraph, paragraphs
from adapters.slack.dates import DateStyle, date_mrkdwn
from adapters.slack.escaping import escape, inline, link, mention
from adapters.slack.message_content import Block, Content
from adapters.slack.permalinks import card_link
from adapters.slack.wording import count_of, display_name
from domain.cases.case import Case
from domain.cases.promises import MAX_WORDS, Promise

MAX_ROWS = 20
_TITLE = "Promises due"


def render_promises(found: Sequence[tuple[Promise, Case]], *, team_url: str) -> Content:
    """Render all open promises, the first that is due first."""
    if not found:
        return Content(text=_TITLE, blocks=[paragraph("No promise is open. 🎉")])
    rows = paragraphs(_row(promise, case, team_url) for promise, case in found[:MAX_ROWS])
    hidden = len(found) - MAX_ROWS
    rest = [context(f"{count_of(hidden, 'more promise')}, due later.")] if hidden > 0 else []
    return Content(text=_TITLE, blocks=[paragraph(f"*{_TITLE}*"), *rows, *rest])


def home_promises(
    found: Sequence[tuple[Promise, Case]], *, team_url: str, with_holder: bool = False
) -> list[Block]:
    """Render open promises for App Home, with their holders or as the reader's own; empty without any."""
    if not found:
        return []
    lines = [_row(promise, case, team_url, with_holder=with_holder) for promise, case in found]
    return paragraphs([f"🤝 *{_TITLE}*", *lines])


def _row(promise: Promise, case: Case, team_url: str, *, with_holder: bool = True) -> str:
    customer = link(card_link(team_url, case), display_name(case))
    holder = case.claimed_by or case.closed_by
    who = f" · {mention(holder)}" if with_holder and holder is not None else ""
    due = date_mrkdwn(promise.due_at, DateStyle.DAY_AND_CLOCK)
    return f"• {due}: {customer}, “{escape(inline(promise.words, MAX_WORDS))}”{who}"
