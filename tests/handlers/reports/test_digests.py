"""Book and post digests: each day of a plan once, whatever happens in between."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, text

from domain.delivery.report_effects import PostDigest
from domain.reports.digests import Cadence, DigestPlan
from handlers.context import AppContext
from handlers.desk import Desk
from handlers.reports.digests import book_digest_now, book_due_digests, get_digest, record_posted_digest
from handlers.slack import digests
from handlers.slack.commands import run_command
from handlers.slack.listeners import on_command, on_press
from handlers.slack.roles import require_nothing, require_reports
from storage.digest_tables import digests as table
from storage.engine import Store
from tests.handlers.delivery.performers.test_cards import FakeTeamChat, a_harness
from tests.handlers.made import NOW, POLICY, SAM, do, networks
from tests.handlers.slack.listening import Ack, a_slack_context
from tests.handlers.timers.test_mentions import Network
from tests.storage.golden_cases import store_golden

BERLIN = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)
# NOW is a Saturday, 13:00 in Berlin.
WEEKLY = DigestPlan(channel="C1", cadence=Cadence.WEEKLY, at=time(9), zone=BERLIN)
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def book(store: Store, now: datetime, *plans: DigestPlan) -> list[tuple[str, str]]:
    """Book what is due; return the day and the channel of each that is on its way."""
    do(store, book_due_digests, plans=plans or (WEEKLY,), now=now)
    with store.engine.connect() as connection:
        ids = [
            row[0]
            for row in connection.execute(text("SELECT payload FROM outbox WHERE kind = 'post_digest'"))
        ]
        rows = connection.execute(select(table.c.day, table.c.channel).order_by(table.c.id)).all()
    return [(str(day), channel) for day, channel in rows][-len(ids) :] if ids else []


def newest(store: Store) -> int:
    with store.engine.connect() as connection:
        return int(connection.scalar(select(func.max(table.c.id))) or 0)


def test_a_new_plan_begins_with_its_next_day_and_each_day_comes_once(store: Store) -> None:
    assert book(store, NOW) == []
    assert book(store, MONDAY - timedelta(seconds=1)) == []
    assert book(store, MONDAY) == [("2026-11-23", "C1")]
    for later in range(6):
        assert book(store, MONDAY + later * DAY) == [("2026-11-23", "C1")]
    assert len(book(store, MONDAY + 7 * DAY)) == 2


def test_of_what_was_missed_the_newest_comes_once_with_its_own_days(store: Store) -> None:
    book(store, NOW)
    assert book(store, MONDAY + 16 * DAY) == [("2026-12-07", "C1")]
    digest = do(store, get_digest, digest_id=newest(store))
    assert [str(digest.period.days[at].date) for at in (0, -1)] == ["2026-11-30", "2026-12-06"]
    assert digest.booked_at - digest.due_at == 2 * DAY
    assert (digest.period, digest.filters) == (WEEKLY.period(date(2026, 12, 7)), WEEKLY.filters)


def test_another_time_of_the_same_day_sends_no_second_one(store: Store) -> None:
    book(store, NOW)
    book(store, MONDAY)
    later = replace(WEEKLY, at=time(18), zone=ZoneInfo("America/New_York"))
    assert len(book(store, MONDAY + DAY, later)) == 1
    friday = replace(WEEKLY, weekday=4)
    assert len(book(store, MONDAY + DAY, friday)) == 1
    assert book(store, MONDAY + 4 * DAY, friday)[-1] == ("2026-11-27", "C1")


def test_a_night_of_25_hours_has_one_digest_of_the_day(store: Store) -> None:
    nightly = replace(WEEKLY, cadence=Cadence.DAILY, at=time(2, 30))
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    book(store, first - DAY, nightly)
    for minutes in range(0, 180, 20):
        assert len(book(store, first + timedelta(minutes=minutes), nightly)) == 1
    assert len(book(store, first + timedelta(hours=25), nightly)) == 2


def test_a_person_has_one_sent_beside_the_plan(store: Store) -> None:
    book(store, NOW)
    today = NOW.astimezone(BERLIN).date()
    for nonce in ("a", "a", "b"):
        do(store, book_digest_now, plan=WEEKLY, day=today, nonce=nonce, user_id=SAM, now=NOW)
    with store.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM outbox WHERE kind = 'post_digest'")) == 2
        rows = connection.execute(text("SELECT actor FROM audit WHERE action = 'digest_sent'")).all()
    assert [row.actor for row in rows] == [SAM, SAM]
    assert book(store, MONDAY)[-1] == ("2026-11-23", "C1")


async def test_it_is_posted_once_with_its_chart(store: Store, desk: Desk) -> None:
    with store.unit_of_work() as uow:
        store_golden(uow, date(2026, 11, 18), BERLIN)
    book(store, NOW)
    book(store, MONDAY)
    harness = a_harness(desk, networks(Network()))
    harness.clock.moment = MONDAY
    await harness.settle()
    [(channel, ts)] = harness.chat.messages
    assert channel == "C1"
    shown = harness.chat.messages[channel, ts]
    # Of the week before nothing is stored: there is nothing to compare with.
    assert shown["blocks"][2]["alt_text"].startswith("16 mentions; most on Wed 18 Nov: 10.")
    assert shown["text"] == "Weekly digest: Answer the one that waits for more than a day"
    assert do(store, get_digest, digest_id=newest(store)).posted_ts == ts
    # Queued again though it is recorded: nothing is sent.
    do(store, record_posted_digest, digest_id=newest(store), ts=ts)
    again = PostDigest(newest(store), "C1")
    with store.unit_of_work() as uow:
        uow.outbox.add([again], now=MONDAY)
    await harness.settle()
    assert len(harness.chat.messages) == 1


async def test_a_digest_that_cannot_be_posted_is_told(store: Store, desk: Desk) -> None:
    book(store, NOW)
    book(store, MONDAY)
    harness = a_harness(desk, networks(Network()))
    harness.clock.moment = MONDAY
    harness.chat.archived = {"C1"}
    await harness.settle()
    [(channel, _)] = harness.chat.messages
    assert channel == POLICY.alert_channel
    assert "A digest could not be posted in C1" in str(harness.chat.messages)


@pytest.fixture
def ctx(desk: Desk) -> AppContext:
    made = a_slack_context(desk, team_chat=FakeTeamChat())
    return replace(made, policy=replace(made.policy, digests=(WEEKLY,)))


async def test_a_manager_looks_at_the_next_ones_previews_and_sends_one(store: Store, ctx: AppContext) -> None:
    ack: Any = Ack()
    command = {
        "user_id": SAM,
        "text": "digest",
        "channel_id": "C9",
        "response_url": "https://slack.example/r",
    }
    await on_command(ctx, run_command, authorize=require_nothing)(ack=ack, command=command)
    [answered] = ack.given
    preview, send = (button["value"] for button in answered["blocks"][1]["elements"])
    await press(ctx, digests.preview, preview)
    chat: Any = ctx.team_chat
    [(channel, _)] = chat.messages
    assert channel == SAM
    assert "only you see" in str(chat.messages)
    for _ in range(2):
        await press(ctx, digests.send_now, send)
    with store.engine.connect() as connection:
        rows = connection.execute(select(table.c.asked_by, table.c.until)).all()
    assert [(row.asked_by, row.until) for row in rows] == [(SAM, datetime(2026, 11, 20, 23, 0, tzinfo=UTC))]
    modals: Any = ctx.modals
    told = [content["text"] for _, content, _ in modals.responses]
    assert told == [
        "The preview is in your direct messages.",
        "It is on its way to the channel.",
        digests.SENT_BEFORE,
    ]
    await press(replace(ctx, policy=POLICY), digests.send_now, send)
    assert modals.ephemerals == [digests.GONE]


async def press(ctx: AppContext, action: Any, value: str) -> None:  # noqa: ANN401 - a listener
    body = {
        "user": {"id": SAM},
        "actions": [{"action_id": "report.digest", "value": value}],
        "channel": {"id": "C9"},
        "trigger_id": "t",
        "response_url": "https://slack.example/r",
    }
    ack: Any = Ack()
    await on_press(ctx, action, authorize=require_reports)(ack=ack, body=body)
    await asyncio.gather(*ctx.background._tasks)
