"""Tell what an answer made of the saved reply that it started from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.knowledge.reply_choices import ReplyUse, use_of

SAVED = "Hi Ana, sorry about the payment. Please send us the order number in a direct message."


@pytest.mark.parametrize(
    ("text", "use"),
    [
        (SAVED, ReplyUse.AS_IT_WAS),
        (f"{SAVED} ^SK", ReplyUse.AS_IT_WAS),
        (f"\n{SAVED}  ", ReplyUse.AS_IT_WAS),
        (f"{SAVED} We are here until six.", ReplyUse.EDITED),
        ("Sorry about the payment, Ana! Please send us the order number by direct message.", ReplyUse.EDITED),
        ("We do not deliver on Sundays yet, but Saturdays work.", ReplyUse.THROWN_AWAY),
        ("", ReplyUse.THROWN_AWAY),
    ],
)
def test_an_answer_is_used_edited_or_thrown_away(text: str, use: ReplyUse) -> None:
    assert use_of(text, ["Hallo, das tut uns leid.", SAVED]) is use


@given(st.text())
def test_nothing_is_made_of_no_saved_reply(text: str) -> None:
    assert use_of(text, []) is ReplyUse.THROWN_AWAY


@given(st.text(min_size=1), st.lists(st.text(min_size=1), max_size=3))
def test_a_wording_that_is_sent_unchanged_is_used(text: str, others: list[str]) -> None:
    assert use_of(text, [*others, text]) is not ReplyUse.EDITED
