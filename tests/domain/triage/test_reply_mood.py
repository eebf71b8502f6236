"""Test who is answered at all, and which saved replies suit whoever has trouble."""

import pytest

from domain.triage.assessment import Urgency
from domain.triage.reply_mood import is_mocking, suits_mood, wants_reply
from domain.triage.situations import Situation
from tests.domain.made import an_assessment
from tests.domain.triage.test_reply_ranking import a_reply


@pytest.mark.parametrize(
    ("situation", "urgency", "wants"),
    [
        (Situation.SPAM, Urgency.NORMAL, False),
        (Situation.PRAISE, Urgency.LOW, True),
        (Situation.RANT, Urgency.LOW, True),
        (Situation.ACCOUNT_ACCESS, Urgency.LOW, False),
        (Situation.RANT, Urgency.NORMAL, True),
        (Situation.OTHER, Urgency.HIGH, True),
    ],
)
def test_spam_and_what_wants_nothing_get_no_reply_but_praise_and_complaints_do(
    situation: Situation, urgency: Urgency, wants: bool
) -> None:
    assert wants_reply(an_assessment(urgency, situation)) is wants


@pytest.mark.parametrize(
    ("decided", "suits", "mocks"),
    [
        (Situation.PRAISE, True, False),
        (Situation.QUESTION, False, False),
        (Situation.OTHER, False, False),
        (Situation.RANT, False, True),
        (Situation.CANNOT_PAY, False, True),
    ],
)
def test_a_glad_reply_suits_the_glad_and_mocks_whoever_has_trouble(
    decided: Situation, suits: bool, mocks: bool
) -> None:
    glad = a_reply("thanks", Situation.PRAISE)
    assert (suits_mood(glad, decided), is_mocking(glad, decided)) == (suits, mocks)
