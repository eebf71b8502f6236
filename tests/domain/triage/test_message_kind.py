"""Tell requests, thanks, remarks and data apart."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.triage.assessment import Assessment, Urgency
from domain.triage.message_kind import MessageKind, is_data, kind_of
from domain.triage.situations import Reason, Situation


def assessed(
    situation: Situation = Situation.OTHER,
    urgency: Urgency = Urgency.LOW,
    sentiment: float = 0.0,
    *reasons: str,
) -> Assessment:
    return Assessment("en", situation, urgency, reasons, sentiment)


@pytest.mark.parametrize(
    "text",
    [
        "@acme 48 2210 77",
        "AC-20114-B",
        "#20114",
        "(555) 010-0199",
        "@acme ana.ruiz@mail.example",
        "ana@mail.example 20114",
    ],
)
def test_numbers_codes_and_addresses_are_data(text: str) -> None:
    assert is_data(text)
    assert kind_of(text, assessed(urgency=Urgency.NORMAL)) is MessageKind.DATA


@given(st.text("a1@._ \n", max_size=9), st.from_regex(r"[a1.-]{0,66}@[a1.@-]{0,3}\.?[a1 ]", fullmatch=True))
def test_an_address_counts_as_three_digits_wherever_it_stands(before: str, address: str) -> None:
    """As if each text were searched for addresses, and not only those with what all addresses end in."""
    text = f"{before}{address}"
    assert is_data(text) == is_data(re.sub(r"[^\s@]{1,64}@[^\s@]{1,255}\.\w+", " 000 ", text))


@pytest.mark.parametrize(
    "text",
    [
        "@acme Bestellnummer 4711-22",
        "My code is 482 913",
        "Order number: 4711-22",
        "it's nora@example.org",
        "voici mon numéro de commande : 471122",
        "mi número de pedido es 20114",
        "il mio codice cliente è 20114",
        "o número do pedido é 20114",
        "mijn bestelnummer is 20114.",
        "sipariş numaram 20114",
    ],
)
def test_a_number_with_its_name_is_data(text: str) -> None:
    assert is_data(text)
    delivery = assessed(Situation.DELIVERY, Urgency.NORMAL, -0.3)
    assert kind_of(text, delivery) is MessageKind.DATA


@pytest.mark.parametrize(
    "text",
    [
        "order 4711 is missing",
        "my order is late 4711",
        "my order number",
        "the code is wrong 482913",
        "is it order 4711?",
        "no code 482913",
        "order 20114 burnt my hand",
        "charged 3 times",
        "my code is 12",
        "die Bestellung 4711 kam kaputt",
    ],
)
def test_a_number_beside_anything_else_is_no_data(text: str) -> None:
    assert not is_data(text)


@pytest.mark.parametrize(
    "text", ["", "@acme", "SOS", "order 20114 burnt my hand", "注文番号は20114です", "!!!"]
)
def test_words_are_no_data(text: str) -> None:
    assert not is_data(text)


def test_praise_that_wants_nothing_is_thanks() -> None:
    praise = assessed(Situation.PRAISE, sentiment=0.8)
    assert kind_of("it works, thank you!", praise) is MessageKind.THANKS


@pytest.mark.parametrize(
    ("text", "assessment"),
    [
        ("great, thanks a lot", assessed(Situation.PRAISE, sentiment=0.1)),
        ("thanks! and the second parcel?", assessed(Situation.PRAISE, sentiment=0.8)),
        ("thanks, but I still cannot get in", assessed(Situation.PRAISE, Urgency.NORMAL, 0.8)),
        ("wer liefert so etwas aus", assessed(Situation.RANT)),
        ("999", assessed(Situation.OTHER, Urgency.HIGH, 0.0, Reason.SAFETY.value)),
        ("no, I am alone tonight", assessed(Situation.OTHER, Urgency.HIGH)),
        ("hello?", assessed()),
        (" ".join(["word"] * 13), assessed(urgency=Urgency.NORMAL)),
    ],
)
def test_what_is_not_sure_is_a_request(text: str, assessment: Assessment) -> None:
    assert kind_of(text, assessment) is MessageKind.REQUEST


@pytest.mark.parametrize("urgency", [Urgency.LOW, Urgency.NORMAL])
def test_what_cannot_be_answered_by_itself_is_a_remark(urgency: Urgency) -> None:
    assert kind_of("@acme sent you a DM", assessed(urgency=urgency)) is MessageKind.REMARK


def test_a_short_text_that_asks_politely_is_a_request_where_it_is_not_low() -> None:
    text = "please sort it out, thanks"
    assert kind_of(text, assessed(urgency=Urgency.NORMAL)) is MessageKind.REQUEST
    assert kind_of("sorted it out, thanks", assessed(urgency=Urgency.NORMAL)) is MessageKind.REMARK
    assert kind_of(text, assessed()) is MessageKind.REMARK
