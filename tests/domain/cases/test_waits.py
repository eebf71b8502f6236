"""Decide what opens a customer's wait for an answer, and of which kind it is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.cases.case_assessment import Statement
from domain.cases.waits import EndReason, Wait, WaitKind, first_asking, kind_after, without_answer
from domain.triage.assessment import Assessment, Urgency
from domain.triage.situations import Reason, Situation

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
WORRIED = Assessment("en", Situation.CANNOT_PAY, Urgency.HIGH, ("money at stake",), -0.5)
GLAD = Assessment("en", Situation.PRAISE, Urgency.LOW, (), 0.9)
HURT = Assessment("en", Situation.SAFETY_OR_LEGAL, Urgency.URGENT, (Reason.SAFETY.value,), -0.5)


def said(minute: int, assessment: Assessment, *, is_answered: bool = False) -> Statement:
    at = NOON + timedelta(minutes=minute)
    return Statement(text="lovely", at=at, assessment=assessment, is_answered=is_answered)


@pytest.mark.parametrize(
    ("statements", "minute"),
    [
        ([said(1, WORRIED)], 1),
        ([said(2, WORRIED), said(1, WORRIED)], 1),
        ([said(1, WORRIED, is_answered=True), said(2, WORRIED)], 2),
        ([said(1, WORRIED, is_answered=True), said(2, GLAD)], None),
        ([said(1, WORRIED), said(2, GLAD)], None),
        ([said(1, WORRIED), said(2, GLAD), said(3, WORRIED)], 3),
        ([said(1, HURT), said(2, GLAD)], 1),
        ([said(1, GLAD)], 1),
        ([said(1, GLAD), said(2, GLAD)], 1),
        ([said(1, WORRIED, is_answered=True)], None),
        ([], None),
    ],
)
def test_the_first_unanswered_words_ask_and_thanks_take_them_back(
    statements: list[Statement], minute: int | None
) -> None:
    asked = first_asking(statements)
    assert (asked and asked.at) == (None if minute is None else NOON + timedelta(minutes=minute))


WAIT = Wait(id=3, case_id=1, kind=WaitKind.FIRST, asked_message_id=7, asked_at=NOON)
ANSWERED = replace(WAIT, answered_message_id=8, answered_at=NOON, answered_by="U1")


@pytest.mark.parametrize(
    ("earlier", "kind"),
    [
        ([], WaitKind.FIRST),
        ([replace(WAIT, ended_at=NOON, end_reason=EndReason.THANKS)], WaitKind.FIRST),
        ([replace(WAIT, ended_at=NOON, end_reason=EndReason.GONE)], WaitKind.FIRST),
        ([replace(WAIT, ended_at=NOON, end_reason=EndReason.RESOLVED)], WaitKind.NEXT),
        ([ANSWERED, replace(WAIT, ended_at=NOON, end_reason=EndReason.THANKS)], WaitKind.NEXT),
    ],
)
def test_a_wait_is_the_first_until_a_person_answered_or_the_case_was_closed(
    earlier: list[Wait], kind: WaitKind
) -> None:
    assert kind_after(earlier, was_reopened=False) is kind


def test_a_wait_whose_answer_did_not_arrive_goes_on_as_the_next_one() -> None:
    due = replace(ANSWERED, due_at=NOON, policy="fast")
    following = replace(ANSWERED, id=4, kind=WaitKind.NEXT, asked_message_id=9, answered_message_id=10)
    assert without_answer(due, None) == replace(WAIT, due_at=NOON, policy="fast")
    assert without_answer(due, following) == replace(due, answered_message_id=10)
