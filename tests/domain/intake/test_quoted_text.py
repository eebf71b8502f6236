"""Tell new words in a mail from what is quoted, beside what was said before."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.intake.known_words import KnownWords
from domain.intake.own_name import OwnName
from domain.intake.quoted_text import MailText, new_words, words_beside_known
from tests.growth import assert_linear

OWN = OwnName("support@acme.example", "Acme Support")
ASKED = "Hello Ana,\nwhich error does the app show you now?\nAnd which phone do you use for it?"
HEADING = "Od: Acme Support <support@acme.example>\nKomu: Ana\n\n"


def beside(whole: str, *said: str, subject: str = "Re: x") -> str | None:
    phrases = ["Earlier in this conversation:"]
    mail = MailText(whole=whole, attached="", subject=subject, own=OWN, phrases=phrases)
    return words_beside_known(mail, said)


@pytest.mark.parametrize(
    ("whole", "new"),
    [
        (f"Error 51.\n\nACME napsal:\n{ASKED}", "Error 51."),
        (f"Error 51.\n\n{HEADING}{ASKED}\n\nSam Okoro\nEarlier in this conversation:", "Error 51."),
        (
            f"See below.\n\n{HEADING}Hello Ana,\nwhich error does the app\nshow you now?\n"
            "Error 51, since Monday\nAnd which phone do you use for it?\nA Pixel 9",
            "See below.\n\n> show you now?\nError 51, since Monday\n"
            "> And which phone do you use for it?\nA Pixel 9",
        ),
        (
            f"See below.\n\n{HEADING}{ASKED}\nIt is the one that Acme Support sent",
            "See below.\n\n> And which phone do you use for it?\nIt is the one that Acme Support sent",
        ),
        (f"Error 51.\n\n{HEADING}Something that we never said, in many words of its own.", "Error 51."),
    ],
    ids=[
        "without mark or heading",
        "with the name of who signed",
        "answers within it",
        "an answer that names us",
        "not known",
    ],
)
def test_a_known_mail_below_is_a_quote(whole: str, new: str) -> None:
    assert beside(whole, ASKED) == new


WRAPPED = "On 3 Mar 2026,\nAcme Support\n<support@acme.example> wrote:\n"


@pytest.mark.parametrize(
    ("whole", "new"),
    [
        (
            "On 3 Mar 2026 my bank wrote:\n> refused\n\nWhy?",
            "On 3 Mar 2026 my bank wrote:\n> refused\nWhy?",
        ),
        ("Why?\n\nOn 3 Mar 2026, Maya <maya@shop.example> wrote:\n> Which phone?", "Why?"),
        (f"{WRAPPED}> Which phone?\nPixel 9", "> Which phone?\nPixel 9"),
        (
            f"On 3 Mar 2026 my bank wrote:\n> refused\nWhy?\n\n{WRAPPED}> Which phone?",
            "On 3 Mar 2026 my bank wrote:\n> refused\nWhy?",
        ),
    ],
    ids=["of others, with words below", "at the end", "of ours, in three lines", "of others, then of ours"],
)
def test_who_others_are_is_shown_above_what_a_customer_quotes_of_them(whole: str, new: str) -> None:
    assert new_words(whole, OWN, KnownWords()).text == new


MARKED = "On 3 Mar 2026, Acme Support <support@acme.example> wrote:\n"


@pytest.mark.parametrize(
    ("quote", "new"),
    [
        (
            "> Hello Ana,\n> which error does the app show you now?\n> Error 51, since Monday\n"
            "> And which phone do you use for it?\n> A Pixel 9",
            "See below.\n\n> which error does the app show you now?\nError 51, since Monday\n"
            "> And which phone do you use for it?\nA Pixel 9",
        ),
        (
            "> Hello Ana,\n> which error does the app show\n> you now?\n> And which phone do you use for it?",
            "See below.",
        ),
        ("> Hello Ana,\n> which error does the app show you now?\n>\n> Sam Okoro", "See below."),
        (
            "> Hello Ana,\n> which error does the app show you now?\n> <https://acme.example> [image: logo]\n"
            "> On 2 Mar 2026 Ana wrote:\n>> It does not work",
            "See below.",
        ),
        ("> Something that we never said,\n> in many words of its own.", "See below."),
    ],
    ids=["answers", "none", "who signed", "links and older mails", "not known"],
)
def test_what_is_typed_within_a_marked_quote_is_shown(quote: str, new: str) -> None:
    assert beside(f"See below.\n\n{MARKED}{quote}", ASKED) == new


def test_a_header_that_html_marks_with_its_quote_is_no_answer() -> None:
    header = (
        "> Gesendet: Samstag, 3. März 2026\n> Von: Acme Support <support@acme.example>\n> Betreff: Payment"
    )
    whole = f"Still broken.\n\n{header}\n> Hello Ana,\n> which error does the app show you now?"
    known = KnownWords.of(["Hello Ana,\nwhich error does the app show you now?"])
    assert new_words(whole, OWN, known).text == "Still broken."


@pytest.mark.parametrize(
    "whole",
    [
        "And which phone do you use for it? That is what you asked, and I do not know.",
        "Refund to the card",
        ASKED,
    ],
)
def test_a_customer_may_say_what_we_said(whole: str) -> None:
    assert beside(whole, ASKED, "You may choose:\nRefund to the card\nA new parcel") in (None, whole)


def test_a_mail_that_is_passed_on_is_shown_whole() -> None:
    whole = f"Why?\n\n{HEADING}{ASKED}"
    assert beside(whole, ASKED, subject="WG: x") == whole


@pytest.mark.parametrize(
    "mark",
    [
        "---------- Forwarded message ---------",
        "Begin forwarded message:",
        "Anfang der weitergeleiteten Nachricht:",
        "-------- Weitergeleitete Nachricht --------",
        "Début du message transféré :",
        "---------- 転送メッセージ ---------",
    ],
)
def test_a_mail_below_the_mark_of_a_forward_is_shown(mark: str) -> None:
    whole = f"Is this from you?\n\n{mark}\nFrom: Acme Support <support@acme.example>\nDate: 3 Mar 2026, 10:11\n\nPay."
    assert new_words(whole, OWN, KnownWords(), subject="Is this from you?").text == whole


def test_a_form_that_names_us_below_the_customer_is_no_quote() -> None:
    whole = "Name: Jo\nEmail: jo@example.org\nOrder: 5\nTo: support@acme.example\nProblem: crash\n\nIt crashes on open."
    assert new_words(whole, OWN, KnownWords()).text == whole


@pytest.mark.parametrize(
    "listed",
    [
        "Product: Acme Router\nBought: 12.03.2026\nProblem: no wifi",
        "Invoice: Acme 2026-03\nAmount: 12.50",
        "Maker: Acme\nModel: R2.10\nProblem: no wifi",
        "Sent to: support@acme.example\nProblem: crash",
    ],
)
def test_what_a_customer_lists_about_our_products_is_no_header_of_a_mail(listed: str) -> None:
    whole = f"Hello, it does not work since yesterday.\n\n{listed}\n\nPlease help, I need it for work."
    brand = OwnName("support@acme.example", "Acme")
    assert new_words(whole, brand, KnownWords()).text == whole


def test_a_header_that_has_our_name_alone_is_one() -> None:
    header = "Von: Acme\nGesendet: Dienstag, 3. März 2026 10:11\nAn: Jo\nBetreff: x"
    brand = OwnName("support@acme.example", "Acme")
    assert new_words(f"Error 51.\n\n{header}\n\nHallo Jo", brand, KnownWords()).text == "Error 51."


WORST = {
    "names us": "support@acme.example ",
    "fields": "Acme Support: x\n",
    "marks": "> support@acme.example 10:30:\n",
    "headings": "On 1.1.2026 10:00 support@acme.example\n",
    "blank": "\n",
    "words": "word ",
}


@pytest.mark.parametrize("worst", WORST.values(), ids=WORST)
def test_the_time_is_linear_in_the_length(worst: str) -> None:
    assert_linear(lambda text: new_words(text, OWN, KnownWords.of([text])), worst)


@settings(max_examples=60)
@given(st.lists(st.sampled_from(["> a b", "Yes.", "", "On 1.1.2026 support@acme.example wrote:", "From: x"])))
def test_every_line_above_a_heading_without_a_mark_stays(lines: list[str]) -> None:
    reading = new_words("\n".join(lines).strip(), OWN, KnownWords())
    until = next((at for at, line in enumerate(lines) if "acme" in line), len(lines))
    kept = lines[:until].count("Yes.")
    assert reading.text.split("\n").count("Yes.") >= kept


DRIVER = "The driver wrote to me:\n\n> we left it at the door,\n> nobody was there"


@pytest.mark.parametrize(
    "ends", [DRIVER, "What your page says:\n\n> delivery in two days", "> git clone acme"]
)
def test_what_a_customer_quotes_of_others_is_shown(ends: str) -> None:
    whole = f"Is that so?\n\n{ends}"
    assert new_words(whole, OWN, KnownWords(), is_answer=False).text == whole, "it answers nothing of ours"
    assert beside(whole, ASKED) == whole, "it is not what we said"
    below = f"{whole}\n\n{MARKED}> Hello Ana,\n> which error does the app show you now?"
    assert beside(below, ASKED) == whole


def test_a_quote_of_ours_is_left_out_also_where_its_mail_answers_nothing() -> None:
    whole = f"Error 51.\n\n{MARKED}> which error?"
    assert new_words(whole, OWN, KnownWords(), is_answer=False).text == "Error 51."


@pytest.mark.parametrize(("is_answer", "shown"), [(True, "Error 51."), (False, None)])
def test_an_answer_may_have_a_subject_of_its_own(is_answer: bool, shown: str | None) -> None:
    whole = f"Error 51.\n\n{HEADING}{ASKED}"
    read = new_words(whole, OWN, KnownWords(), subject="My kettle leaks", is_answer=is_answer)
    assert read.text == (shown or whole)


def test_answers_that_the_customer_points_to_are_shown_where_they_are_unclear() -> None:
    """Outlook marks no answer: those that are longer than what they stand in tell too little."""
    quote = (
        "Hello Ana,\nwhich error does the app show you now? Error 51 since Monday, with every card\n"
        "And which phone do you use for it?\nA Pixel 9 with all updates, and an old Nokia\nBoth fail the same way"
    )
    whole = f"See my answers below.\n\n{MARKED}> " + quote.replace("\n", "\n> ")
    shown = beside(whole, "Hello Ana,\nwhich error?")
    assert shown is not None
    assert "A Pixel 9 with all updates" in shown


BANNER = (
    "CAUTION: This email originated from outside of the organization. Do not click links "
    "or open attachments unless you recognize the sender and know the content is safe."
)


@pytest.mark.parametrize(
    "quote",
    [
        f"{MARKED}> {BANNER}\n>\n" + ASKED.replace("Hello", "> Hello").replace("\n", "\n> "),
        f"{HEADING}{BANNER}\n\n{ASKED}",
        '> Message du 21/11/26 11:12\n> De : "Acme Support"\n> A : ana@example.com\n> Objet : x\n>\n> '
        + ASKED.replace("\n", "\n> "),
    ],
    ids=["a banner below marks", "a banner without marks", "a header below marks"],
)
def test_what_programs_put_into_a_quote_is_no_answer(quote: str) -> None:
    assert beside(f"Error 51.\n\n{quote}", ASKED) == "Error 51."


def test_an_answer_within_marks_stays_above_a_header_of_ours() -> None:
    """Where the whole mail is marked, what stands above the header is what the customer wrote."""
    whole = "> Error 51, since Monday\n> " + f"{HEADING}{ASKED}".replace("\n", "\n> ")
    shown = beside(f"My answer again.\n\n{whole}", ASKED)
    assert shown is not None
    assert "Error 51, since Monday" in shown


def test_a_long_quote_within_marks_hides_no_answer() -> None:
    """Its lines are no answers, of which a marked quote holds a few at most."""
    older = "\n".join(f">> an older line, number {number}, that nobody knows" for number in range(11))
    quoted = ASKED.replace("\n", "\n> ")
    whole = f"See below.\n\n{MARKED}> {quoted}\n> A Pixel 9, since Monday\n{older}"
    shown = beside(whole, ASKED)
    assert shown is not None
    assert "A Pixel 9, since Monday" in shown
    assert "an older line" not in shown


NOTE = "This message is confidential and intended solely for the addressee. Delete it if it is not yours."


@pytest.mark.parametrize(
    "footer", ["-- \nKim Bo\nExample Ltd", NOTE, "Sent from my Android device with K-9 Mail."]
)
def test_a_footer_below_a_quote_is_no_answer_to_it(footer: str) -> None:
    whole = f"Error 51.\n\n{MARKED}> which error?\n\n"
    assert new_words(f"{whole}{footer}", OWN, KnownWords()).text == f"Error 51.\n\n{footer}"
    answer = "Is it confidential who the addressee of my parcel is, as you said in your last mail?"
    assert "> which error?" in new_words(f"{whole}{answer}", OWN, KnownWords()).text
    only = f"{MARKED}> which error?\n\n{footer}"
    assert "> which error?" in new_words(only, OWN, KnownWords()).text, "nothing stands above the quote"
