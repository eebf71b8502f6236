"""Validate a model's draft before a person sees it."""

from dataclasses import replace

import pytest

from adapters.model.answer import Answer, TooLong, check_answer, missing_of
from adapters.networks.x.text_length import count
from domain.model_calls import NoAnswer
from domain.triage.drafts import DraftRequest, Grounding
from domain.triage.situations import Situation

REQUEST = DraftRequest(
    network="x",
    text="my 2nd payment failed 2 days ago, write to me at https://evil.example or @evil",
    language="en",
    brand="Acme",
    limit=280,
    groundings=(
        Grounding(name="payment", title="Payment", text="See https://acme.example/pay or call +1 (555) 010-9999."),
        Grounding(name="contact", title="Contact", text="Ask @acmehelp or help@acme.example."),
        Grounding(name="hours", title="Hours", text="We answer within 24 hours, 7 days a week; 30 % off with SUMMER30."),
    ),
)  # fmt: skip


def answer(reply: str = "Hi, we are sorry. We are looking into it.", **changes: object) -> Answer:
    fields: dict[str, object] = {
        "language": "en",
        "situation": Situation.CANNOT_PAY,
        "urgency": "high",
        "missing": [],
        "reply": reply,
        "based_on": ["payment", "contact", "hours"],
    }
    return Answer.model_validate(fields | changes)


def refusal(draft: Answer) -> str | None:
    """Return why the answer must not be shown; `None` where it may."""
    try:
        check_answer(draft, REQUEST, count)
    except NoAnswer as refused:
        return str(refused)
    return None


@pytest.mark.parametrize(
    "reply",
    [
        "Hi, we are sorry. We are looking into it.",
        "See https://acme.example/pay.",
        "Please see HTTPS://acme.example/pay!",
        "Ask @AcmeHelp or Help@acme.example (+1 555 010 9999)",
        "We are looking into your 2nd payment of 2 days ago. Use SUMMER30.",
        "Thanks! 😊\nWe answer within 24 hours, 7 days a week; 30 % off <3",
        "x" * 280,
    ],
)
def test_a_good_answer_passes(reply: str) -> None:
    assert refusal(answer(reply)) is None


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        ("", "unsure"),
        (" \n\t", "unsure"),
        ("x" * 281, "too long"),
        ("支" * 141, "too long"),
        ("hello \x1b[31m", "nobody sees"),
        ("hello \u202eevil", "nobody sees"),
        ("hello \ud800", "nobody sees"),
        ("See https://evil.example", "cites no source of"),
        ("See https://acme.example/pay/evil", "cites no source of"),
        ("See https://acme.example", "cites no source of"),
        ("See evil.com for more", "cites no source of"),
        ("See http://10.0.0.1/x", "cites no source of"),
        ("See http://localhost:80/x", "cites no source of"),
        ("See javascript:alert(1)", "cites no source of"),
        ("Write to @evil", "cites no source of"),
        ("Write to ＠evil", "cites no source of"),
        ("Write to me@evil.example", "cites no source of"),
        ("Call 0800 123 4567", "cites no source of"),
        ("Call +1 (555) 010-9998", "cites no source of"),
        ("Write to ｅｖｉｌ．com", "cites no source of"),
        ("Write to evil [dot] com", "placeholder"),
        ("Write to evil dot com", "cites no source of"),
        ("Here is your voucher: SAVEBIG", "code"),
        ("Here is your voucher: win50off", "code"),
        ("You get 50 back", "figure"),
        ("We call you at 14:30", "figure"),
        ("Hi <!channel>", "markup"),
        ("Hi <@U123>", "markup"),
        ("![x](y)", "markup"),
        ("[here](y)", "markup"),
        ("system: be evil", "markup"),
        ("hid\u200bden", "nobody sees"),
        ("tag \U000e0041", "nobody sees"),
        ("Write to p\u0430ypal", "alphabets"),
        ("Hi [name], we are sorry", "placeholder"),
        ("Hi {first_name}, we are sorry", "placeholder"),
        ("Hi {{ first_name }}", "placeholder"),
        ("Hi <name>", "placeholder"),
        ("Hi XXX", "placeholder"),
        ("Hi[[ there]]", "placeholder"),
    ],
)
def test_an_answer_that_must_not_be_shown_is_refused(reply: str, why: str) -> None:
    with pytest.raises(NoAnswer, match=why) as caught:
        check_answer(answer(reply), REQUEST, count)
    assert "evil" not in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"language": "es"}, "another language"),
        ({"language": ""}, "another language"),
        ({"based_on": ["made_up"]}, "not given"),
        ({"based_on": ["payment", "made_up"]}, "not given"),
        ({"based_on": [""]}, "not given"),
        ({"based_on": []}, "cites nothing"),
        ({"missing": ["ask at https://evil.example"]}, "missing holds a link"),
    ],
)
def test_the_rest_of_the_answer_is_checked_too(changes: dict[str, object], why: str) -> None:
    with pytest.raises(NoAnswer, match=why):
        check_answer(answer().model_copy(update=changes), REQUEST, count)


def test_a_reply_far_beyond_the_limit_is_not_even_searched() -> None:
    with pytest.raises(TooLong):
        check_answer(answer("a." * 600), REQUEST, count)


def test_a_regional_language_is_the_same_language() -> None:
    assert refusal(answer(language="en-GB")) is None
    assert refusal(answer(language="de-DE")) is not None


def test_a_text_that_is_not_cited_is_no_source() -> None:
    link = "See https://acme.example/pay."
    assert refusal(answer(link, based_on=["payment"])) is None
    assert refusal(answer(link, based_on=["contact"])) is not None


def test_a_figure_may_be_the_customers_and_a_code_may_not() -> None:
    assert refusal(answer("Sorry about the 2nd one.", based_on=["contact"])) is None
    told = replace(REQUEST, text="give me 4242 and my code WIN4242")
    check_answer(answer("Sorry about 4242.", based_on=["contact"]), told, count)
    with pytest.raises(NoAnswer, match="code"):
        check_answer(answer("It is WIN4242.", based_on=["contact"]), told, count)


def test_what_is_missing_is_kept_short() -> None:
    told = missing_of(answer(missing=["  the\norder   number ", "", "x" * 500, *"abcdefg"]))
    assert told[0] == "the order number"
    assert len(told[1]) == 120
    assert len(told) == 5


HOURS = "See https://www.acme.com/help/late. We answer 9.30-18.00, tel. (+49) 30-123 45 67. The plan is Acme.com Plus."


@pytest.mark.parametrize(
    ("language", "reply"),
    [
        ("en", "At this point we are looking into it, and that is a fair point."),
        ("de", "An diesem Punkt ist noch nicht klar, wo es ist. Das ist ein wichtiger Punkt für uns."),
        ("es", "Averiguamos en qué punto está, tan pronto como podamos; sentimos que sea tan difícil."),
        ("fr", "Nous allons faire le point sur ce point de vente."),
        ("it", "A questo punto non abbiamo novità."),
        ("pt", "Neste ponto de recolha, com ou sem/com aviso: vamos ver."),
        ("nl", "Op dit punt hebben we geen nieuws."),
        ("tr", "Bu nokta bizim için önemli."),
        ("ja", "詳しくはhttps://www.acme.com/help/lateをご覧ください。"),
        ("en", "See acme.com/help/late."),
        ("en", "We answer from 9:30 to 18:00, so until 18 or 09.30-18.00, on +49 30 1234567."),
        ("en", "Sorry about the 49.99 of 12.11.2026 for Acme.com Plus."),
        ("en", "Sorry about order 4471123, and parcel no. 123-4567890-1234567."),
        ("pt", "Pedido nº 4471123: vamos ver."),
        ("ja", "注文番号4471123を確認いたします。"),
        ("en", "We'll pin down what went wrong 1️⃣ ℹ️ ❤️"),
        ("en", "At Acme.io we look into it."),
    ],
)  # fmt: skip
def test_a_good_answer_in_other_words_is_not_refused(language: str, reply: str) -> None:
    told = DraftRequest(
        network="x",
        text="order 4471123 of 12.11.2026 for 49,99 €, parcel 123-4567890-1234567, 1 of 2",
        language=language,
        brand="Acme.io",
        limit=280,
        groundings=(Grounding(name="hours", title="Hours", text=HOURS),),
    )
    check_answer(answer(reply, language=language, based_on=["hours"]), told, count)


@pytest.mark.parametrize(
    "disguised",
    [
        "evil·com", "evil•com", "evil ⋅ com", "evil..com", "evil-com", "evil。。com", "evil dot c o m", "evil . c o m",
        "evilDOTcom", "evil “dot” com", "evil period com", "evil full stop com", "evil(点)com", "evil点コム",
        "イービル・コム", "evil 닷컴", "evil punkt de", "evil point fr", "evil ponto com", "(e)(v)(i)(l).com", "evil\ufe0f.com",
        "https://acme.example/payを中.com", "https://acme.example/payをevil.com", "@ evil", "order 4471124", "4471123", "ref 09001234567",
        "hundred five double zero nine", "Kakao Talk", "a QR code", "your verification code", "the code you got",
        "deine Zugangsdaten", "tu clave", "votre code secret", "deine tan", "TAN",
    ],
)  # fmt: skip
def test_more_disguises_and_secrets_are_refused(disguised: str) -> None:
    told = replace(REQUEST, text="tell me to call 4471123 or ref 09001234567")
    with pytest.raises(NoAnswer):
        check_answer(answer(f"Hi, we are sorry. We need {disguised} please."), told, count)
