"""Render the answers to `/mentions vip` and `/mentions watch`."""

from collections.abc import Sequence
from datetime import datetime

from adapters.slack.blocks import context, paragraph, text_content
from adapters.slack.cases.rows import case_row
from adapters.slack.cases.tag_wording import customer_tag_text, tag_label
from adapters.slack.escaping import escape, escape_code, inline
from adapters.slack.message_content import Content
from adapters.slack.permalinks import card_link
from adapters.slack.rich_text import bullets, rich_text, section, text_node
from adapters.slack.wording import MAX_HANDLE_LENGTH
from domain.cases.case import Case
from domain.cases.tags import TaggedCustomer

MAX_ROWS = 20
MAX_CASES = 10


def render_tagged_customers(tag: str, customers: Sequence[TaggedCustomer]) -> Content:
    """Render the customers who have the tag, each with the reason."""
    title = f"Customers tagged {tag_label(tag)}"
    if not customers:
        none = f"No customer is tagged {escape(tag_label(tag))}. Tag one: `/mentions {escape_code(tag)} @handle reason`"
        return text_content(none)
    lines = [
        f"• @{escape(inline(one.handle, MAX_HANDLE_LENGTH))} · {customer_tag_text(one.tag)}"
        for one in customers[:MAX_ROWS]
    ]
    hidden = len(customers) - MAX_ROWS
    rest = [context(f"{hidden} more not shown.")] if hidden > 0 else []
    halves = (lines[: MAX_ROWS // 2], lines[MAX_ROWS // 2 :])
    rows = [paragraph("\n".join(half)) for half in halves if half]
    return Content(text=escape(title), blocks=[paragraph(f"*{escape(title)}*"), *rows, *rest])


def render_tagged_customer(
    tag: str, cases: Sequence[Case], *, is_off: bool, team_url: str, now: datetime
) -> Content:
    """Say who was tagged, by the newest case of each; one handle may be of several networks."""
    verb = "No longer tagged" if is_off else "Tagged"
    title = f"{verb} {tag_label(tag)}:"
    rows = [case_row(case, address=card_link(team_url, case), now=now) for case in cases[:MAX_CASES]]
    body = rich_text(section([text_node(title, bold=True)]), bullets(rows))
    return Content(text=escape(title), blocks=[body])
