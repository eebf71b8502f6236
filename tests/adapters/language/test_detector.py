"""Detect the language with Lingua in its low accuracy mode."""

import pytest

from adapters.language.detector import LinguaDetector
from adapters.prompts.stop_words import load_stop_words
from tests.source import ROOT


@pytest.fixture(scope="module")
def detector() -> LinguaDetector:
    return LinguaDetector()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("My parcel has not arrived and nobody answers the phone", "en"),
        ("Todavía no me ha llegado el paquete que pedí la semana pasada", "es"),
        ("Je n'ai toujours pas reçu ma commande de la semaine dernière", "fr"),
        ("Mein Paket ist immer noch nicht angekommen, was soll das", "de"),
        ("Ainda não recebi a encomenda que fiz na semana passada", "pt"),
        ("Non ho ancora ricevuto il pacco che ho ordinato ieri", "it"),
        ("Ik heb mijn pakket van vorige week nog steeds niet gekregen", "nl"),
        ("荷物がまだ届きません", "ja"),
        ("لم يصل الطرد حتى الآن", "ar"),
        ("Geçen hafta sipariş ettiğim kargo hâlâ gelmedi", "tr"),
    ],
)
def test_a_sentence_is_told(detector: LinguaDetector, text: str, language: str) -> None:
    assert detector.detect(text) == language


def test_handles_links_and_hashtags_are_not_the_writers_language(detector: LinguaDetector) -> None:
    english = "@support_team_of_the_company https://example.com/where/is/my/order #customerservice"
    assert detector.detect(f"{english} ¿dónde está mi pedido?") == "es"


@pytest.mark.parametrize(
    "text", ["", "@acme", "😡😡😡", "???", "1234 5678", "ok", "https://acme.example/hello-my-friends"]
)
def test_too_little_to_tell_by(detector: LinguaDetector, text: str) -> None:
    assert detector.detect(text) is None


@pytest.mark.parametrize(
    "text", ["@acme hello", "ok lol", "never mind", "where is my order", "thanks!", "is this a scam"]
)
def test_a_few_words_are_not_taken_for_another_language(detector: LinguaDetector, text: str) -> None:
    assert detector.detect(text) in {None, "en"}


@pytest.mark.parametrize(
    ("text", "language"),
    [("cadê meu pedido", "pt"), ("wo bleibt es", "de"), ("مرحبا", "ar"), ("gdzie moja paczka", "pl")],
)
def test_a_few_words_are_enough_where_the_detector_is_sure(
    detector: LinguaDetector, text: str, language: str
) -> None:
    assert detector.detect(text) == language


def test_one_character_of_japanese_is_enough(detector: LinguaDetector) -> None:
    assert detector.detect("え？") == "ja"


def test_a_lone_surrogate_is_survived(detector: LinguaDetector) -> None:
    assert detector.detect("my emoji broke \ud83d and so did my payment") == "en"


def test_the_language_of_a_short_sentence_is_told_only_where_the_detector_is_sure(
    detector: LinguaDetector,
) -> None:
    assert detector.detect("internet is slow in Berlin") is None
    assert detector.detect("parcel marked as sent not here") == "en"


@pytest.fixture(scope="module")
def with_common_words() -> LinguaDetector:
    return LinguaDetector(common_words=load_stop_words(ROOT / "prompts" / "stop_words.toml"))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("my parcel is lost, order 12", "en"),
        ("voucher code is not valid", "en"),
        ("@acme hello", "en"),
        ("kiedy to do mnie dojdzie", "pl"),
        ("När kommer paketet", "sv"),
        ("gdzie moja paczka", "pl"),
        ("login fails", None),
    ],
)
def test_common_words_tell_the_language_of_a_short_text_before_its_letters_do(
    detector: LinguaDetector, with_common_words: LinguaDetector, text: str, language: str | None
) -> None:
    assert with_common_words.detect(text) == (language or detector.detect(text))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Děkuji, už to funguje.", "cs"),
        ("Kde je moje zásilka, prosím?", "cs"),
        ("Hol van a csomagom?", "hu"),
        ("Nem tudok fizetni kártyával.", "hu"),
        ("Unde este coletul meu?", "ro"),
        ("Missä pakettini on?", "fi"),
        ("Hvor er min pakke?", "da"),
        ("Hvor er pakken min?", "nb"),
        ("Di mana paket saya?", "id"),
        ("Πού είναι το δέμα μου;", "el"),
        ("cadê meu lanche", "pt"),
        ("waar is mijn pakket van vorige week", "nl"),
    ],
)
def test_a_mail_in_a_language_without_saved_replies_is_not_taken_for_another(
    text: str, language: str
) -> None:
    """X says in which language a post is; a mail says nothing."""
    words = load_stop_words(ROOT / "prompts" / "stop_words.toml")
    assert LinguaDetector(common_words=words).detect(text) == language
