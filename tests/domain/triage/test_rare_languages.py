"""Tell languages that the detector does not know by their letters and words."""

import pytest

from domain.triage.rare_languages import rare_language
from tests.growth import assert_linear


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Nejde mi se přihlásit", "cs"),
        ("Dobrý den, prosím o vrácení peněz.", "cs"),
        ("Köszönöm, működik.", "hu"),
        ("Nem tudok bejelentkezni", "hu"),
        ("Kde je moje zásilka?", "cs"),
        ("Hvor er min pakke?", "da"),
        ("Hvor er pakken min?", "nb"),
        ("Aplicația se blochează după actualizare.", "ro"),
        ("Appen går ned, når jeg åbner beskeder på køen", "da"),
        ("Appen krasjer når jeg åpner meldinger på køen, hva nå", "nb"),
        ("Де моя посилка? Мені її не привезли", "uk"),
        ("Gói hàng của tôi ở đâu?", "vi"),
        ("Πού είναι το δέμα μου;", "el"),
        ("איפה החבילה שלי?", "he"),
        ("พัสดุของฉันอยู่ที่ไหน", "th"),
        ("मेरा पार्सल कहाँ है?", "hi"),
        ("بسته من کجاست؟", "fa"),
    ],
)
def test_a_language_is_known_by_its_letters_or_words(text: str, language: str) -> None:
    assert rare_language(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "My parcel for Mr Dvořák has not arrived and nobody answers the phone",
        "Dvořák hier, wo ist mein Paket",
        "nic mi nie działa jak trzeba, moje pieniądze",
        "det har nu inte kommit, min mor kan vänta",
        "Hol das Paket ab, bitte, ich bin nem Freund",
        "Mein Paket an Frau Ősz ist immer noch nicht da, was soll das",
        "Gdzie jest moja paczka? Chciałbym ją już mieć",
        "Geçen hafta sipariş ettiğim kargo hâlâ gelmedi",
        "Appen fungerar inte, när får jag mina pengar på kontot?",
        "Ainda não recebi a encomenda, é a três dias",
        "Œuvre à part, l'élève a été très déçu où ça",
        "Где моя посылка? Объясните, пожалуйста, ещё раз",
        "لم يصل الطرد حتى الآن",
        "I paid 5 £ for Παναγία at the shop and the package never came",
    ],
)
def test_a_language_that_is_detected_is_left_to_the_detector(text: str) -> None:
    assert rare_language(text) is None


@pytest.mark.parametrize("piece", ["ř", "ř ", "θ", "a ", "ő1"])
def test_the_time_is_linear_in_the_length(piece: str) -> None:
    assert_linear(rare_language, piece)
