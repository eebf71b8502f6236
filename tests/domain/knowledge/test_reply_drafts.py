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
    assert as_example(message, "acme") == "where is order ? see or mail , 2 days late"


@pytest.mark.parametrize(
    ("message", "example"),
    [
        ("Does @acme do Sunday deliveries yet?", "Does acme do Sunday deliveries yet?"),
        ("hey @ACME, any news from @acme?", "hey ACME, any news from acme?"),
        ("@friend @acme do you do Sundays?", "do you do Sundays?"),
        ("Late again. @acme where is it", "Late again. where is it"),
        ("does @acme deliver for @friend too", ""),
        ("my friend @friend has no parcel either", ""),
    ],
)
def test_an_example_lacks_no_word_of_a_sentence(message: str, example: str) -> None:
    assert as_example(message, "Acme") == example


@pytest.mark.parametrize(
    ("message", "example"),
    [
        ("does @acme@social.example deliver", "does acme deliver"),
        ("@acme@social.example when is it here", "when is it here"),
        ("@friend@social.example when is it here", "when is it here"),
        ("ask @friend@social.example why", ""),
        ("mail a@x.example,b@y.example or ana.ruiz@x.example please", "mail , or please"),
    ],
)
def test_a_handle_with_its_server_is_no_address(message: str, example: str) -> None:
    assert as_example(message, "acme@social.example") == example


def test_an_example_with_our_name_is_found_by_its_message() -> None:
    """So that it goes when the message is deleted or the customer is erased."""
    assert is_quote_of("does @acme post today", "does acme post today")
    assert is_quote_of("does @acme post today", as_example("does @acme post today", "acme"))
    assert is_quote_of("@acme @acme really?", "really?")


@pytest.mark.parametrize(
    "message",
    [
        "@friend is @acme down?",
        "@friend, is @acme down?",
        "@acme is @acme down?",
        "@acme: is @acme down?",
        "@friend is @acme@social.example down?",
    ],
)
def test_a_short_example_with_our_name_is_found_by_a_message_that_begins_with_handles(message: str) -> None:
    assert is_quote_of(message, as_example(message, "acme"))
