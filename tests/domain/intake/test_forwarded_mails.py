"""Tell a mail that is passed on from one that answers."""

import pytest

from domain.intake.forwarded_mails import is_forward
from domain.intake.known_words import KnownWords
from domain.intake.own_name import OwnName
from domain.intake.quoted_text import new_words

OWN = OwnName("support@acme.example", "Acme Support")
BILL = "Betrag: 79,00 EUR\nZahlbar bis 3. Dezember"
SUBJECTS = """
Fwd: Bill|FW: Bill|[EXTERNAL] FW: Bill|Bill (fwd)|WG: Rechnung|TR: Facture|RV: Factura|ENC: Fatura|I: Fattura|Doorst: Factuur
VB: Faktura|VL: Lasku|PD: Faktura|TOV: Számla|Továbbítva: Számla|İLT: Fatura|ILT: Fatura|ΠΡΘ: Λογαριασμός|ПЕР: Счёт|CT: Hóa đơn
Redirecționat: Factură|הועבר: חשבון|إعادة توجيه: فاتورة|转发: 账单|轉寄: 帳單|転送: 請求書|전달: 청구서
"""
TITLES = """
---------- Forwarded message ---------|============ Forwarded message ============|----- Forwarded by Kim Bo/Example on 21.11.2026 10:31 -----
----- Forwarded message from Acme Support <support@acme.example> -----|----- Weitergeleitet von Kim Bo/Example am 21.11.2026 10:31 -----
----- Weitergeleitete Nachricht -----|-------- Message transféré --------|Inizio messaggio inoltrato:|Inicio del mensaje reenviado:
Início da mensagem reencaminhada:|Begin doorgestuurd bericht:|Początek przekazywanej wiadomości:|Vidarebefordrat brev:
Start på videresendt besked:|Начало переадресованного сообщения:|-------- Пересылаемое сообщение --------|İletilen ileti başlangıcı:
-------- Proslijeđena poruka --------|----- Preposlaná správa ----- Od: Acme Support <support@acme.example>|Mesajul redirecționat:|---------- メッセージを転送 ---------
---- Wiadomość przesłana dalej ----|----- Message transmis -----|-------- Перенаправленное сообщение --------|----- İletilmiş Mesaj -----|-------- Áframsendur póstur --------
-------- Persiųstas laiškas --------|Továbbított levél kezdete:|-------- Переслане повідомлення --------|-------- 转发的消息 --------|-------- 轉寄郵件 --------
تحية:بدء الرسالة المعاد توجيهها:|תחילת הודעה שהועברה:|以下是转发的邮件：|-------- 转发邮件信息 --------|---------- 전달된 메일 ----------
"""


def listed(table: str) -> list[str]:
    return [one for line in table.strip().split("\n") for one in line.split("|")]


@pytest.mark.parametrize("subject", listed(SUBJECTS))
def test_what_a_subject_says_is_passed_on_is_shown_whole(subject: str) -> None:
    whole = f"This one.\n\nX: Acme Support <support@acme.example>\nY: 19.11.2026 07:02\nZ: Jo\n\n{BILL}"
    assert new_words(whole, OWN, KnownWords(), subject=subject).text == whole


@pytest.mark.parametrize("title", listed(TITLES))
def test_what_stands_below_the_title_of_a_forward_is_shown(title: str) -> None:
    whole = f"This one.\n\n{title}\n\nX: Acme Support <support@acme.example>\nY: 19.11.2026 07:02\nZ: Jo\n\n{BILL}"
    assert new_words(whole, OWN, KnownWords(), subject="Bill").text == whole


@pytest.mark.parametrize("title", ["Tunga mendela wiri:", "İleti başlangıcı:", "เริ่มต้นข้อความ：", "Begin:"])
@pytest.mark.parametrize("above", ["This one.\n\n", ""])
def test_a_title_and_a_header_that_are_marked_are_a_forward_in_any_language(title: str, above: str) -> None:
    inner = f"{title}\n\nX: Acme Support <support@acme.example>\nY: Bill 12\nZ: 19.11.2026 07:02\n\n{BILL}"
    whole = above + "\n".join(f"> {line}".rstrip() for line in inner.split("\n"))
    for is_answer in (True, False):
        known = KnownWords.of([BILL])
        assert new_words(whole, OWN, known, is_answer=is_answer).text == whole


@pytest.mark.parametrize(
    "heading",
    [
        "On 19.11.2026, at 07:02, Acme Support <support@acme.example> wrote:",
        "---------- Some Title ----------\nFrom: Acme Support <support@acme.example>\nDate: 19.11.2026\nTo: Jo",
        "Subject: Bill\nFrom: support@acme.example\nTo: jo@example.org\nDate: 19.11.2026",
        "Kim asked:\nIs it: paid\nIs it: late",
    ],
)
def test_a_marked_quote_with_another_heading_is_no_forward(heading: str) -> None:
    quote = "\n".join(f"> {line}" for line in f"{heading}\n\n{BILL}".split("\n"))
    assert not is_forward("Re: Bill", f"Thanks.\n\n{quote}".split("\n"))


def test_danish_and_finnish_mean_opposites_by_the_same_letters() -> None:
    assert is_forward("VS: Faktura", ["Fra: Acme Support <support@acme.example>"])
    assert not is_forward("VS: Lasku", ["Lähettäjä: Acme Support <support@acme.example>"])


@pytest.mark.parametrize(
    "subject", ["Re: Fwd: Bill", "AW: WG: Rechnung", "Invoice: 7", "Trip: Berlin", "Vs. Bayern"]
)
def test_an_answer_is_no_forward(subject: str) -> None:
    assert not is_forward(subject, ["I have forwarded the message to Jo.", "The forwarded mail is gone"])


def test_a_forward_within_what_is_answered_is_a_quote() -> None:
    quote = "From: Acme Support <support@acme.example>\nSent: 21.11.2026 10:12\nTo: Jo\n\nLook:\n\n---- Forwarded message ----\n"
    assert new_words(f"Thanks.\n\n{quote}{BILL}", OWN, KnownWords(), subject="Re: Bill").text == "Thanks."
