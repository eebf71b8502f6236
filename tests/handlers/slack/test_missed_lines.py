"""Send lines to customers that were never handled, or tell their authors."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.cases.case import CardThread, Case
from domain.records.audit import Action
from handlers.context import AppContext
from handlers.replies.private import DELIVERED_REACTION, FAILED_REACTION
from handlers.slack.missed_lines import AT_ONCE, READ_AGAIN, MissedLines
from handlers.slack.thread_replies import handle_mention
from storage.engine import Store
from tests.handlers.delivery.performers.scripted import ManualClock
from tests.handlers.made import MIA, NOW, SAM, messages, trail
from tests.handlers.slack.handoff_forms import CARD, CHANNEL, in_private
from tests.handlers.slack.listening import ephemerals

RECENT, OLD = timedelta(minutes=2), timedelta(hours=1)


def line(text: str, ago: timedelta, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any field of a message
    """Build what Slack lists of a line that Sam wrote."""
    return {"type": "message", "user": SAM, "ts": f"{(NOW - ago).timestamp():.6f}", "text": text, **more}


def reaction(name: str, by: str = "U0BOT") -> dict[str, Any]:
    """Build the reactions of a message."""
    return {"reactions": [{"name": name, "users": [by], "count": 1}]}


def listed(ctx: AppContext, *lines: dict[str, Any]) -> AppContext:
    """Set what stands in the case's thread, and the present time."""
    modals: Any = ctx.modals
    modals.threads[CHANNEL, CARD] = list(lines)
    clock = ManualClock()
    clock.moment = NOW
    return replace(ctx, clock=clock)


def ours(store: Store, case: Case) -> list[str]:
    """Return what was written to the customer."""
    return [message.text for message in messages(store, case.id) if message.sent_by is not None]


async def test_a_recent_line_that_was_never_handled_is_sent_once(store: Store, ctx: AppContext) -> None:
    case = in_private(store)
    ctx = listed(ctx, line("<@U0BOT> It is 49 €", RECENT), line("a note to colleagues", RECENT))
    for _ in range(2):
        await MissedLines().read(ctx)
    assert ours(store, case) == ["It is 49 €"]
    assert Action.LINE_MISSED not in {entry.action for entry in trail(store, case.id)}
    # Slack may still deliver the event.
    await handle_mention(ctx, line("<@U0BOT> It is 49 €", RECENT, channel=CHANNEL, thread_ts=CARD))
    assert ours(store, case) == ["It is 49 €"]
    assert ephemerals(ctx) == []


async def test_of_an_old_line_its_author_is_told_in_the_thread_once(store: Store, ctx: AppContext) -> None:
    case = in_private(store)
    ctx = listed(ctx, line("<@U0BOT> Just a minute", OLD), line("<@U0BOT> And this?", RECENT, user=MIA))
    for _ in range(2):
        await MissedLines().read(ctx)
    assert ours(store, case) == []
    [told] = [entry for entry in trail(store, case.id) if entry.action is Action.LINE_MISSED]
    assert (told.actor, told.detail["written_at"]) == (SAM, (NOW - OLD).isoformat())
    assert "<@U0SAM> claimed this case" in ephemerals(ctx)[0]


async def test_a_line_is_not_sent_after_what_was_written_later(store: Store, ctx: AppContext) -> None:
    case = in_private(store)
    ctx = listed(ctx)
    await handle_mention(ctx, line("<@U0BOT> Once more: 49 €", timedelta(), channel=CHANNEL, thread_ts=CARD))
    await MissedLines().read(listed(ctx, line("<@U0BOT> It is 49 €", RECENT)))
    assert ours(store, case) == ["Once more: 49 €"]
    assert trail(store, case.id)[-1].action is Action.LINE_MISSED


async def test_what_was_refused_or_sent_is_marked_and_not_told_again(store: Store, ctx: AppContext) -> None:
    case = in_private(store)
    ctx = listed(ctx)
    refused = line("<@U0BOT> Hi", RECENT, user=MIA)
    await handle_mention(ctx, {**refused, "channel": CHANNEL, "thread_ts": CARD})
    chat: Any = ctx.team_chat
    assert chat.added == [(CHANNEL, refused["ts"], FAILED_REACTION)]
    told = len(ephemerals(ctx))
    await MissedLines().read(
        listed(
            ctx,
            {**refused, **reaction(FAILED_REACTION)},
            line("<@U0BOT> Sent before the database was restored", OLD, **reaction(DELIVERED_REACTION)),
            line("<@U0BOT> a program wrote this", RECENT, bot_id="B0OTHER"),
            line("", RECENT, subtype="tombstone"),
        )
    )
    assert (ours(store, case), len(ephemerals(ctx))) == ([], told)
    assert Action.LINE_MISSED not in {entry.action for entry in trail(store, case.id)}
    # A colleague's reaction marks nothing.
    await MissedLines().read(listed(ctx, line("<@U0BOT> Hello", RECENT, **reaction(FAILED_REACTION, by=MIA))))
    assert ours(store, case) == ["Hello"]


async def test_where_slack_does_not_answer_the_next_run_looks_again(store: Store, ctx: AppContext) -> None:
    case = in_private(store)
    ctx, missed = listed(ctx), MissedLines()
    modals: Any = ctx.modals
    modals.threads[CHANNEL, CARD] = None
    await missed.read(ctx)
    await missed.read(listed(ctx, line("<@U0BOT> It is 49 €", RECENT)))
    assert ours(store, case) == ["It is 49 €"]


async def test_a_thread_that_slack_never_gives_holds_up_no_other(
    ctx: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = [CardThread(case_id=number, channel="C1", ts=str(number)) for number in range(AT_ONCE)]
    monkeypatch.setattr("handlers.slack.missed_lines.threads_in_private", lambda _uow, limit: threads[:limit])
    ctx, missed = listed(ctx), MissedLines()
    modals: Any = ctx.modals
    modals.threads["C1", "0"] = None
    clock: Any = ctx.clock
    for times in (1, 2):
        for _ in range(3):
            await missed.read(ctx)
        assert [modals.read.count(("C1", one.ts)) for one in threads[1:]] == [times] * (AT_ONCE - 1)
        clock.moment += READ_AGAIN


async def test_a_few_threads_are_read_at_a_time_and_all_again_later(
    ctx: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = [CardThread(case_id=number, channel="C1", ts=str(number)) for number in range(AT_ONCE + 1)]
    monkeypatch.setattr("handlers.slack.missed_lines.threads_in_private", lambda _uow, limit: threads[:limit])
    ctx, missed = listed(ctx), MissedLines()
    modals: Any = ctx.modals
    clock: Any = ctx.clock
    for read in (AT_ONCE, AT_ONCE + 1, AT_ONCE + 1):
        await missed.read(ctx)
        assert len(modals.read) == read
    clock.moment += READ_AGAIN
    await missed.read(ctx)
    assert len(modals.read) == 2 * AT_ONCE + 1
    clock.moment -= 2 * READ_AGAIN
    await missed.read(ctx)
    assert len(modals.read) == 3 * AT_ONCE + 1
    assert modals.read[-AT_ONCE:] == [("C1", one.ts) for one in threads[:AT_ONCE]]
