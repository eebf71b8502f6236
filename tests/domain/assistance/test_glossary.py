"""Find the terms of the glossary in a text, and check that a translation has their wordings."""

from domain.assistance.glossary import Glossary, TermWording, missing_wordings

GLOSSARY = Glossary(
    keep=["Acme Plus"],
    terms=[
        {"en": "order number", "de": "Bestellnummer"},
        {"en": "refund", "de": "Erstattung", "es": "reembolso"},
    ],
)


def test_terms_are_found_as_whole_words_in_any_case() -> None:
    found = GLOSSARY.wordings("Your Order number and your refund.", "de")
    assert found == (TermWording("order number", "Bestellnummer"), TermWording("refund", "Erstattung"))
    assert GLOSSARY.wordings("reorder numbers, refunded", "de") == ()


def test_a_term_is_found_in_every_language_but_the_wanted_one() -> None:
    assert GLOSSARY.wordings("¿Y mi reembolso?", "de") == (TermWording("reembolso", "Erstattung"),)
    assert GLOSSARY.wordings("Wo ist meine Erstattung?", "de") == ()


def test_a_term_without_a_wording_in_the_language_asks_for_nothing() -> None:
    assert GLOSSARY.wordings("your order number", "es") == ()


def test_a_name_stays_as_it_is() -> None:
    assert GLOSSARY.wordings("I cancelled acme plus", "ja") == (TermWording("Acme Plus", "Acme Plus"),)


def test_a_wording_may_have_an_ending_and_is_missed_where_it_is_not_there() -> None:
    wordings = (TermWording("order numbers", "Bestellnummer"), TermWording("refund", "Erstattung"))
    assert missing_wordings(wordings, "Die Bestellnummern und das Geld") == (
        TermWording("refund", "Erstattung"),
    )
