"""Word what is due: on the card, in the thread, and to whoever is told."""

from datetime import timedelta
from typing import Any

import pytest

from adapters.slack.cards import render_card
from adapters.slack.ephemerals import render_notification
from adapters.slack.records.audit_lines import describe
from domain.records.audit import SYSTEM, Action, Entry
from tests.adapters.slack.inspection import said
from tests.adapters.slack.samples import NOW, OURS, case, view

DUE = NOW + timedelta(minutes=11)


def entry(action: Action, **detail: Any) -> Entry:  # noqa: ANN401 - JSON
    return Entry(at=NOW, actor=SYSTEM, action=action, case_id=12, version=8, detail=detail)


@pytest.mark.parametrize(
    ("action", "detail", "words"),
    [
        (Action.ANSWER_DUE_SOON, {"level": "VIP", "acts": ["tell"]}, "⏰ An answer is due {} (VIP)"),
        (
            Action.ANSWER_OVERDUE,
            {"level": "<!here>", "acts": ["manager", "raise", "release"], "released_from": "U0SAM"},
            "🚨 An answer was due {} (&lt;!here&gt;) · ranked higher · back in the queue, from <@U0SAM>"
            " · the managers were told",
        ),
        (Action.RESOLUTION_DUE_SOON, {}, "⏰ The case is to be resolved by {}"),
        (Action.RESOLUTION_OVERDUE, {"acts": ["release"]}, "🚨 The case was to be resolved by {}"),
    ],
)
def test_the_thread_says_what_is_due_and_what_was_done(
    action: Action, detail: dict[str, Any], words: str
) -> None:
    shown = describe(entry(action, due=DUE.isoformat(), **detail))
    before, after = words.split("{}")
    assert shown.startswith(before + "<!date^")
    assert shown.endswith(">" + after)


def test_a_channel_is_told_which_answer_is_overdue() -> None:
    content = render_notification(
        case(), action="answer_overdue", actor=SYSTEM, to="C0LEADS", team_url="https://acme.slack.example/"
    )
    assert content["text"].startswith("🚨 An answer is overdue: <https://acme.slack.example/")
    assert "|Cannot pay, Ana Ruiz>" in content["text"]


@pytest.mark.parametrize(
    ("opens_in", "is_staffed", "shown"),
    [
        (
            timedelta(minutes=1),
            True,
            "{ago}, closed until {date_short_pretty} at {time}, reply due {ago} · View on X",
        ),
        (timedelta(minutes=1), False, "{ago}, closed until {date_short_pretty} at {time} · View on X"),
        # A target that counts all hours.
        (timedelta(minutes=30), False, "{ago}, reply due {ago} · View on X"),
        (None, False, "{ago}, reply due {ago} · View on X"),
    ],
)
def test_a_card_says_until_when_nobody_is_there_and_no_due_time_unless_somebody_is(
    opens_in: timedelta | None, is_staffed: bool, shown: str
) -> None:
    opens_at = None if opens_in is None else NOW + opens_in
    card = render_card(view(opens_at=opens_at, is_staffed=is_staffed), ours=OURS)
    first_line = said(card).strip().split("\n")[0]
    assert first_line == f"🔴 Cannot pay · Ana Ruiz @anaruiz · {shown}"


def test_the_next_answer_is_due_as_the_first_is() -> None:
    again = view(case=case(first_replied_at=NOW - timedelta(hours=1)))
    assert "reply due {ago}" in said(render_card(again, ours=OURS))
