"""Render a resolved or dismissed case: two lines."""

from adapters.slack.dates import date_node
from adapters.slack.escaping import isolate, one_line, shorten
from adapters.slack.labels import situation_label
from adapters.slack.message_content import Block
from adapters.slack.rich_text import Node, join_dotted, link_node, rich_text, section, text_node, user_node
from adapters.slack.venue_names import full_name
from adapters.slack.wording import display_name, handle, latest_inbound, visible_text
from domain.cases.case import Case, CaseState
from domain.cases.messages import Message
from domain.cases.views import CaseView
from domain.networks import OurAccount

MAX_QUOTE_LENGTH = 140


def closed_card(view: CaseView, ours: OurAccount) -> Block:
    """Render who closed the case and when, and a snippet of what it was about."""
    case, latest = view.case, latest_inbound(view)
    first_line = join_dotted(
        [
            _outcome(case),
            [text_node(situation_label(case.assessment.situation))],
            [text_node(f"{display_name(case)}  {handle(case)}")],
        ]
    )
    if latest is None:
        return rich_text(section(first_line))
    snippet = isolate(shorten(one_line(visible_text(latest)), MAX_QUOTE_LENGTH))
    second_line = join_dotted(
        [
            [text_node(f"“{snippet}”" if latest.deleted_at is None else snippet)],
            _source_link(ours, latest),
        ]
    )
    return rich_text(section([*first_line, text_node("\n"), *second_line]))


def _source_link(ours: OurAccount, message: Message) -> list[Node]:
    if message.venue.is_private:
        return [text_node(full_name(message.venue))]
    return [link_node(message.url, f"View on {ours.profile.label}")] if message.url else []


def _outcome(case: Case) -> list[Node]:
    emoji, label = ("✅", "Resolved") if case.state is CaseState.RESOLVED else ("➖", "Not a request")
    nodes = [text_node(f"{emoji} {label}", bold=True)]
    if case.closed_by is not None:
        nodes += [
            text_node(", said " if case.state is CaseState.DISMISSED else " by "),
            user_node(case.closed_by),
        ]
    if case.closed_at is not None:
        nodes += [text_node(" "), date_node(case.closed_at)]
    return nodes
