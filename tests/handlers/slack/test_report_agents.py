"""`/mentions agents`: managers see all agents, an agent only themselves, and nobody else anything."""

import json
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.reports.agents import AgentFigures
from handlers.context import AppContext
from handlers.desk import Desk
from handlers.slack import report_agents, report_charts
from storage.engine import Store
from tests.adapters.slack.inspection import breakable
from tests.handlers.made import NOW, SAM, queued
from tests.handlers.slack.listening import a_slack_context, ephemerals
from tests.handlers.slack.test_reports import MANAGER, MIDDLE, WHOLE, answer, press, responses
from tests.storage.golden_cases import store_golden

LONG = f"{MIDDLE - timedelta(days=1)}..{NOW.date()}"


async def shown(ctx: AppContext, typed: str, user: str) -> str:
    assert await answer(ctx, typed, user=user) == {}
    url, content, in_channel = responses(ctx)[-1]
    assert (url, in_channel) == ("https://slack.example/r", False)
    return breakable(json.dumps(content["blocks"], ensure_ascii=False))


async def test_a_manager_sees_all_and_an_agent_themselves(store: Store, desk: Desk) -> None:
    with store.unit_of_work() as uow:
        store_golden(uow, MIDDLE, ZoneInfo("UTC"))
    ctx = a_slack_context(desk, reports_group="@managers", groups={"@managers": {MANAGER}})
    every = await shown(ctx, f"agents {WHOLE}", MANAGER)
    assert "2 agents: 9 answers" in every
    assert '"text": "U1"' in every
    for line in (
        "  8 answers · holds 1 case",
        "first answers half within 25 min (5 to 60 min, 8)",
        "100 % in time (68 to 100 %, 8) · still broken after 14 % (3 to 51 %, 7)",
        "resolved 4, 1 came back",
    ):
        assert f'"text": "{line}"' in every
    assert "this is no ranking" in every
    assert "may lie by chance alone (95 %), and of how many it is" in every
    assert "Share" not in every
    assert '"text": "U1"' not in await shown(ctx, f"agents {WHOLE} agent:{SAM}", MANAGER)

    own = await shown(ctx, f"agents {WHOLE} agent:mia", SAM)
    assert "Your figures: 0 answers" in own
    assert f'"user_id": "{SAM}"' in own
    assert '"text": "U1"' not in own
    assert "Only you and members of @managers see this." in own
    refused = await answer(ctx, "agents", user="U0NOBODY")
    assert "only members of #support may act here" in refused["text"]


async def test_where_nobody_answered_it_says_so_and_warns_of_no_ranking(desk: Desk) -> None:
    ctx = a_slack_context(desk, reports_group="@managers", groups={"@managers": {MANAGER}})
    nobody = await shown(ctx, "agents 7d", MANAGER)
    assert "*Nobody answered a customer, and nobody holds a case*" in nobody
    assert "ranking" not in nobody
    assert "Your figures: 0 answers" in await shown(ctx, "agents 7d", SAM)


async def test_without_a_managers_group_nobody_sees_others(store: Store, desk: Desk) -> None:
    with store.unit_of_work() as uow:
        store_golden(uow, MIDDLE, ZoneInfo("UTC"))
    own = await shown(a_slack_context(desk), f"agents {WHOLE}", SAM)
    assert '"text": "U1"' not in own
    assert "reports.managers_group" in own
    ctx = a_slack_context(desk)
    for report in ("summary", "fairness", "export", "topics", "causes"):
        assert "for their managers" in (await answer(ctx, f"{report} {WHOLE} agent:U0MIA", user=SAM))["text"]
    assert responses(ctx) == []
    await answer(ctx, f"summary {WHOLE} agent:me", user=SAM)
    assert f"agent:{SAM}" in responses(ctx)[-1][1]["blocks"][-2]["elements"][0]["value"]


async def test_figures_of_an_agent_are_shared_in_no_channel(store: Store, desk: Desk) -> None:
    ctx = a_slack_context(desk, reports_group="@managers", groups={"@managers": {MANAGER}})
    await answer(ctx, f"summary {WHOLE} agent:{SAM}", user=MANAGER)
    [(_, content, _)] = responses(ctx)
    [buttons] = [block for block in content["blocks"] if block["type"] == "actions"]
    assert "Share in channel" not in json.dumps(buttons)
    await press(ctx, report_charts.share, buttons["elements"][0]["value"], user=MANAGER)
    assert "not for a channel" in ephemerals(ctx)[-1]
    assert len(responses(ctx)) == 1
    assert queued(store) == []


async def test_of_many_agents_some_are_shown_and_a_failure_is_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def many(*_uow: object, **_question: object) -> list[AgentFigures]:
        return [AgentFigures(agent=f"U{number}") for number in range(45)]

    def fail(*_uow: object, **_question: object) -> Any:  # noqa: ANN401 - it never returns
        raise OSError("the disk is full")

    ctx = a_slack_context(desk, reports_group="@managers", groups={"@managers": {MANAGER}})
    monkeypatch.setattr(report_agents, "agent_figures", many)
    assert "5 more are not shown" in await shown(ctx, "agents", MANAGER)
    monkeypatch.setattr(report_agents, "agent_figures", fail)
    assert "it failed" in await shown(ctx, "agents", MANAGER)
