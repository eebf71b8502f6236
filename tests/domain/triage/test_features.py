"""What of a text is encoded: what is said, not whom it greets."""

import pytest

from domain.triage.features import encodable, without_salutation

LATE = "die Bestellung sollte am Montag da sein"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"Liebes @acme Team, {LATE}", LATE),
        (f"Liebe @acme, {LATE}", LATE),
        ("Dear @acme team: the order was due on Monday", "the order was due on Monday"),
        ("Querido equipo de @acme, mi pedido no llega", "mi pedido no llega"),
        ("Chère équipe @acme, où est mon colis ?", "où est mon colis ?"),
        ("Prezados @acme!\nonde está o pedido", "onde está o pedido"),
        ("Dear Acme Support Team,\nmy card fails", "my card fails"),
        ("Liebes Acme-Team!\nmeine Karte geht nicht", "meine Karte geht nicht"),
    ],
)
def test_a_salutation_says_nothing(text: str, said: str) -> None:
    assert without_salutation(text).strip() == said
    assert encodable(text) == said


@pytest.mark.parametrize(
    "text",
    [
        "Liebe eure App, läuft super",
        "dear me, that was quick",
        "Lieber nie wieder, danke @acme",
        "Cara, que serviço ruim",
        "love @acme, best app ever",
        "Dear @acme it broke!",
        "Dear @acme account hacked, please help",
        "Querido @acme quiero morir!",
        "Querido quiero morir @acme!",
        "Dear @acme it broke @acme!",
        "Liebes Team ihr seid super!",
        "Caro demais @acme, cancelo",
        "Caro @acme meu pedido sumiu!",
    ],
)
def test_what_only_begins_like_one_stays(text: str) -> None:
    assert without_salutation(text) == text


def test_a_salutation_alone_is_encoded_all_the_same() -> None:
    assert encodable("Liebes @acme Team,") == "Liebes Team,"
