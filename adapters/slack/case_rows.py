"""One case as a line of a list, one click from its card."""

from collections.abc import Sequence

from adapters.slack.dates import DateStyle, date_node
from adapters.slack.labels import situation_label
from adapters.slack.permalinks import card_link
from adapters.slack.rich_text import Node, anchor, dotted, person, words
from adapters.slack.wording import display_name, first_reply, handle, standing, urgency_mark
from domain.cases.case import Case, CaseState

_CLOSED = {CaseState.RESOLVED: "resolved", CaseState.DISMISSED: "not a request"}


def case_row(case: Case, *, team_url: str, reader: str | None = None) -> list[Node]:
    """One line: 🔴 Cannot pay · Ana Ruiz  @anaruiz · waiting, wrote 4 minutes ago · @sam. Its first words are the link.

    Who holds the case is left out where that is the `reader`.
    """
    assessment = case.assessment
    title = f"{situation_label(assessment.situation)} · {display_name(case)}  {handle(case)}"
    address = card_link(team_url, case)
    linked = [anchor(address, title)] if address else [words(title), words(" (card on its way)", italic=True)]
    holder = [person(case.claimed_by)] if case.claimed_by and case.claimed_by != reader else []
    return dotted(
        [
            [words(f"{urgency_mark(assessment.urgency)} "), *linked],
            outcome(case),
            first_reply(case),
            holder,
        ]
    )


def outcome(case: Case) -> list[Node]:
    """How the case stands, or how it ended."""
    if case.state.is_active:
        return standing(case)
    said = [words(_CLOSED[case.state])]
    if case.closed_by is not None:
        said += [words(" by "), person(case.closed_by)]
    if case.closed_at is not None:
        said += [words(" "), date_node(case.closed_at)]
    return said


def history_row(case: Case, *, team_url: str) -> list[Node]:
    """ "12 Nov · Cannot pay · resolved by @sam 3 days ago"."""
    address = card_link(team_url, case)
    label = situation_label(case.assessment.situation)
    return dotted(
        [
            [date_node(case.opened_at, DateStyle.DAY)],
            [anchor(address, label) if address else words(label)],
            outcome(case) or [words("open")],
        ]
    )


def rows(cases: Sequence[Case], *, team_url: str, reader: str | None = None) -> list[list[Node]]:
    """Lines for a list."""
    return [case_row(case, team_url=team_url, reader=reader) for case in cases]
