"""Strip advertisements of mail programs and footers of lists, and nothing that a person wrote."""

import pytest

from domain.intake.mail_footers import without_advertisement, without_list_footer


@pytest.mark.parametrize(
    "advertisement",
    [
        "Sent from my iPhone",
        "Sent from Mail for Windows",
        "Sent via the Samsung Galaxy S24",
        "Get Outlook for iOS<https://aka.ms/o0ukef>",
        "Von meinem iPhone gesendet",
        "Von Yahoo Mail auf Android gesendet",
        "Diese Nachricht wurde von meinem Android-Gerät gesendet.",
        "Gesendet mit der GMX Mail App",
        "Outlook für iOS<https://outlook.example/ios> beziehen",
        "Envoyé de mon iPhone",
        "Télécharger Outlook pour Android",
        "Enviado desde mi Samsung Galaxy",
        "Enviado do meu iPhone",
        "Inviato da iPhone",
        "Verzonden vanaf mijn iPhone",
        "Skickat från min iPhone",
        "Sendt fra min iPhone",
        "Lähetetty iPhonesta",
        "Wysłane z iPhone'a",
        "Odesláno z iPhonu",
        "iPhone'umdan gönderildi",
        "Отправлено с iPhone",
        "Надіслано з iPhone",
        "Στάλθηκε από το iPhone μου",
        "أرسل من iPhone",
        "נשלח מה-iPhone שלי",
        "发自我的 iPhone",
        "從我的 iPhone 發送",
        "iPhoneから送信",
        "나의 iPhone에서 보냄",
        "ส่งจาก iPhone ของฉัน",
        "Dikirim dari iPhone saya",
        "Dihantar daripada iPhone saya",
        "Enviat des del meu iPhone",
        "Poslano s mog iPhonea",
        "Odoslané z iPhonu",
        "Elküldve az iPhone-omról",
        "Đã gửi từ iPhone của tôi",
        "मेरे iPhone से भेजा गया",
        "أُرسلت من الـ iPhone",
        "從我的 iPhone 傳送",
        "发自我的手机",
        "从QQ邮箱发来的iPhone邮件",
        "Galaxy cihazımdan gönderildi",
        "Pobierz aplikację Outlook dla systemu iOS<https://aka.ms/x>",
        "Outlook for iOS<https://aka.ms/x> を入手",
        "获取 Outlook for iOS<https://aka.ms/x>",
        "iOS용 Outlook 다운로드<https://aka.ms/x>",
        "Получить Outlook для iOS<https://aka.ms/x>",
        "Outlook for iOS<https://aka.ms/x>'u edinin",
        "Holen Sie sich Outlook für iOS<https://aka.ms/x>",
        "Skaff deg Outlook for iOS<https://aka.ms/x>",
        "รับ Outlook สำหรับ Android<https://aka.ms/x>",
        "Sent from my Android device with K-9 Mail. Please excuse my brevity.",
        "-- \nDiese Nachricht wurde von meinem Android Mobiltelefon mit WEB.DE Mail gesendet.",
        "--\nОтправлено из мобильного приложения Яндекс.Почты",
        "Sent with Spark",
        "Sent from my Apple Watch",
    ],
)
def test_an_advertisement_is_stripped(advertisement: str) -> None:
    assert without_advertisement(f"Yes.\n\n{advertisement}\n\n") == "Yes."


@pytest.mark.parametrize(
    "said",
    [
        "The app won't download on my phone",
        "I sent you a mail yesterday",
        "I never gave consent for mobile ads",
        "Sent from the Samsung store in Leeds",
        "Sent via Royal Mail, tracking AB12",
        "Sent it by mail last Monday",
        "Je vous ai envoyé un mail hier",
        "Envoyé par mail hier",
        "He enviado el código por mail",
        "Ich habe die Mail schon zweimal gesendet",
        "Eure Mail wurde nie an mein Handy gesendet",
        "Ik heb de mail gisteren verzonden",
        "Код отправлен на телефон Android",
        "Mail bana hiç gönderildi",
        "Outlook für Windows zeigt eure Mails nicht an",
    ],
)
def test_a_last_sentence_about_mails_or_phones_stays(said: str) -> None:
    assert without_advertisement(f"Hello,\n\n{said}") == f"Hello,\n\n{said}"


GOOGLE = (
    '-- \nYou received this message because you are subscribed to the Google Groups "support" group.\n'
    "To unsubscribe from this group, send an email to support+unsubscribe@acme.example."
)


def test_the_footer_of_a_group_is_stripped() -> None:
    assert without_list_footer(f"It fails.\n\n{GOOGLE}") == "It fails."


def test_what_a_form_sends_below_a_rule_stays() -> None:
    said = f"Name: Ana\n{'_' * 30}\nHow do I unsubscribe from the newsletter?\nIt comes daily."
    assert without_list_footer(said) == said
