"""A resolved or dismissed case: two lines and Reopen."""

from adapters.slack.dates import date_node
from adapters.slack.escaping import isolate, one_line, shorten
from adapters.slack.labels import situation_label
from adapters.slack.message_hash import Block
from adapters.slack.rich_text import Node, anchor, dotted, person, rich_text, section, words
from adapters.slack.wording import display_name, handle, latest_inbound, text_of
from domain.cases.case import Case, CaseState
from domain.cases.messages import Message
from domain.cases.views import CaseView
from domain.networks import OurAccount

LONGEST_QUOTE = 140


def folded(view: CaseView, ours: OurAccount) -> Block:
    """Who closed it and when; what it was about."""
    case, latest = view.case, latest_inbound(view)
    first = dotted(
        [
            _outcome(case),
            [words(situation_label(case.assessment.situation))],
            [words(f"{display_name(case)}  {handle(case)}")],
        ]
    )
    if latest is None:
        return rich_text(section(first))
    snippet = isolate(shorten(one_line(text_of(latest)), LONGEST_QUOTE))
    second = dotted(
        [
            [words(f"“{snippet}”" if latest.deleted_at is None else snippet)],
            _where(ours, latest),
        ]
    )
    return rich_text(section([*first, words("\n"), *second]))


def _where(ours: OurAccount, message: Message) -> list[Node]:
    if message.venue.is_private:
        return [words(message.venue.label)]
    return [anchor(message.url, f"View on {ours.profile.label}")] if message.url else []


def _outcome(case: Case) -> list[Node]:
    mark, label = ("✅", "Resolved") if case.state is CaseState.RESOLVED else ("➖", "Not a request")
    said = [words(f"{mark} {label}", bold=True)]
    if case.closed_by is not None:
        said += [words(", said " if case.state is CaseState.DISMISSED else " by "), person(case.closed_by)]
    if case.closed_at is not None:
        said += [words(" "), date_node(case.closed_at)]
    return said
