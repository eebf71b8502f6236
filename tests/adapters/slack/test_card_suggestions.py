"""Render the suggestion on a card, and which button is the likely one."""

from collections.abc import Collection
from dataclasses import replace

import pytest

from adapters.slack.cards import render_card
from domain.cases.case import CaseState
from domain.cases.messages import Delivery
from domain.cases.views import CaseView
from domain.intake.posts import ReplyBlock
from domain.replies.rules_of_engagement import Guidance, Where
from domain.triage.assessment import Urgency
from domain.triage.drafts import Source
from domain.triage.situations import Situation
from domain.venues import PRIVATE_VENUES, Venue
from tests.adapters.slack.drawn_cards import draw, lines, primary
from tests.adapters.slack.inspection import check_message, labels, said
from tests.adapters.slack.samples import (
    NOW,
    OURS,
    READING,
    answered,
    case,
    handoff,
    post,
    suggestion,
    view,
)


def test_a_suggestion_takes_two_lines_at_most() -> None:
    latin, wide = suggestion(text="word " * 100), suggestion(text="お荷物の状況" * 50)
    [shown] = [line for line in lines(view(suggestion=latin)) if line.startswith("💬")]
    assert 170 < len(shown) <= 183
    assert shown.endswith("… · Payment errors · 500/280")
    [shown] = [line for line in lines(view(suggestion=wide)) if line.startswith("💬")]
    assert 90 < len(shown) < 120


def test_a_suggestion_is_cut_at_a_whole_word() -> None:
    text = "We are sorry, and looking into everything that happened to your order. " * 5
    [shown] = [line for line in lines(view(suggestion=suggestion(text=text))) if line.startswith("💬")]
    cut = shown.removeprefix("💬 ").partition("…")[0]
    assert text.startswith(cut)
    assert text[len(cut)] == " "


def test_a_models_draft_names_the_model() -> None:
    drafted = suggestion(source=Source.MODEL, model="gpt-6", version="2")
    assert "… · drafted by gpt-6 from Payment errors · 44/280" in said(draw(view(suggestion=drafted)))


OTHER = replace(READING, situation=Situation.OTHER, urgency=Urgency.NORMAL, reasons=())
NONE_FITS = "No saved reply fits; *Answer…* is empty."


def test_where_no_saved_reply_fits_the_card_says_so() -> None:
    assert NONE_FITS in said(draw(view(suggestion=None)))
    asked = post(id=33, text="@acme ok I sent you a DM, did it come?", assessment=OTHER)
    assert NONE_FITS in said(draw(view(suggestion=None, messages=[post(), asked])))
    assert NONE_FITS not in said(draw(view()))


@pytest.mark.parametrize(
    "shown",
    [
        view(suggestion=None, case=case(assessment=replace(READING, situation=Situation.SPAM))),
        view(suggestion=None, case=case(assessment=replace(READING, urgency=Urgency.LOW))),
        view(suggestion=None, case=case(reply_block=ReplyBlock.RESTRICTED)),
        view(suggestion=None, case=case(state=CaseState.SNOOZED, snoozed_until=NOW)),
        view(suggestion=None, case=case(waiting_since=None)),
        view(suggestion=None, messages=[post(deleted_at=NOW)]),
        replace(answered(Delivery.QUEUED), suggestion=None),
        view(
            suggestion=None, messages=[post(), post(id=33, text="@acme ok I sent you a DM", assessment=OTHER)]
        ),
        view(suggestion=None, messages=[post(), post(id=33, text="ja, gesendet", assessment=OTHER)]),
        view(suggestion=None, messages=[post(), post(id=33, text="@acme 48 2210 77", assessment=OTHER)]),
        view(suggestion=None, messages=[post(text="@acme DM sent", assessment=OTHER)]),
    ],
)
def test_where_no_answer_is_wanted_or_possible_nothing_is_said_of_a_missing_suggestion(
    shown: CaseView,
) -> None:
    assert NONE_FITS not in said(draw(shown))


PRIVATE = {Situation.CANNOT_PAY: Guidance(venues=frozenset({Where.PRIVATE}))}


@pytest.mark.parametrize(
    ("shown", "guidance", "likely"),
    [
        (view(), PRIVATE, "Claim"),
        (view(case=case(claimed_by="U0SAM")), {}, "Answer…"),
        (view(case=case(claimed_by="U0SAM")), PRIVATE, "Move to…"),
        (view(case=case(claimed_by="U0SAM", outage_id=3)), PRIVATE, "Answer…"),
        (view(case=case(claimed_by="U0SAM"), handoff=handoff()), PRIVATE, "Answer…"),
    ],
)
def test_what_is_answered_in_private_is_most_likely_moved(
    shown: CaseView, guidance: dict[Situation, Guidance], likely: str
) -> None:
    card = render_card(shown, ours=OURS, guidance=guidance)
    check_message(card, people=frozenset({"U0SAM", "U0MIA"}))
    assert primary(card) == [likely]


@pytest.mark.parametrize(
    ("delivery", "likely"),
    [(Delivery.FAILED, ["Try again"]), (Delivery.UNSURE, []), (Delivery.QUEUED, [])],
)
def test_an_answer_of_ours_that_is_not_through_comes_before_moving(
    delivery: Delivery, likely: list[str]
) -> None:
    assert primary(render_card(answered(delivery), ours=OURS, guidance=PRIVATE)) == likely


@pytest.mark.parametrize("guidance", [{}, PRIVATE])
def test_what_waits_for_the_customer_asks_for_no_press(guidance: dict[Situation, Guidance]) -> None:
    shown = answered(Delivery.SENT, state=CaseState.WAITING, waiting_since=None)
    card = render_card(shown, ours=OURS, guidance=guidance)
    assert primary(card) == []
    assert labels(card)[:3] == ["Take over…", "Answer…", "Move to…"]


@pytest.mark.parametrize(
    ("venues", "says", "likely"),
    [
        (frozenset(), "and you have no private venue. See *Details…*", "Answer…"),
        ({Venue.CHAT}, "answered in private. *Move to…* writes the invitation.", "Move to…"),
        (PRIVATE_VENUES, NONE_FITS, "Move to…"),
    ],
)
def test_where_saved_replies_cannot_say_where_to_write_in_private_the_card_says_why_none_is_suggested(
    venues: Collection[Venue], says: str, likely: str
) -> None:
    ours = replace(OURS, private_venues=frozenset(venues))
    held = case(claimed_by="U0SAM")
    card = render_card(view(case=held, suggestion=None), ours=ours, guidance=PRIVATE)
    assert says in said(card)
    assert primary(card) == [likely]
    linked = view(case=replace(held, outage_id=3), suggestion=None)
    assert NONE_FITS in said(render_card(linked, ours=ours, guidance=PRIVATE))


def test_what_is_better_not_answered_says_why_and_suggests_nothing() -> None:
    guidance = {Situation.CANNOT_PAY: Guidance(do_not_answer="leave *it*")}
    card = render_card(view(), ours=OURS, guidance=guidance)
    check_message(card, people=frozenset())
    assert "Better not answered: leave *it*." in said(card)
    assert "Hola Ana" not in said(card)
    assert primary(card) == []
    held = render_card(view(case=case(claimed_by="U0SAM")), ours=OURS, guidance=guidance)
    assert primary(held) == []
    sent = render_card(answered(Delivery.SENT), ours=OURS, guidance=guidance)
    assert "Better not answered" not in said(sent)


@pytest.mark.parametrize("is_overdue", [False, True])
def test_what_is_better_not_answered_is_not_due(is_overdue: bool) -> None:
    guidance = {Situation.CANNOT_PAY: Guidance(do_not_answer="leave it")}
    waits = view(is_overdue=is_overdue)
    assert ("reply overdue" if is_overdue else "reply due") in said(render_card(waits, ours=OURS))
    assert (
        "reply " not in said(render_card(waits, ours=OURS, guidance=guidance)).split("Better not answered")[0]
    )
