"""Render App Home for whoever acts on outages: what is open and unusual, and how to open an outage."""

from dataclasses import replace
from typing import Any

import pytest

from adapters.slack.home import render_home
from adapters.slack.message_content import View
from adapters.slack.outages.ids import OutageAction
from domain.cases.views import HomeView
from sandbox.slack.block_kit.walk import elements
from tests.adapters.slack.inspection import check_view, said
from tests.adapters.slack.samples import NOW, TEAM_URL, our_account
from tests.adapters.slack.test_team_home import SPIKE
from tests.outages import an_outage

NOTE = "The queue is shown to those who may act on it."


def home(**changes: Any) -> View:  # noqa: ANN401 - any field of a Home
    view = HomeView(
        user_id="U0LEO",
        made_at=NOW,
        mine=[],
        unclaimed=[],
        due_soon=[],
        waiting=[],
        chosen="only_outages",
        only_outages=True,
        problems=[NOTE],
    )
    drawn = render_home(replace(view, **changes), team_url=TEAM_URL, account_of=our_account)
    check_view(drawn)
    return drawn


def test_whoever_is_on_call_alone_sees_first_what_is_open_and_unusual() -> None:
    drawn = home(outages=[an_outage(opened_at=NOW)], spikes=[SPIKE])
    words = said(drawn)
    assert (
        words.index("Payments fail") < words.index("📈") < words.index("Open an outage…") < words.index(NOTE)
    )
    assert "Open alert" in words
    assert "⚠️" not in words, "that the queue is for others is no fault"
    assert OutageAction.OPEN in {one["action_id"] for _, one in elements(drawn["blocks"])}


def test_on_a_quiet_night_it_says_so() -> None:
    assert "No outage is open, and nothing unusual comes in." in said(home())
    assert "nothing unusual" not in said(home(spikes=[SPIKE]))


@pytest.mark.parametrize("may_open", [True, False])
def test_an_outage_is_opened_by_whoever_may_draft(*, may_open: bool) -> None:
    assert ("Open an outage…" in said(home(offers_outage=may_open))) is may_open


def test_an_agent_on_call_sees_spikes_above_the_queue() -> None:
    words = said(home(only_outages=False, chosen="all", problems=[], spikes=[SPIKE], counts={"open": 2}))
    assert words.index("📈") < words.index("*2* open")
    assert words.count("Open an outage…") == 1
