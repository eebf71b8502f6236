"""Find the heading of a quoted mail as programs write it, and nothing that a customer wrote."""

import pytest

from domain.intake.known_words import KnownWords
from domain.intake.own_name import OwnName
from domain.intake.quote_labels import is_pasted
from domain.intake.quoted_text import new_words
from tests.growth import assert_linear

OWN = OwnName("support@acme.example", "Acme Support")
NEW = "It is order 4410, still missing."
US = "Acme Support <support@acme.example>"

#: One line, or several, as mail programs wrap them.
SENTENCES = {
    "Gmail, Turkish": f"{US}, 21 Kas 2026 Cmt,\n10:12 tarihinde şunu yazdı:",
    "Gmail, Hungarian": f"{US} ezt írta (időpont: 2026. nov.\n21., Szo, 10:12):",
    "Gmail, Hebrew": "\u202bבתאריך שבת, 21 בנוב׳ 2026 ב-10:12 מאת \u202aAcme Support\u202c\u200f <\u202asupport@acme.example\u202c\u200f>:\u202c",
    "Gmail, Arabic": "في سبت، ٢١ نوفمبر ٢٠٢٦ في ١٠:١٢ ص تمت كتابة ما يلي بواسطة \u202aAcme Support\u202c\u200f\n<\u202asupport@acme.example\u202c\u200f>:",
    "Zoho": f"---- On Sat, 21 Nov 2026 10:12:31 +0100 {US} wrote ---",
    "NetEase": '在 2026-11-21 10:12:31，"Acme Support" <support@acme.example> 写道：',
    "GroupWise": f">>> {US} 21.11.2026 10:12 >>>",
    "Notes": f"{US} wrote on 21.11.2026 10:12:31:",
}
BLOCKS = {
    "Outlook, Hebrew": f"\u200f\u200fמאת: {US}\u200f\n\u200f\u200fנשלח: שבת 21 נובמבר 2026 10:12\n\u200f\u200fאל: Kim",
    "Outlook, Arabic": f"من: {US}\nتم الإرسال: السبت، 21 نوفمبر 2026 10:12 ص\nإلى: Kim",
    "Outlook, Thai": f"จาก: {US}\nส่ง: 21 พฤศจิกายน 2569 10:12\nถึง: Kim",
    "QQ": '--- 原始邮件 ---\n发件人: "Acme Support" <support@acme.example>;\n发送时间: 2026年11月21日(星期六) 上午10:12\n收件人: Kim',
    "Yandex": '----------------\nКому: Kim;\nТема: x;\n21.11.2026, 10:12, "Acme Support" <support@acme.example>:',
}


@pytest.mark.parametrize("heading", [*SENTENCES.values(), *BLOCKS.values()], ids=[*SENTENCES, *BLOCKS])
def test_a_heading_above_a_quote_without_marks_is_known(heading: str) -> None:
    whole = f"{NEW}\n\n{heading}\n\nHello Kim,\n\nwhich order is it?"
    assert new_words(whole, OWN, KnownWords()).text == NEW


@pytest.mark.parametrize("heading", SENTENCES.values(), ids=SENTENCES)
def test_a_heading_above_a_marked_quote_is_left_out(heading: str) -> None:
    assert new_words(f"{NEW}\n\n{heading}\n\n> which order is it?", OWN, KnownWords()).text == NEW


@pytest.mark.parametrize("mark", ["|", "AS>"])
def test_odd_marks_below_a_heading_mark_a_quote(mark: str) -> None:
    heading = f"On 21 Nov 2026, {US} wrote:"
    quote = f"{mark} Which phone?\n{mark} Which version?"
    assert new_words(f"{NEW}\n\n{heading}\n{quote}", OWN, KnownWords()).text == NEW
    answered = f"{heading}\n{mark} Which phone?\nPixel 9\n{mark} Which version?\n8.4.1"
    shown = new_words(answered, OWN, KnownWords()).text
    assert [line.strip("> ") for line in shown.split("\n")][-4:] == [
        "Which phone?",
        "Pixel 9",
        "Which version?",
        "8.4.1",
    ]


@pytest.mark.parametrize(
    "written",
    [
        "Too late.\n>_< this is not funny\n>:( angry",
        "It came without lids.\n>= 5 items were missing",
        "Table:\n| size | 43 |\n| got | 41 |",
        "We met on 12.11.2026.\nPlease note, support@acme.example:\nit is broken.\n\nKim",
        "It is lost.\n\nSender: Acme Support\nReceiver: Kim\nDate: 21 November 2026 10:12\n\nWhere is it?",
        "Is it from you?\n\nReceived: from mx\nFrom: Acme Support <support@acme.example>\nDate: 21 Nov 2026\n\nOr a fraud?",
        "I never asked for this:\nFrom: Acme Support\nTime: 10:12, 21 November 2026\nWhat is it?",
    ],
)
def test_what_a_customer_writes_is_no_quote(written: str) -> None:
    assert new_words(f"Hello,\n\n{written}", OWN, KnownWords()).text == f"Hello,\n\n{written}"


ASKED = "Hello Kim,\n\nWhich phone do you use?\n\nWhich version of the app is it?"
ANSWERED = "Hello Kim,\n\nWhich phone do you use?\n\nA Pixel 9 with Android 17.\n\nWhich version of the app is it?\n\n8.4.1 from the store."


@pytest.mark.parametrize(
    "pointer",
    [
        "See my answers in red.",
        "Antworten siehe unten, rot markiert",
        "Mes réponses ci-dessous",
        "Respuestas en rojo",
        "Risposte in rosso",
        "Antwoorden in het rood",
        "Odpowiedzi na czerwono",
        "Ответы красным ниже",
        "答案见下文",
        "赤字で回答しました",
    ],
)
def test_answers_in_a_quote_that_we_do_not_know_are_shown_where_the_customer_says_so(pointer: str) -> None:
    whole = f"{pointer}\n\nFrom: {US}\nSent: 21.11.2026 10:12\nTo: Kim\n\n{ANSWERED}"
    assert new_words(whole, OWN, KnownWords()).text == whole


def test_short_questions_and_long_answers_within_a_known_mail_are_told_apart() -> None:
    whole = f"See below.\n\nFrom: {US}\nSent: 21.11.2026 10:12\nTo: Kim\n\n{ANSWERED}"
    assert new_words(whole, OWN, KnownWords.of([ASKED])).text == (
        "See below.\n\n> Which phone do you use?\nA Pixel 9 with Android 17.\n"
        "> Which version of the app is it?\n8.4.1 from the store."
    )


@pytest.mark.parametrize("piece", ["\n", " \n", "received ", "\r"])
def test_pasted_headers_are_looked_for_in_linear_time(piece: str) -> None:
    assert is_pasted("\n\n  Received: from mx1.example")
    assert_linear(is_pasted, piece)
