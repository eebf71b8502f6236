"""`/mentions outlook`: who may, what is answered at once, and what its buttons show."""

import json
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers.context import AppContext
from handlers.desk import Desk
from handlers.slack import outlook
from storage.engine import Store
from storage.unit_of_work import UnitOfWork
from tests.handlers.made import MIA, NOW, SAM
from tests.handlers.slack.listening import a_slack_context, ephemerals, opened_views
from tests.handlers.slack.test_reports import MANAGER, answer, press, responses
from tests.storage.golden_cases import store_golden


async def test_an_outlook_is_acknowledged_at_once_and_answered_where_it_was_asked(
    store: Store, ctx: AppContext
) -> None:
    with store.unit_of_work() as uow:
        store_golden(uow, NOW.date() - timedelta(days=3), ZoneInfo("UTC"))
    assert await answer(ctx, "outlook") == {}
    [(url, content, in_channel)] = responses(ctx)
    assert (url, in_channel) == ("https://slack.example/r", False)
    assert content["text"].startswith("Staffing outlook: ")
    await press(ctx, outlook._show_table, "outlook")
    await press(ctx, outlook._explain, "outlook")
    table, explained = opened_views(ctx)
    assert "come" in json.dumps(table)
    assert "Erlang C" in json.dumps(explained)


async def test_an_outlook_is_for_whom_summaries_are(desk: Desk) -> None:
    ctx = a_slack_context(desk, reports_group="@managers", groups={"@managers": {MANAGER}})
    assert "are for members of @managers" in (await answer(ctx, "outlook", user=SAM))["text"]
    assert await answer(ctx, "outlook", user=MANAGER) == {}
    assert [content["text"] for _, content, _ in responses(ctx)] == [
        "Nothing is known yet: no message came before this hour. Ask again in a few days."
    ]
    await press(ctx, outlook._show_table, "outlook", user=SAM)
    assert "are for members of @managers" in ephemerals(ctx)[-1]


async def test_who_asked_is_told_of_an_outlook_that_fails(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_uow: UnitOfWork, **_asked: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(outlook, "view_outlook", fail)
    ctx = a_slack_context(desk)
    await answer(ctx, "outlook", user=MIA)
    [(_, content, _)] = responses(ctx)
    assert content["text"] == "Staffing outlook: it failed. Try again in a minute."
    assert "an outlook failed" in caplog.text
