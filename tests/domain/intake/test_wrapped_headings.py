"""Find headings that programs wrap, run into the text, or end without a colon; lose no words beside them."""

import pytest

from domain.intake.known_words import KnownWords
from domain.intake.own_name import OwnName
from domain.intake.quoted_text import new_words
from tests.growth import assert_linear

OWN = OwnName("support@acme.example", "Acme Support")
US = "Acme Support <support@acme.example>"
NEW = "The lamp flickers."
ASKED = "Which lamp is it?"


@pytest.mark.parametrize("quote", [f"> {ASKED}", ASKED])
@pytest.mark.parametrize(
    "heading",
    [
        f"On Sat, 21 Nov 2026 at 10:12, {US} wrote:",
        f"Am Sa., 21. Nov. 2026 um 10:12 Uhr schrieb {US}:",
        f"Le sam. 21 nov. 2026 à 10:12, {US} a écrit :",
        f"El sáb, 21 nov 2026 a las 10:12, {US} escribió:",
        f"Op za 21 nov 2026 om 10:12 schreef {US}:",
    ],
)
@pytest.mark.parametrize("gap", ["", " ", "--- "])
def test_what_is_written_on_the_line_of_a_heading_is_shown(gap: str, heading: str, quote: str) -> None:
    shown = new_words(f"Thank you!\n\n{NEW}{gap}{heading}\n{quote}", OWN, KnownWords.of([ASKED])).text
    assert shown.startswith(f"Thank you!\n\n{NEW}")
    assert ASKED not in shown


@pytest.mark.parametrize("quote", [f"\n> {ASKED}", f"\n\n{ASKED}"])
def test_a_sentence_that_only_ends_as_a_heading_is_shown(quote: str) -> None:
    sentence = "What did you mean by this line, that came 21.11.2026 from support@acme.example:"
    assert new_words(f"{sentence}{quote}", OWN, KnownWords.of([ASKED])).text.startswith(sentence)


@pytest.mark.parametrize(
    "heading",
    [
        "From: Acme Support\n<support@acme.example>\nSent: Saturday, November 21, 2026 10:12 AM\nTo: Lina",
        "From: Helpers of Acme\n<support@acme.example>\nSent: Saturday, November 21, 2026 10:12 AM\nTo: Lina",
        "*From:* support@acme.example [mailto:\nsupport@acme.example]\n*Sent:* 21 November 2026 10:12\n*To:* Lina",
        f"From: {US}\nTo: Lina\nCc:\nSent: 21 November 2026 10:12\nSubject: x",
        f"On Sat, 21 Nov 2026 10:12:43 -0200 {US} wrote",
        "On 21 Nov 2026, at 10:12, Acme Support <\nsupport@acme.example>\nwrote:",
    ],
)
def test_a_wrapped_or_shortened_heading_is_one(heading: str) -> None:
    assert new_words(f"{NEW}\n\n{heading}\n\n{ASKED}", OWN, KnownWords()).text == NEW


@pytest.mark.parametrize("below", ["", "\n\nKim"])
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize(
    "heading",
    [
        "From: Acme Support [support@acme.example]\nSent: Friday, 20 November 2026\nTo: Lina\nSubject: x",
        f"-----Original Message-----\nFrom: {US}\nSent: 20.11.2026 10:12\nSubject: Re: the lamp",
        "De : Acme Support [support@acme.example]\nA : vendredi 20 novembre 2026\nObjet : Re: x",
        "Von: Acme Support\nGesendet: Freitag, 20. November 2026 10:12\nAn: Lina Sund\nBetreff: AW: x",
        "On Fri, Nov 20, 2026 at 1:19 AM, Acme Support <support@acme.example\n> wrote:",
        "Le ven. 20 nov. 2026 à 10:12, Acme Support <support@acme.example\n> a écrit :",
    ],
)
def test_the_heading_above_a_marked_quote_is_left_out_with_it(heading: str, gap: str, below: str) -> None:
    shown = new_words(f"{NEW}\n\n{heading}{gap}> {ASKED}{below}", OWN, KnownWords.of([ASKED])).text
    assert [line for line in shown.split("\n") if line.strip(" >")] in ([NEW], [NEW, f"> {ASKED}", "Kim"])


def test_an_older_heading_that_is_wrapped_within_a_marked_quote_is_no_answer() -> None:
    older = "> On Fri, Nov 20, 2026 at 12:31 PM Lina Sund <\n> lina@example.org> wrote:\n>\n>> It flickers."
    said = f"{ASKED} There are two kinds of it, and only one of them has a switch."
    whole = f"{NEW}\n\nOn 21 Nov 2026, {US} wrote:\n\n> {said}\n>\n{older}"
    assert new_words(whole, OWN, KnownWords.of([said])).text == NEW


@pytest.mark.parametrize(
    "written",
    [
        "My data:\nFrom: Lund\nTo: Malmo\nDate: 3 May 2026\n> what does this mark mean?",
        "Name: Acme Support\nDate: 3 May 2026\nOrder: 12\n> 5 lamps",
        "I wrote to <support@acme.example\n> and got no answer",
        "The list has <lina@example.org\n> this: nothing",
    ],
)
def test_a_customers_list_above_such_a_mark_is_shown(written: str) -> None:
    shown = new_words(f"Hello,\n\n{written}\n\nIs it lost?", OWN, KnownWords.of([ASKED])).text
    assert all(line in shown for line in written.split("\n"))


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize(
    "heading",
    [
        "2026. 11. 21. 10:12 keltezéssel, Acme Support a következőt írta:",
        "Den 21 november, 2026 10:12:18, Acme Support (support@acme.example) skrev:",
        "------On 21/11/2026 10:12, Acme Support wrote-----",
    ],
)
def test_a_short_mail_that_is_known_is_a_quote_below_a_heading_with_our_name(gap: str, heading: str) -> None:
    whole = f"{NEW}{gap}{heading}\n\n{ASKED}"
    assert new_words(whole, OWN, KnownWords.of([ASKED])).text == NEW


def test_unknown_words_below_a_heading_with_our_name_alone_are_shown() -> None:
    whole = f"{NEW}\n\nOn 21/11/2026 10:12, Acme Support wrote to me that\n\nI have to ask you."
    assert new_words(whole, OWN, KnownWords.of([ASKED])).text == whole


def test_the_line_above_such_a_heading_stays() -> None:
    whole = f"The order numbers:\n\nOn 21 Nov 2026 Acme Support wrote:\n\n{ASKED}"
    assert new_words(whole, OWN, KnownWords.of([ASKED])).text in ("The order numbers:", whole)


@pytest.mark.parametrize(
    "written",
    [
        "I asked support@acme.example.\nOn 3 May 2026 nobody wrote\n\nIs it lost?",
        "Serial: 12\nCc:\nIt is broken, says support@acme.example.",
        "I moved.\nOld: lina@example.org\n<lina.sund@example.org>\nis new, Acme Support.",
        "Hello. Am 21. November war Acme Support nicht zu erreichen.",
    ],
)
def test_what_a_customer_writes_like_that_is_shown(written: str) -> None:
    shown = new_words(f"Hello,\n\n{written}", OWN, KnownWords()).text
    assert shown.split() == f"Hello,\n\n{written}".split()


@pytest.mark.parametrize(
    "piece",
    [
        "<support@acme.example\n> a:\n",
        "From: Acme Support\nTo: a\n> b\nc\n",
        "From: <support@acme.example>\n---\n> b\n",
        "a On 1 Acme Support:\n",
        "On Acme ",
        "From: Acme Support\n<a@b.example>\n",
        "Cc:\n",
        "<a@b",
    ],
)
def test_the_time_is_linear_in_the_length(piece: str) -> None:
    assert_linear(lambda text: new_words(text, OWN, KnownWords.of([text])), piece)
