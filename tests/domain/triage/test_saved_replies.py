"""Fill in the placeholders of a saved reply."""

import pytest

from domain.triage.saved_replies import (
    SavedReply,
    TemplateError,
    check_template,
    fill,
    first_name,
)
from domain.triage.situations import Situation


def reply(name: str, situation: Situation, *examples: str, **more: object) -> SavedReply:
    fields: dict[str, object] = {"wordings": {"en": (f"About {name}.",)}, **more}
    return SavedReply(name, 1, name.title(), frozenset({situation}), examples=examples, **fields)  # type: ignore[arg-type]


def filled(template: str, **known: str) -> str:
    one = reply("one", Situation.OTHER, wordings={"en": (template,)})
    [text] = fill(one, "en", **{"first_name": "Ana", "brand": "Acme", **known})
    return text


def test_placeholders_are_filled() -> None:
    assert filled("Hi {{ first_name }}, {{brand}} here.") == "Hi Ana, Acme here."


@pytest.mark.parametrize(("name", "text"), [("Ana", "Hi Ana, thanks"), ("", "Hi, thanks")])
def test_an_optional_passage_with_an_unknown_value_is_left_out(name: str, text: str) -> None:
    assert filled("Hi[[ {{ first_name }}]], thanks", first_name=name) == text


def test_a_required_unknown_value_is_an_error() -> None:
    with pytest.raises(TemplateError, match="help_url"):
        filled("See {{ help_url }}")


def test_a_customers_name_is_never_executed_as_a_template() -> None:
    assert filled("Hi[[ {{ first_name }}]]!", first_name="{{ brand }} [[x]]") == "Hi {{ brand }} [[x]]!"


@pytest.mark.parametrize(
    "template",
    ["{{ order }}", "{{ first_name|upper }}", "{% if x %}", "[[ open", "close ]]", "{# no #}", "{{"],
)
def test_anything_but_a_known_placeholder_is_refused(template: str) -> None:
    with pytest.raises(TemplateError):
        check_template(template)


def test_a_missing_language_falls_back_to_english_and_then_it_is_an_error() -> None:
    one = reply("one", Situation.OTHER, wordings={"en": ("Hello",), "es": ("Hola",)})
    assert list(fill(one, "es", first_name="", brand="Acme")) == ["Hola"]
    assert list(fill(one, "tr", first_name="", brand="Acme")) == ["Hello"]
    with pytest.raises(TemplateError, match="none in English"):
        list(
            fill(reply("two", Situation.OTHER, wordings={"es": ("Hola",)}), "tr", first_name="", brand="Acme")
        )


def test_each_wording_is_filled_and_one_that_cannot_be_is_left_out() -> None:
    one = reply(
        "one", Situation.OTHER, wordings={"en": ("Hi {{ first_name }}", "Hello", "Hey[[ {{ first_name }}]]")}
    )
    assert list(fill(one, "en", first_name="Ana", brand="Acme")) == ["Hi Ana", "Hello", "Hey Ana"]
    assert list(fill(one, "en", first_name="", brand="Acme")) == ["Hello", "Hey"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ana Ruiz", "Ana"),
        ("  BIG MIKE", "Big"),
        ("anna-lena w", "Anna-lena"),
        ("O'Keefe, Jess", "O'Keefe"),
        ("McKenzie", "McKenzie"),
        ("田村健二", "田村健二"),
        ("هدى الراشد", "هدى"),
        ("🔥🔥 Tom", "Tom"),
        ("俊", "俊"),
        ("Two\nlines", "Two"),
        ("user4471", ""),
        ("Dr Lena Walker", ""),
        ("The Meridian Wire", ""),
        ("x", ""),
        ("", ""),
        ("a" * 40, ""),
        ("<!channel>", ""),
    ],
)
def test_the_first_name_of_a_customer(name: str, expected: str) -> None:
    assert first_name(name) == expected
