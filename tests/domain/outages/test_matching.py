"""Match posts to an outage."""

from array import array
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.outages.links import LinkReason
from domain.outages.matching import OutageMatcher, OutageTraits, Report
from domain.triage.situations import Situation
from tests.handlers.made import HOUR, NOW

TRAITS = OutageTraits(
    component_words=("payment", "card", "checkout"),
    notice_words=("Card payments fail for some customers. The checkout shows an error.",),
    begins_at=NOW,
    window=24 * HOUR,
)


def report(text: str, situation: Situation = Situation.CANNOT_PAY, **changes: object) -> Report:
    made = Report(case_id=1, message_id=1, text=text, situation=situation, written_at=NOW)
    return replace(made, **changes)  # type: ignore[arg-type]


def reasons(traits: OutageTraits, one: Report) -> list[LinkReason]:
    match = OutageMatcher(traits).match(one)
    return [evidence.reason for evidence in match.evidence] if match else []


@pytest.mark.parametrize(
    ("text", "situation"),
    [
        ("@acme my card payment does not go through", Situation.CANNOT_PAY),
        ("checkout is broken, error every time", Situation.OUTAGE_REPORT),
        ("Payments failing again?!", Situation.RANT),
    ],
)
def test_posts_about_it_are_found_with_their_reasons(text: str, situation: Situation) -> None:
    assert LinkReason.COMPONENT in reasons(TRAITS, report(text, situation))


@pytest.mark.parametrize(
    ("text", "situation"),
    [
        ("@acme my parcel is late", Situation.DELIVERY),
        ("the app will not open", Situation.OUTAGE_REPORT),
        ("where is my refund", Situation.REFUND),
        ("I love your new card!", Situation.PRAISE),
        ("win a payment card, click here", Situation.SPAM),
        ("discard this", Situation.QUESTION),
        ("photos on the card of my camera are gone", Situation.QUESTION),
        ("the refund to my card", Situation.REFUND),
    ],
)
def test_posts_about_other_things_are_not(text: str, situation: Situation) -> None:
    assert reasons(TRAITS, report(text, situation)) == []


def test_the_words_that_speak_for_it_are_named_as_the_customer_wrote_them() -> None:
    match = OutageMatcher(TRAITS).match(report("My payment fails, the checkout shows ERROR 5"))
    assert match is not None
    words = {evidence.reason: evidence.words for evidence in match.evidence}
    assert words[LinkReason.COMPONENT] == ("payment", "checkout")
    assert words[LinkReason.WORDS] == ("fails", "shows", "error")


def test_our_handle_and_links_are_no_words_that_a_post_shares_with_the_notices() -> None:
    notices = ("Payments fail. See https://status.acme.example/x, we tell @acme_news.",)
    traits = replace(TRAITS, notice_words=notices)
    match = OutageMatcher(traits).match(report("@acme @acme_news my card fails, https://acme.example/see"))
    assert match is not None
    words = {evidence.reason: evidence.words for evidence in match.evidence}
    assert words[LinkReason.WORDS] == ("fails",)


def test_words_that_say_nothing_are_no_reason_and_neither_are_others_that_begin_with_one() -> None:
    traits = replace(TRAITS, notice_words=("Problems with payments", "Payments fail for some customers."))
    takeover = report("somebody is in my account with my card and fails to say who", Situation.ACCOUNT_ACCESS)
    assert reasons(traits, takeover)[1] is LinkReason.WORDS
    match = OutageMatcher(replace(traits, stop_words={"with", "some", "who"})).match(takeover)
    assert match is not None
    words = {evidence.reason: evidence.words for evidence in match.evidence}
    assert words[LinkReason.WORDS] == ("fails",)


def test_words_of_any_sentence_are_no_reason_where_components_have_words() -> None:
    vague = report("some customers get an error when something fails", Situation.OUTAGE_REPORT)
    assert reasons(TRAITS, vague) == []
    assert LinkReason.WORDS in reasons(replace(TRAITS, component_words=()), vague)
    assert reasons(replace(TRAITS, component_words=()), replace(vague, text="some customers")) == []


def test_a_components_name_is_a_reason_and_no_list_of_what_posts_call_it() -> None:
    named = replace(TRAITS, component_words=(), component_names=("Payments",))
    assert LinkReason.COMPONENT in reasons(named, report("your payments are broken"))
    other_words = report("why does my card fail at the checkout?")
    assert reasons(named, other_words) == [LinkReason.WORDS, LinkReason.SITUATION]


def test_a_situation_alone_is_no_reason() -> None:
    none = replace(TRAITS, component_words=(), notice_words=())
    assert reasons(none, report("whatever", Situation.OUTAGE_REPORT)) == []


def test_the_older_before_the_announcement_the_less_sure() -> None:
    matcher = OutageMatcher(TRAITS)
    ages = [timedelta(hours=hours) for hours in (-1, 0, 1, 6, 12)]
    found = [matcher.match(report("my card payment fails", written_at=NOW - age)) for age in ages]
    certainties = [match.certainty if match else 0.0 for match in found]
    assert certainties == sorted(certainties, reverse=True)
    assert certainties[0] == certainties[1] > certainties[2]
    assert matcher.match(report("my card payment fails", written_at=NOW - timedelta(days=2))) is None


def test_what_was_confirmed_teaches_which_situations_belong_to_it() -> None:
    vague = report("payment", Situation.REFUND)
    before = OutageMatcher(TRAITS).match(vague)
    taught = replace(TRAITS, situations={Situation.REFUND: 9, Situation.CANNOT_PAY: 1})
    after = OutageMatcher(taught).match(vague)
    assert after is not None
    assert before is None or before.certainty < after.certainty


def test_vectors_find_other_words_and_other_languages() -> None:
    like = array("f", [1.0, 0.0])
    traits = replace(TRAITS, vectors=(like,))
    other_words = report("no me deja pagar", vector=array("f", [0.9, 0.436]))
    assert reasons(TRAITS, other_words) == []
    assert LinkReason.SIMILAR in reasons(traits, other_words)
    assert reasons(traits, replace(other_words, vector=array("f", [0.2, 0.98]))) == []
