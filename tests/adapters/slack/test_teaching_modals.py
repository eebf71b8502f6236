"""Render the form *It is about…*, and what was taught."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from adapters.slack.action_ids import ActionId, CardValue, parse_value
from adapters.slack.message_content import View
from adapters.slack.modals import render_correction, render_taught
from domain.knowledge.acceptance import OURS, SITUATION
from domain.knowledge.desk_examples import (
    Comparison,
    DeskExample,
    ExamplesState,
    Origin,
    TaughtExample,
    TaughtView,
    Training,
)
from domain.triage.assessment import Urgency
from domain.triage.correction import Judgement
from domain.triage.situations import Situation
from sandbox.slack.block_kit.walk import elements
from tests.adapters.slack.inspection import check_view, labels, said
from tests.adapters.slack.samples import NOW, case, post, taught
from tests.adapters.slack.strategies import HOSTILE

PEOPLE = frozenset({"U0SAM", "U0MIA"})
VIEW = taught()
EXAMPLE = VIEW.newest[0].example
EMPTY = TaughtView(
    corrections=0,
    dismissals=0,
    by_person=[],
    newest=[],
    training=None,
    current=ExamplesState(),
    can_learn=True,
)


def trained() -> Training:
    """Return the training of the sample."""
    assert VIEW.training is not None
    return VIEW.training


def draw(view: TaughtView) -> View:
    drawn = render_taught(view)
    check_view(drawn, people=PEOPLE)
    return drawn


def chosen(drawn: View) -> dict[str, str]:
    """Return the values that are chosen at first, by action id."""
    inputs: list[Mapping[str, Any]] = [element for _, element in elements(list(drawn["blocks"]))]
    return {element["action_id"]: element["initial_option"]["value"] for element in inputs}


def test_the_form_shows_the_words_and_what_is_believed() -> None:
    judgement = Judgement(situation=Situation.REFUND, urgency=Urgency.LOW, request=False, language="hu")
    drawn = render_correction(case(), post(text="my money?"), judgement)
    check_view(drawn, people=PEOPLE)
    assert "my money?" in said(drawn)
    assert chosen(drawn) == {
        ActionId.CORRECTION_SITUATION: "refund",
        ActionId.CORRECTION_URGENCY: "low",
        ActionId.CORRECTION_REQUEST: "no",
        ActionId.CORRECTION_LANGUAGE: "hu",
    }
    assert {"English", "Hungarian", "Spanish"} <= set(labels(drawn))
    assert parse_value(drawn["private_metadata"]) == CardValue(12, 7, post().id)
    assert "Cannot log in" in labels(drawn)
    assert [label for label in labels(drawn) if label in {"Urgent", "High", "Normal", "Low"}] == [
        "Urgent",
        "High",
        "Normal",
        "Low",
    ]


@pytest.mark.parametrize("bad", HOSTILE)
def test_words_of_others_stay_words(bad: str) -> None:
    judgement = Judgement(situation=Situation.REFUND, urgency=Urgency.LOW, request=False, language="en")
    check_view(render_correction(case(), post(text=bad), judgement), people=PEOPLE)
    draw(replace(VIEW, newest=[TaughtExample(example=EXAMPLE, text=bad)]))


def test_without_examples_it_says_how_to_teach() -> None:
    drawn = draw(EMPTY)
    assert "Nothing was taught yet" in said(drawn)
    assert labels(drawn) == []


def test_it_shows_who_taught_what_and_what_came_of_it() -> None:
    drawn = draw(VIEW)
    shown = said(drawn)
    assert "1 correction and 1 × *Not a request*, by <@U0SAM> (1), <@U0MIA> (1)" in shown
    assert "what they are about: 371 → *374* of 562" in shown
    assert "Your posts, what they are about: 0 → *1* of 2" in shown
    assert "the blue box ate &lt;it&gt;" in shown
    assert "Question, Normal → *Delivery, High* · <@U0SAM>" in shown
    assert "1 to 1 of 2, the newest first" in shown
    assert ("Older" in labels(draw(VIEW)), "Newer" in labels(draw(VIEW))) == (True, False)
    last = replace(VIEW, skipped=1)
    assert ("Older" in labels(draw(last)), "Newer" in labels(draw(last))) == (False, True)
    assert "2 to 2 of 2, the newest first" in said(draw(last))
    assert labels(drawn) == ["Forget everything", "Take back", "Older"]


@pytest.mark.parametrize(
    ("example", "words"),
    [
        (replace(EXAMPLE, situation=None, origin=Origin.DISMISSAL), "Question, Normal → *Not a request*"),
        (replace(EXAMPLE, request=False), "→ *Delivery, High, wants nothing*"),
        (
            replace(EXAMPLE, situation=Situation.QUESTION, urgency=Urgency.NORMAL),
            "*Question, Normal*, as it was read",
        ),
    ],
)
def test_each_example_says_what_was_read_and_what_was_said(example: DeskExample, words: str) -> None:
    assert words in said(draw(replace(VIEW, newest=[TaughtExample(example=example, text="a")])))


def test_what_was_not_used_says_what_got_worse() -> None:
    worse = Comparison(name=f"{OURS} {SITUATION}", count=562, before=371, lost=40, won=5)
    shown = said(draw(replace(VIEW, training=replace(trained(), accepted=False, comparisons=(worse,)))))
    assert "*Not used:* what was learnt from 2 examples reads other posts worse" in shown
    assert "371 → *336* of 562 ⚠️" in shown


def test_news_can_be_learnt_now_once() -> None:
    news = replace(VIEW, current=ExamplesState(3, NOW))
    assert "Learn now" in labels(draw(news))
    assert "is learnt at night, or now" in said(draw(news))
    learning = draw(replace(news, is_learning=True))
    assert "Learn now" not in labels(learning)
    assert "Learning…" in said(learning)


def test_before_the_first_training_it_says_when_it_comes() -> None:
    drawn = draw(replace(VIEW, training=None))
    assert "Nothing was learnt yet" in said(drawn)
    assert "Learn now" in labels(drawn)


def test_without_an_encoder_it_says_that_nothing_is_learnt() -> None:
    drawn = draw(replace(VIEW, can_learn=False))
    assert "The encoder is off" in said(drawn)
    assert "Learn now" not in labels(drawn)


def test_what_was_forgotten_says_so() -> None:
    forgotten = replace(trained(), learnt_from=ExamplesState(), comparisons=(), asked_by="U0MIA")
    drawn = draw(replace(EMPTY, training=forgotten))
    assert "*Everything was forgotten*" in said(drawn)
    assert labels(drawn) == []


def test_forgetting_asks_first() -> None:
    [forget] = [
        e for _, e in elements(list(draw(VIEW)["blocks"])) if e["action_id"] == ActionId.TAUGHT_FORGET
    ]
    assert forget["confirm"]["confirm"]["text"] == "Forget"
