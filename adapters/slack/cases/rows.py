"""Render cases as rows of a list, each linked to its card."""

from datetime import datetime

from adapters.slack.dates import DateStyle, date_node
from adapters.slack.escaping import strip_control
from adapters.slack.labels import situation_label
from adapters.slack.permalinks import card_link
from adapters.slack.rich_text import Node, join_dotted, link_node, text_node, user_node
from adapters.slack.wording import display_name, handle, reply_due, urgency_emoji, waiting_status
from domain.cases.case import Case, CaseState
from domain.cases.search import FoundCase

_CLOSED = {CaseState.RESOLVED: "resolved", CaseState.DISMISSED: "not a request"}


def case_row(case: Case, *, address: str | None, now: datetime, reader: str | None = None) -> list[Node]:
    """Render a row: 🔴 Cannot pay · Ana Ruiz  @anaruiz · wrote 4 minutes ago · @sam.

    The situation and the customer's name are the link to `address`, where its card is. The assignee is left
    out if it is the `reader`, or closed the case.
    """
    assessment = case.assessment
    title = f"{situation_label(assessment.situation)} · {display_name(case)}  {handle(case)}"
    # A case that was closed before it had a card gets none.
    missing = [text_node(" (card on its way)", italic=True)] if case.state.is_active else []
    linked = [link_node(address, title)] if address else [text_node(title), *missing]
    is_named = case.claimed_by is not None and case.claimed_by not in {reader, case.closed_by}
    claimed_by = [user_node(str(case.claimed_by))] if is_named else []
    return join_dotted(
        [
            [text_node(f"{urgency_emoji(assessment.urgency)} "), *linked],
            outcome(case),
            reply_due(case, is_overdue=case.is_overdue(now)),
            claimed_by,
        ]
    )


def outcome(case: Case) -> list[Node]:
    """Render an active case's waiting status, or how, when and by whom a closed one was closed."""
    if case.state.is_active:
        return waiting_status(case)
    nodes = [text_node(_CLOSED[case.state])]
    if case.closed_by is not None:
        nodes += [text_node(" by "), user_node(case.closed_by)]
    if case.closed_at is not None:
        nodes += [text_node(" "), date_node(case.closed_at)]
    return nodes


def history_row(case: Case, *, team_url: str) -> list[Node]:
    """Render a row of a customer's history: "12 Nov · Cannot pay · resolved by @sam 3 days ago"."""
    address = card_link(team_url, case)
    label = situation_label(case.assessment.situation)
    return join_dotted(
        [
            [date_node(case.opened_at, DateStyle.DAY)],
            [link_node(address, label) if address else text_node(label)],
            outcome(case) or [text_node("open")],
        ]
    )


def found_row(found: FoundCase, *, team_url: str, now: datetime) -> list[Node]:
    """Render a row of a search: the case, and below it the words that were found, in bold."""
    row = case_row(found.case, address=card_link(team_url, found.case), now=now)
    if found.excerpt is None:
        return row
    nodes, end = [text_node("\n✉️ Not proven: " if found.is_unproven else "\n")], 0
    text = found.excerpt.text
    for start, stop in found.excerpt.matches:
        nodes += [
            text_node(strip_control(text[end:start])),
            text_node(strip_control(text[start:stop]), bold=True),
        ]
        end = stop
    return [*row, *nodes, text_node(strip_control(text[end:]))]
