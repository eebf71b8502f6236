"""Assess a case by where its conversation stands."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.cases.case import CaseState
from domain.cases.case_assessment import (
    Statement,
    assess_case,
    deciding_message,
    offers_resolve,
    statements_of,
    wants_suggestion,
)
from domain.cases.case_lifecycle import add_post, mark_answered, open_case, reassess
from domain.cases.messages import Delivery, Direction, Message
from domain.intake.posts import ReplyBlock
from domain.triage.assessment import Assessment, Urgency
from domain.triage.correction import Judgement, corrected
from domain.triage.situations import Reason, Situation
from tests.domain.made import ACME, MINUTE, NOW, POLICY, a_case, a_message, a_post

PAYMENT = "third time the app eats my payment and shows an error"
DONE = "it went through, you lot are legends"
PARCEL = "and my parcel is three days late"
CODE = "AC-20114"
CALM = "hello, it is Ana, the payment still does not work"
SMOKE = "the charger you sent is smoking"
DESPAIR = "i do not want to live any more"


def assessed(
    situation: Situation, urgency: Urgency = Urgency.NORMAL, *reasons: Reason, sentiment: float = 0.0
) -> Assessment:
    return Assessment("en", situation, urgency, tuple(reason.value for reason in reasons), sentiment)


ASSESSMENTS = {
    PAYMENT: assessed(Situation.CANNOT_PAY, Urgency.HIGH, Reason.MONEY, sentiment=-0.6),
    DONE: assessed(Situation.PRAISE, Urgency.LOW, sentiment=0.9),
    "great, thanks a lot": assessed(Situation.PRAISE, Urgency.LOW, sentiment=0.1),
    PARCEL: assessed(Situation.DELIVERY),
    CODE: assessed(Situation.OTHER),
    "Bestellnummer 4711-22": assessed(Situation.DELIVERY, sentiment=-0.3),
    CALM: assessed(Situation.CANNOT_PAY, Urgency.LOW),
    SMOKE: assessed(Situation.SAFETY_OR_LEGAL, Urgency.URGENT, Reason.SAFETY),
    DESPAIR: assessed(Situation.SAFETY_OR_LEGAL, Urgency.URGENT, Reason.DISTRESS),
    "sent you a DM": assessed(Situation.OTHER, Urgency.LOW),
    "ok thanks, I'll wait": assessed(Situation.OTHER, Urgency.LOW, sentiment=0.6),
    "are you even awake": assessed(Situation.RANT, sentiment=-0.7),
    "any news?": assessed(Situation.QUESTION),
    "win a prize https://spam.example": assessed(Situation.SPAM, Urgency.LOW),
}


def thread(*texts: str) -> list[Statement]:
    """Return what was said, a minute apart; what stands before "|" is answered."""
    answered = max((n for n, text in enumerate(texts) if text == "|"), default=-1)
    return [
        Statement(text=text, at=NOW + n * MINUTE, assessment=ASSESSMENTS[text], is_answered=n < answered)
        for n, text in enumerate(texts)
        if text != "|"
    ]


@pytest.mark.parametrize(
    ("texts", "situation", "urgency"),
    [
        ((PAYMENT, DONE), Situation.PRAISE, Urgency.LOW),
        ((PAYMENT, "|", DONE), Situation.PRAISE, Urgency.LOW),
        ((PAYMENT, "great, thanks a lot"), Situation.CANNOT_PAY, Urgency.HIGH),
        ((PAYMENT, DONE, PARCEL), Situation.DELIVERY, Urgency.NORMAL),
        ((PAYMENT, PARCEL), Situation.DELIVERY, Urgency.HIGH),
        ((PAYMENT, "|", PARCEL), Situation.DELIVERY, Urgency.NORMAL),
        ((PAYMENT, "are you even awake"), Situation.CANNOT_PAY, Urgency.HIGH),
        ((PAYMENT, "any news?"), Situation.CANNOT_PAY, Urgency.HIGH),
        ((PAYMENT, "|", "any news?"), Situation.QUESTION, Urgency.NORMAL),
        (("any news?", "are you even awake"), Situation.RANT, Urgency.NORMAL),
        ((PAYMENT, "win a prize https://spam.example"), Situation.CANNOT_PAY, Urgency.HIGH),
        (("win a prize https://spam.example", PAYMENT), Situation.CANNOT_PAY, Urgency.HIGH),
        ((PAYMENT, "|", "sent you a DM"), Situation.CANNOT_PAY, Urgency.NORMAL),
        ((PAYMENT, "|", CODE), Situation.CANNOT_PAY, Urgency.NORMAL),
        ((PAYMENT, "|", "Bestellnummer 4711-22"), Situation.CANNOT_PAY, Urgency.NORMAL),
        ((PAYMENT, "|", "ok thanks, I'll wait"), Situation.CANNOT_PAY, Urgency.LOW),
        ((SMOKE, "|", "sent you a DM"), Situation.SAFETY_OR_LEGAL, Urgency.URGENT),
        ((SMOKE, DONE), Situation.SAFETY_OR_LEGAL, Urgency.URGENT),
        ((DESPAIR, DONE), Situation.SAFETY_OR_LEGAL, Urgency.URGENT),
        ((SMOKE, "|", DONE), Situation.PRAISE, Urgency.LOW),
        ((CODE, PAYMENT), Situation.CANNOT_PAY, Urgency.HIGH),
        ((CODE,), Situation.OTHER, Urgency.NORMAL),
    ],
)
def test_a_case_is_judged_by_where_it_stands(
    texts: tuple[str, ...], situation: Situation, urgency: Urgency
) -> None:
    found = assess_case(thread(*texts))
    assert found is not None
    assert (found.assessment.situation, found.assessment.urgency) == (situation, urgency)


def in_private(text: str, number: int, *, is_answered: bool = False) -> Statement:
    return Statement(
        text=text,
        at=NOW + number * MINUTE,
        assessment=ASSESSMENTS[text],
        is_answered=is_answered,
        is_private=True,
    )


@pytest.mark.parametrize(
    ("later", "situation"),
    [
        ([in_private("any news?", 2)], Situation.CANNOT_PAY),
        ([in_private("are you even awake", 2)], Situation.CANNOT_PAY),
        ([in_private("any news?", 2), in_private("are you even awake", 3)], Situation.CANNOT_PAY),
        ([in_private(PARCEL, 2)], Situation.DELIVERY),
        ([in_private(DONE, 2)], Situation.PRAISE),
        ([in_private("any news?", 2, is_answered=True), in_private("any news?", 3)], Situation.QUESTION),
    ],
)
def test_who_comes_to_a_private_venue_goes_on_about_the_same(
    later: list[Statement], situation: Situation
) -> None:
    """Our invitation there has answered nothing."""
    found = assess_case([*thread(PAYMENT, "|"), *later])
    assert found is not None
    assert found.assessment.situation is situation


@pytest.mark.parametrize(
    ("later", "urgency"),
    [
        ([in_private("any news?", 2)], Urgency.HIGH),
        ([in_private(CALM, 2)], Urgency.HIGH),
        ([in_private("sent you a DM", 2)], Urgency.HIGH),
        ([in_private(CODE, 2)], Urgency.HIGH),
        ([in_private(PARCEL, 2)], Urgency.NORMAL),
        ([in_private(DONE, 2)], Urgency.LOW),
        ([in_private(CALM, 2, is_answered=True), in_private(CALM, 3)], Urgency.LOW),
    ],
)
def test_who_comes_to_a_private_venue_is_as_urgent_as_before_while_it_is_about_the_same(
    later: list[Statement], urgency: Urgency
) -> None:
    """They greet calmly, and wait for what made the case urgent."""
    found = assess_case([*thread(PAYMENT, "|"), *later])
    assert found is not None
    assert found.assessment.urgency is urgency


def test_what_a_person_said_of_the_words_that_come_in_private_decides() -> None:
    said = Judgement(situation=Situation.CANNOT_PAY, urgency=Urgency.LOW, request=True)
    calm = in_private(CALM, 2)
    judged = replace(calm, assessment=corrected(calm.assessment, said))
    found = assess_case([*thread(PAYMENT, "|"), judged])
    assert found is not None
    assert found.assessment.urgency is Urgency.LOW


def test_one_statement_is_assessed_as_it_is() -> None:
    for text, assessment in ASSESSMENTS.items():
        found = assess_case(thread(text))
        assert found is not None
        assert found.assessment == assessment


def test_the_reasons_are_those_of_the_gravest_and_of_the_newest_words() -> None:
    found = assess_case(thread(PAYMENT, PARCEL))
    assert found is not None
    assert (found.assessment.reasons, found.unanswered_since) == ((Reason.MONEY.value,), NOW)
    done = assess_case(thread(PAYMENT, DONE))
    assert done is not None
    assert (done.assessment.reasons, done.unanswered_since) == ((), NOW + MINUTE)


def test_nothing_is_assessed_where_all_is_answered() -> None:
    assert assess_case(thread(PAYMENT, DONE, "|")) is None
    case = a_case()
    assert reassess(case, thread(PAYMENT, "|"), POLICY) == case


def test_thanks_move_the_due_time_and_new_trouble_brings_it_forward() -> None:
    case = open_case(ACME, a_post(text=PAYMENT), ASSESSMENTS[PAYMENT], POLICY, NOW)
    assert case.reply_due == NOW + timedelta(hours=1)
    at = NOW + 10 * MINUTE
    thanked = add_post(
        case, a_post("901", text=DONE, created_at=at), ASSESSMENTS[DONE], POLICY, at, earlier=thread(PAYMENT)
    )
    assert (thanked.assessment.urgency, thanked.waiting_since) == (Urgency.LOW, at)
    assert thanked.reply_due == at + timedelta(hours=24)
    assert thanked.sort_key < case.sort_key
    later = at + MINUTE
    again = add_post(
        thanked,
        a_post("902", text=PAYMENT, created_at=later),
        ASSESSMENTS[PAYMENT],
        POLICY,
        later,
        earlier=[*thread(PAYMENT), Statement(text=DONE, at=at, assessment=ASSESSMENTS[DONE])],
    )
    assert (again.assessment.urgency, again.reply_due) == (Urgency.HIGH, at + timedelta(hours=1))


def test_a_late_post_counts_from_when_it_was_written() -> None:
    case = a_case(assessment=ASSESSMENTS[PARCEL])
    written = NOW - 5 * MINUTE
    post = a_post("899", text=PAYMENT, created_at=written)
    earlier = [Statement(text=PARCEL, at=NOW, assessment=ASSESSMENTS[PARCEL])]
    after = add_post(case, post, ASSESSMENTS[PAYMENT], POLICY, NOW, earlier=earlier)
    assert (after.waiting_since, after.assessment.situation) == (written, Situation.DELIVERY)
    assert after.assessment.urgency is Urgency.HIGH


# --- stored messages --------------------------------------------------------------------------


def said(number: int, text: str) -> Message:
    at = NOW + number * MINUTE
    return a_message(number, text=text, created_at=at, assessment=ASSESSMENTS[text])


def answer(number: int, delivery: Delivery = Delivery.SENT) -> Message:
    at = NOW + number * MINUTE
    return a_message(number, text="Hi Ana", created_at=at, direction=Direction.OUT, delivery=delivery)


def test_an_answer_that_crosses_a_message_leaves_that_one_unanswered() -> None:
    case = a_case(assessment=ASSESSMENTS[PAYMENT])
    messages = [said(1, PAYMENT), answer(2), said(3, PARCEL)]
    after = mark_answered(
        case,
        messages[2].created_at,
        NOW,
        statements=statements_of(case, messages),
        levels=POLICY.service_levels,
    )
    assert (after.assessment, after.waiting_since) == (ASSESSMENTS[PARCEL], messages[2].created_at)


def test_only_what_was_sent_answers_and_what_is_deleted_does_not_count() -> None:
    case = a_case()
    messages = [
        said(1, PAYMENT),
        answer(2, Delivery.FAILED),
        replace(said(3, SMOKE), text="", deleted_at=NOW, assessment=None),
        said(4, PARCEL),
    ]
    found = assess_case(statements_of(case, messages))
    assert found is not None
    assert (found.assessment.situation, found.assessment.urgency) == (Situation.DELIVERY, Urgency.HIGH)


def test_a_message_from_before_the_migration_has_the_assessment_of_its_case() -> None:
    case = a_case(assessment=ASSESSMENTS[PAYMENT])
    [statement] = statements_of(case, [a_message(text=PAYMENT)])
    assert statement.assessment == case.assessment


# --- what to do next --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "wanted"),
    [
        ((PAYMENT,), True),
        ((DONE,), True),
        ((CODE,), True),
        ((PAYMENT, PARCEL), True),
        ((PAYMENT, DONE), False),
        ((PAYMENT, "|", CODE), False),
        ((PAYMENT, "|", "sent you a DM"), False),
    ],
)
def test_a_reply_is_suggested_for_what_wants_one(texts: tuple[str, ...], *, wanted: bool) -> None:
    *earlier, newest = thread(*texts)
    assert wants_suggestion(newest, earlier) is wanted


def test_resolving_is_offered_where_all_that_asked_is_gone() -> None:
    case = a_case(reply_block=ReplyBlock.GONE, waiting_since=None)
    assert offers_resolve(case, [])
    assert not offers_resolve(replace(case, waiting_since=NOW), [])
    assert not offers_resolve(replace(case, reply_block=None), [])
    assert not offers_resolve(replace(case, state=CaseState.RESOLVED), [])
    assert not offers_resolve(replace(case, state=CaseState.WAITING), []), "we answered, maybe elsewhere"


def test_resolving_is_offered_after_thanks() -> None:
    case = a_case(assessment=ASSESSMENTS[DONE])
    assert offers_resolve(case, [said(1, PAYMENT), answer(2), said(3, DONE)])
    assert offers_resolve(case, [said(1, PAYMENT), said(2, DONE)])
    assert not offers_resolve(case, [said(1, DONE)]), "praise as a first post wants a reply"
    assert not offers_resolve(case, [said(1, DONE), said(2, PARCEL)])
    assert not offers_resolve(case, [])
    closed = replace(case, state=CaseState.RESOLVED)
    assert not offers_resolve(closed, [said(1, PAYMENT), said(2, DONE)])
    grave = replace(case, assessment=ASSESSMENTS[SMOKE])
    assert not offers_resolve(grave, [said(1, SMOKE), said(2, DONE)])


@pytest.mark.parametrize(
    ("later", "language"),
    [
        (("Here I am, by DM", "tr"), "en"),
        (("AC-20114", "de"), "en"),
        (("jetzt geht gar nichts mehr, was soll ich tun", "de"), "de"),
        (("まだ届きません", "ja"), "ja"),
    ],
)
def test_a_few_words_do_not_change_the_language_of_a_case(later: tuple[str, str], language: str) -> None:
    """Of so little text the detector is not certain."""
    text, detected = later
    own = replace(assessed(Situation.OTHER), language=detected)
    found = assess_case([*thread(PAYMENT), Statement(text=text, at=NOW + MINUTE, assessment=own)])
    assert found is not None
    assert found.assessment.language == language


def test_the_first_words_give_the_language_however_few() -> None:
    own = replace(assessed(Situation.QUESTION), language="es")
    found = assess_case([Statement(text="¿hola?", at=NOW, assessment=own)])
    assert found is not None
    assert found.assessment.language == "es"


def judged(text: str, situation: Situation, urgency: Urgency, *, request: bool = True) -> Assessment:
    judgement = Judgement(situation=situation, urgency=urgency, request=request)
    return corrected(ASSESSMENTS[text], judgement)


def thread_judged(position: int, assessment: Assessment, *texts: str) -> list[Statement]:
    """Return what was said, where a person has said something of one message."""
    statements = thread(*texts)
    at, text = statements[position].at, texts[position]
    return [
        *statements[:position],
        Statement(text=text, at=at, assessment=assessment),
        *statements[position + 1 :],
    ]


def test_what_a_person_says_precedes_what_was_said_before() -> None:
    rant = judged("are you even awake", Situation.RANT, Urgency.NORMAL)
    found = assess_case(thread_judged(1, rant, PAYMENT, "are you even awake"))
    assert found is not None
    assert (found.assessment.situation, found.assessment.urgency) == (Situation.RANT, Urgency.NORMAL)
    assert found.unanswered_since == NOW
    assert found.assessment.request is None


def test_a_remark_does_not_raise_what_a_person_lowered() -> None:
    low = judged(PAYMENT, Situation.OTHER, Urgency.LOW)
    found = assess_case(thread_judged(0, low, PAYMENT, CODE))
    assert found is not None
    assert (found.assessment.situation, found.assessment.urgency) == (Situation.OTHER, Urgency.LOW)


def test_a_later_trouble_raises_what_a_person_lowered() -> None:
    low = judged("any news?", Situation.OTHER, Urgency.LOW, request=False)
    found = assess_case(thread_judged(0, low, "any news?", PAYMENT))
    assert found is not None
    assert (found.assessment.situation, found.assessment.urgency) == (Situation.CANNOT_PAY, Urgency.HIGH)


def test_a_fragment_that_a_person_takes_for_a_request_is_one() -> None:
    high = judged("sent you a DM", Situation.ACCOUNT_ACCESS, Urgency.HIGH)
    found = assess_case(thread_judged(0, high, "sent you a DM"))
    assert found is not None
    assert (found.assessment.situation, found.assessment.urgency) == (Situation.ACCOUNT_ACCESS, Urgency.HIGH)


def test_what_a_person_says_wants_nothing_gets_no_suggestion_but_for_thanks() -> None:
    nothing = judged("any news?", Situation.RANT, Urgency.LOW, request=False)
    glad = judged("any news?", Situation.PRAISE, Urgency.LOW, request=False)
    assert not wants_suggestion(Statement(text="any news?", at=NOW, assessment=nothing), [])
    assert wants_suggestion(Statement(text="any news?", at=NOW, assessment=glad), [])


def test_a_person_means_the_newest_message_that_says_something() -> None:
    case = a_case()
    texts = (PAYMENT, "sent you a DM", CODE)
    said = [
        a_message(n, text=text, created_at=NOW + n * MINUTE, assessment=ASSESSMENTS[text])
        for n, text in enumerate(texts, start=1)
    ]
    assert deciding_message(case, said) == said[0]
    assert deciding_message(case, said[1:]) == said[2]
    gone = [replace(message, deleted_at=NOW) for message in said]
    assert deciding_message(case, gone) is None
