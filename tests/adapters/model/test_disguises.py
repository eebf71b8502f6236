"""Look for contacts and hidden characters in time that grows with the text, whatever a stranger wrote."""

import pytest

from adapters.model.disguises import contacts, has_hidden_characters, services
from tests.growth import assert_linear


@pytest.mark.parametrize(
    "piece",
    ["a-", "a.", "a_", "aa.bb.", "ab-cd.", "e v ", "one, ", "1 ", "a  ", "a dot ", "h://", "a,", "::", "(a)"],
)
def test_the_time_grows_with_the_length(piece: str) -> None:
    assert_linear(contacts, piece)
    assert_linear(services, piece)
    assert_linear(has_hidden_characters, piece)


def test_spaces_of_any_number_hide_no_address() -> None:
    assert contacts("Go to evil" + " " * 300 + ".   com")
    assert contacts("Go to evil \n .\tcom")


@pytest.mark.parametrize(
    ("text", "found"), [("ask evil_support now", True), ("_so_ it is", False), ("a__b", True)]
)
def test_a_name_with_an_underscore_is_one_of_an_account(text: str, found: bool) -> None:
    assert bool(contacts(text)) is found
