"""What the pretend model makes of a prompt."""

import pytest

from sandbox.model.reader import Reading


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
