"""Assess a post by what it points at where its own words name no topic."""

import pytest

from domain.intake.post_context import NO_CONTEXT, PostContext, ReferencedPost, ReferenceKind
from domain.triage.assessment import Assessment, Urgency
from domain.triage.pointed_at import POINTED_AT, assess_by_context, leaves_topic_open
from domain.triage.situations import Situation

QUOTE = ReferencedPost(kind=ReferenceKind.QUOTED, id="7", text="charged 3 times")
ANSWER = ReferencedPost(kind=ReferenceKind.ANSWERED, id="8", text="charged 3 times")
OURS = ReferencedPost(kind=ReferenceKind.QUOTED, id="9", text="We are hiring", is_ours=True)


def assessed(situation: Situation, urgency: Urgency = Urgency.NORMAL, reason: str = "own") -> Assessment:
    return Assessment("es", situation, urgency, (reason,), -0.5)


@pytest.mark.parametrize(
    ("own", "reference", "is_open"),
    [
        (Situation.OTHER, QUOTE, True),
        (Situation.RANT, QUOTE, True),
        (Situation.QUESTION, QUOTE, True),
        (Situation.OTHER, ANSWER, True),
        (Situation.QUESTION, ANSWER, False),
        (Situation.DELIVERY, QUOTE, False),
        (Situation.PRAISE, QUOTE, False),
        (Situation.OTHER, OURS, False),
        (Situation.OTHER, None, False),
    ],
)
def test_own_words_come_first(own: Situation, reference: ReferencedPost | None, is_open: bool) -> None:
    context = PostContext(references=(reference,)) if reference else NO_CONTEXT
    assert leaves_topic_open(assessed(own), context) is is_open


def test_what_is_pointed_at_gives_the_topic_and_nothing_else() -> None:
    found = assess_by_context(
        assessed(Situation.OTHER, Urgency.LOW), assessed(Situation.CANNOT_PAY, Urgency.HIGH, "theirs")
    )
    assert found == Assessment("es", Situation.CANNOT_PAY, Urgency.HIGH, ("own", POINTED_AT), -0.5)


@pytest.mark.parametrize("situation", [Situation.PRAISE, Situation.SPAM, Situation.OTHER, Situation.RANT])
def test_praise_spam_and_anger_of_others_are_not_the_customers(situation: Situation) -> None:
    own = assessed(Situation.OTHER)
    assert assess_by_context(own, assessed(situation, Urgency.URGENT)) == own
