"""`/mentions summary` and `export`: who may, what is answered at once, and where the report comes."""

import asyncio
import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import AsyncMock
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from adapters.slack.modal_client import ModalError
from adapters.slack.reports.values import decode_report
from domain.access import Standing
from domain.delivery.outcomes import Done, Failed, Outcome
from domain.reports.filters import FilterKey
from handlers.context import AppContext
from handlers.desk import Desk
from handlers.slack import quick_answers, report_charts, report_export, reports
from handlers.slack.commands import run_command
from handlers.slack.listeners import on_command, on_press
from handlers.slack.roles import require_nothing, require_reports
from storage.engine import Store
from storage.unit_of_work import UnitOfWork
from tests.handlers.made import MIA, NOW, SAM, queued
from tests.handlers.slack.listening import Ack, Directory, a_slack_context, ephemerals, opened_views
from tests.storage.golden_cases import CASES, store_golden

MIDDLE = NOW.date() - timedelta(days=3)
WHOLE = f"{MIDDLE - timedelta(days=1)}..{MIDDLE + timedelta(days=1)}"
MANAGER = "U0RUTH"


@dataclass
class TeamChat:
    """Keep what is sent to direct messages."""

    progress: list[str] = field(default_factory=list)
    posts: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    outcome: Outcome = field(default_factory=lambda: Done({"channel": "D1", "ts": "1.1"}))
    files: list[tuple[str, str]] = field(default_factory=list)
    shown: list[Mapping[str, Any]] = field(default_factory=list)
    refuses: bool = False

    async def post(
        self,
        channel: str,
        content: Mapping[str, Any],
        *,
        token: str,
        thread_ts: None = None,
        metadata: None = None,
    ) -> Outcome:
        assert (thread_ts, metadata) == (None, None)
        assert channel
        assert token
        self.progress.append(content["text"])
        self.posts.append((channel, content))
        return self.outcome

    async def upload_picture(self, name: str, content: bytes, *, alt_text: str) -> str | None:
        assert content.startswith(b"\x89PNG")
        assert (name, "mention" in alt_text) == ("summary.png", True)
        return None if self.refuses else "F1"

    async def update(self, channel: str, ts: str, content: Mapping[str, Any]) -> Outcome:
        assert (channel, ts) == ("D1", "1.1")
        self.progress.append(content["text"])
        self.shown.append(content)
        return Done()

    async def send_file(self, user_id: str, *, name: str, content: Path, text: str) -> Outcome:
        assert user_id
        assert "docs/figures.md" in text
        if self.refuses:
            return Failed("no")
        self.files.append((name, await asyncio.to_thread(content.read_text, encoding="utf-8")))
        return Done()


@pytest.fixture
def golden(store: Store) -> Store:
    with store.unit_of_work() as uow:
        store_golden(uow, MIDDLE, ZoneInfo("UTC"))
    return store


async def answer(ctx: AppContext, typed: str, *, user: str = SAM) -> dict[str, Any]:
    """Run the command; return what it is acknowledged with, after the background has ended."""
    ack: Any = Ack()
    command = {"user_id": user, "text": typed, "channel_id": "C1", "response_url": "https://slack.example/r"}
    await on_command(ctx, run_command, authorize=require_nothing)(ack=ack, command=command)
    await asyncio.gather(*ctx.background._tasks)
    [given] = ack.given
    return given  # type: ignore[no-any-return]


async def press(ctx: AppContext, action: Any, value: str, *, user: str = SAM) -> None:  # noqa: ANN401 - a listener
    body = {
        "user": {"id": user},
        "actions": [{"action_id": "report.share", "value": value}],
        "channel": {"id": "C1"},
        "trigger_id": "t",
        "response_url": "https://slack.example/r2",
    }
    ack: Any = Ack()
    await on_press(ctx, action, authorize=require_reports)(ack=ack, body=body)
    await asyncio.gather(*ctx.background._tasks)


async def test_a_summary_is_acknowledged_at_once_and_answered_where_it_was_asked(
    golden: Store, desk: Desk
) -> None:
    ctx = a_slack_context(desk, team_chat=TeamChat(refuses=True))
    assert await answer(ctx, f"summary {WHOLE} language:en") == {}
    [(url, content, in_channel)] = responses(ctx)
    assert (url, in_channel) == ("https://slack.example/r", False)
    shown = json.dumps(content["blocks"], ensure_ascii=False)
    assert "only language:en" in shown
    assert "10 cases" in shown
    [buttons] = [block for block in content["blocks"] if block["type"] == "actions"]
    period, filters = decode_report(buttons["elements"][0]["value"])
    assert (period.count, dict(filters.values)) == (3, {FilterKey.LANGUAGE: ("en",)})

    assert "Everybody in the channel sees" in json.dumps(buttons["elements"][0]["confirm"])
    await press(ctx, report_charts.share, buttons["elements"][0]["value"])
    assert "on its way to the channel" in responses(ctx)[-1][1]["text"]
    [queued_share] = [row["payload"] for row in queued(golden, "share_summary")]
    assert decode_report(queued_share["report"]) == (period, filters)
    assert (queued_share["channel"], queued_share["user_id"]) == ("C1", SAM)
    with golden.engine.connect() as connection:
        rows = connection.execute(
            text("SELECT actor, detail FROM audit WHERE action = 'summary_shared'")
        ).all()
    assert [row.actor for row in rows] == [SAM]
    await press(ctx, reports._show_table, buttons["elements"][1]["value"])
    await press(ctx, reports._explain, buttons["elements"][2]["value"])
    table, explained = opened_views(ctx)
    assert "mentions" in json.dumps(table)
    assert "A mention is a public post" in json.dumps(explained)


async def test_a_table_that_takes_long_says_so_and_comes_in_its_place(
    golden: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quick_answers, "QUICK_SECONDS", 0.0)
    ctx = a_slack_context(desk)
    value = json.dumps(["last_days", 7, 0, 1, "UTC", ""])
    await press(ctx, reports._show_table, value)
    await asyncio.gather(*ctx.background._tasks)
    waiting, table = opened_views(ctx)
    assert "of last 7 days are being counted" in json.dumps(waiting)
    assert "if they do not, close this and press Show as table again" in json.dumps(waiting)
    assert "mentions" in json.dumps(table)

    def fail(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(reports, "summarise_with_situations", fail)
    await press(ctx, reports._show_table, value)
    await asyncio.gather(*ctx.background._tasks)
    assert "could not be counted" in json.dumps(opened_views(ctx)[-1])


async def test_nothing_is_counted_on_for_a_table_that_did_not_open(
    golden: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = asyncio.Event()

    async def count(*_: object) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    monkeypatch.setattr(quick_answers, "QUICK_SECONDS", 0.0)
    monkeypatch.setattr(reports, "_table", count)
    ctx = a_slack_context(desk)
    monkeypatch.setattr(ctx.modals, "open_view", AsyncMock(side_effect=ModalError("Slack is away")))
    await press(ctx, reports._show_table, json.dumps(["last_days", 7, 0, 1, "UTC", ""]))
    await asyncio.wait_for(stopped.wait(), 30)


async def test_a_period_before_the_first_message_is_not_said_to_be_empty(golden: Store, desk: Desk) -> None:
    ctx = a_slack_context(desk, team_chat=TeamChat(refuses=True))
    for typed in (WHOLE, "2020-01-01..2020-01-31"):
        await answer(ctx, f"summary {typed}")
    [known, before] = (json.dumps(content["blocks"], ensure_ascii=False) for _, content, _ in responses(ctx))
    assert "nothing is known of the 3 days before" in known
    assert "Nothing is known of this time" in before
    assert "1 Jan to 31 Jan 2020" in before


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("summary lately", "“lately” is no period that can be read. Try `7d`"),
        ("summary 2026-02-30", "a day or a number that does not exist"),
        ("export 7d 30d", "“7d” and “30d” are two periods, and a report has one. Ask for each by itself."),
        ("summary lasst week", "“lasst week” is no period that can be read. Did you mean `last week`?"),
        ("topics letzte Woche", "“letzte Woche” is no period that can be read. Did you mean `last week`?"),
        (
            "summary 11/01/2026",
            "days are written year-month-day. Did you mean `2026-01-11` or `2026-11-01`?",
        ),
        ("causes 31.02.", "“31.02.” has a day or a number that does not exist. Try"),
        (
            "summary tomorrow",
            "has not begun yet, so there is nothing to count. What is expected says `/mentions outlook`",
        ),
        ("summary ..2026-11-07", "does not say when it begins. Write its first day, too."),
        (
            "summary #support 7d",
            "“#support” is neither a period nor a filter. Did you mean `channel:#support`?",
        ),
        ("export xlsx 7d", "“xlsx” is neither a period nor a filter. Try `7d`"),
        ("summary agent:Kai Tanaka", 'Did you mean `agent:"Kai Tanaka"`?'),
        ("summary lang:es", "“lang:es” is no filter. Did you mean `language:es`?"),
        ("summary language:", "has nothing behind its colon. Filters are"),
        ("summary 14:00", "is a time of day; a period has whole days, or the last hours. Try"),
        ("summary https://acme.example/1", "is a link, and no filter. Filters are"),
        ("summary from:2026-11-01", "a period stands by itself. Try"),
        ("summary outage:99999", "There is no outage “99999”."),
        ("outlook language:es", "`/mentions outlook` takes no period and no filter"),
        ("completeness 30d", "it shows each of the last 14 days"),
        ("digest weekly", "it lists the summaries that come by themselves"),
        ("summary colour:red", "“colour:red” is no filter. Filters are"),
        ("export situation:sad", "There is no situation “sad”. It can be `situation:safety_or_legal`"),
        ("summary agent:nobody", "There is no agent “nobody”."),
        ("summary language:klingonese", "There is no language “klingonese”. It can be `language:ar`"),
        ("summary 0001-01-01", "is before there was anything to count"),
        ("summary " + " ".join(f"outage:{10**17 + number}" for number in range(80)), "too many filters"),
    ],
)
async def test_what_cannot_be_read_is_refused_with_examples(ctx: AppContext, typed: str, said: str) -> None:
    assert said in (await answer(ctx, typed))["text"]
    assert responses(ctx) == []


async def test_an_agent_is_proposed_as_they_can_be_typed(desk: Desk) -> None:
    known = {SAM: "Sam Okafor", "U0SAM2": "Sam Silva", MIA: "Mia Lindqvist", "U0BOT": "Switchboard"}
    directory = Directory(known=known, standings={"U0BOT": Standing.BOT}, groups={"@managers": {MANAGER}})
    ctx = a_slack_context(desk, reports_group="@managers", directory=directory)
    unknown = (await answer(ctx, "summary agent:nobody", user=MANAGER))["text"]
    assert unknown == (
        "There is no agent “nobody”. It can be `agent:me`, "
        '`agent:"Mia Lindqvist"`, `agent:"Sam Okafor"`, `agent:"Sam Silva"`.'
    )
    several = (await answer(ctx, "summary agent:sam", user=MANAGER))["text"]
    assert several == (
        'Several agents are called “sam”. Say which one: `agent:"Sam Okafor"`, `agent:"Sam Silva"`.'
    )
    assert await answer(ctx, 'summary agent:"Sam Silva" 7d', user=MANAGER) == {}


async def test_who_asked_is_told_of_a_report_that_fails(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_uow: UnitOfWork, **_question: object) -> None:
        raise OSError("the disk is full")

    for module, name in ((reports, "summarise"), (report_export, "begin_export")):
        monkeypatch.setattr(module, name, fail)
    chat = TeamChat()
    ctx = a_slack_context(desk, team_chat=chat)
    await answer(ctx, "summary 7d", user=MIA)
    await answer(ctx, "export 7d", user=MIA)
    assert [content["text"] for _, content, _ in responses(ctx)] == [
        "Summary of last 7 days: it failed. Try again in a minute."
    ]
    assert ["it failed, and no file was sent" in said for said in chat.progress] == [True]
    assert "a summary failed" in caplog.text


async def test_agents_may_see_reports_unless_a_group_is_set_and_then_only_its_members(desk: Desk) -> None:
    ctx = a_slack_context(desk)
    assert "only members of #support may act here" in (await answer(ctx, "summary", user=MANAGER))["text"]
    assert await answer(ctx, "summary agent:me") == {}
    ctx = a_slack_context(desk, reports_group="@managers", groups={"@managers": {MANAGER}})
    assert "are for members of @managers" in (await answer(ctx, "export", user=SAM))["text"]
    assert await answer(ctx, "summary", user=MANAGER) == {}
    assert "only members of #support may act here" in (await answer(ctx, "next", user=MANAGER))["text"]
    value = json.dumps(["last_days", 7, 0, 1, "UTC", ""])
    await press(ctx, reports._show_table, value, user=SAM)
    assert "are for members of @managers" in ephemerals(ctx)[-1]


async def test_a_spreadsheet_of_the_export_has_the_figures_of_the_summary(golden: Store, desk: Desk) -> None:
    chat = TeamChat()
    ctx = a_slack_context(desk, team_chat=chat)
    answered = await answer(ctx, f"export {WHOLE}")
    assert "It comes to your direct messages" in answered["text"]
    [(name, content)] = chat.files
    assert name == f"mentions-{MIDDLE - timedelta(days=1)}-to-{MIDDLE + timedelta(days=1)}.csv"
    rows = list(csv.DictReader(content.splitlines()))
    kinds = [row["record"] for row in rows]
    # As in tests/storage/test_figures.py: 12 cases, 16 mentions by 11 people.
    assert (kinds.count("case"), kinds.count("mention")) == (12, 16)
    assert len({row["person"] for row in rows if row["record"] == "mention"}) == 11
    first = [row for row in rows if row["kind"] == "first"]
    seconds = [int(row["seconds"]) for row in first if row["seconds"]]
    assert median(seconds) == median(60 * told.answered for told in CASES if told.answered)
    in_target = [row["in_target"] for row in first]
    assert (in_target.count("yes"), in_target.count("no")) == (9, 2)
    assert kinds.count("resolution") == 4
    assert {row["day"] for row in rows} == {str(MIDDLE + timedelta(days=day)) for day in (-1, 0, 1)}
    assert "ana" not in content
    assert chat.progress[-1].endswith(f"{len(rows)} rows. The file is below.")

    await answer(ctx, f"export jsonl {WHOLE} language:es")
    lines = [json.loads(line) for line in chat.files[-1][1].splitlines()]
    assert {line["language"] for line in lines} == {"es"}
    assert chat.files[-1][0].endswith(".jsonl")
    with golden.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM audit WHERE action = 'figures_exported'")) == 2


async def test_an_export_is_read_in_pages_without_a_row_twice(
    golden: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = TeamChat()
    ctx = a_slack_context(desk, team_chat=chat)
    await answer(ctx, f"export jsonl {WHOLE}")
    monkeypatch.setattr("handlers.reports.exports.PAGE", 2)
    await answer(ctx, f"export jsonl {WHOLE}")
    whole, paged = ([_without_person(line) for line in file[1].splitlines()] for file in chat.files)
    assert whole == paged


async def test_an_export_that_cannot_be_sent_says_so(golden: Store, desk: Desk) -> None:
    chat = TeamChat(refuses=True)
    await answer(a_slack_context(desk, team_chat=chat), f"export {WHOLE}", user=MIA)
    assert "it failed, and no file was sent" in chat.progress[-1]


def _without_person(line: str) -> dict[str, Any]:
    return {name: value for name, value in json.loads(line).items() if name != "person"}


def responses(ctx: AppContext) -> list[tuple[str, Any, bool]]:
    modals: Any = ctx.modals
    return list(modals.responses)
