"""Send personal data in every form through the real client, and look at the bytes that left."""

import json
import re
import time
import unicodedata
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from pydantic import JsonValue

from adapters.model import ModelClient, ModelRequest, Output, load_model, load_prompt
from adapters.model.masking import Mask, UnknownMark, without_personal_data
from sandbox.app import serving
from tests.source import ROOT

PROMPTS = ROOT / "prompts"
KNOWN = ("Ana Ruiz-Pérez", "anaruiz77", "山田太郎")


@dataclass
class Case:
    """Texts that follow each other, and what of them must not leave: digits alone, or folded words."""

    texts: Sequence[str]
    secrets: Sequence[str]
    language: str = "en"
    known: Sequence[str] = field(default=KNOWN)


def one(text: str, *secrets: str, language: str = "en") -> Case:
    return Case([text], secrets, language)


CASES = [
    one("mail me: ana.ruiz@gmail.com!", "ana.ruiz", "gmail"),
    one("mail ANA.RUIZ+shop@mail.example.co.uk please", "ruiz", "mail.example"),
    one("ana.r@münchen.example", "ana.r", "münchen"),
    one("ana.r (at) gmail (dot) com", "ana.r", "gmail"),
    one("ana.r [at] gmail [.] com", "ana.r", "gmail"),
    one("ana.r at gmail dot com", "ana.r", "gmail"),
    one("soy ana.r arroba gmail punto com", "ana.r", "gmail", language="es"),
    one("ana.r＠gmail.com", "ana.r", "gmail"),
    one("ana.r @ gmail . com", "ana.r", "gmail"),
    one("a\u200bna.r\u200b@gma\u200bil.com", "gmail"),
    one("mailto:ana.r@gmail.com?subject=x", "ana.r", "gmail"),
    one("call +44 20 7946 0958", "2079460958"),
    one("call (020) 7946-0958 ext. 12", "0207946"),
    one("llámame al 612 34 56 78", "612345678", language="es"),
    one("ruf an: 0171/2345678", "2345678", language="de"),
    one("06.12.34.56.78", "0612345678", language="fr"),
    one("tel:+4915112345678", "15112345678"),
    one("0 1 7 1 2 3 4 5 6 7", "0171234567"),
    one("٠١٧١٢٣٤٥٦٧", "0171234567"),
    one("０１７１２３４５６７", "0171234567"),
    one("𝟎𝟏𝟕𝟏𝟐𝟑𝟒𝟓𝟔𝟕", "0171234567"),
    one("1️⃣7️⃣1️⃣2️⃣3️⃣4️⃣5️⃣", "1712345"),
    one("0171\u200b234\u2060567", "0171234567"),
    one("0171—234—567 or 0171·234·568", "0171234567", "234568"),
    one("card 4111 1111 1111 1111", "4111"),
    one("card 4111-1111-1111-1111 exp 12/29", "4111", "1229"),
    one("4111111111111111", "4111"),
    one("٤١١١ ١١١١ ١١١١ ١١١١", "4111"),
    one("card ending in 1111", "1111"),
    one("5 5 0 0 0 0 0 0 0 0 0 0 0 0 0 4", "5500"),
    one("DE89 3704 0044 0532 0130 00", "DE89", "3704"),
    one("my iban is gb29nwbk60161331926819 thanks", "nwbk", "6016"),
    one("IBAN:ES9121000418450200051332.", "ES91", "2100"),
    one("order 4711-0815 and #883377", "47110815", "883377"),
    one("booking QWERTZ", "QWERTZ"),
    one("my reservation code is X7K9QF", "X7K9QF"),
    one("localizador: ABCDEF", "ABCDEF", language="es"),
    one("Buchungsnummer AB-12-CD-34", "AB-12", "CD-34", language="de"),
    one("born 24.12.1987", "24121987"),
    one("ssn 078-05-1120", "078051120"),
    one("passport C01X00T47", "C01X00T47"),
    one("my ip is 192.168.100.57", "192168"),
    one("password: Sommer2025!", "Sommer"),
    one("password: horsebattery", "horsebattery"),
    one("my pin is 1234", "1234"),
    one("cvv 123", "123"),
    one("Passwort: geheimnis", "geheimnis", language="de"),
    one("contraseña: secreto", "secreto", language="es"),
    one("https://shop.example/reset?token=abcdef", "abcdef", "reset"),
    one("HTTPS://shop.example/u/ana-private", "private"),
    one("www.shop.example/o/zzz", "zzz"),
    one("shop.example/track/zzz-yyy", "zzz"),
    one("I live at 12 High Street, SW1A 1AA", "High Street", "1AA"),
    one("Calle Mayor 15, 28013 Madrid", "Mayor", "28013", language="es"),
    one("10 rue de la Paix", "Paix", language="fr"),
    one("Lindenstraße 7a, 10969 Berlin", "Linden", "10969", language="de"),
    one("It's me, Ana Ruiz-Pérez", "Ana", "Ruiz", "Pérez"),
    one("ANA RUIZ PEREZ here; ana again", "ana", "ruiz", "perez"),
    one("A\u0301na Ru\u0301iz", "na Ru"),
    one("regards, R\u200buiz", "uiz"),
    one("@anaruiz77 and anaruiz77", "anaruiz77"),
    one("@someone.else wrote it", "someone"),
    one("山田太郎です", "山田", language="ja"),
    Case(["my card is 4111 1111", "1111 1111"], ["4111", "1111"]),
    Case(["0171", "234", "567"], ["0171", "234", "567"]),
    Case(["ana.r@gmail.com", "or ben@gmx.example"], ["ana.r", "ben@"]),
    Case(["hello"], ["5550199"], known=("+1 415 555 0199", "hey")),
    Case(["I am 415 555 0199"], ["5550199"], known=("415 555 0199",)),
    Case(["ana@gmail.com is my name here"], ["gmail"], known=("ana@gmail.com",)),
]


class Echo(Output):
    """An answer that repeats what was sent."""

    texts: list[str]


@dataclass
class Wire:
    """A client, and the bodies that its server received."""

    client: ModelClient
    bodies: list[bytes]


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    """A server whose model repeats the texts that it was sent."""
    bodies: list[bytes] = []

    async def echo(request: web.Request) -> web.Response:
        bodies.append(await request.read())
        said = json.loads(json.loads(bodies[-1])["messages"][1]["content"])
        message = {"role": "assistant", "content": json.dumps({"texts": said["earlier"]}), "refusal": None}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        return web.json_response(
            {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
        )

    app = web.Application()
    app.router.add_post("/v1/chat/completions", echo)
    async with serving(app) as where:
        client = load_model(PROMPTS, api_key="sk-x", base_url=f"{where}/v1", model="m")
        yield Wire(client, bodies)
        await client.close()


def a_request(case: Case) -> ModelRequest[Echo]:
    """Put the texts where a customer's go, and their name into a saved reply's variable."""
    data: dict[str, JsonValue] = {
        "earlier": list(case.texts),
        "sources": [{"id": "hello", "title": "Hello", "text": f"Hi {case.known[0]}, sorry."}],
    }
    return ModelRequest(
        purpose="try",
        prompt=load_prompt(PROMPTS / "voice.md"),
        values={},
        data=data,
        output=Echo,
        known=case.known,
        language=case.language,
    )


def folded(text: str) -> str:
    """Return the text as a reader of the wire might search it: folded, and without what is invisible."""
    return "".join(
        str(unicodedata.digit(one, one))
        for one in unicodedata.normalize("NFKD", text).casefold()
        if unicodedata.category(one) not in {"Cf", "Mn", "Me"}
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.texts[0][:40])
async def test_nothing_personal_leaves(wire: Wire, case: Case) -> None:
    await wire.client.ask(a_request(case))
    [body] = wire.bodies
    said = folded(json.loads(body)["messages"][1]["content"])
    digits = re.sub(r"\D", "", re.sub(r"<[a-z]+_\d+>", " ", said))
    for secret in case.secrets:
        assert folded(secret) not in said
        assert not secret.isdigit() or secret not in digits
    assert folded(case.known[0]) not in said


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.texts[0][:40])
async def test_what_left_as_a_mark_comes_back(wire: Wire, case: Case) -> None:
    answer = await wire.client.ask(a_request(case))
    for text, back in zip(case.texts, answer.texts, strict=True):
        assert "_1>" not in back
        assert folded(back) == folded(text) or "••••" in back


def test_cards_and_passwords_do_not_come_back() -> None:
    mask = Mask()
    [text] = mask.cover(["4111 1111 1111 1111, password: hunter"])
    assert text == "<CARD_1>, password: <SECRET_1>"
    assert mask.restore(text) == "••••, password: ••••"


@pytest.mark.parametrize(
    "text",
    [
        "My payment of 12 € failed 3 times since May 4",
        "forget it @acme. Where is my parcel?",
        "The password is not working and the pin does not arrive",
        "Error 503, please look at the website",
        "¿Por qué no funciona?",
        "It takes 20 minutes, from 10 to 12",
    ],
)
def test_what_is_not_personal_is_left_as_it_is(text: str) -> None:
    [covered] = Mask().cover([text])
    assert covered.replace("<HANDLE_1>", "@acme") == text


def test_the_same_value_has_the_same_mark() -> None:
    mask = Mask(["Ana"])
    assert mask.cover(["Ana, a@b.example", "Ana, c@d.example, a@b.example"]) == [
        "<NAME_1>, <EMAIL_1>",
        "<NAME_1>, <EMAIL_2>, <EMAIL_1>",
    ]


def test_a_mark_that_a_customer_wrote_stands_for_itself() -> None:
    mask = Mask()
    [covered] = mask.cover(["I am <EMAIL_1> and a@b.example, ＜NAME_7＞, CARD_1"])
    assert "a@b.example" not in covered
    assert mask.restore(covered) == "I am <EMAIL_1> and a@b.example, ＜NAME_7＞, CARD_1"
    with pytest.raises(UnknownMark):
        mask.restore("<EMAIL_9>")


@pytest.mark.parametrize(
    "piece", ["1 ", "a@", "a.", "(at) ", "x", "order ", "a-1", "calle x ", "12 a b ", "DE89 "]
)
def test_a_long_text_takes_no_long_time(piece: str) -> None:
    mask = Mask(KNOWN, "es")
    mask.cover(["0171 2345678"])
    started = time.process_time()
    mask.cover([piece * (12_000 // len(piece))])
    assert time.process_time() - started < 3


def test_personal_data_is_replaced_for_good_by_what_it_is() -> None:
    texts = ["I am Ana Ruiz, ana@example.com", "Card 4111 1111 1111 1111, <EMAIL_7>, ask @ben"]
    plain = without_personal_data(texts, ["Ana Ruiz", "anaruiz"], "en")
    assert plain == ["I am [name], [e-mail address]", "Card [card number], […], ask [handle]"]
