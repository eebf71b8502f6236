"""Tell thanks for what is still to be done from thanks for what was done."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.triage.polite_requests import asks_politely, has_polite_form


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "@acme Merci de me répondre"),
        ("fr", "merci d'y remédier au plus vite"),
        ("fr", "Merci de bien vouloir l'annuler"),
        ("fr", "prière de me contacter, merci"),
        ("en", "please sort it out, thanks"),
        ("en", "Would appreciate a reply. Thanks"),
        ("de", "Bitte prüfen, vielen Dank"),
        ("es", "Gracias de antemano por contestar"),
        ("it", "per favore controllate, grazie"),
        ("pt", "por favor verifiquem, obrigado"),
        ("nl", "graag even nakijken, bedankt"),
    ],
)
def test_thanks_for_what_is_still_to_be_done_are_a_request(language: str, text: str) -> None:
    assert has_polite_form(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "merci d'avoir répondu si vite"),
        ("fr", "merci de m'avoir aidé"),
        ("fr", "merci d'être là"),
        ("fr", "merci de votre aide"),
        ("fr", "merci de notre part à tous"),
        ("en", "Somebody at @acme please tell his boss, thank you"),
        ("en", "thank you so much, please keep it up"),
        ("de", "Danke, bitte weiter so"),
        ("xx", "please, thanks"),
    ],
)
def test_thanks_for_what_was_done_are_none(language: str, text: str) -> None:
    assert not has_polite_form(text, language)


def test_praise_of_more_than_thanks_stays_praise() -> None:
    assert asks_politely("Please call me, thanks", "en", {"thanks"})
    assert not asks_politely("Please, you are brilliant, thanks", "en", {"thanks", "brilliant"})
    assert not asks_politely("Please call me", "en", set())


@given(st.text("merci d'e lrn", max_size=300), st.sampled_from(["fr", "en", "it"]))
def test_any_text_has_the_form_or_not(text: str, language: str) -> None:
    assert has_polite_form(text, language) in {True, False}


@pytest.mark.parametrize("piece", ["merci de ", "merci de le la les ", "m'", "please ", "par avance "])
def test_a_long_text_takes_no_longer_than_its_length(piece: str) -> None:
    assert has_polite_form(piece * 100_000 + "s'il vous plaît", "fr")
