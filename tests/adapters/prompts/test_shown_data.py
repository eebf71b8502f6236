"""Answer posts about data that reached the wrong person: with a reply for it, which nothing else gets."""

import pytest

from domain.triage.situations import Subject
from handlers.classifiers import reading_classifier
from handlers.triage.classify import Classifier
from handlers.triage.trained_heads import Text
from tests.handlers.made import NOW

REPLY = "data_shown_to_others"
SHOWN = [
    (
        "en",
        "@acme there's another customer's name, address and invoice in my account. what can he see of mine?",
    ),
    ("en", "@acme my orders and address are visible to a stranger, he just wrote to me"),
    ("en", "@acme my private data went to the wrong person, that is a leak"),
    ("en", "@acme your clerk gave my ex my new address, he was at my door"),
    ("es", "@acme me sale la factura de otro cliente con su dirección y sus datos, esto es grave"),
    ("fr", "@acme je vois l'adresse et les factures d'un autre client dans mon espace"),
    ("de", "@acme in meinem Kundenkonto stehen fremde Daten, Rechnungen eines anderen Kunden, Datenschutz?"),
    ("pt", "@acme apareceu a fatura de outro cliente com nome e endereço na minha conta"),
    ("ja", "@acme 他人の住所と請求書が私の画面に出ています、個人情報の漏洩では"),
]
OTHERS = [
    ("en", "@acme a passenger is unconscious on bus 12, nobody does anything"),
    ("en", "@acme my brother says he has taken pills and he isn't answering"),
    ("en", "@acme the charger exploded and burnt my hand"),
    ("en", "@acme you will hear from my solicitor on Monday"),
    ("en", "@acme someone logged in to my account and is buying things with my card"),
    ("en", "@acme I can't log in, it says my address is unknown"),
]


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return reading_classifier(trained=True)


@pytest.mark.parametrize(("language", "text"), SHOWN)
def test_data_that_reached_the_wrong_person_has_its_reply(
    classifier: Classifier, language: str, text: str
) -> None:
    assert suggested(classifier, language, text) == REPLY


@pytest.mark.parametrize(("language", "text"), OTHERS)
def test_other_dangers_and_troubles_do_not_get_it(classifier: Classifier, language: str, text: str) -> None:
    assert suggested(classifier, language, text) != REPLY


@pytest.mark.parametrize(("language", "text"), [SHOWN[0], *SHOWN[4:]])
def test_who_else_it_belongs_to_and_what_it_is_tell_it_in_every_language(
    classifier: Classifier, language: str, text: str
) -> None:
    assert Subject.DATA_SHOWN in classifier.evidence(text, language).subjects


def suggested(classifier: Classifier, language: str, text: str) -> str | None:
    [(read, _)] = classifier.classify([Text(text, language)])
    suggestion = classifier.suggest(read, text, "Ana", case_id=1, message_id=1, now=NOW)
    return suggestion.name if suggestion is not None else None
