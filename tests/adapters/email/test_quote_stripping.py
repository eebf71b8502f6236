"""Strip quoted text and signatures from a mail."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.email.quote_stripping import new_text

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
    assert new_text(said + quote) == said


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("Yes.\n\n-- \nAna Ruiz\nPhone 555", "Yes."),
        ("Yes.\n\nBest regards,\nAna Ruiz", "Yes."),
        ("Ja.\n\nMit freundlichen Grüßen,\nJonas Weber", "Ja."),
        ("Yes.\n\nSent from my iPhone", "Yes."),
        (
            "Yes.\n\nThanks, but it is not what I asked for.",
            "Yes.\n\nThanks, but it is not what I asked for.",
        ),
        ("Buy:\n- one\n- two", "Buy:\n- one\n- two"),
        ("> when?\nToday.\n> where?\nHere.", "Today.\n> where?\nHere."),
        ("On Mon, 3 Nov 2026 at 10:00, Acme wrote:\n> when?\n\nToday.", "Today."),
        ("-- \nAna", "--\nAna"),
        ("", ""),
    ],
)
def test_signatures_go_and_what_is_said_stays(text: str, new: str) -> None:
    assert new_text(text) == new


def test_a_long_paragraph_does_not_hide_a_quote() -> None:
    long = "On the whole " * 60
    assert new_text(long.strip() + GMAIL) == long.strip()


@settings(max_examples=40)
@given(st.text(max_size=400))
def test_something_is_always_left(text: str) -> None:
    assert bool(new_text(text)) == bool(text.replace("\u2060", "").replace("\u00a0", " ").strip())
