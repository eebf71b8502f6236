"""Interpretation of prompts by the simulated model."""

import pytest

from sandbox.mentions import read
from sandbox.model.drafts import ASKED, OFFERED, PRAISED, SORRY
from sandbox.model.reader import Reading
from sandbox.model.shapes import Shaper


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Tercera vez que la app se come mi pago ¿estáis?", "es"),
        ("Ich kann nicht bezahlen", "de"),
        ("Bonjour, mon paiement ne passe pas", "fr"),
        ("昨日届くはずの荷物がまだ来ません", "ja"),
        ("التطبيق لا يعمل", "ar"),
        ("My payment fails", "en"),
        ("language: pt\nMy payment fails", "pt"),
    ],
)
def test_the_language_is_what_is_stated_or_seems_so(text: str, language: str) -> None:
    assert Reading("Answer kindly.", text).suggest("language") == language


@pytest.mark.parametrize(
    ("prompt", "best"),
    [
        ("- id: greeting\n- id: payment-errors", "payment-errors"),
        ("## greeting: hello\n## cannot_pay: sorry", "cannot_pay"),
        ("* [hello] Hi\n* [pay-later] Sorry", "pay-later"),
        ('[{"id": "greeting"}, {"id": "payment_errors"}]', "payment_errors"),
        ("## a_question\n\nHi\n\n## payment_errors\n\nSorry", "payment_errors"),
        ("### cannot_log_in (v1)\n### charged_twice (v2)\n### payment_errors (v3)", "payment_errors"),
        ("- `greeting` - Hi there", "greeting"),
    ],
)
def test_a_saved_reply_is_one_that_the_prompt_lists(prompt: str, best: str) -> None:
    replies = Reading(prompt, "I cannot pay with my card").suggest("saved_reply")
    assert isinstance(replies, list)
    assert replies[0] == best


def test_without_saved_replies_none_is_named() -> None:
    assert Reading("Answer kindly.", "I cannot pay").suggest("saved_reply") == []


def written_for(kind: str, *replies: str) -> list[tuple[str, str]]:
    """Return the bundled posts of a kind, each with its draft where these saved replies are listed."""
    prompt = "".join(f'- id: {name}\n  title: "T"\n  text: "Saved as {name}."\n' for name in replies)
    posts = [mention for mention in [*read("demo"), *read("fresh")] if mention["situation"] == kind]
    assert posts
    return [(post["text"], Reading(prompt, post["text"]).draft()) for post in posts]


def test_what_is_spam_gets_no_saved_reply_but_a_line_of_its_own() -> None:
    kept = set(OFFERED.values())
    assert [told for told in written_for("spam", "a_question", "refund_status") if told[1] not in kept] == []


def test_a_rant_is_not_answered_as_a_question() -> None:
    drafts = written_for("rant", "we_hear_you", "a_question")
    assert [told for told in drafts if told[1] == "Saved as a_question."] == []


@pytest.mark.parametrize(
    ("post", "line"),
    [
        ("Free crypto giveaway, click here", OFFERED["en"]),
        ("I love the new app, thank you", PRAISED["en"]),
        ("¿Dónde está la tienda?", ASKED["es"]),
        ("Worst bank ever", SORRY["en"]),
        ("Hm", SORRY["en"]),
    ],
)
def test_without_saved_replies_the_line_fits_the_post(post: str, line: str) -> None:
    assert Reading("Answer kindly.", post).draft() == line


@pytest.mark.parametrize(
    "schema",
    [
        {"type": ["string", "null"]},
        {"anyOf": [{"type": "string"}, {"type": "null"}]},
        {"enum": ["a_question", None]},
    ],
)
def test_where_no_saved_reply_fits_none_is_named(schema: dict[str, object]) -> None:
    reading = Reading("- id: a_question\n", "Free crypto giveaway")
    asked = {"type": "object", "properties": {"saved_reply": schema}, "required": ["saved_reply"]}
    assert Shaper(asked, reading.suggest).document() == {"saved_reply": None}


def test_where_one_must_be_named_one_is() -> None:
    reading = Reading("- id: a_question\n", "Free crypto giveaway")
    asked = {"type": "object", "properties": {"saved_reply": {"enum": ["a_question"]}}}
    assert Shaper(asked, reading.suggest).document() == {"saved_reply": "a_question"}
