"""Classify posts whose mistakes cost most: theft under way, mockery, thanks for what is not settled."""

from dataclasses import replace

import pytest

from domain.triage.assessment import Assessment, Urgency
from domain.triage.message_kind import MessageKind, kind_of
from domain.triage.situations import Reason, Situation
from handlers.triage.classify import Classifier
from handlers.triage.trained_heads import Text
from tests.handlers.made import NOW, a_trained_classifier


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return a_trained_classifier()


def read(classifier: Classifier, text: str) -> Assessment:
    [(assessment, _)] = classifier.classify([Text(text, classifier.language(text))])
    return assessment


def suggested(classifier: Classifier, text: str, assessment: Assessment | None = None) -> str:
    """Return the name of the saved reply that is suggested, empty if none is."""
    read_as = assessment or read(classifier, text)
    found = classifier.suggest(read_as, text, "Ana", case_id=1, message_id=1, now=NOW)
    return found.name if found else ""


@pytest.mark.parametrize(
    "text",
    [
        "someone is taking money out of my account through your app RIGHT NOW",
        "there's 3 orders on my account that aren't mine",
        "a thief is spending my gift card balance right now",
        "I just gave my code to someone who said they were Acme",
        "Hay alguien comprando con mi cuenta ahora mismo!! me están robando",
        "me están sacando dinero de la cuenta ahora mismo",
        "Gerade bucht jemand mit meinem Konto Sachen ab, hilfe!",
        "quelqu'un est en train d'acheter avec mon compte !!",
        "qualcuno sta comprando con il mio account adesso",
        "estão tirando dinheiro da minha conta agora mesmo",
        "誰かが今私のアカウントで買い物をしています",
        "شخص ما يشتري بحسابي الآن",
        "iemand koopt nu dingen met mijn account",
    ],
)
def test_a_theft_that_is_under_way_is_urgent_and_gets_no_routine_reply(
    classifier: Classifier, text: str
) -> None:
    found = read(classifier, text)
    assert found.urgency is Urgency.URGENT
    assert Reason.SAFETY.value in found.reasons
    assert suggested(classifier, text) == "account_taken_over"


@pytest.mark.parametrize(
    "text",
    [
        "Kann mir jemand sagen, wie ich mein Konto lösche?",
        "can someone tell me how to change the card on my account",
        "¿hay alguien que me pueda ayudar con mi cuenta?",
        "quelqu'un peut m'aider avec mon compte ?",
        "impossible de valider ma commande, ça tourne dans le vide à l'étape carte bleue",
        "qualcuno sa come chiudere il conto?",
        "alguém pode me ajudar com a minha conta?",
        "誰かアカウントの消し方を教えてください",
        "iemand die me kan helpen met mijn account?",
    ],
)
def test_who_asks_whether_somebody_helps_with_an_account_is_not_robbed(
    classifier: Classifier, text: str
) -> None:
    assert Reason.SAFETY.value not in read(classifier, text).reasons


@pytest.mark.parametrize(
    "text",
    [
        "great, third package lost this month. Outstanding work guys 👏",
        "complimenti, terzo pacco sparito",
        "well done on losing another parcel",
        "parabéns, conseguiu cair no único dia que eu precisava",
    ],
)
def test_who_may_be_mocking_us_is_not_thanked(classifier: Classifier, text: str) -> None:
    assert suggested(classifier, text) not in {"thank_you", "glad_it_works"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("danke es geht wieder", "glad_it_works"),
        ("you guys are amazing, thanks for sorting my refund", "glad_it_works"),
        ("merci beaucoup pour votre aide, tout marche", "thank_you"),
    ],
)
def test_who_is_glad_is_thanked(classifier: Classifier, text: str, name: str) -> None:
    assert suggested(classifier, text) == name


def test_whom_a_person_calls_glad_is_thanked(classifier: Classifier) -> None:
    text = "complimenti, terzo pacco sparito"
    said = replace(read(classifier, text), situation=Situation.PRAISE, request=False)
    assert suggested(classifier, text, said) in {"thank_you", "glad_it_works"}


@pytest.mark.parametrize(
    "text",
    [
        "Thank you for your help but it still does not work",
        "thank you, but it's still not working",
        "thanks, I tried that, no luck",
        "gracias pero sigue sin funcionar",
        "Danke für die Hilfe, leider funktioniert es weiterhin nicht",
        "merci mais ça ne marche toujours pas",
        "obrigado mas continua sem funcionar",
        "ありがとうございます。でもまだ使えません",
        "شكرا لكن المشكلة ما زالت",
    ],
)
def test_thanks_for_what_is_not_settled_ask_for_an_answer(classifier: Classifier, text: str) -> None:
    found = read(classifier, text)
    assert found.urgency >= Urgency.NORMAL
    assert kind_of(text, found) is MessageKind.REQUEST
    assert suggested(classifier, text) not in {"thank_you", "glad_it_works"}


def test_thanks_in_vain_are_seen_without_heads(classifier: Classifier) -> None:
    text = "Thank you for your help but it still does not work"
    [(found, _)] = replace(classifier, trained=None).classify([Text(text, "en")])
    assert found.situation is not Situation.PRAISE
    assert found.urgency >= Urgency.NORMAL
