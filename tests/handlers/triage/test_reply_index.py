"""Find saved replies by the meaning of a post, on three desks with replies of their own."""

from array import array
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import pytest

from adapters.encoder.matrix_index import MatrixIndex
from adapters.prompts.triage import load_saved_replies
from domain.knowledge.reply_choices import ReplyChoice
from domain.replies.right_venue import Move
from domain.replies.rules_of_engagement import Guidance
from domain.triage.assessment import Assessment, Urgency
from domain.triage.encoder import EncoderError, Vector
from domain.triage.reply_ranking import MessageToAnswer
from domain.triage.saved_replies import SavedReply
from domain.triage.situations import Situation
from handlers.classifiers import make_classifier, trained_heads
from handlers.triage.classify import Classifier
from handlers.triage.reply_search import encoder_search
from handlers.triage.trained_heads import Text
from tests.handlers.made import NOW, POLICY, a_classifier, a_trained_classifier, a_words
from tests.source import ROOT

DESKS = ("airline", "bank", "telecom")
#: Which examples of each reply are taken out and asked for.
TAKEN_OUT = (0, 5)


@cache
def replies_of(desk: str) -> tuple[SavedReply, ...]:
    return load_saved_replies(ROOT / "tests" / "desks" / desk)


def without(reply: SavedReply, number: int) -> SavedReply:
    return replace(reply, examples=(*reply.examples[:number], *reply.examples[number + 1 :]))


def classifier_for(replies: list[SavedReply], *, trained: bool) -> Classifier:
    return make_classifier(POLICY, trained_heads() if trained else None).with_replies(replies)


def found_among_three(desk: str, *, trained: bool) -> float:
    hits = []
    for number in TAKEN_OUT:
        classifier = classifier_for([without(reply, number) for reply in replies_of(desk)], trained=trained)
        for reply in replies_of(desk):
            names = [found.name for found in classifier.rank(reply.examples[number])[:3]]
            hits.append(reply.name in names)
    return sum(hits) / len(hits)


@pytest.mark.parametrize("desk", DESKS)
def test_an_example_that_was_taken_out_finds_its_reply(desk: str) -> None:
    by_meaning = found_among_three(desk, trained=True)
    assert by_meaning >= 0.75
    assert by_meaning > found_among_three(desk, trained=False)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("where is my parcel? should have been here yesterday", "late_parcel"),
        ("dónde está mi paquete, tenía que llegar ayer", "late_parcel"),
        ("cannot get into my account, the code never comes", "cannot_log_in"),
        ("you have taken the money two times for one order", "charged_twice"),
        ("@acme hello", "tell_us_more"),
        ("@acme مرحبا", "tell_us_more"),
        ("@acme I need help", "tell_us_more"),
        ("@acme ok lol", None),
        ("@acme monday again", None),
        ("@acme sent you a DM", None),
        ("@acme 4471 ana@example.org", None),
        ("@acme the carton was open and half of it is missing", "damaged_parcel"),
        ("@acme can I pay at the door in cash", "a_question"),
        ("@acme the kettle leaks, please give me my money back", "asks_for_a_refund"),
        ("@acme der Mixer ist kaputt, ich möchte das Geld zurück", "asks_for_a_refund"),
        ("@acme you said five days, where is my refund?", "refund_status"),
        ("@acme I want my account deleted, where can I do that?", "an_account_matter"),
        ("@acme passwort vergessen und die mail kommt nicht", "cannot_log_in"),
        ("@acme why was 12 euros more taken for the plan this month?", "a_payment_matter"),
        ("@acme checkout says card declined, three times now", "payment_errors"),
        ("@acme the 8.15 train was 40 minutes late this morning, as ever", "a_delivery_matter"),
        ("@acme mein Koffer ist nicht in Wien angekommen, wo ist er", "a_delivery_matter"),
        ("look what a nice sunset over the harbour today", None),
        ("win a free phone now https://spam.example/now dm me to earn money fast", None),
    ],
)
def test_a_suggestion_fits_or_there_is_none(text: str, name: str | None) -> None:
    classifier = a_trained_classifier()
    [(assessment, _)] = classifier.classify([_text(classifier, text)])
    suggestion = classifier.suggest(assessment, text, "Ana", case_id=1, message_id=1, now=NOW)
    assert (suggestion.name if suggestion else None) == name


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("@acme mijn pakje had er gisteren moeten zijn, waar blijft het toch", "bestelnummer"),
        ("@acme il mio pacco doveva arrivare ieri, dove si trova adesso", "numero dell'ordine"),
        ("@acme kargom dün gelecekti ama hâlâ gelmedi, nerede kaldı", "Sipariş numara"),
    ],
)
def test_what_is_asked_most_has_a_reply_in_italian_dutch_and_turkish(text: str, word: str) -> None:
    classifier = a_trained_classifier()
    [(assessment, _)] = classifier.classify([_text(classifier, text)])
    suggestion = classifier.suggest(assessment, text, "Ana", case_id=1, message_id=1, now=NOW)
    assert suggestion is not None
    assert word in suggestion.text


def test_what_is_answered_in_private_is_suggested_to_move_there() -> None:
    words = a_words()
    text = "@acme impossible to pay, my card was refused"
    stay = next(reply for reply in words.saved_replies if reply.name == "payment_errors")
    here = replace(
        stay, name="here", usual=True, public_only=False, wordings={"en": ("Hi, try again in an hour.",)}
    )
    direct = replace(
        stay, name="direct", usual=False, public_only=False, wordings={"en": ("Please send us a DM.",)}
    )
    classifier = a_classifier().with_replies([here, direct])
    [(assessment, _)] = classifier.classify([Text(text, "en")])
    assert assessment.situation is Situation.CANNOT_PAY

    def suggested(move: Move | None = None, *, in_private: bool = False) -> str | None:
        found = classifier.suggest(
            assessment, text, "", case_id=1, message_id=1, now=NOW, in_private=in_private, move=move
        )
        return found.text if found else None

    assert suggested() == "Hi, try again in an hour."
    assert suggested(Move.BY_DIRECT_MESSAGE) == "Please send us a DM."
    assert suggested(Move.ELSEWHERE) is None
    assert suggested(in_private=True) == "Hi, try again in an hour."
    classifier = classifier.with_replies([direct])
    assert suggested() == "Please send us a DM."
    assert suggested(in_private=True) is None
    classifier = classifier.with_replies([here])
    assert suggested(Move.BY_DIRECT_MESSAGE) is None
    guidance = Guidance(do_not_answer="leave it")
    classifier = replace(classifier, guidance={Situation.CANNOT_PAY: guidance})
    assert suggested() is None


def _text(classifier: Classifier, text: str) -> Text:
    return Text(text, classifier.language(text))


def test_all_replies_are_offered_the_best_first() -> None:
    classifier = a_trained_classifier()
    text = "you have taken the money two times for one order"
    [(assessment, _)] = classifier.classify([_text(classifier, text)])
    options = classifier.options(assessment, text, "Ana", limit=3)
    assert options[0].name == "charged_twice"
    assert len(options) == 3


def test_glad_replies_are_offered_last_to_whoever_has_trouble() -> None:
    classifier = a_trained_classifier()
    text = "jetzt geht auch die App nicht mehr auf!"
    outage = Assessment("de", Situation.OUTAGE_REPORT, Urgency.HIGH, (), -0.5)
    names = [option.name for option in classifier.options(outage, text, "Moritz", limit=30)]
    titles = {reply.name for reply in classifier.replies if reply.situations == {Situation.PRAISE}}
    assert set(names[-len(titles) :]) == titles
    unclear = replace(outage, situation=Situation.OTHER, urgency=Urgency.NORMAL)
    nearest = [option.name for option in classifier.options(unclear, text, "Moritz", limit=30)]
    assert set(nearest[-len(titles) :]) != titles


def test_nothing_commends_a_glad_reply_to_whoever_has_trouble() -> None:
    """The form shows first whatever has a reason."""
    classifier = a_trained_classifier()
    late = Assessment("en", Situation.DELIVERY, Urgency.NORMAL, (), -0.5)

    def example(assessment: Assessment) -> str:
        options = classifier.options(assessment, "the parcel is here now, thanks", "Nora", limit=30)
        return next(option.example for option in options if option.name == "glad_it_works")

    assert example(replace(late, situation=Situation.PRAISE))
    assert example(late) == ""


def test_where_the_encoder_fails_the_words_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    classifier = a_trained_classifier()
    text = "where is my parcel, it should have come yesterday"
    [(assessment, _)] = classifier.classify([_text(classifier, text)])
    assert classifier.by_encoder is not None

    def fail(_text: str) -> None:
        raise EncoderError("no room")

    monkeypatch.setattr(classifier.by_encoder.index, "similarities", fail)
    suggestion = classifier.suggest(assessment, text, "Ana", case_id=1, message_id=1, now=NOW)
    assert suggestion is not None
    assert suggestion.name == "late_parcel"


def test_an_index_gives_the_cosine_with_each_vector() -> None:
    encoder = trained_heads().encoder
    one, other = encoder.encode(["my card was declined", "what a lovely day"])
    same, different = MatrixIndex([one, other]).cosines(one)
    assert same == pytest.approx(1, abs=1e-3)
    assert different < 0.6


class _SameVectors:
    """An encoder to which all texts say the same, as names that only one desk uses do."""

    name = "same vectors"

    def encode(self, texts: Sequence[str]) -> list[Vector]:
        return [array("f", [1.0, 0.0]) for _ in texts]


def test_the_encoder_search_compares_examples_and_answers_by_words_too() -> None:
    replies = [a_saved_reply("mend", "the grombel is broken"), a_saved_reply("shop", "is the flurbo open")]
    search = encoder_search(replies, _SameVectors(), MatrixIndex)

    def first(text: str) -> str:
        return next(
            search.rank(text, MessageToAnswer({Situation.QUESTION: 1.0}, Situation.QUESTION))
        ).reply.name

    assert (first("my grombel fell"), first("until when is the flurbo open")) == ("mend", "shop")
    assert first("zwick") == "mend", "in the order of the names"
    search.learnt.learn([a_choice("mend", "thanks for the parcel"), a_choice("shop", "zwick closed?")])
    assert first("zwick") == "shop"
    assert first("thanks for it") == "mend"


def a_choice(chosen: str, asked: str) -> ReplyChoice:
    return ReplyChoice(
        case_id=1,
        message_id=1,
        answer_id=1,
        suggested="",
        chosen=chosen,
        is_edited=False,
        created_at=NOW,
        asked=asked,
    )


def a_saved_reply(name: str, *examples: str) -> SavedReply:
    return SavedReply(
        name=name,
        version=1,
        title="",
        situations=frozenset({Situation.QUESTION}),
        wordings={"en": ("Yes.",)},
        examples=examples,
    )
