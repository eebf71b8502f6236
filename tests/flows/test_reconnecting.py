"""Reconnect in Socket Mode: events meanwhile are not lost, redelivered events count once."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import pytest

from adapters.slack.manifest import manifest
from sandbox.faults import Fault
from sandbox.slack.delivery import Ack
from tests.crash.bot_database import BotDatabase
from tests.stories import MIA, SAM, SUPPORT, Story, button, has_it, old_release, shown

pytestmark = pytest.mark.long(8)

COMPLAINT = "@acme third time the app eats my payment"
ANSWER = "Hi Ana, we are sorry. We are looking into it right now."
OPEN = "slack:apps.connections.open"
PATIENCE = 60.0  # seconds; slack_sdk checks its connection every few seconds, with backoff


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """SQLite only: the connection to Slack does not depend on the database."""
    return f"sqlite:///{tmp_path / 'switchboard.db'}"


@pytest.fixture
async def ts(story: Story) -> str:
    """The ts of a card, in a workspace that sends only the events of our manifest."""
    story.world.slack.install(manifest(socket_mode=True))
    story.world.slack.limits.ack_seconds = 3.0
    story.customer_writes(COMPLAINT)
    return str((await story.card("third time"))["ts"])


def connected(story: Story) -> int:
    """Count the connections that Slack would send to."""
    return sum(not c.draining and not c.socket.closed for c in story.world.slack.sockets.connections)


async def reconnected(story: Story) -> None:
    """Wait until the bot has a connection again."""
    await story.until(lambda: connected(story), "a connection", seconds=PATIENCE)


async def retry_until_answered(act: Callable[[], Awaitable[Ack]]) -> None:
    """Repeat the act, as people do, while Slack says that the app did not respond."""
    async with asyncio.timeout(PATIENCE):
        while True:
            if (await act()).answered:
                return
            await asyncio.sleep(0.2)


async def press_until_answered(story: Story, user: str, ts: str, action_id: str) -> None:
    """Press until the app responds."""
    await retry_until_answered(lambda: story.world.slack.press(user, SUPPORT, ts, action_id))


async def test_after_a_cut_connection_the_next_click_is_answered(story: Story, ts: str) -> None:
    assert story.world.slack.abort_connections() == 1
    await press_until_answered(story, SAM, ts, "case.claim")
    await story.card_shows(ts, has_it(SAM))


@pytest.mark.long(17)
async def test_what_happens_while_slack_cannot_be_reached_is_done_afterwards(story: Story, ts: str) -> None:
    story.world.faults.add(Fault(OPEN, "status", times=1, status=503, body="{}"))
    assert story.world.slack.abort_connections() == 1
    ack = await story.world.slack.press(SAM, SUPPORT, ts, "case.claim")
    assert ack.failure == "dispatch_failed"
    story.customer_writes("@acme and still nobody answers", who="benwu")
    await story.card("still nobody answers")
    await press_until_answered(story, SAM, ts, "case.claim")
    await story.card_shows(ts, has_it(SAM))


async def test_a_warned_connection_is_replaced_before_it_ends(story: Story, ts: str) -> None:
    assert await story.world.slack.disconnect("warning") == 1
    await press_until_answered(story, SAM, ts, "case.claim")
    await story.card_shows(ts, has_it(SAM))


async def test_a_refreshed_connection_loses_no_click(story: Story, ts: str) -> None:
    card = story.card_at(ts)
    for user, action_id, words in (
        (SAM, "case.claim", has_it(SAM)),
        (SAM, "case.release", "Claim Answer"),
        (MIA, "case.claim", has_it(MIA)),
    ):
        await story.world.slack.disconnect("refresh_requested")
        act = button(card, "case.claim") if action_id == "case.claim" else old_release(card)
        await retry_until_answered(partial(story.world.slack.act, user, act, channel=SUPPORT, ts=ts))
        card = await story.card_shows(ts, words)
    database = BotDatabase(story.environment["DATABASE_URL"])
    acts = database.query("SELECT actor, action FROM audit WHERE actor <> 'system' ORDER BY id")
    assert acts == [(SAM, "claimed"), (SAM, "released"), (MIA, "claimed")]


async def test_a_click_whose_ack_was_lost_with_the_connection_counts_once(story: Story, ts: str) -> None:
    await story.world.slack.press(SAM, SUPPORT, ts, "case.answer")
    view = await story.form(SAM)
    sending = asyncio.create_task(story.world.slack.submit(SAM, view["id"], {"answer.text": ANSWER}))
    await asyncio.sleep(0)
    story.world.slack.abort_connections()
    ack = await sending
    await reconnected(story)
    if not ack.answered:
        await retry_until_answered(lambda: story.world.slack.submit(SAM, view["id"], {"answer.text": ANSWER}))
    await story.card_shows(ts, "Sent")
    assert story.our_posts() == [ANSWER]
    audit = BotDatabase(story.environment["DATABASE_URL"]).query(
        "SELECT count(*) FROM audit WHERE action = 'reply_queued'"
    )
    assert audit == [(1,)]


async def test_an_event_that_was_not_acked_comes_again_over_the_new_connection(story: Story, ts: str) -> None:
    story.world.slack.limits.redelivery_seconds = (0.5,) * 100
    story.world.slack.abort_connections()
    story.world.slack.open_home(SAM)
    await story.until(lambda: story.world.slack.home(SAM), "App Home", seconds=PATIENCE)
    await story.world.slack.settled()
    assert story.world.ledger.of("slack", "event.given_up") == []


async def test_an_event_that_is_delivered_twice_changes_nothing_the_second_time(
    story: Story, ts: str
) -> None:
    story.world.slack.open_home(SAM)
    await story.until(lambda: story.world.slack.home(SAM), "App Home")
    database = BotDatabase(story.environment["DATABASE_URL"])
    before = (
        database.query("SELECT id, version, claimed_by FROM cases"),
        database.query("SELECT id FROM audit"),
    )
    home = shown(story.world.slack.home(SAM) or {})
    story.world.slack.redeliver()
    await story.world.slack.settled()
    assert story.world.ledger.of("slack", "event.given_up") == []
    await story.until(lambda: not database.unsettled(), "rest")
    assert (
        database.query("SELECT id, version, claimed_by FROM cases"),
        database.query("SELECT id FROM audit"),
    ) == before
    assert shown(story.world.slack.home(SAM) or {}) == home
