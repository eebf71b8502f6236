"""Choose the customer's language: the network's hint, the detected one, the default."""

import pytest

from domain.triage.language import pick_language


@pytest.mark.parametrize("no_hint", ["und", "qaa", "qtz", "zxx", "art", "mul", "", "x", "e5", None])
def test_a_hint_that_names_no_language_is_ignored(no_hint: str | None) -> None:
    assert pick_language(no_hint, "fr", "en") == "fr"


def test_the_networks_hint_comes_first() -> None:
    assert pick_language("es", "pt", "en") == "es"


def test_with_neither_the_default_is_taken() -> None:
    assert pick_language("und", None, "de") == "de"


@pytest.mark.parametrize(
    ("hint", "code"),
    [("pt-BR", "pt"), ("zh_Hant", "zh"), ("EN", "en"), ("ji", "yi"), ("no", "nb"), (" ja ", "ja")],
)
def test_a_language_tag_is_reduced_to_its_language(hint: str, code: str) -> None:
    assert pick_language(hint, None, "en") == code
