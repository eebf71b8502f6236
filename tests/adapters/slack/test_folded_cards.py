"""Render the folded card of a linked case: two lines, a button in each."""

from dataclasses import replace

import pytest

from adapters.slack.cards import render_card
from adapters.slack.message_content import digest
from domain.cases.case import CaseState
from domain.cases.messages import Delivery
from domain.cases.views import CaseView
from domain.delivery.answer_wait import AnswerWait, WaitCause
from domain.delivery.pause import Pause
from domain.outages.links import CaseLink
from tests.adapters.slack.inspection import check_message, labels, said
from tests.adapters.slack.samples import OURS, post
from tests.adapters.slack.strategies import HOSTILE
from tests.domain.outages.test_folding import LINK, LINKED, NOW, OUTAGE, a_view, answered

LONG = "Third time the app eats my payment and shows an error. @acme are you even awake?? " * 4


def test_it_says_the_outage_who_and_how_their_words_begin() -> None:
    card = render_card(a_view(shown={"messages": [post(text=LONG)]}), ours=OURS)
    check_message(card, people=frozenset())
    assert len(card["blocks"]) == 2
    shown = said(card)
    assert "🟠 🔗 *Payments fail* · Identified · Ana Ruiz · <!date" in shown
    assert "Third time the app eats my payment and shows an error. @acme are you…" in shown
    assert labels(card) == ["Claim", "Details…"]


def test_when_the_next_update_is_due_costs_no_edit() -> None:
    later = replace(OUTAGE, next_update_due=NOW)
    notified = a_view(outage=CaseLink(link=LINK, outage=later))
    assert digest(render_card(notified, ours=OURS)) == digest(render_card(a_view(), ours=OURS))


@pytest.mark.parametrize(
    ("view", "told"),
    [
        (a_view(shown=answered(Delivery.QUEUED)), "answer on its way"),
        (
            a_view(
                shown=answered(Delivery.QUEUED)
                | {"pause": Pause(id=1, paused_by="U0SAM", paused_at=NOW, holds_answers=True)}
            ),
            "answer held: all sending is paused",
        ),
        (
            a_view(
                shown=answered(Delivery.QUEUED)
                | {"answer_wait": AnswerWait(cause=WaitCause.RATE_LIMIT, until=NOW)}
            ),
            "answer waits until <!date^1795953600^{date_short_pretty} at {time}|2026-11-29 12:00 UTC>",
        ),
        (
            a_view(state=CaseState.WAITING, waiting_since=None, shown=answered(Delivery.SENT)),
            "answered <!date",
        ),
        (a_view(state=CaseState.WAITING, waiting_since=None), "Ana Ruiz · answered"),
    ],
)
def test_it_says_what_became_of_our_answer(view: CaseView, told: str) -> None:
    assert told in said(render_card(view, ours=OURS))


@pytest.mark.parametrize("bad", HOSTILE)
def test_what_others_wrote_stays_text(bad: str) -> None:
    outage = CaseLink(link=LINK, outage=replace(OUTAGE, title=bad or "-"))
    author = replace(a_view().case.author, name=bad, handle=bad)
    view = a_view(outage=outage, author=author, shown={"messages": [post(text=bad)]})
    check_message(render_card(view, ours=OURS), people=frozenset())


def test_a_claimed_card_is_whole_and_says_how_the_outage_stands() -> None:
    card = render_card(a_view(outage=LINKED, claimed_by="U0SAM"), ours=OURS)
    assert "Answer…" in labels(card)
    assert "🔗 *Payments fail* · Identified" in said(card)
