"""Render the rota: App Home, and what is told of a claim that returned to the queue."""

from typing import Any

import pytest

from adapters.slack.ephemerals import render_notification
from adapters.slack.home import render_home
from adapters.slack.message_content import View
from adapters.slack.records.audit_lines import describe
from domain.cases.views import HomeView
from domain.records.audit import SYSTEM, Action, Entry
from tests.adapters.slack.inspection import check_view, labels, said
from tests.adapters.slack.samples import NOW, TEAM_URL, case, our_account


def home(**changes: Any) -> View:  # noqa: ANN401 - any field of the view
    view = HomeView(
        user_id="U0SAM",
        made_at=NOW,
        mine=[],
        unclaimed=[],
        due_soon=[],
        waiting=[],
        counts={"open": 1},
        **changes,
    )
    shown = render_home(view, team_url=TEAM_URL, account_of=our_account)
    check_view(shown)
    return shown


def test_home_offers_to_be_away_where_there_is_a_rota() -> None:
    assert "For an hour" not in labels(home())
    there = home(has_rota=True)
    assert "For an hour" in labels(there)
    assert "you are given cases that nobody has claimed" in said(there)
    away = home(has_rota=True, away_until=NOW)
    assert "I am back" in labels(away)
    assert "For an hour" not in labels(away)
    assert "You are away until" in said(away)


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        ("stale", "↩️ Back in the queue: <@U0SAM> had it and did nothing in it while the customer waited"),
        ("deactivated", "↩️ Back in the queue: <@U0SAM> had it, who is no longer in Slack"),
        ("left", "↩️ Back in the queue: <@U0SAM> had it, who is no longer on the team"),
        ("<b>", "↩️ Back in the queue: <@U0SAM> had it"),
    ],
)
def test_the_thread_says_why_a_claim_returned(reason: str, text: str) -> None:
    detail = {"from": "U0SAM", "reason": reason}
    entry = Entry(at=NOW, actor=SYSTEM, action=Action.CLAIM_RETURNED, case_id=1, version=2, detail=detail)
    assert describe(entry) == text


def test_people_are_told_of_what_they_are_given_and_what_returned() -> None:
    def told(action: Action, holder: str | None) -> str:
        content = render_notification(
            case(claimed_by=holder), action=action.value, actor=SYSTEM, to="U0SAM", team_url=TEAM_URL
        )
        return content["text"]

    assert told(Action.ASSIGNED, "U0SAM").startswith("Switchboard has assigned you a case: <https://acme")
    returned = told(Action.CLAIM_RETURNED, None)
    assert returned.startswith("↩️ Your case went back to the queue: <https://acme")
    assert returned.endswith(". The thread says why.")
