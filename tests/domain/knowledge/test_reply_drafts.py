"""Make a saved reply of an answer: the customer is taken out of it."""

import pytest

from domain.knowledge.reply_drafts import as_example, as_template


@pytest.mark.parametrize(
    ("answer", "template"),
    [
        ("Hi Ana, we are on it. ^SO", "Hi[[ {{ first_name }}]], we are on it."),
        ("We are on it, Ana. Thanks", "We are on it[[, {{ first_name }}]]. Thanks"),
        ("Ana, we are on it", "[[{{ first_name }}, ]]we are on it"),
        ("@anaruiz Hi Ana Ruiz!", "Hi[[ {{ first_name }}]]!"),
        ("Anabel is not Ana's name", "Anabel is not[[ {{ first_name }}]]'s name"),
        ("No name at all", "No name at all"),
    ],
)
def test_the_customers_name_becomes_a_placeholder(answer: str, template: str) -> None:
    assert as_template(answer, "Ana Ruiz") == template


def test_a_display_name_without_a_first_name_changes_nothing() -> None:
    assert as_template("Hi 🔥🔥, sorry", "🔥🔥") == "Hi 🔥🔥, sorry"


def test_an_example_has_no_handles_links_addresses_or_numbers() -> None:
    message = "@acme where is order 4711-22 33?\nsee https://t.co/x or mail ana@x.example, 2 days late"
    assert as_example(message) == "where is order ? see or mail , 2 days late"
