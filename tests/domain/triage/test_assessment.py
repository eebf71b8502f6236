"""Classify a mention: situation, urgency and reasons; sentiment and reach change neither."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.triage.assessment import (
    ASKS_QUESTION,
    LARGE_AUDIENCE,
    LARGE_AUDIENCE_REASON,
    Assessment,
    Urgency,
    assess_with_heads,
)
from domain.triage.evidence import collect_evidence
from domain.triage.heads import HeadScores
from domain.triage.situations import Cue, Cues, Reason, Sign, Situation
from tests.domain.made import assessed_by_rules

CUES = Cues(
    {
        "en": [
            ("cannot pay", Cue(Situation.CANNOT_PAY)),
            ("is down", Cue(Situation.OUTAGE_REPORT)),
            ("overheating", Cue(Situation.SAFETY_OR_LEGAL)),
            ("overheating", Cue(Reason.SAFETY)),
            ("my lawyer", Cue(Situation.SAFETY_OR_LEGAL)),
            ("my lawyer", Cue(Reason.LEGAL_THREAT)),
            ("not arrived", Cue(Situation.DELIVERY)),
            ("parcel", Cue(Situation.DELIVERY, decides=False)),
            ("card", Cue(Situation.CANNOT_PAY, decides=False)),
            ("smoke", Cue(Reason.SAFETY)),
            ("missing", Cue(Sign.TROUBLE)),
            ("missing parcel", Cue(Situation.DELIVERY)),
            ("insulin", Cue(Reason.VULNERABLE)),
            ("urgent", Cue(Reason.TIME_IS_SHORT)),
            ("third time", Cue(Reason.LONG_WAIT)),
            ("how do i", Cue(Situation.QUESTION)),
            ("great", Cue(Situation.PRAISE)),
            ("trash", Cue(Situation.RANT)),
            ("reporter", Cue(Situation.PRESS)),
            ("airdrop", Cue(Situation.SPAM)),
            ("lovely", Cue(Situation.PRAISE)),
            ("driver waited", Cue(Situation.DELIVERY, is_pair=True)),
            ("pay failed", Cue(Situation.CANNOT_PAY, is_pair=True)),
            ("overheating with joy", Cue(Sign.HARMLESS)),
            ("not", Cue(Sign.NOT)),
            ("nothing", Cue(Sign.NOT)),
            ("happy", Cue(Sign.GLAD)),
            ("by itself", Cue(Sign.SETTLED)),
        ]
    }
)


def read(text: str, sentiment: float = 0.0, followers: int = 0) -> Assessment:
    return assessed_by_rules(text, language="en", sentiment=sentiment, cues=CUES, followers=followers)


@pytest.mark.parametrize(
    ("text", "situation", "urgency", "reasons"),
    [
        ("I cannot pay", Situation.CANNOT_PAY, Urgency.HIGH, (Reason.MONEY,)),
        (
            "I cannot pay, it is urgent",
            Situation.CANNOT_PAY,
            Urgency.URGENT,
            (Reason.MONEY, Reason.TIME_IS_SHORT),
        ),
        ("cannot pay, nothing urgent", Situation.CANNOT_PAY, Urgency.HIGH, (Reason.MONEY,)),
        ("the app is down", Situation.OUTAGE_REPORT, Urgency.HIGH, (Reason.BLOCKED,)),
        ("it is overheating", Situation.SAFETY_OR_LEGAL, Urgency.URGENT, (Reason.SAFETY,)),
        ("my lawyer will write", Situation.SAFETY_OR_LEGAL, Urgency.HIGH, (Reason.LEGAL_THREAT,)),
        ("it has not arrived", Situation.DELIVERY, Urgency.NORMAL, ()),
        ("the insulin has not arrived", Situation.DELIVERY, Urgency.HIGH, (Reason.VULNERABLE,)),
        ("not arrived, third time", Situation.DELIVERY, Urgency.NORMAL, (Reason.LONG_WAIT,)),
        ("parcel?", Situation.DELIVERY, Urgency.NORMAL, ()),
        ("how do I send a parcel", Situation.QUESTION, Urgency.NORMAL, (ASKS_QUESTION,)),
        ("my parcel is missing", Situation.DELIVERY, Urgency.NORMAL, ()),
        ("card and missing parcel", Situation.DELIVERY, Urgency.NORMAL, ()),
        ("my card", Situation.CANNOT_PAY, Urgency.NORMAL, ()),
        ("it is hot, smoke everywhere", Situation.SAFETY_OR_LEGAL, Urgency.URGENT, (Reason.SAFETY,)),
        ("good morning", Situation.OTHER, Urgency.NORMAL, ()),
        ("great app", Situation.PRAISE, Urgency.LOW, ()),
        ("great insulin airdrop", Situation.SPAM, Urgency.LOW, ()),
        ("trash", Situation.RANT, Urgency.NORMAL, ()),
        ("I am a reporter", Situation.PRESS, Urgency.NORMAL, ()),
        ("I am a reporter, urgent", Situation.PRESS, Urgency.HIGH, (Reason.TIME_IS_SHORT,)),
        ("", Situation.OTHER, Urgency.NORMAL, ()),
    ],
)
def test_a_text_has_its_situation_and_urgency(
    text: str, situation: Situation, urgency: Urgency, reasons: tuple[str, ...]
) -> None:
    assessment = read(text)
    assert (assessment.situation, assessment.urgency, assessment.reasons) == (situation, urgency, reasons)


def test_the_gravest_of_two_complaints_wins() -> None:
    assert read("the app is down and I cannot pay").situation is Situation.CANNOT_PAY


def test_a_complaint_wins_over_the_kind_words_around_it() -> None:
    assert read("great app, great people, but I cannot pay", sentiment=0.9).situation is Situation.CANNOT_PAY


def test_a_weak_cue_counts_unless_the_mood_is_good() -> None:
    assert read("a cat in my parcel").situation is Situation.DELIVERY
    assert read("a cat in my parcel", sentiment=0.4).situation is Situation.OTHER
    assert read("my parcel is missing", sentiment=0.4).situation is Situation.DELIVERY


@pytest.mark.parametrize("text", ["great parcel people, any news?", "missing: my parcel. great people"])
def test_kind_words_are_only_polite_where_somebody_asks_or_something_is_wrong(text: str) -> None:
    assert read(text, sentiment=0.1).situation is Situation.DELIVERY


def test_somebody_who_asks_is_not_praising_however_kindly() -> None:
    assert read("any news? bless you", sentiment=0.9).situation is Situation.QUESTION


def test_what_two_concepts_tell_is_as_grave_as_a_phrase_and_a_little_less_sure() -> None:
    assert (read("pay failed").situation, read("pay failed").urgency) == (Situation.CANNOT_PAY, Urgency.HIGH)
    assert read("pay failed, app is down").situation is Situation.OUTAGE_REPORT


def test_plain_thanks_win_over_what_two_concepts_tell_of_a_parcel_and_never_of_money() -> None:
    assert read("the driver waited, lovely", sentiment=0.6).situation is Situation.PRAISE
    assert read("the driver waited, lovely, still missing", sentiment=0.6).situation is Situation.DELIVERY
    assert read("lovely, pay failed", sentiment=0.6).situation is Situation.CANNOT_PAY


def test_an_idiom_cancels_the_cue_within_it() -> None:
    assert read("overheating with joy").situation is Situation.OTHER
    assert read("overheating with joy, no, it is overheating").urgency is Urgency.URGENT


def test_an_advertisement_s_words_do_not_hide_somebody_who_cannot_pay() -> None:
    assert read("airdrop of nothing: cannot pay").situation is Situation.CANNOT_PAY


def test_thanks_with_a_grave_word_in_them_are_looked_at() -> None:
    assert read("great, lovely, smoke", sentiment=0.9).urgency >= Urgency.NORMAL


def test_a_word_of_abuse_wins_over_a_mere_hint() -> None:
    assert read("your card is trash").situation is Situation.RANT


def test_a_negation_cancels_praise() -> None:
    assert read("not great").situation is not Situation.PRAISE


@pytest.mark.parametrize(
    ("sentiment", "situation"), [(-0.8, Situation.RANT), (0.8, Situation.PRAISE), (0.0, Situation.OTHER)]
)
def test_without_cues_the_sentiment_decides(sentiment: float, situation: Situation) -> None:
    assert read("well well well", sentiment=sentiment).situation is situation


@pytest.mark.parametrize("mark", ["?", "？", "؟"])
def test_a_question_mark_of_any_script_asks(mark: str) -> None:
    assert read(f"well{mark}").situation is Situation.QUESTION


words = st.lists(
    st.sampled_from(
        [
            "cannot pay",
            "is down",
            "overheating",
            "my lawyer",
            "parcel",
            "urgent",
            "great",
            "trash",
            "?",
            "not",
        ]
    )
).map(" ".join)


@settings(deadline=None)
@given(words, st.floats(-1, 1), st.integers(0, 10**9))
def test_reach_is_named_and_changes_nothing(text: str, sentiment: float, followers: int) -> None:
    known, unknown = read(text, sentiment, followers), read(text, sentiment)
    assert (known.situation, known.urgency) == (unknown.situation, unknown.urgency)
    assert (LARGE_AUDIENCE_REASON in known.reasons) is (followers >= LARGE_AUDIENCE)


@settings(deadline=None)
@given(words, st.floats(-1, 0))
def test_anger_never_makes_a_complaint_more_urgent(text: str, anger: float) -> None:
    complaint = f"{text} cannot pay"
    assert read(complaint, anger).urgency == read(complaint).urgency


@settings(deadline=None)
@given(words, st.floats(-1, 1))
def test_failed_payments_and_danger_are_never_low(text: str, sentiment: float) -> None:
    for complaint in ("cannot pay", "overheating"):
        assert read(f"{text} {complaint}", sentiment).urgency >= Urgency.HIGH


@pytest.mark.parametrize(
    ("text", "probability", "wanted", "high", "situation"),
    [
        ("hello, user name", 0.4, 0.3, 0.1, Situation.OTHER),
        ("hello, user name", 0.6, 0.3, 0.1, Situation.CANNOT_PAY),
        ("hello, user name", 0.4, 0.7, 0.1, Situation.CANNOT_PAY),
        ("hello, user name", 0.4, 0.3, 0.6, Situation.CANNOT_PAY),
        ("I cannot pay", 0.2, 0.3, 0.1, Situation.CANNOT_PAY),
    ],
)
def test_trouble_that_nobody_is_sure_of_is_none_where_nothing_is_wanted(
    text: str, probability: float, wanted: float, high: float, situation: Situation
) -> None:
    rest = (1 - probability) / (len(Situation) - 1)
    situations = {one: probability if one is Situation.CANNOT_PAY else rest for one in Situation}
    scores = HeadScores(situations=situations, high=high, request=wanted, sentiment=0.0)
    evidence = collect_evidence(text, language="en", sentiment=0.0, cues=CUES)
    assert assess_with_heads(evidence, scores, language="en").situation is situation


@pytest.mark.parametrize(
    ("high", "situation", "urgency"),
    [(0.99, Situation.CANNOT_PAY, Urgency.URGENT), (0.01, Situation.PRAISE, Urgency.NORMAL)],
)
def test_what_is_high_is_no_praise(high: float, situation: Situation, urgency: Urgency) -> None:
    situations = dict.fromkeys(Situation, 0.01) | {Situation.PRAISE: 0.4, Situation.CANNOT_PAY: 0.3}
    scores = HeadScores(situations=situations, high=high, request=0.9, sentiment=0.0)
    reasons = {Reason.TIME_IS_SHORT, Reason.VULNERABLE}
    evidence = replace(collect_evidence("", language="en", sentiment=0.0, cues=CUES), reasons=reasons)
    found = assess_with_heads(evidence, scores, language="en")
    assert (found.situation, found.urgency) == (situation, urgency)


@pytest.mark.parametrize(
    ("text", "negated_praise", "settled"),
    [
        ("not happy", True, False),
        ("not a great app", True, False),
        ("happy, not sad", False, False),
        ("not one of us is happy", False, False),
        ("it went away by itself", False, True),
        ("overheating with joy, not the lovely kind", True, False),
    ],
)
def test_praise_that_is_taken_back_and_what_is_settled_are_signs_for_the_heads(
    text: str, negated_praise: bool, settled: bool
) -> None:
    evidence = collect_evidence(text, language="en", sentiment=0.0, cues=CUES)
    assert (evidence.negated_praise, evidence.settled) == (negated_praise, settled)
