"""Keep what is new in a mail that quotes another one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.email.quote_stripping import new_text
from domain.intake.own_name import OwnName

OWN = OwnName(address="support@acme.example", name="Acme")
GMAIL = "\n\nOn Mon, 3 Nov 2026 at 10:00, Acme <support@acme.example> wrote:\n> Hello\n> again\n"
OUTLOOK = "\n\n-----Original Message-----\nFrom: Acme\nSent: Monday\nTo: Ana\nSubject: Re: x\n\nHello"
APPLE_DE = "\n\nAm 03.11.2026 um 10:00 schrieb Acme <support@acme.example>:\n> Hallo\n"
GMAIL_ES = "\n\nEl lun, 3 nov 2026 a las 10:00, Acme (<support@acme.example>)\nescribió:\n\n> hola\n"
GMAIL_FR = "\n\nLe lun. 3 nov. 2026 à 10:00, Acme <support@acme.example> a écrit :\n> bonjour\n"
GMAIL_PT = "\n\nEm seg., 3 de nov. de 2026 às 10:00, Acme <support@acme.example> escreveu:\n\n> olá\n"
GMAIL_JA = "\n\n2026年11月3日(火) 10:00 Acme <support@acme.example>:\n> こんにちは\n"


@pytest.mark.parametrize("quote", [GMAIL, OUTLOOK, APPLE_DE, GMAIL_ES, GMAIL_FR, GMAIL_PT, GMAIL_JA])
@pytest.mark.parametrize("said", ["Yes.", "It still fails, please help!\n\nWhat now?"])
def test_what_is_quoted_is_left_out(said: str, quote: str) -> None:
    assert new_text(said + quote, OWN) == said


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("Yes.\n\n-- \nAna Ruiz\nPhone 555", "Yes.\n\n--\nAna Ruiz\nPhone 555"),
        ("Yes.\n\nBest regards,\nAna Ruiz", "Yes.\n\nBest regards,\nAna Ruiz"),
        ("Yes.\n\nSent from my iPhone", "Yes."),
        ("Yes.\n\nEnviado desde mi Samsung Galaxy\n________", "Yes."),
        ("I sent it from my phone?", "I sent it from my phone?"),
        (
            "Yes.\n\nThanks, but it is not what I asked for.",
            "Yes.\n\nThanks, but it is not what I asked for.",
        ),
        ("Buy:\n- one\n- two", "Buy:\n- one\n- two"),
        ("> when?\nToday.\n> where?\nHere.", "> when?\nToday.\n> where?\nHere."),
        ("On Mon, 3 Nov 2026 at 10:00, Acme wrote:\n> when?\n\nToday.", "> when?\nToday."),
        ("-- \nAna", "--\nAna"),
        (
            "See:\n\nReceived: from mx\nFrom: Acme <support@acme.example>\nDate: 21 Nov 2026\n\nIs it a fraud?",
            "See:\n\nReceived: from mx\nFrom: Acme <support@acme.example>\nDate: 21 Nov 2026\n\nIs it a fraud?",
        ),
        (
            "Name: Kim\nTo: Acme\nDate: 2026-11-21 10:12\nOrder: 7781\nPlease cancel it.",
            "Name: Kim\nTo: Acme\nDate: 2026-11-21 10:12\nOrder: 7781\nPlease cancel it.",
        ),
        ("", ""),
    ],
)
def test_signatures_and_answers_within_a_quote_stay(text: str, new: str) -> None:
    assert new_text(text, OWN) == new


def test_a_long_quote_with_an_answer_below_it_is_shortened() -> None:
    quote = "".join(f"> line {number}\n" for number in range(20))
    assert new_text(f"{quote}\nToday.", OWN) == "\n".join(
        ["> …", *(f"> line {number}" for number in range(14, 20)), "Today."]
    )


def test_a_long_paragraph_does_not_hide_a_quote() -> None:
    long = "On the whole " * 60
    assert new_text(long.strip() + GMAIL, OWN) == long.strip()


def test_our_reply_address_is_shown_without_its_token() -> None:
    text = "You wrote from support+12-abcdefghijklmnop@acme.example, is that you?"
    assert new_text(text, OWN) == "You wrote from support@acme.example, is that you?"


@settings(max_examples=40)
@given(st.text(max_size=400))
def test_something_is_always_left(text: str) -> None:
    blank = text.replace("\u2060", "").replace("\ufeff", "").replace("\u00a0", " ").strip()
    assert bool(new_text(text, OWN)) == bool(blank)
