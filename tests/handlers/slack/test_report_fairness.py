"""`/mentions fairness`: who may, how many cases are read, and what a summary says of it."""

import json
import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.cases.waits import Wait, WaitKind
from domain.intake.posts import Author
from handlers.desk import Desk
from handlers.slack import report_charts, report_fairness
from storage.engine import Store
from tests.adapters.slack.inspection import breakable
from tests.handlers.delivery.performers.scripted import ManualClock, deliver
from tests.handlers.made import MIA, NOW, SAM, a_stored_case
from tests.handlers.slack.listening import a_slack_context
from tests.handlers.slack.test_reports import MANAGER, TeamChat, answer, press, responses
from tests.storage.made import a_case

ONE_SIDE = 25


@pytest.fixture
def loud_first(store: Store) -> None:
    """Store 25 cases of people with 5,000 followers, answered after 5 minutes or so, and 25 after 60."""
    with store.unit_of_work() as uow:
        for number in range(2 * ONE_SIDE):
            is_loud = number < ONE_SIDE
            author = Author(id=f"a{number}", handle=f"a{number}", name="", followers=5_000 if is_loud else 10)
            asked_at = NOW - timedelta(hours=30, minutes=number)
            [case] = uow.cases.add_many(
                [a_case(author=author, opened_at=asked_at, card_channel="C1", card_ts=f"{number}.1")]
            )
            seconds = (5 if is_loud else 60) * 60 + number % 7
            wait = Wait(id=0, case_id=case.id, kind=WaitKind.FIRST, asked_message_id=None, asked_at=asked_at)
            answered_at = asked_at + timedelta(seconds=seconds)
            uow.responses.add_many([replace(wait, answered_at=answered_at, office_seconds=seconds)])


@pytest.mark.usefixtures("loud_first")
async def test_it_is_answered_where_it_was_asked_and_its_table_and_a_line_of_the_summary_agree(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.reports.fairness.PAGE", 20)
    chat = TeamChat()
    ctx = a_slack_context(desk, team_chat=chat, clock=ManualClock())
    assert await answer(ctx, "fairness 7d", user=MIA) == {}
    [(url, content, in_channel)] = responses(ctx)
    assert (url, in_channel) == ("https://slack.example/r", False)
    told = "People with 1,000 followers or more waited 55 min less than others with the same situation"
    assert breakable(content["text"]).startswith(f"Last 7 days: The loud were served first. {told}")
    shown = json.dumps(content["blocks"])
    assert "50 cases in which a customer asked" in shown
    assert shown.count("https://acme.slack.example/archives/C1/p") == 4

    [buttons] = [block for block in content["blocks"] if block["type"] == "actions"]
    await press(ctx, report_fairness.show_ledger_table, buttons["elements"][0]["value"], user=MIA)
    for task in list(ctx.background._tasks):
        await task
    url, table, in_channel = responses(ctx)[-1]
    assert (url, in_channel) == ("https://slack.example/r2", False)
    assert "wait        *-55 min" in json.dumps(table["blocks"])

    await answer(ctx, "summary 7d", user=MIA)
    summary = breakable(json.dumps(responses(ctx)[-1][1]["blocks"], ensure_ascii=False))
    assert told in summary
    [buttons] = [block for block in responses(ctx)[-1][1]["blocks"] if block["type"] == "actions"]
    await press(ctx, report_charts.share, buttons["elements"][0]["value"], user=MIA)
    await deliver(ctx)
    [(channel, shared)] = chat.posts
    assert channel == "C1"
    in_the_channel = breakable(json.dumps(shared["blocks"], ensure_ascii=False))
    assert told not in in_the_channel  # for managers alone


@pytest.mark.usefixtures("loud_first")
@pytest.mark.parametrize("page", [20, 2_000])
async def test_of_too_many_cases_the_newest_are_compared(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    monkeypatch.setattr("handlers.reports.fairness.PAGE", page)
    monkeypatch.setattr(report_fairness, "MAX_CASES", 20)
    ctx = a_slack_context(desk)
    await answer(ctx, "fairness 7d", user=MIA)
    [(_, content, _)] = responses(ctx)
    assert "the newest 20 cases" in json.dumps(content["blocks"])


async def test_it_is_for_the_managers_group_and_says_so_where_it_fails(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_cases: object, **_options: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(report_fairness, "treated_cases", fail)
    ctx = a_slack_context(desk, reports_group="@managers", groups={"@managers": {MANAGER}})
    assert "are for members of @managers" in (await answer(ctx, "fairness", user=SAM))["text"]
    assert await answer(ctx, "fairness", user=MANAGER) == {}
    [(_, content, _)] = responses(ctx)
    assert content["text"] == "Fairness of last 7 days: it failed. Try again in a minute."


@pytest.mark.parametrize("is_slow", [True, False])
async def test_a_summary_neither_waits_for_the_ledger_nor_fails_with_it(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch, *, is_slow: bool
) -> None:
    a_stored_case(store, now=NOW - timedelta(hours=1))
    is_answered = threading.Event()

    def compare(*_cases: object, **_options: object) -> None:
        assert is_slow, "the comparison failed"
        is_answered.wait()

    monkeypatch.setattr(report_fairness, "MAX_SECONDS", 0.05)
    monkeypatch.setattr(report_fairness, "compare_treatment", compare)
    ctx = a_slack_context(desk)
    try:
        await answer(ctx, "summary 7d", user=MIA)
    finally:
        is_answered.set()
    [(_, content, _)] = responses(ctx)
    assert "Last 7 days" in content["text"]
    assert "not compared yet, see /mentions fairness" in json.dumps(content["blocks"])
