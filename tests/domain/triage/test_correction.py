"""Apply what a person says of a message to its assessment."""

import pytest

from domain.triage.assessment import ASKS_QUESTION, LARGE_AUDIENCE_REASON, Assessment, Urgency
from domain.triage.correction import Judgement, changes_words, corrected, judgement_of
from domain.triage.situations import Reason, Situation

PAYING = Assessment(
    "es",
    Situation.CANNOT_PAY,
    Urgency.HIGH,
    (Reason.MONEY.value, Reason.TIME_IS_SHORT.value, LARGE_AUDIENCE_REASON),
    -0.5,
)


def said(situation: Situation, urgency: Urgency, *, request: bool = True) -> Assessment:
    return corrected(PAYING, Judgement(situation=situation, urgency=urgency, request=request))


def test_what_is_confirmed_stays_and_is_known_to_be_said() -> None:
    found = corrected(PAYING, judgement_of(PAYING))
    assert (found.situation, found.urgency, found.reasons) == (
        PAYING.situation,
        PAYING.urgency,
        PAYING.reasons,
    )
    assert (found.language, found.sentiment) == ("es", -0.5)
    assert (PAYING.is_corrected, found.is_corrected, found.request) == (False, True, True)


def test_reasons_that_are_contradicted_go_and_implied_ones_come() -> None:
    question = said(Situation.QUESTION, Urgency.NORMAL)
    assert question.reasons == (Reason.TIME_IS_SHORT, ASKS_QUESTION, LARGE_AUDIENCE_REASON)
    assert said(Situation.ACCOUNT_ACCESS, Urgency.HIGH).reasons[0] == Reason.BLOCKED
    assert Reason.MONEY not in said(Situation.CANNOT_PAY, Urgency.NORMAL).reasons
    assert said(Situation.PRAISE, Urgency.LOW, request=False).reasons == (LARGE_AUDIENCE_REASON,)
    assert said(Situation.SPAM, Urgency.LOW, request=False).reasons == ()


@pytest.mark.parametrize(
    ("chosen", "urgency"),
    [
        (Urgency.NORMAL, Urgency.LOW),
        (Urgency.LOW, Urgency.LOW),
        (Urgency.HIGH, Urgency.HIGH),
        (Urgency.URGENT, Urgency.URGENT),
    ],
)
def test_what_wants_nothing_is_low_unless_it_is_said_to_be_grave(chosen: Urgency, urgency: Urgency) -> None:
    assert said(Situation.OTHER, chosen, request=False).urgency is urgency


def test_what_is_low_wants_nothing_unless_a_person_said_so() -> None:
    low = Assessment("en", Situation.OTHER, Urgency.LOW, (), 0.0)
    assert judgement_of(low).request is False
    asked = corrected(low, Judgement(situation=Situation.QUESTION, urgency=Urgency.LOW, request=True))
    assert judgement_of(asked).request is True


@pytest.mark.parametrize(
    ("before", "after", "is_changed"),
    [
        ("@acme my parcel never came", "@acme My parcel never came!! 😡", False),
        ("@acme my parcel never came", "@acme my parcle never came", False),
        ("@acme my parcel never came", "my parcel never came https://t.co/x", False),
        ("@acme it doesn't work", "@acme it doesn’t work", False),
        ("@acme it works now", "@acme it works not", True),
        ("@acme I can log in", "@acme I can't log in", True),
        ("@acme my parcel never came", "@acme my parcel never came, solved", True),
        ("@acme order 11111 is late", "@acme order 11112 is late", True),
        ("@acme my parcel never came", "@acme my refund never came", True),
    ],
)
def test_spelling_changes_no_words(before: str, after: str, is_changed: bool) -> None:
    assert changes_words(before, after) is is_changed
