"""Tell beside a notice's text whom it reaches, by language, and what the destination says of it."""

import pytest

from adapters.slack.modals.outages.facts import fact_blocks
from adapters.slack.modals.outages.review import render_review
from domain.outages.destinations import Preflight
from tests.adapters.slack.test_outages import KAI, RUTH, a_review

LASTS = "The last of 1,200 mails leaves after 2 min, at 10 a second."


@pytest.mark.parametrize(
    ("by_language", "words"),
    [
        ({"en": 1_000, "de": 200}, "reaches 1,200 subscribers (1,000 English, 200 German) · "),
        ({"en": 1_200}, "reaches 1,200 subscribers · "),
        ({}, "reaches 1,200 subscribers · "),
    ],
)
def test_the_reach_is_told_by_language(by_language: dict[str, int], words: str) -> None:
    preflight = Preflight(
        audience=1_200, audience_unit="subscribers", audience_by_language=by_language, warnings=(LASTS,)
    )
    review = a_review(preflights={"posts": preflight}, warnings=())
    [block] = fact_blocks(review, review.texts[0])
    text = str(block)
    assert words in text
    assert f"⚠️ {LASTS}" in text


def test_who_may_not_send_it_reads_why_and_what_else_they_can_do_above_the_texts() -> None:
    blocks = render_review(a_review("Payments fail " * 100), KAI, external_id="1")["blocks"]
    kinds = [block["type"] for block in blocks]
    assert "somebody else has to approve it" in blocks[1]["text"]["text"]
    assert [one["text"]["text"] for one in blocks[2]["elements"]] == ["Edit…", "Withdraw"]
    assert kinds.count("actions") == 1
    approver = render_review(a_review("Payments fail " * 100), RUTH, external_id="1")["blocks"]
    assert approver[-1]["type"] == "actions"
