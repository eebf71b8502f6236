"""Tell a mail that is passed on from one that answers."""

import pytest

from domain.intake.forwarded_mails import is_forward
from domain.intake.known_words import KnownWords
from domain.intake.quote_headings import OwnName
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
