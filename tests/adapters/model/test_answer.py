"""Validate a model's draft before a person sees it."""

import pytest

from adapters.model.answer import Answer, check_answer, missing_of
from adapters.networks.x.text_length import count
from domain.triage.drafts import DraftRequest, Grounding, NoDraft
from domain.triage.situations import Situation

REQUEST = DraftRequest(
    network="x",
    text="my payment failed, write to me at https://evil.example or @evil",
    language="en",
    brand="Acme",
    limit=280,
    groundings=(
        Grounding(name="payment", title="Payment", text="See https://acme.example/pay or call +1 (555) 010-9999."),
        Grounding(name="contact", title="Contact", text="Ask @acmehelp or help@acme.example."),
    ),
)  # fmt: skip


def answer(reply: str = "Hi, we are sorry. We are looking into it.", **changes: object) -> Answer:
    fields: dict[str, object] = {
        "language": "en",
        "situation": Situation.CANNOT_PAY,
        "urgency": "high",
        "missing": [],
        "reply": reply,
        "saved_reply": "payment",
    }
    return Answer.model_validate(fields | changes)


def refusal(draft: Answer) -> str | None:
    """Return why the answer must not be shown; `None` where it may."""
    try:
        check_answer(draft, REQUEST, count)
    except NoDraft as refused:
        return str(refused)
    return None


@pytest.mark.parametrize(
    "reply",
    [
        "Hi, we are sorry. We are looking into it.",
        "See https://acme.example/pay.",
        "Please see HTTPS://acme.example/pay!",
        "Ask @AcmeHelp or Help@acme.example (+1 555 010 9999)",
        "Thanks! 😊\nWe answer within 24 hours, 7 days a week; 30 % off <3",
        "x" * 280,
    ],
)
def test_a_good_answer_passes(reply: str) -> None:
    assert refusal(answer(reply)) is None


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        ("", "empty"),
        (" \n\t", "empty"),
        ("x" * 281, "too long"),
        ("支" * 141, "too long"),
        ("hello \x1b[31m", "control"),
        ("hello \u202eevil", "control"),
        ("hello \ud800", "control"),
        ("See https://evil.example", "no saved reply has"),
        ("See https://acme.example/pay/evil", "no saved reply has"),
        ("See https://acme.example", "no saved reply has"),
        ("See evil.com for more", "no saved reply has"),
        ("See http://10.0.0.1/x", "no saved reply has"),
        ("See http://localhost:80/x", "no saved reply has"),
        ("See javascript:alert(1)", "no saved reply has"),
        ("Write to @evil", "no saved reply has"),
        ("Write to ＠evil", "no saved reply has"),
        ("Write to me@evil.example", "no saved reply has"),
        ("Call 0800 123 4567", "no saved reply has"),
        ("Call +1 (555) 010-9998", "no saved reply has"),
        ("Hi [name], we are sorry", "placeholder"),
        ("Hi {first_name}, we are sorry", "placeholder"),
        ("Hi {{ first_name }}", "placeholder"),
        ("Hi <name>", "placeholder"),
        ("Hi XXX", "placeholder"),
        ("Hi[[ there]]", "placeholder"),
    ],
)
def test_an_answer_that_must_not_be_shown_is_refused(reply: str, why: str) -> None:
    with pytest.raises(NoDraft, match=why) as caught:
        check_answer(answer(reply), REQUEST, count)
    assert "evil" not in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"language": "es"}, "another language"),
        ({"language": ""}, "another language"),
        ({"saved_reply": "made_up"}, "not given"),
        ({"saved_reply": ""}, "not given"),
        ({"missing": ["ask at https://evil.example"]}, "missing holds a link"),
    ],
)
def test_the_rest_of_the_answer_is_checked_too(changes: dict[str, object], why: str) -> None:
    with pytest.raises(NoDraft, match=why):
        check_answer(answer().model_copy(update=changes), REQUEST, count)


def test_a_regional_language_is_the_same_language() -> None:
    assert refusal(answer(language="en-GB")) is None
    assert refusal(answer(language="de-DE")) is not None


def test_no_saved_reply_is_an_answer() -> None:
    assert refusal(answer(saved_reply=None)) is None


def test_what_is_missing_is_kept_short() -> None:
    told = missing_of(answer(missing=["  the\norder   number ", "", "x" * 500, *"abcdefg"]))
    assert told[0] == "the order number"
    assert len(told[1]) == 120
    assert len(told) == 5
