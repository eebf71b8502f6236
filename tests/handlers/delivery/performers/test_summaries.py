"""Post shared summaries and send charts by the outbox: once, and whoever pressed hears where that failed."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from adapters.slack.message_content import Content
from adapters.slack.modal_client import NOT_SHARED, ModalError
from adapters.slack.reports.ids import ReportAction
from adapters.slack.reports.refusals import MAYBE_SENT, render_share_begun
from adapters.slack.reports.values import encode_report
from domain.delivery.outcomes import Absent, Done, Failed, Finding, Outcome, Unknown
from domain.policy import Roles
from domain.reports.filters import FilterKey, Filters
from domain.reports.periods import Period, PeriodKind
from handlers.context import AppContext
from handlers.delivery.performers import summaries
from handlers.desk import Desk
from handlers.slack import report_charts
from handlers.slack.listeners import PressHandler, on_press
from handlers.slack.roles import require_reports
from storage.engine import Store
from storage.unit_of_work import UnitOfWork
from tests.handlers.delivery.performers.scripted import ManualClock, deliver
from tests.handlers.made import NOW, SAM, alerts, queued
from tests.handlers.slack.listening import Ack, a_slack_context, ephemerals
from tests.handlers.slack.made_requests import copies, of_press
from tests.handlers.slack.test_app import Answering
from tests.handlers.slack.test_press_once import Killed
from tests.storage.golden_cases import store_golden

MIDDLE = NOW.date() - timedelta(days=3)
#: As in tests/storage/test_figures.py: 16 mentions; the first answers took 5, 10, 10, 15, 20, … 90 minutes.
FINDING = "16 mentions; most on Wed 18 Nov: 10. First answers: half within 25\N{NO-BREAK SPACE}min."
URL = "https://slack.example/r2"
BOTH = pytest.mark.parametrize("act", [report_charts.share, report_charts.send_chart], ids=["share", "chart"])
GONE = Failed("the bot is no member", "not_in_channel", route_broken=True)


@dataclass
class Chat:
    """A team chat with scripted outcomes and findings, then success and `Absent`."""

    outcomes: list[Outcome] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    posts: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    takes_pictures: bool = True

    async def post(
        self, channel: str, content: Mapping[str, Any], *, token: str, thread_ts: None, metadata: None
    ) -> Outcome:
        assert thread_ts is metadata is None
        self.posts.append((channel, content))
        self.tokens.append(token)
        return self.outcomes.pop(0) if self.outcomes else Done({"channel": channel, "ts": "1.1"})

    async def find(self, channel: str, *, token: str, since: object) -> Finding:
        assert (channel, token) == (self.posts[-1][0], self.tokens[-1])
        assert since
        return self.findings.pop(0) if self.findings else Absent()

    async def upload_picture(self, name: str, content: bytes, *, alt_text: str) -> str | None:
        assert content.startswith(b"\x89PNG")
        assert (name, alt_text) == ("summary.png", FINDING)
        return "F1" if self.takes_pictures else None


@pytest.fixture(autouse=True)
def _golden(store: Store) -> None:
    with store.unit_of_work() as uow:
        store_golden(uow, MIDDLE, ZoneInfo("UTC"))


@pytest.fixture
def chat() -> Chat:
    return Chat()


@pytest.fixture
def ctx(desk: Desk, chat: Chat) -> AppContext:
    return a_slack_context(desk, team_chat=chat, clock=ManualClock())


def value(**filters: tuple[str, ...]) -> str:
    whole = Period(
        kind=PeriodKind.DATES,
        count=3,
        since=NOW.replace(hour=0) - timedelta(days=4),
        until=NOW.replace(hour=0) - timedelta(days=1),
        zone=ZoneInfo("UTC"),
    )
    return encode_report(whole, Filters({FilterKey(key): chosen for key, chosen in filters.items()}))


async def press(ctx: AppContext, act: PressHandler, pressed: str | None = None) -> None:
    body = {
        "user": {"id": SAM},
        "actions": [{"action_id": "report.share", "value": pressed or value()}],
        "channel": {"id": "C1"},
        "trigger_id": "t",
        "response_url": URL,
    }
    ack: Any = Ack()
    await on_press(ctx, act, authorize=require_reports)(ack=ack, body=body)
    assert ack.given == [{}]
    await asyncio.gather(*ctx.background._tasks)


def responses(ctx: AppContext) -> list[tuple[str, Content, bool]]:
    modals: Any = ctx.modals
    return list(modals.responses)


async def test_a_summary_is_shared_in_the_channel_with_its_chart(
    store: Store, ctx: AppContext, chat: Chat
) -> None:
    await press(ctx, report_charts.share)
    assert chat.posts == []
    await deliver(ctx)
    [(channel, shared)] = chat.posts
    assert channel == "C1"
    image = shared["blocks"][2]
    assert (image["type"], image["slack_file"], image["alt_text"]) == ("image", {"id": "F1"}, FINDING)
    assert "image" not in [block["type"] for block in shared["plain"]["blocks"]]
    assert f"Shared by <@{SAM}>" in json.dumps(shared["blocks"])
    assert not [block for block in shared["blocks"] if block["type"] == "actions"]
    assert responses(ctx) == [(URL, render_share_begun(), False)]
    assert alerts(store) == []


async def test_the_chart_comes_as_a_direct_message_and_where_it_was_asked_for_it_is_said(
    store: Store, ctx: AppContext, chat: Chat
) -> None:
    await press(ctx, report_charts.send_chart)
    await deliver(ctx)
    [(person, chart)] = chat.posts
    assert (person, chart["text"], chart["blocks"][2]["alt_text"]) == (SAM, FINDING, FINDING)
    [(url, told, in_channel)] = responses(ctx)
    assert (url, told["text"], in_channel) == (URL, "The chart is in your direct messages.", False)
    assert alerts(store) == []


@BOTH
async def test_what_was_pressed_before_a_kill_comes_after_it_once(
    store: Store, ctx: AppContext, chat: Chat, act: PressHandler
) -> None:
    """Slack had not answered yet when the process ended: the next one looks, and finds it."""
    await press(ctx, act)
    chat.outcomes, chat.findings = [Unknown("the bot was killed")], [Done({"channel": "C1", "ts": "1.1"})]
    await deliver(ctx)
    assert len(chat.posts) == 1
    await deliver(ctx)
    assert len(chat.posts) == 1
    assert [row["state"] for row in queued(store)] == ["sent"]
    assert ephemerals(ctx) == []


@BOTH
async def test_what_did_not_arrive_is_sent_again(ctx: AppContext, chat: Chat, act: PressHandler) -> None:
    await press(ctx, act)
    chat.outcomes = [Unknown("no answer")]
    await deliver(ctx)
    assert len(chat.posts) == 2
    assert len(set(chat.tokens)) == 1


@BOTH
async def test_where_slack_cannot_be_asked_whoever_pressed_is_told_to_look(
    store: Store, ctx: AppContext, chat: Chat, act: PressHandler
) -> None:
    await press(ctx, act)
    chat.outcomes, chat.findings = [Unknown("no answer")], [Failed("not_in_channel")] * 9
    await deliver(ctx)
    assert [channel for channel, _ in chat.posts[1:]] == [SAM]
    assert alerts(store) == [MAYBE_SENT]


async def test_where_the_bot_is_no_member_the_response_url_takes_it_without_the_chart(
    store: Store, ctx: AppContext, chat: Chat
) -> None:
    await press(ctx, report_charts.share)
    chat.outcomes = [GONE]
    await deliver(ctx)
    begun, (url, content, in_channel) = responses(ctx)
    assert begun == (URL, render_share_begun(), False)
    [(_, posted)] = chat.posts
    assert (url, in_channel, content["blocks"]) == (URL, True, posted["plain"]["blocks"])
    assert [row["state"] for row in queued(store)] == ["sent"]


async def test_a_summary_that_cannot_be_posted_at_all_is_told(
    store: Store, ctx: AppContext, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object, **__: object) -> None:
        raise ModalError(NOT_SHARED)

    monkeypatch.setattr(ctx.modals, "respond", refuse)
    await press(ctx, report_charts.share)
    chat.outcomes = [GONE]
    await deliver(ctx)
    said = (
        "The summary was not shared in #C1: the bot is no member. Press “Share in channel” again; or copy it."
    )
    assert alerts(store) == [said]
    assert [channel for channel, _ in chat.posts] == ["C1", SAM]


async def test_a_chart_that_slack_refuses_is_told(store: Store, ctx: AppContext, chat: Chat) -> None:
    await press(ctx, report_charts.send_chart)
    chat.outcomes = [Failed("they take no messages")]
    await deliver(ctx)
    said = "The chart could not be sent: they take no messages. Press “Send me the chart” again."
    assert alerts(store) == [said]
    assert responses(ctx) == []


@BOTH
async def test_where_it_cannot_be_made_it_is_tried_again_and_then_told(
    store: Store, ctx: AppContext, chat: Chat, act: PressHandler, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[object] = []

    def fail(_uow: UnitOfWork, **asked: object) -> None:
        tries.append(asked)
        raise ValueError("secret")

    monkeypatch.setattr(summaries, "summarise_with_trend", fail)
    await press(ctx, act)
    await deliver(ctx)
    assert len(tries) == 6
    [text] = alerts(store)
    assert "it could not be made (ValueError) (tried 6 times)" in text
    assert [channel for channel, _ in chat.posts] == [SAM]


async def test_without_a_picture_the_words_come(ctx: AppContext, chat: Chat) -> None:
    chat.takes_pictures = False
    for act in (report_charts.share, report_charts.send_chart):
        await press(ctx, act)
    await deliver(ctx)
    assert sorted(channel for channel, _ in chat.posts) == ["C1", SAM]
    assert "image" not in str([content["blocks"] for _, content in chat.posts])


async def test_who_may_not_see_contact_data_does_not_by_sharing_it(
    ctx: AppContext, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    def render(*_: object, **__: object) -> Content:
        return Content(text="ana@example.com", blocks=[])

    monkeypatch.setattr(summaries, "render_summary", render)
    hiding = replace(ctx, policy=replace(ctx.policy, roles=Roles(contact_data=frozenset())))
    await press(hiding, report_charts.share)
    await deliver(hiding)
    [(_, shared)] = chat.posts
    assert shared["text"] == "a…@example.com"


async def test_figures_of_an_agent_are_not_shared(store: Store, ctx: AppContext) -> None:
    await press(ctx, report_charts.share, value(agent=(SAM,)))
    assert queued(store) == []
    assert ephemerals(ctx) == ["Figures of an agent are not for a channel. Nothing was posted."]


@pytest.mark.parametrize("button", [ReportAction.SHARE, ReportAction.CHART])
async def test_a_press_that_comes_again_to_another_copy_queues_nothing_more(
    store: Store, monkeypatch: pytest.MonkeyPatch, button: ReportAction
) -> None:
    monkeypatch.setattr("slack_sdk.web.async_client.AsyncWebClient.auth_test", Answering.auth_test)
    body = of_press({"type": "button", "action_id": button, "value": value()})

    def killed(*_: object, **__: object) -> None:
        raise Killed

    with copies(store) as (one, two):
        with monkeypatch.context() as dying:
            dying.setattr("handlers.slack.request_gate.remember_handled", killed)
            await one.hear(body)
        await two.hear(body)
    assert [row["payload"]["channel"] for row in queued(store)] == ["C1"]
