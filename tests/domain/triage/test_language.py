"""Choose the customer's language: the network's hint, the detected one, the default."""

import pytest

from domain.triage.language import (
    language_code,
    language_of_common_words,
    pick_language,
    proves_language,
    shows_language,
)

LONG = "@acme hadeh kok error terus aplikasinya"


@pytest.mark.parametrize("no_hint", ["und", "qaa", "qtz", "zxx", "art", "mul", "", "x", "e5", None])
def test_a_hint_that_names_no_language_is_ignored(no_hint: str | None) -> None:
    assert pick_language(LONG, no_hint, lambda _: "fr", "en") == "fr"


def test_the_networks_hint_comes_first() -> None:
    assert pick_language(LONG, "es", lambda _: "pt", "en") == "es"
    assert pick_language("ok", "es", lambda _: "pt", "en") == "es"


@pytest.mark.parametrize("hint", ["tl", "ht", "in", "et"])
def test_a_hint_at_a_language_that_is_not_detected_counts_for_a_long_text_only(hint: str) -> None:
    assert pick_language("@acme ok lol", hint, lambda _: None, "en") == "en"
    assert pick_language("@acme pls fix asap", hint, lambda _: "de", "en") == "de"
    assert pick_language(LONG, hint, lambda _: "de", "en") == language_code(hint)


def test_a_text_is_long_without_its_handles_and_in_one_sign_of_a_script_without_spaces() -> None:
    assert not shows_language("@a_very_long_handle https://example.com/a/long/link ok")
    assert shows_language(LONG)
    assert shows_language("え？")


def test_a_text_proves_its_language_by_forty_letters_or_one_sign_of_a_script_without_spaces() -> None:
    assert not proves_language("there's a typo on the checkout page")
    assert not proves_language(LONG)
    assert proves_language("there's a typo on the checkout page of your web shop")
    assert proves_language("え？")


def test_with_neither_the_default_is_taken() -> None:
    assert pick_language(LONG, "und", lambda _: None, "de") == "de"


@pytest.mark.parametrize(
    ("hint", "code"),
    [("pt-BR", "pt"), ("zh_Hant", "zh"), ("EN", "en"), ("ji", "yi"), ("no", "nb"), (" ja ", "ja")],
)
def test_a_language_tag_is_reduced_to_its_language(hint: str, code: str) -> None:
    assert pick_language(LONG, hint, lambda _: None, "en") == code


COMMON = {"en": {"is", "my", "in"}, "de": {"ist", "mein", "in"}, "nl": {"is", "mijn", "in"}}


@pytest.mark.parametrize(
    ("text", "likeliest", "language"),
    [
        ("My parcel is late", "de", "en"),
        ("My parcel is late", "en", None),
        ("parcel late", "de", None),
        ("it is late", "de", None),  # as many of two others
        ("mein Paket in Berlin", "en", "de"),
        ("my parcel is late", "pl", None),  # nothing is known of its common words
    ],
)
def test_the_language_with_most_common_words_is_told_where_one_has_most(
    text: str, likeliest: str, language: str | None
) -> None:
    assert language_of_common_words(text, COMMON, likeliest) == language
