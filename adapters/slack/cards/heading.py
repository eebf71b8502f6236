"""The card's first lines: how bad, about what, how long, until when; then who."""

from adapters.slack.labels import situation_label, urgency_label
from adapters.slack.rich_text import Node, dotted, words
from adapters.slack.wording import (
    count_of,
    display_name,
    first_reply,
    handle,
    language_name,
    ordinal,
    standing,
    urgency_mark,
)
from domain.cases.views import CaseView
from domain.intake.posts import ReplyBlock


def headline(view: CaseView) -> list[Node]:
    """ "🔴 Urgent · Cannot pay · waiting, wrote 2 hours ago and again just now · first reply due in 1 hour"."""
    case = view.case
    urgency = case.assessment.urgency
    return dotted(
        [
            [words(f"{urgency_mark(urgency)} {urgency_label(urgency)}", bold=True)],
            [words(situation_label(case.assessment.situation), bold=True)],
            standing(case, view),
            first_reply(case),
        ]
    )


def customer(view: CaseView) -> list[Node]:
    """ "Ana Ruiz  @anaruiz · 1,240 followers · 3rd time in touch this month · writes in Spanish"."""
    case = view.case
    name = [words(display_name(case), bold=True), words(f"  {handle(case)}")]
    public = case.reply_block is not ReplyBlock.NO_POST
    return dotted(
        [
            name,
            [words(count_of(max(case.author.followers, 0), "follower"))] if public else [],
            [words(f"{ordinal(view.contacts)} time in touch this month")] if view.contacts > 1 else [],
            [words(f"writes in {language_name(case.assessment.language)}")],
        ]
    )
