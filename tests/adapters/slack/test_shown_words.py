"""Show on the card the words that ask something, and a code that came after them in a small line."""

from dataclasses import replace
from typing import Any

from domain.cases.views import CaseView
from domain.handoffs.handoff import Proof
from domain.intake.posts import Media, MediaKind
from domain.triage.assessment import Urgency
from domain.triage.situations import Situation
from domain.venues import Venue
from tests.adapters.slack.drawn_cards import draw, lines
from tests.adapters.slack.inspection import said
from tests.adapters.slack.samples import NOW, READING, handoff, post, view

OTHER = replace(READING, situation=Situation.OTHER, urgency=Urgency.NORMAL, reasons=())


def with_code(**more: Any) -> CaseView:  # noqa: ANN401 - any field of the message
    return view(suggestion=None, messages=[post(), post(id=33, text="482913", assessment=OTHER, **more)])


def test_a_code_alone_does_not_take_the_place_of_the_words_that_ask_something() -> None:
    shown = lines(with_code(url="https://x.com/anaruiz/status/1009"))
    assert shown[1] == "Third time the app eats my payment and shows an error. @acme are you even awake??"
    assert shown[2] == "↳ sent since: “482913”"
    assert "status/1001" in str(draw(with_code(url="https://x.com/anaruiz/status/1009")))
    assert "Third time the app eats" in draw(with_code())["text"]


def test_whom_a_code_was_sent_to_is_left_out() -> None:
    shown = view(messages=[post(), post(id=33, text="@acme @bo\nBestellnummer 4711-22", assessment=OTHER)])
    assert lines(shown)[2] == "↳ sent since: “Bestellnummer 4711-22”"


def test_a_code_that_came_in_private_says_so_and_who_may_have_sent_it() -> None:
    came = with_code(venue=Venue.DM, author_id="501")
    assert "↳ sent since by DM by somebody who is not verified: “482913”" in said(
        draw(replace(came, handoff=handoff(proof=None)))
    )
    verified = replace(came, handoff=handoff(proof=Proof.SAME_ACCOUNT, verified_at=NOW))
    assert "↳ sent since by DM: “482913”" in said(draw(verified))


def test_several_codes_are_one_line_and_hostile_ones_stay_text() -> None:
    codes = [post(id=number, text=f"{number}-" * 30, assessment=OTHER) for number in range(40, 45)]
    [shown] = [line for line in lines(view(messages=[post(), *codes])) if line.startswith("↳")]
    assert shown.count("“") == 3
    assert "“44-44-" in shown
    assert len(shown) < 160


def test_who_only_asks_again_is_shown_with_what_they_asked_before() -> None:
    nudge = post(id=33, text="@acme still waiting for an answer here", assessment=OTHER)
    first = post(text="@acme the app eats my payment <!channel>")
    card = lines(view(suggestion=None, messages=[first, nudge]))
    assert card[1] == "@acme still waiting for an answer here"
    assert card[2] == "↳ asked before: “the app eats my payment <!channel>”"


def test_what_was_asked_before_is_quoted_once_where_the_nudge_answers_that_very_post() -> None:
    nudge = post(id=33, text="@acme still waiting", assessment=OTHER, reply_to_id="1001")
    card = said(draw(view(suggestion=None, messages=[post(), nudge])))
    assert "↳ after their own: “Third time" in card
    assert "asked before" not in card


def test_what_was_asked_before_stands_below_a_nudge_with_a_picture() -> None:
    picture = Media(kind=MediaKind.PICTURE, url="https://pbs.twimg.com/media/a.png")
    nudge = post(id=33, text="@acme hello??", assessment=OTHER, media=(picture,))
    assert "↳ asked before: “Third time" in said(draw(view(suggestion=None, messages=[post(), nudge])))


def test_a_long_first_post_is_cut_to_two_small_lines() -> None:
    nudge = post(id=33, text="@acme hello??", assessment=OTHER)
    [shown] = [
        line
        for line in lines(view(suggestion=None, messages=[post(text="why " * 200), nudge]))
        if line.startswith("↳ asked before")
    ]
    assert len(shown) < 175
    assert shown.endswith("…”")
