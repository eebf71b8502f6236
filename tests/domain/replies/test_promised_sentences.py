"""Sentences in eight languages, judged before the words of times were made to fit them."""

import pytest

from domain.replies.checks.promised_times import promised_times
from tests.domain.replies.test_promised_times import dues


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Give us until Thursday and you'll have an answer.", "12-03 17:00"),
        ("Someone from billing will ring you tomorrow morning.", "12-03 12:00"),
        ("I'll get this sorted in the next hour.", "12-02 12:00"),
        ("We are on it and will write to you by Friday.", "12-04 17:00"),
        ("Our team is checking and will reply by tomorrow noon.", "12-03 13:00"),
        ("Wir sehen uns das an und schreiben dir morgen.", "12-03 17:00"),
        ("We kijken ernaar en laten het je morgen weten.", "12-03 17:00"),
        ("In einer Stunde gebe ich dir Bescheid.", "12-02 12:00"),
        ("Bis Freitag hast du eine Antwort von uns.", "12-04 17:00"),
        ("Wir kümmern uns darum und melden uns morgen Vormittag.", "12-03 12:00"),
        ("En una hora te decimos algo.", "12-02 12:00"),
        ("Mañana mismo te llamamos.", "12-03 17:00"),
        ("Te respondemos antes del viernes.", "12-04 17:00"),
        ("Je vous tiens au courant d'ici une heure.", "12-02 12:00"),
        ("Nous vous rappelons demain matin.", "12-03 12:00"),
        ("Vous aurez une réponse vendredi au plus tard.", "12-04 17:00"),
        ("Tra un'ora ti faccio sapere.", "12-02 12:00"),
        ("Ti scriviamo entro venerdì.", "12-04 17:00"),
        ("Domani mattina la richiamiamo.", "12-03 12:00"),
        ("Daqui a uma hora damos notícias.", "12-02 12:00"),
        ("Respondemos até sexta-feira.", "12-04 17:00"),
        ("Amanhã de manhã entramos em contato.", "12-03 12:00"),
        ("Over een uur laat ik het je weten.", "12-02 12:00"),
        ("Morgen bellen we je terug.", "12-03 17:00"),
        ("Je hebt uiterlijk vrijdag antwoord van ons.", "12-04 17:00"),
        ("Za godzinę dam znać.", "12-02 12:00"),
        ("Jutro rano do Ciebie oddzwonimy.", "12-03 12:00"),
        ("Do piątku dostanie Pan od nas odpowiedź.", "12-04 17:00"),
    ],
)
def test_what_we_say_that_we_shall_do_is_due(text: str, expected: str) -> None:
    assert dues(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Orders usually leave our warehouse within two days.",
        "You should expect a reply from us by Friday.",
        "The sale starts today and will end on Friday.",
        "We are closed today and will open on Monday.",
        "Normalerweise dauert das zwei Tage.",
        "Das sollte bis Freitag klappen.",
        "Debería estar listo el lunes.",
        "Ayer te enviamos un correo.",
        "Cela devrait être réglé avant lundi.",
        "Le colis est parti mardi.",
        "Dovrebbe arrivare entro due giorni.",
        "Di solito rispondiamo entro 24 ore.",
        "Deve chegar até segunda-feira.",
        "O pagamento foi feito na terça-feira.",
        "Dat zou voor maandag klaar moeten zijn.",
        "Meestal duurt dat twee dagen.",
        "To powinno potrwać dwa dni.",
        "Zwykle odpowiadamy w ciągu 24 godzin.",
    ],
)
def test_what_is_usual_hoped_or_past_is_no_promise(text: str) -> None:
    assert promised_times(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We'll be back in touch by end of day Friday.", "12-04 17:00"),
        ("We'll be back in touch by Friday.", "12-04 17:00"),
        ("We'll reply by EOD Friday.", "12-04 17:00"),
        ("We'll reply by COB on Friday.", "12-04 17:00"),
        ("We'll reply by the end of Friday.", "12-04 17:00"),
        ("We'll reply by end of week.", "12-04 17:00"),
        ("We'll reply by EOD.", "12-02 17:00"),
        ("Wir melden uns bis Ende des Tages.", "12-02 17:00"),
        ("Te respondemos antes del final del día.", "12-02 17:00"),
        ("Hoy mismo lo solucionamos.", "12-02 17:00"),
        ("On vous répond avant la fin de la journée.", "12-02 17:00"),
        ("Respondemos até ao fim do dia.", "12-02 17:00"),
        ("Ti rispondiamo entro fine giornata.", "12-02 17:00"),
        ("We reageren voor het einde van de dag.", "12-02 17:00"),
        ("Gün sonuna kadar size döneceğiz.", "12-02 17:00"),
    ],
)
def test_the_end_of_a_day_is_of_the_day_that_is_named(text: str, expected: str) -> None:
    assert dues(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "We'll be back on Monday.",
        "We'll be back in the office on Monday.",
        "The offer is valid until the end of Friday.",
        "At the end of Friday it was fixed.",
        "We hope to reply by EOD Friday.",
        "Send it by EOD Friday.",
        "Ende des Tages zählt nur das.",
    ],
)
def test_an_end_of_a_day_by_which_we_do_nothing_is_no_promise(text: str) -> None:
    assert promised_times(text) == []
