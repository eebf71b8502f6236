"""Make a saved reply of an answer: the customer is taken out of it."""

import pytest

from domain.knowledge.reply_drafts import as_example, as_template, is_quote_of


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


@pytest.mark.parametrize(
    ("example", "is_quote"),
    [
        ("my zebra cup came broken in two", True),
        ("My zebra cup came broken", True),
        ("the zebra cup came broken in two", True),
        ("my order came broken", False),
        ("zebra cup", False),
        ("", False),
    ],
)
def test_an_example_that_was_made_of_a_message_is_found(example: str, *, is_quote: bool) -> None:
    assert is_quote_of("@acme my zebra cup 4711 came broken in two https://t.co/x", example) is is_quote


def test_a_short_message_is_quoted_whole() -> None:
    assert is_quote_of("@acme Hello!", "hello!")
    assert not is_quote_of("@acme Hello there", "hello")


def test_an_example_has_no_handles_links_addresses_or_numbers() -> None:
    message = "@acme where is order 4711-22 33?\nsee https://t.co/x or mail ana@x.example, 2 days late"
    assert as_example(message) == "where is order ? see or mail , 2 days late"
