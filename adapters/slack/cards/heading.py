"""Render the card's first lines: urgency, situation, waiting time and due time; then the customer."""

from adapters.slack.labels import situation_label, urgency_label
from adapters.slack.rich_text import Node, join_dotted, text_node
from adapters.slack.wording import (
    count_of,
    display_name,
    first_reply_due,
    handle,
    language_name,
    ordinal,
    urgency_emoji,
    waiting_status,
)
from domain.cases.views import CaseView
from domain.intake.posts import ReplyBlock


def headline(view: CaseView) -> list[Node]:
    """Render urgency, situation, waiting status and due time.

    "🔴 Urgent · Cannot pay · waiting, wrote 2 hours ago and again just now · first reply due in 1 hour".
    """
    case = view.case
    urgency = case.assessment.urgency
    return join_dotted(
        [
            [text_node(f"{urgency_emoji(urgency)} {urgency_label(urgency)}", bold=True)],
            [text_node(situation_label(case.assessment.situation), bold=True)],
            waiting_status(case, view),
            first_reply_due(case),
        ]
    )


def customer(view: CaseView) -> list[Node]:
    """Render who the customer is; without followers if there is no public post.

    "Ana Ruiz  @anaruiz · 1,240 followers · 3rd time in touch this month · writes in Spanish".
    """
    case = view.case
    name = [text_node(display_name(case), bold=True), text_node(f"  {handle(case)}")]
    public = case.reply_block is not ReplyBlock.NO_POST
    return join_dotted(
        [
            name,
            [text_node(count_of(max(case.author.followers, 0), "follower"))] if public else [],
            [text_node(f"{ordinal(view.contacts)} time in touch this month")] if view.contacts > 1 else [],
            [text_node(f"writes in {language_name(case.assessment.language)}")],
        ]
    )
