"""Word what is left of a rehearsal, and how it was counted."""

from dataclasses import replace

import pytest

from adapters.slack.outages.rehearsal_messages import render_folded, render_score
from domain.outages.rehearsal import EndReason, Kind
from tests.adapters.slack.inspection import said
from tests.adapters.slack.test_outages import REHEARSAL, SCORE


@pytest.mark.parametrize(
    ("kind", "situation", "is_answered", "words"),
    [
        (Kind.CARD, "safety_or_legal", True, "🎭 REHEARSAL over · Safety or legal, answered"),
        (Kind.CARD, "cannot_pay", False, "🎭 REHEARSAL over · Cannot pay, not answered"),
        (Kind.CARD, "<!channel>", False, "🎭 REHEARSAL over · &lt;!channel&gt;, not answered"),
        (Kind.OUTAGE, "", False, "🎭 REHEARSAL over · the board of an outage"),
    ],
)
def test_what_is_left_of_a_rehearsal_is_a_line(
    kind: Kind, situation: str, is_answered: bool, words: str
) -> None:
    folded = render_folded(kind, situation=situation, is_answered=is_answered)
    [block] = folded["blocks"]
    assert (folded["text"], block["type"]) == (words, "context")


def test_a_score_says_from_when_it_counts() -> None:
    told = said(render_score(replace(REHEARSAL, score=SCORE, end_reason=EndReason.COMPLETE), None))
    assert "The first two times count from the first post, the answer's from the first urgent one." in told
