"""Rank saved replies: similar examples first, likely situations next, and nothing filtered out."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.triage.reply_ranking import (
    LearntSimilarity,
    MessageToAnswer,
    RankedReply,
    ReplySimilarity,
    rank_replies,
)
from domain.triage.reply_weights import BY_ENCODER, BY_TFIDF, RankingWeights
from domain.triage.saved_replies import SavedReply
from domain.triage.situations import Reason, Situation, Subject

PAY, REFUND, QUESTION = Situation.CANNOT_PAY, Situation.REFUND, Situation.QUESTION


def a_reply(name: str, *situations: Situation) -> SavedReply:
    return SavedReply(
        name=name,
        version=1,
        title=name,
        situations=frozenset(situations),
        wordings={"en": (name,)},
        examples=("x",) * 4,
    )


def similarity(reply: SavedReply, *examples: float, text: float = 0.0) -> ReplySimilarity:
    return ReplySimilarity(reply=reply, examples=examples, text=text)


def rank(
    similarities: list[ReplySimilarity],
    situations: Mapping[Situation, float],
    decided: Situation,
    *,
    reasons: tuple[str, ...] = (),
    learnt: Mapping[str, LearntSimilarity] | None = None,
    weights: RankingWeights = BY_ENCODER,
    is_corrected: bool = False,
) -> list[RankedReply]:
    message = MessageToAnswer(situations, decided, reasons, is_corrected)
    return list(rank_replies(similarities, message, learnt=learnt or {}, weights=weights))


def test_what_a_person_says_the_message_is_about_decides() -> None:
    known = [similarity(a_reply("pay", PAY), 0.9, text=0.9), similarity(a_reply("refund", REFUND), 0.0)]
    assert names(rank(known, {REFUND: 1.0}, REFUND)) == ["pay", "refund"]
    first, _ = rank(known, {REFUND: 1.0}, REFUND, is_corrected=True)
    assert (first.reply.name, first.is_suggestion) == ("refund", True)


def names(ranked: list[RankedReply]) -> list[str]:
    return [found.reply.name for found in ranked]


def test_the_mean_of_the_three_nearest_examples_counts() -> None:
    once, often = a_reply("once", PAY), a_reply("often", PAY)
    ranked = rank([similarity(once, 0.9, 0.0, 0.0), similarity(often, 0.6, 0.6, 0.6, -1.0)], {PAY: 1.0}, PAY)
    assert names(ranked) == ["often", "once"]


def test_a_likely_situation_raises_and_an_unlikely_one_filters_nothing() -> None:
    pay, refund = a_reply("pay", PAY), a_reply("refund", REFUND)
    near = [similarity(pay, 0.5), similarity(refund, 0.55)]
    assert names(rank(near, {PAY: 0.9, REFUND: 0.1}, PAY)) == ["pay", "refund"]
    far = [similarity(pay, 0.2), similarity(refund, 0.9)]
    assert names(rank(far, {PAY: 1.0}, PAY)) == ["refund", "pay"]


def test_a_reply_for_many_situations_gains_less_of_each() -> None:
    one, many = a_reply("one", PAY), a_reply("many", *Situation)
    assert names(rank([similarity(many, 0.5), similarity(one, 0.5)], {PAY: 0.9, QUESTION: 0.1}, PAY)) == [
        "one",
        "many",
    ]


def test_equals_are_in_the_order_of_their_names() -> None:
    same = [similarity(a_reply(name, PAY), 0.5) for name in "cab"]
    assert names(rank(same, {PAY: 1.0}, PAY)) == ["a", "b", "c"]
    assert rank([], {}, PAY) == []


@pytest.mark.parametrize(
    ("examples", "probability", "is_suggestion"),
    [(0.9, 0.9, True), (0.9, 0.1, False), (0.2, 0.9, False), (0.3, 0.9, True)],
)
def test_when_unsure_nothing_is_suggested(examples: float, probability: float, is_suggestion: bool) -> None:
    [found] = rank([similarity(a_reply("pay", PAY), examples)], {PAY: probability}, QUESTION)
    assert found.is_suggestion is is_suggestion


def test_what_the_card_says_tips_a_close_call() -> None:
    near = [similarity(a_reply("pay", PAY), 0.50), similarity(a_reply("refund", REFUND), 0.52)]
    even = {PAY: 0.5, REFUND: 0.5}
    assert names(rank(near, even, PAY)) == ["pay", "refund"]
    assert names(rank(near, even, REFUND)) == ["refund", "pay"]


@pytest.mark.parametrize(("decided", "is_suggestion"), [(Situation.PRAISE, True), (QUESTION, False)])
def test_a_glad_reply_is_suggested_to_glad_customers_only(decided: Situation, is_suggestion: bool) -> None:
    glad = similarity(a_reply("glad", Situation.PRAISE), 0.9)
    [found] = rank([glad], {Situation.PRAISE: 0.5, QUESTION: 0.5}, decided)
    assert found.is_suggestion is is_suggestion


@pytest.mark.parametrize(("nearest", "is_suggestion"), [(0.95, True), (0.7, False)])
def test_a_reply_without_a_topic_is_suggested_for_nearly_its_examples_only(
    nearest: float, is_suggestion: bool
) -> None:
    greeting = similarity(a_reply("greeting", Situation.OTHER), nearest, 0.65, 0.65)
    [found] = rank([greeting], {Situation.OTHER: 0.9}, Situation.OTHER)
    assert found.is_suggestion is is_suggestion
    specific = similarity(a_reply("tip", Situation.OTHER, QUESTION), nearest, 0.65, 0.65)
    assert rank([specific], {Situation.OTHER: 0.9}, Situation.OTHER)[0].is_suggestion


def test_a_reply_for_a_reason_of_the_message_and_the_usual_one_come_before_their_equals() -> None:
    plain, usual = a_reply("a", PAY), replace(a_reply("b", PAY), usual=True)
    urgent = replace(a_reply("c", PAY), reasons=frozenset({"someone is vulnerable"}))
    same = [similarity(reply, 0.5) for reply in (plain, usual, urgent)]
    assert names(rank(same, {PAY: 1.0}, PAY)) == ["b", "a", "c"]
    assert names(rank(same, {PAY: 1.0}, PAY, reasons=("someone is vulnerable",))) == ["c", "b", "a"]


@pytest.mark.parametrize(
    ("decided", "reasons", "nearest", "is_suggestion"),
    [
        (PAY, ("safety",), 0.7, True),
        (PAY, ("money at stake",), 0.7, False),
        (PAY, (), 0.7, False),
        (PAY, (), 0.8, True),
        (Situation.SAFETY_OR_LEGAL, (), 0.7, True),
    ],
)
def test_a_reply_for_a_reason_is_suggested_for_that_reason_danger_or_nearly_its_examples_only(
    decided: Situation, reasons: tuple[str, ...], nearest: float, is_suggestion: bool
) -> None:
    reply = replace(a_reply("hacked", PAY, Situation.SAFETY_OR_LEGAL), reasons=frozenset({"safety"}))
    [found] = rank([similarity(reply, nearest, 0.7, 0.7)], {decided: 1.0}, decided, reasons=reasons)
    assert (found.suits, found.is_suggestion) == (is_suggestion, is_suggestion)


@pytest.mark.parametrize(
    ("reasons", "nearest", "is_suggestion"),
    [(("speaks of suicide",), 0.44, True), (("safety",), 0.44, False), ((), 0.44, False), ((), 0.46, True)],
)
def test_a_reply_for_who_speaks_of_suicide_needs_that_or_a_near_example(
    reasons: tuple[str, ...], nearest: float, is_suggestion: bool
) -> None:
    decided = Situation.SAFETY_OR_LEGAL
    reply = replace(a_reply("worried", decided), reasons=frozenset({"speaks of suicide"}))
    [found] = rank([similarity(reply, nearest, nearest, nearest)], {decided: 1.0}, decided, reasons=reasons)
    assert found.is_suggestion is is_suggestion


def test_a_reply_for_a_reason_is_suggested_for_what_it_has_answered() -> None:
    reply = similarity(replace(a_reply("hacked", PAY), reasons=frozenset({"safety"})), 0.7)
    [found] = rank([reply], {PAY: 1.0}, PAY, learnt={"hacked": used(0.7)})
    assert not found.is_suggestion
    [found] = rank([reply], {PAY: 1.0}, PAY, learnt={"hacked": used(0.8)})
    assert found.is_suggestion


def test_a_nearer_reply_for_another_reason_stands_right_behind_the_one_that_is_suggested() -> None:
    hacked = replace(a_reply("hacked", PAY), reasons=frozenset({"safety"}))
    known = [
        similarity(hacked, 0.75),
        similarity(a_reply("sure", PAY), 0.6),
        similarity(a_reply("b", PAY), 0),
    ]
    assert names(rank(known, {PAY: 1.0}, PAY)) == ["sure", "hacked", "b"]
    unsure = [known[0], similarity(a_reply("far", PAY), 0.0)]
    assert names(rank(unsure, {PAY: 1.0}, PAY)) == ["hacked", "far"]


def test_a_question_about_something_else_gets_the_usual_reply_first() -> None:
    usual = similarity(replace(a_reply("usual", QUESTION), usual=True), 0.1)
    known = [similarity(a_reply("invoice", QUESTION), 0.3, 0.3, 0.3), usual]
    assert names(rank(known, {QUESTION: 1.0}, QUESTION)) == ["usual", "invoice"]
    assert names(rank(known, {QUESTION: 1.0}, QUESTION, learnt={"invoice": used(0.4)})) == [
        "invoice",
        "usual",
    ]
    assert names(rank(known, {QUESTION: 0.5, PAY: 0.5}, PAY)) == ["invoice", "usual"]
    near = [similarity(a_reply("invoice", QUESTION), 0.35, 0.3, 0.3), usual]
    assert names(rank(near, {QUESTION: 1.0}, QUESTION)) == ["invoice", "usual"]


def test_what_was_sent_often_does_not_push_aside_the_reply_for_the_reason() -> None:
    often, urgent = a_reply("often", PAY), replace(a_reply("urgent", PAY), reasons=frozenset({"safety"}))
    known = [similarity(often, 0.6), similarity(urgent, 0.5)]
    learnt = {"often": used(*[0.8] * 40)}
    assert names(rank(known, {PAY: 1.0}, PAY, learnt=learnt)) == ["often", "urgent"]
    assert names(rank(known, {PAY: 1.0}, PAY, reasons=("safety",), learnt=learnt)) == ["urgent", "often"]
    unlike = [known[0], similarity(urgent, 0.0)]
    assert names(rank(unlike, {PAY: 1.0}, PAY, reasons=("safety",))) == ["often", "urgent"]


def test_nothing_but_a_glad_reply_is_suggested_to_a_glad_customer() -> None:
    trouble = similarity(a_reply("trouble", PAY), 0.9)
    [found] = rank([trouble], {Situation.PRAISE: 0.5, PAY: 0.5}, Situation.PRAISE)
    assert not found.is_suggestion


def used(*cosines: float) -> LearntSimilarity:
    return LearntSimilarity(used=list(cosines))


def test_answers_that_were_sent_raise_a_reply_by_how_many_and_how_similar_they_are() -> None:
    same = [similarity(a_reply(name, PAY), 0.4) for name in "abc"]
    learnt = {"b": used(0.8), "c": used(0.8, 0.8, 0.8)}
    ranked = rank(same, {PAY: 1.0}, PAY, learnt=learnt)
    assert names(ranked) == ["c", "b", "a"]
    assert [found.sent_in_such_cases for found in ranked] == [3, 1, 0]
    far = rank(same, {PAY: 1.0}, PAY, learnt={"b": used(0.8), "c": used(0.1, 0.1, 0.1)})
    assert names(far)[0] == "b"


def test_an_answered_message_counts_like_an_example() -> None:
    known, new = similarity(a_reply("known", PAY), 0.7, 0.6, 0.6), similarity(a_reply("new", PAY), 0.5)
    others = {"other": used(*[0.8] * 40)}
    assert names(rank([known, new], {PAY: 1.0}, PAY, learnt=others)) == ["known", "new"]
    learnt = {**others, "new": used(0.8, 0.8, 0.2)}
    assert names(rank([known, new], {PAY: 1.0}, PAY, learnt=learnt)) == ["new", "known"]
    assert names(rank([known, new], {PAY: 1.0}, PAY, learnt=learnt, weights=BY_TFIDF)) == ["known", "new"]


def test_shared_words_count_beside_vectors_in_the_order_alone() -> None:
    """Vectors of "lost my bag" and of "my bag is broken" are nearly the same."""

    def by_words(name: str, *examples: float, text: float = 0.0) -> ReplySimilarity:
        words = similarity(a_reply(name, PAY), *examples, text=text)
        return replace(similarity(a_reply(name, PAY), 0.52 if name == "a" else 0.5), by_words=words)

    known = [by_words("a", 0.1), by_words("b", 0.5)]
    ranked = rank(known, {PAY: 1.0}, PAY)
    assert names(ranked) == ["b", "a"]
    assert [found.score for found in ranked] == sorted(found.score for found in ranked)
    assert names(rank([by_words("a", 0.1), by_words("b", text=0.5)], {PAY: 1.0}, PAY)) == ["b", "a"]
    learnt = {"a": used(0.1), "b": LearntSimilarity(used=[0.1], used_by_words=[0.6])}
    assert names(rank([by_words("a", 0.1), by_words("b", 0.1)], {PAY: 1.0}, PAY, learnt=learnt)) == ["b", "a"]
    assert names(rank(known, {PAY: 1.0}, PAY, weights=replace(BY_ENCODER, by_words=0.0))) == ["a", "b"]


def test_a_reply_whose_examples_are_all_similar_comes_before_one_with_some_that_are() -> None:
    all_near = similarity(a_reply("all", PAY), *[0.6] * 6)
    some = similarity(a_reply("some", PAY), *[0.62] * 3, *[0.0] * 3)
    assert names(rank([some, all_near], {PAY: 1.0}, PAY)) == ["all", "some"]
    answered = {"all": used(*[0.6] * 3), "some": used(*[0.0] * 3)}
    few = [similarity(a_reply("all", PAY), *[0.6] * 3), similarity(a_reply("some", PAY), *[0.62] * 3)]
    assert names(rank(few, {PAY: 1.0}, PAY, learnt=answered)) == ["all", "some"]


def test_the_mean_of_few_examples_is_drawn_to_that_of_all() -> None:
    """One example says little of a reply: that it is far is no reason yet."""
    one = similarity(a_reply("one", PAY), 0.27)
    many = similarity(a_reply("many", PAY), *[0.3] * 12)
    near = similarity(a_reply("near", REFUND), *[0.5] * 12)
    assert names(rank([many, one, near], {PAY: 1.0}, PAY))[:2] == ["near", "one"]


def test_a_suggestion_that_was_thrown_away_sinks() -> None:
    same = [similarity(a_reply(name, PAY), 0.4) for name in "ab"]
    thrown = {"a": LearntSimilarity(thrown_away=[0.9, 0.9])}
    assert names(rank(same, {PAY: 1.0}, PAY, learnt=thrown)) == ["b", "a"]


def test_what_was_learnt_can_make_a_suggestion() -> None:
    pay = [similarity(a_reply("pay", PAY), 0.3)]
    assert not rank(pay, {PAY: 0.2}, QUESTION)[0].is_suggestion
    assert rank(pay, {PAY: 0.2}, QUESTION, learnt={"pay": used(*[0.9] * 20)})[0].is_suggestion


@given(
    st.lists(st.floats(-1, 1), max_size=5),
    st.lists(st.floats(-1, 1), max_size=5),
    st.floats(-1, 1),
    st.sampled_from([BY_ENCODER, BY_TFIDF]),
)
def test_one_more_similar_answer_never_lowers_a_reply(
    cosines: list[float], others: list[float], one_more: float, weights: RankingWeights
) -> None:
    both = [similarity(a_reply(name, PAY), 0.4) for name in "ab"]

    def score(mine: list[float]) -> float:
        learnt = {"a": used(*mine), "b": used(*others)}
        ranked = rank(both, {PAY: 1.0}, PAY, learnt=learnt, weights=weights)
        return next(found.score for found in ranked if found.reply.name == "a")

    assert score([*cosines, one_more]) >= score(cosines) - 1e-9


def test_the_nearest_example_is_named_where_it_is_near() -> None:
    reply = replace(a_reply("pay", PAY), examples=("far", "near"))
    [found] = rank([similarity(reply, 0.1, 0.9)], {PAY: 1.0}, PAY)
    assert (found.example, found.is_decided) == ("near", True)
    [found] = rank([similarity(reply, 0.1, 0.1)], {PAY: 1.0}, QUESTION)
    assert (found.example, found.is_decided) == ("", False)


def test_without_the_encoder_the_reply_for_the_reason_and_the_usual_one_come_first() -> None:
    plain, usual = a_reply("plain", PAY), replace(a_reply("usual", PAY), usual=True)
    reasoned = replace(a_reply("reasoned", PAY), reasons=frozenset({"safety"}))
    same = [similarity(reply, 0.0) for reply in (plain, usual, reasoned)]
    assert names(rank(same, {PAY: 1.0}, PAY, weights=BY_TFIDF))[0] == "usual"
    found = rank(same, {PAY: 1.0}, PAY, reasons=("safety",), weights=BY_TFIDF)
    assert names(found)[0] == "reasoned"


def test_a_situation_without_a_saved_reply_gets_no_suggestion() -> None:
    [found] = rank(
        [similarity(a_reply("pay", PAY), 0.9)], {Situation.SPAM: 1.0}, Situation.SPAM, weights=BY_TFIDF
    )
    assert not found.is_suggestion


def test_what_was_sent_in_such_cases_needs_no_likely_situation() -> None:
    pay = [similarity(a_reply("pay", PAY), 0.6)]
    assert not rank(pay, {QUESTION: 1.0}, QUESTION)[0].is_suggestion
    assert rank(pay, {QUESTION: 1.0}, QUESTION, learnt={"pay": used(0.9)})[0].is_suggestion
    assert not rank(pay, {QUESTION: 1.0}, QUESTION, learnt={"pay": used(0.1)})[0].is_suggestion


@pytest.mark.parametrize(("probability", "is_suggested"), [(0.6, False), (0.7, True)])
def test_a_glad_reply_needs_a_post_that_is_surely_praise(probability: float, is_suggested: bool) -> None:
    known = [similarity(a_reply("thanks", Situation.PRAISE), 0.7, 0.7, 0.7)]
    [found] = rank(known, {Situation.PRAISE: probability}, Situation.PRAISE)
    assert (found.suits, found.is_suggestion) == (True, is_suggested)


def test_other_replies_need_no_such_certainty() -> None:
    [found] = rank([similarity(a_reply("pay", PAY), 0.9, 0.9, 0.9)], {PAY: 0.3}, PAY)
    assert found.is_suggestion


@pytest.mark.parametrize(("cosine", "is_suggested"), [(0.55, False), (0.65, True)])
def test_what_was_sent_to_something_else_makes_no_reply_likely(cosine: float, is_suggested: bool) -> None:
    known = [similarity(a_reply("parcel", Situation.DELIVERY), 0.5, 0.5, 0.5)]
    learnt = {"parcel": LearntSimilarity(used=[cosine])}
    [found] = rank(known, {QUESTION: 0.95, Situation.DELIVERY: 0.05}, QUESTION, learnt=learnt)
    assert found.is_suggestion is is_suggested


@pytest.mark.parametrize(
    ("reason", "nearest", "is_suggested"),
    [
        (Subject.DATA_SHOWN, 0.4, True),
        (Subject.DATA_SHOWN, 0.3, False),
        (Reason.DISTRESS, 0.4, False),
        (Reason.DISTRESS, 0.5, True),
    ],
)
def test_that_data_was_shown_needs_a_less_similar_example_than_distress(
    reason: Reason | Subject, nearest: float, is_suggested: bool
) -> None:
    grave = Situation.SAFETY_OR_LEGAL
    reply = replace(a_reply("narrow", grave), reasons=frozenset({reason}))
    [found] = rank([similarity(reply, nearest, nearest, nearest)], {grave: 1.0}, grave)
    assert found.is_suggestion is is_suggested
