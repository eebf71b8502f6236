"""A history is written through the use cases, and leaves nothing to be sent."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from adapters.slack.people import SlackIdentity
from bot import Bot, build, connect
from domain.accounts import Account
from handlers.context import AppContext
from handlers.demo.history import CARDS_OF, write_history
from sandbox.history import simulate
from sandbox.history.events import Event, Linked, NoticeSent, OwnPost, Posted
from sandbox.slack import Limits
from sandbox.world import World, running
from storage.engine import Store, open_store
from tests.stories import QUICK

NOW = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
DIGEST = '[[reports.digests]]\nchannel = "#general"\n'
COMPONENTS = '[[outages.components]]\nname = "Payments"\n\n[[outages.components]]\nname = "Login"\n'


class At:
    """A clock that stands."""

    def now(self) -> datetime:
        return NOW


Connect = Callable[[Bot, SlackIdentity, Mapping[str, Account]], Awaitable[AppContext]]


async def connect_with_hard_rules(
    bot: Bot, identity: SlackIdentity, accounts: Mapping[str, Account]
) -> AppContext:
    """Connect, with rules of engagement that somebody has made hard, all of them."""
    ctx = await connect(bot, identity, accounts)
    return replace(
        ctx, rules=replace(ctx.rules, rules=[replace(rule, hard=True) for rule in ctx.rules.rules])
    )


@asynccontextmanager
async def written(
    folder: Path, events: Sequence[Event], connect: Connect = connect, choices: str = QUICK
) -> AsyncIterator[tuple[Store, list[OwnPost]]]:
    """Write the events into a database of their own; yield it, and our posts."""
    world = World.create()
    world.slack.limits = Limits.unpaced()
    (folder / "switchboard.toml").write_text(choices + DIGEST + COMPONENTS, encoding="utf-8")
    url = f"sqlite:///{folder / 'switchboard.db'}"
    async with running(world) as address:
        environment = {**world.environment(address), "DATABASE_URL": url}
        own_posts = await write_history(build, connect, At(), events, folder, environment)
    with closing(open_store(url)) as store:
        yield store, own_posts


async def test_a_rule_that_is_hard_by_now_blocks_nothing_of_the_past(tmp_path: Path) -> None:
    async with written(tmp_path, hours_and_an_outage(), connect_with_hard_rules) as (store, _):
        assert ask(store, "SELECT DISTINCT delivery FROM messages WHERE direction = 'out'") == [("sent",)]
        assert ask(store, "SELECT count(*) > 0 FROM audit WHERE detail LIKE '%promises_time%'") == [(1,)]


async def test_what_has_a_card_is_read_by_the_encoder_and_the_rest_by_the_rules(tmp_path: Path) -> None:
    recent = NOW - CARDS_OF
    events = [event for event in hours_and_an_outage() if isinstance(event, Posted)]
    assert 0 < sum(event.at >= recent for event in events) < len(events)
    async with written(tmp_path, events, choices="") as (store, _):
        of_encoder = "FROM messages JOIN message_vectors ON message_id = messages.id"
        [(count, first)] = ask(store, f"SELECT count(*), min(messages.created_at) {of_encoder}")
    assert count == sum(event.at >= recent for event in events)
    assert datetime.fromisoformat(first).replace(tzinfo=UTC) >= recent


def ask(store: Store, query: str) -> list[tuple[Any, ...]]:
    with store.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def hours_and_an_outage() -> list[Event]:
    events = simulate(NOW, days=7)
    about_it = {event.story for event in events if isinstance(event, Linked)}
    since = NOW - timedelta(hours=10)
    recent = {event.story for event in events if isinstance(event, Posted) and event.at > since}
    begun = {post.story for post in events if isinstance(post, Posted) and post.at <= since}
    kept = about_it | (recent - begun)
    return [event for event in events if event.story in kept or isinstance(event, NoticeSent)]


async def test_a_history_is_written_by_the_use_cases(tmp_path: Path) -> None:
    events = hours_and_an_outage()
    posted = [event for event in events if isinstance(event, Posted)]
    async with written(tmp_path, events) as (store, own_posts):
        # Everything has a time of the history, and nothing is left to be sent but the digest of Monday.
        assert ask(store, "SELECT DISTINCT state FROM outbox WHERE kind != 'post_digest'") == [("sent",)]
        assert ask(store, "SELECT state FROM outbox WHERE kind = 'post_digest'") == [("queued",)]
        assert ask(store, "SELECT day, posted_ts FROM digests ORDER BY id")[1:] == [("2026-11-23", None)]
        assert ask(store, "SELECT count(*) FROM audit WHERE at > '2026-11-27T15:01'") == [(0,)]
        # Every post is in a case, and every answer is sent.
        public = "venue = 'public' AND direction"
        assert ask(store, f"SELECT count(*) FROM messages WHERE {public} = 'in'") == [(len(posted),)]
        assert ask(store, "SELECT DISTINCT delivery FROM messages WHERE direction = 'out'") == [("sent",)]
        sent = ask(store, f"SELECT external_id FROM messages WHERE {public} = 'out'")
        notices = [post for post in own_posts if post.reply_to is None]
        assert {str(post_id) for (post_id,) in sent} == {post.post_id for post in own_posts} - {
            post.post_id for post in notices
        }
        # Each day up to now was compared with what the network lists.
        days = ask(store, "SELECT sum(listed), sum(held), max(day) FROM mention_days")
        assert days == [(len(posted), len(posted), "2026-11-27")]
        # The outage was announced in two languages, updated and resolved, and cases are linked to it.
        assert ask(store, "SELECT state FROM outages") == [("resolved",)]
        assert len(notices) == 6
        [(linked,)] = ask(store, "SELECT count(*) FROM outage_links WHERE state = 'confirmed'")
        assert linked == sum(isinstance(event, Linked) for event in events)
        # Suggestions were used, and nothing is learnt from dismissals.
        [(used,)] = ask(store, "SELECT count(*) FROM reply_choices WHERE chosen = suggested AND chosen != ''")
        assert used > 0
        assert ask(store, "SELECT count(*) FROM examples") == [(0,)]
        # Some are still waiting, most are resolved.
        counts = ask(store, "SELECT state, count(*) FROM cases GROUP BY state")
        states = dict(counts)
        assert states["resolved"] > states["open"] > 0
        # Of the last days' cases those have a card that do not wait for us.
        carded = ask(store, "SELECT DISTINCT state FROM cases WHERE card_ts IS NOT NULL ORDER BY state")
        assert carded == [("resolved",), ("waiting",)]
        bare = "SELECT count(*) FROM cases WHERE card_ts IS NULL AND state = 'waiting' AND opened_at >"
        assert ask(store, f"{bare} '2026-11-27T05'") == [(0,)]
        # The detection of spikes begins with the demo: no hour of the history is known to it.
        known = ask(store, "SELECT count(DISTINCT hour), min(authors), max(authors) FROM arrival_counts")
        assert known == [(1, 1, 1)]
