"""Draw cards of Ana's case, and read what they show."""

from adapters.slack.cards import render_card
from adapters.slack.message_content import Content
from domain.cases.views import CaseView
from sandbox.slack.block_kit.walk import elements
from tests.adapters.slack.inspection import check_message, said
from tests.adapters.slack.samples import OURS


def draw(shown: CaseView) -> Content:
    card = render_card(shown, ours=OURS)
    check_message(card, people=frozenset({"U0SAM", "U0MIA"}))
    return card


def lines(shown: CaseView) -> list[str]:
    return [line for line in said(draw(shown)).split("\n") if line]


def primary(card: Content) -> list[str]:
    return [e["text"]["text"] for _, e in elements(list(card["blocks"])) if e.get("style") == "primary"]
