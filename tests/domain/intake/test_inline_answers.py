"""Show what a customer typed into the mail that they answer, and nothing that programs put into it."""

import pytest

from domain.intake.known_words import KnownWords
from domain.intake.own_name import OwnName
from domain.intake.quoted_text import MailText, new_words, words_beside_known
from tests.growth import assert_linear

OWN = OwnName("support@acme.example", "Acme Support")
US, THEM = "Acme Support <support@acme.example>", "Kim Bo <kim@example.com>"
PROOF = "To show that it is you, send us the code {code} in a direct message to {us}, from {them}."
PHRASES = ("Earlier in this conversation:", PROOF)


def header(sender: str = US, to: str = THEM) -> str:
    return (
        f"________________________________\nFrom: {sender}\nSent: Saturday, November 21, 2026 10:12 AM\n"
        f"To: {to}\nSubject: Your conversation with Acme Support\n\n"
    )


def sentence(who: str = US, day: int = 21) -> str:
    return f"On Sat, Nov {day}, 2026 at 10:12 AM {who} wrote:\n\n"


def marked(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def shown_of(whole: str, *said: str) -> str:
    mail = MailText(whole=whole, attached="", subject="Re: x", own=OWN, phrases=PHRASES)
    return words_beside_known(mail, said) or whole


FORM = (
    "Hello Kim,\n\nplease fill this in:\n\nOrder number: ______\nPhone: ______\nVersion of the app:\n\nMaya"
)
LONG = "It is a Pixel 8 that I bought in the shop at the station, and it never failed until the storm."
#: What we said, what the customer typed instead, and what of that must be seen.
TYPED = {
    "a form that is filled in": (
        FORM,
        FORM.replace("______", "4471", 1).replace("______", "Pixel 8").replace("app:", "app: 7.4.1"),
        ["Order number: 4471", "Phone: Pixel 8", "Version of the app: 7.4.1"],
    ),
    "a word behind a question": (
        "Hello Kim,\n\n1. Which phone do you use?\n2. Since when is it so?\n\nMaya",
        "Hello Kim,\n\n1. Which phone do you use? Pixel 8\n2. Since when is it so? Tuesday\n\nMaya",
        ["Pixel 8", "Tuesday"],
    ),
    "a word of the question": (
        "Hello Kim,\n\nshall we cancel the order, yes or no?\nShall we refund it, yes or no?\n\nMaya from Acme",
        "Hello Kim,\n\nshall we cancel the order, yes or no? No\nShall we refund it, yes or no? Yes\n\nMaya from Acme",
        ["yes or no? No", "yes or no? Yes"],
    ),
    "yes and no below": (
        "Hello Kim,\n\ndid you restart the box?\nIs the lamp red?\n\nMaya",
        "Hello Kim,\n\ndid you restart the box?\nYes\nIs the lamp red?\nNo\n\nMaya",
        ["Yes", "No"],
    ),
    "a number that is another one": (
        "Hello Kim,\n\nwe have booked you for 3 December at 14:00 in room 12.\n\nMaya",
        "Hello Kim,\n\nwe have booked you for 3 December at 14:30 in room 12.\n\nMaya",
        ["14:30"],
    ),
    "emoji": (
        "Hello Kim 👋,\n\ndoes the lamp work again now?\nAnd the sound?\n\nMaya",
        "Hello Kim 👋,\n\ndoes the lamp work again now? ❌\nAnd the sound?\n👍\n\nMaya",
        ["❌", "👍"],
    ),
    "more than we said": (
        "Hello Kim,\n\nwhich phone do you use?\n\nMaya",
        f"Hello Kim,\n\nwhich phone do you use?\n{LONG}\nAnd the bill is wrong by 49 euros since March.\n\nMaya",
        [LONG, "And the bill is wrong by 49 euros since March."],
    ),
    "twelve values": (
        "Hello Kim,\n\n"
        + "\n".join(f"Value {at} of the meter in the house:" for at in range(12))
        + "\n\nMaya",
        "Hello Kim,\n\n"
        + "\n".join(f"Value {at} of the meter in the house: {1000 + at}" for at in range(12))
        + "\n\nMaya",
        ["1000", "1011"],
    ),
    "an address": (
        "Hello Kim,\n\nwhat is the address of your account?\n\nMaya",
        "Hello Kim,\n\nwhat is the address of your account? kim77@example.net\n\nMaya",
        ["kim77@example.net"],
    ),
    "what ends with a colon": (
        "Hello Kim,\n\nwhat does the display show?\n\nMaya",
        "Hello Kim,\n\nwhat does the display show? Exactly E51:\n\nMaya",
        ["Exactly E51:"],
    ),
    "a link": (
        "Hello Kim,\n\nwhich page fails?\n\nMaya",
        "Hello Kim,\n\nwhich page fails?\nhttps://shop.example/pay/51\n\nMaya",
        ["https://shop.example/pay/51"],
    ),
    "a name behind a colon": (
        "Hello Kim,\n\nplease write the name on the bill here:\nand the city:\n\nMaya",
        "Hello Kim,\n\nplease write the name on the bill here:\n\nBea Noll\nand the city:\n\nKiel\n\nMaya",
        ["Bea Noll", "Kiel"],
    ),
    "a name at the end": (
        "Hello Kim,\n\nplease write the name on the bill here:",
        "Hello Kim,\n\nplease write the name on the bill here:\n\nBea Noll",
        ["Bea Noll"],
    ),
    "what looks like a header": (
        "Hello Kim,\n\nwhich mail do you mean, please?\n\nMaya",
        "Hello Kim,\n\nwhich mail do you mean, please?\nFrom: DPD <info@dpd.example>\nDate: 20.11.2026\n"
        "Subject: your parcel\n\nMaya",
        ["From: DPD <info@dpd.example>", "Subject: your parcel"],
    ),
    "what looks like a heading": (
        "Hello Kim,\n\nwho said that, please?\n\nMaya",
        "Hello Kim,\n\nwho said that, please?\nOn 20.11.2026 your Jo (jo@shop.example) wrote to me:\nit is free\n\nMaya",
        ["your Jo (jo@shop.example) wrote to me:", "it is free"],
    ),
    "a journey": (
        "Hello Kim,\n\nwhich flight is it?\nAnd the name?\n\nMaya",
        "Hello Kim,\n\nwhich flight is it?\nFrom: Berlin\nTo: Madrid\nDate: 3.12.2026\nAnd the name?\nBo\n\nMaya",
        ["From: Berlin", "To: Madrid", "Date: 3.12.2026", "Bo"],
    ),
    "Chinese": (
        "您好,\n\n请问您用的是什么手机？\n\n谢谢",
        "您好,\n\n请问您用的是什么手机？小米十四\n\n谢谢",
        ["小米十四"],
    ),
}


@pytest.mark.parametrize("kind", ["fields", "marks"])
@pytest.mark.parametrize(("said", "typed", "seen"), TYPED.values(), ids=TYPED)
def test_what_is_typed_into_a_quote_is_shown(said: str, typed: str, seen: list[str], kind: str) -> None:
    quote = header() + typed if kind == "fields" else sentence() + marked(typed)
    shown = shown_of(f"Hi Maya, here it is.\n\n{quote}", said)
    assert [word for word in ["Hi Maya, here it is.", *seen] if word not in shown] == []


HELP = "Hello Kim,\n\nplease follow the steps on https://acme.example/help/51 and tell us what you see.\n\nKind regards\nMaya"
PLAIN = "https://acme.example/help/51"
REWRITTEN = {
    "Outlook, behind the link": f"{PLAIN}<https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Facme.example%2Fhelp%2F51&data=05%7C02>",
    "Outlook, instead of it": "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Facme.example%2Fhelp%2F51&data=05%7C02&reserved=0",
    "Proofpoint": "https://urldefense.com/v3/__https://acme.example/help/51__;!!AbC!x$ [acme[.]example]",
    "Proofpoint, older": "https://urldefense.proofpoint.com/v2/url?u=https-3A__acme.example_help_51&d=DwMF&c=x",
    "Barracuda": "https://linkprotect.cudasvc.com/url?a=https%3a%2f%2facme.example%2fhelp%2f51&c=E,1,x&typo=1",
    "Cisco": "https://secure-web.cisco.com/1abC-d/https%3A%2F%2Facme.example%2Fhelp%2F51",
}


@pytest.mark.parametrize("rewritten", REWRITTEN.values(), ids=REWRITTEN)
def test_a_link_that_a_gateway_has_rewritten_is_known(rewritten: str) -> None:
    quote = header() + HELP.replace(PLAIN, rewritten)
    assert shown_of(f"Still error 51.\n\n{quote}", HELP) == "Still error 51."


def test_a_link_that_a_customer_added_is_shown_in_whichever_form() -> None:
    other = REWRITTEN["Outlook, instead of it"].replace("help%2F51", "pay%2F77")
    assert "pay%2F77" in shown_of(f"Hi.\n\n{header()}{HELP.replace('see.', f'see. {other}')}", HELP)


LAMP = "My lamp is red since the storm on Thursday."
ADVICE = "Hello Kim,\n\nplease restart the box and wait five minutes.\n\nMaya"
BEEPS = "Did that twice, still red, and now it beeps."
THANKS = "Hello Kim,\n\nthank you. Could you send us a photo of the lamp, please?\n\nMaya"
SIGNED = "\nSam (Acme Support)"
THREADS = {
    "fields": f"{header()}{THANKS}{SIGNED}\n{header(THEM, US)}{BEEPS}\n{header()}{ADVICE}{SIGNED}\n{header(THEM, US)}{LAMP}",
    "sentences": f"{sentence()}{THANKS}{SIGNED}\n\n{sentence(THEM, 20)}{BEEPS}\n\n{sentence(day=19)}{ADVICE}{SIGNED}",
    "our own quote": f"{header()}{THANKS}{SIGNED}\n\nEarlier in this conversation:\n\n"
    f"You · Nov 20, 2026, 10:02 UTC+1\n{BEEPS}\n\nAcme Support · 19 nov. 2026, 9:30 UTC\n{ADVICE}",
    "our proof": f"{header()}{THANKS}\nSam\n\n"
    + PROOF.format(code="4711-22", us="@acme", them="@kim").replace(" direct", "\ndirect")
    + "\nhttps://x.com/messages/compose?recipient_id=1",
    "a long list of addresses": header(
        to=f"{THEM};\n Bea Noll <bea@example.com>; Jo <jo@example.com>;\n max@example.com"
    )
    + THANKS,
    "a picture": f"{header()}[cid:image001.png@01DB]\n{THANKS}\n[image: Acme]",
}


@pytest.mark.parametrize("thread", THREADS.values(), ids=THREADS)
def test_what_programs_and_our_mails_put_between_is_no_answer(thread: str) -> None:
    assert shown_of(f"Here is the photo.\n\n{thread}", LAMP, ADVICE, BEEPS, THANKS) == "Here is the photo."


def test_what_a_colleague_wrote_between_is_shown() -> None:
    between = "Bea, can you answer them? They never read my number 0171 555."
    thread = f"{header(THEM, 'Bea Noll <bea@example.com>')}{between}\n\n{header()}{THANKS}"
    assert between in shown_of(f"Hi, I am Bea.\n\n{thread}", THANKS)


WORST = {
    "older quotes": "> \n>> x\n",
    "blank and older": "> \n" * 40 + ">> x\n" * 40,
    "headers": "From: Kim <kim@example.com>\n",
    "phrases": "Earlier in this conversation:\n",
    "links": "https://eur01.safelinks.protection.outlook.com/?url=https%3A ",
    "addresses": "a@b.example; ",
    "dates": "You · 1 · ",
}


@pytest.mark.parametrize("worst", WORST.values(), ids=WORST)
@pytest.mark.parametrize("heading", [header(), sentence() + "> "], ids=["fields", "marks"])
def test_the_time_is_linear_in_the_length(worst: str, heading: str) -> None:
    known = KnownWords.of([HELP])
    assert_linear(lambda text: new_words(f"Hi\n\n{heading}{text}", OWN, known, phrases=PHRASES), worst)
