"""Show the words that ask something, and beside them the code that came after."""

from dataclasses import replace
from typing import Any

import pytest

from domain.cases.messages import Delivery, Direction, Message
from domain.cases.shown_words import asked_before, shown_words
from domain.intake.posts import Media, MediaKind
from domain.triage.assessment import Urgency
from domain.triage.situations import Situation
from domain.venues import Venue
from tests.adapters.slack.samples import NOW, READING, case, post

OTHER = replace(READING, situation=Situation.OTHER, urgency=Urgency.NORMAL, reasons=())
PRAISE = replace(OTHER, situation=Situation.PRAISE, urgency=Urgency.LOW, sentiment=0.9)
ASKED = post(text="the app eats my payment")


def said(number: int, text: str, **more: Any) -> Message:  # noqa: ANN401 - any field of a message
    return post(id=number, text=text, **{"assessment": OTHER} | more)


def shown(*messages: Message) -> tuple[int, list[int]]:
    """Return the id of the message that is shown, and those of the data."""
    newest = [one for one in messages if one.direction is Direction.IN][-1]
    found = shown_words(case(), newest, messages)
    return found.message.id, [one.id for one in found.data]


def test_a_code_alone_leaves_the_words_that_ask_something() -> None:
    assert shown(ASKED, said(40, "482913")) == (31, [40])
    assert shown(ASKED, said(40, "my code is 482 913")) == (31, [40])
    assert shown(ASKED, said(40, "482913", venue=Venue.DM), said(41, "@acme 48 2913")) == (31, [40, 41])


def test_our_answers_and_remarks_between_them_are_passed_over() -> None:
    ours = said(32, "Send us the code, please", direction=Direction.OUT)
    assert shown(ASKED, ours, said(40, "@acme ok, sent you a DM"), said(41, "482913")) == (31, [41])


@pytest.mark.parametrize(
    "newest",
    [
        said(40, "the code 482913 does not work"),
        said(40, "482913?"),
        said(40, "999", assessment=READING),
        said(40, "482913", deleted_at=NOW),
        said(40, "482913", media=(Media(kind=MediaKind.PICTURE, url="https://x.example/p"),)),
    ],
)
def test_what_says_more_than_data_is_shown_itself(newest: Message) -> None:
    assert shown(ASKED, newest) == (40, [])


def test_data_without_any_other_words_is_shown_itself() -> None:
    assert shown(said(31, "482913")) == (31, [])
    assert shown(post(text="", deleted_at=NOW), said(40, "482913")) == (40, [])


def test_newer_thanks_are_shown_and_not_what_they_thank_for() -> None:
    assert shown(ASKED, said(40, "it works, thank you!", assessment=PRAISE), said(41, "4711")) == (40, [41])


def test_a_remark_is_better_than_a_code() -> None:
    assert shown(said(31, "@acme sent you a DM"), said(40, "482913")) == (31, [40])


def asked(*messages: Message) -> int | None:
    """Return the id of the words that the shown ones, the last of these, are about."""
    found = asked_before(case(), messages[-1], messages)
    return found.id if found is not None else None


def test_who_asks_again_asks_about_what_is_not_answered_yet() -> None:
    question = replace(OTHER, situation=Situation.QUESTION)
    assert asked(ASKED, said(40, "@acme still waiting for an answer here")) == 31
    assert asked(ASKED, said(40, "@acme any news on this?", assessment=question)) == 31
    assert asked(ASKED, said(40, "@acme hello??"), said(41, "@acme anyone?", assessment=question)) == 31


def test_words_that_say_it_themselves_need_no_earlier_ones() -> None:
    assert asked(ASKED) is None
    assert asked(said(31, "@acme hello??")) is None
    assert asked(ASKED, said(40, "it failed again", assessment=READING)) is None


def test_a_short_question_or_rant_without_a_topic_is_about_the_longer_one_before_it() -> None:
    rant = replace(OTHER, situation=Situation.RANT)
    question = replace(OTHER, situation=Situation.QUESTION)
    vague = said(31, "@acme I have written to you for days and nobody cares", assessment=rant)
    in_question = case(assessment=question)

    def about(*later: Message) -> int | None:
        found = asked_before(in_question, later[-1], [vague, *later])
        return found.id if found is not None else None

    assert about(said(40, "@acme @bo hello? anybody?", assessment=question)) == 31
    assert about(said(40, "@acme hello?", assessment=question), said(41, "wow", assessment=rant)) == 31
    assert about(said(40, "@acme can I pay by card in your shop?", assessment=question)) is None
    assert (
        about(said(40, "@acme and my refund?", assessment=replace(OTHER, situation=Situation.REFUND))) is None
    )
    ours = said(35, "Tell us, please", direction=Direction.OUT, delivery=Delivery.SENT)
    assert about(ours, said(40, "@acme hello? anybody?", assessment=question)) is None


def test_thanks_what_was_answered_and_what_is_gone_are_not_asked_again() -> None:
    assert asked(ASKED, said(40, "it works, thank you!", assessment=PRAISE)) is None
    ours = said(32, "Send us the code, please", direction=Direction.OUT, delivery=Delivery.SENT)
    assert asked(ASKED, ours, said(40, "@acme ok, sent you a DM")) is None
    assert asked(replace(ASKED, deleted_at=NOW, text=""), said(40, "@acme still waiting")) is None
    assert asked(ASKED, said(40, "", deleted_at=NOW)) is None


def test_an_answer_that_did_not_leave_answers_nothing() -> None:
    ours = said(32, "Send us the code, please", direction=Direction.OUT, delivery=Delivery.FAILED)
    assert asked(ASKED, ours, said(40, "@acme still waiting for an answer here")) == 31
