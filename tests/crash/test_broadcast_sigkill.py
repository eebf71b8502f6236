"""SIGKILL in the middle of a broadcast: each destination gets each notice exactly once."""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.destinations.cachet.profile import PROFILE as CACHET
from adapters.destinations.statuspage.profile import PROFILE as STATUSPAGE
from adapters.destinations.webhook.client import PROFILE as WEBHOOK
from adapters.networks.registry import NETWORKS
from domain.outages.destinations import ConnectedDestination, DestinationProfile, Destinations, Languages
from domain.outages.notices import NoticeKind, NoticeText, Version
from domain.outages.outage import Phase, Severity
from handlers.outages.notices import (
    NoticeContent,
    OutageFacts,
    approve_notice,
    open_outage,
)
from sandbox.faults import Fault
from sandbox.world import World
from storage.engine import open_store
from storage.schema import migrate
from tests.crash.bot_database import BotDatabase
from tests.handlers.made import do
from tests.handlers.outages.made import MIA_MAY, OUTAGE_POLICY, SAM_MAY, ListDestination, a_notice, submitted
from tests.processes import bot_in_world

CHOICES = '[triage]\nencoder = "none"\n'
#: Each life of the bot is killed while this call is under way.
MOMENTS = (
    "statuspage:POST *",
    "x:POST /2/tweets",
    "cachet:POST *",
    "webhook:POST",
    "statuspage:PATCH *",
)
SLOW = 1.5  # seconds
REACHED_WITHIN = 15.0  # seconds
SETTLES_WITHIN = 300.0  # seconds: an unknown outcome on X is looked for four times
NOTICES = (
    (NoticeKind.ANNOUNCEMENT, Phase.INVESTIGATING, "Card payments fail for some customers."),
    (NoticeKind.UPDATE, Phase.IDENTIFIED, "The cause is found, and is being mended."),
    (NoticeKind.RESOLUTION, Phase.RESOLVED, "Card payments work again."),
)
LEFT = "SELECT destination, state, due_at FROM outbox WHERE kind = 'send_notice' AND settled_at IS NULL"
UNDER_WAY = "SELECT destination FROM outbox WHERE kind = 'send_notice' AND state = 'sending'"
POSTS = DestinationProfile(name="x", label=NETWORKS["x"].profile.label, languages=Languages.EACH)
PROFILES = (POSTS, STATUSPAGE, CACHET, WEBHOOK)


def broadcast(url: str) -> None:
    """Have three notices of one outage approved, in a database that no bot uses yet."""
    migrate(url)
    store = open_store(url)
    where = Destinations(
        [ConnectedDestination(profile=profile, client=ListDestination()) for profile in PROFILES]
    )
    outage_id, now = 0, datetime.now(UTC)
    for kind, phase, words in NOTICES:
        content = NoticeContent(
            phase=phase,
            versions=(Version(language="en", problem=words),),
            texts=tuple(
                NoticeText(destination=one.name, language="en" if one is POSTS else "", text=words)
                for one in PROFILES
            ),
        )
        if kind is NoticeKind.ANNOUNCEMENT:
            facts = OutageFacts(title="Card payments fail", severity=Severity.MAJOR)
            outage, notice = do(
                store,
                open_outage,
                facts=facts,
                content=content,
                policy=OUTAGE_POLICY,
                actor=SAM_MAY,
                now=now,
            )
            outage_id = outage.id
        else:
            notice = a_notice(store, outage_id, kind, content, now=now)
        submitted(store, notice, where, now=now)
        do(
            store,
            approve_notice,
            notice_id=notice.id,
            seen=notice.digest,
            destinations=where,
            actor=MIA_MAY,
            now=now,
        )
    store.close()


def is_over(database: BotDatabase) -> bool:
    """Return whether all notices are settled, but for what a person is asked about on X."""
    left = database.query(LEFT)
    asked = [row for row in left if row[1:] == ("unsure", None)]
    return not left or (bool(asked) and all(destination == "notice:x" for destination, _, _ in left))


def told(world: World) -> dict[str, Counter[str]]:
    """Count how often each destination was told each text, at the other side."""
    texts = [words for _, _, words in NOTICES]
    incidents = list(world.statuspage.incidents.values())
    entries = list(world.cachet.entries["incidents"].values())
    return {
        "x": Counter(entry.detail["text"] for entry in world.ledger.of("x", "POST /2/tweets")),
        "statuspage": Counter(
            update["body"] for incident in incidents for update in incident["incident_updates"]
        ),
        "cachet": Counter(
            words
            for entry in entries
            for words in texts
            for one in (entry, *entry["updates"])
            if words in one["message"]
        ),
        "webhook": Counter(
            words
            for event in world.webhook.events.values()
            for words in texts
            if words in str(event["texts"])
        ),
    }


@pytest.mark.crash
@pytest.mark.long(60)
@pytest.mark.timeout(600)
async def test_each_destination_is_told_once(tmp_path: Path, database_url: str) -> None:
    broadcast(database_url)
    database = BotDatabase(database_url)
    interrupted: list[object] = []
    async with bot_in_world(tmp_path, database_url, choices=CHOICES) as (story, bot):
        world = story.world
        for call in MOMENTS:
            slow = world.faults.add(Fault(call, "slow", seconds=SLOW))
            for other in MOMENTS:
                world.faults.add(Fault(other, "slow", times=-1, seconds=SLOW))
            await bot.start()
            deadline = asyncio.get_running_loop().time() + REACHED_WITHIN
            while slow.times and asyncio.get_running_loop().time() < deadline and not is_over(database):  # noqa: ASYNC110 - a fault sets no event
                await asyncio.sleep(0.05)
            if not slow.times:
                await asyncio.sleep(SLOW / 3)
            await bot.kill()
            interrupted += database.query(UNDER_WAY)
            world.faults.clear()
            await database.expire_leases()
        await bot.start()
        await story.until(
            lambda: is_over(database),
            lambda: f"the end of the broadcast, of which {database.query(LEFT)} is left: {bot.log[-3000:]}",
            seconds=SETTLES_WITHIN,
        )
        assert len(interrupted) >= 3, f"the kills cut nothing short but {interrupted}"
        expected, seen = Counter(words for _, _, words in NOTICES), told(world)
        on_x = seen.pop("x")
        assert seen == dict.fromkeys(("statuspage", "cachet", "webhook"), expected)
        # A post that X does not list may still appear: a person is asked, and what follows it waits.
        assert max(on_x.values(), default=0) <= 1
        assert database.query(LEFT) or on_x == expected
        assert len(world.statuspage.incidents) == 1
        assert len(world.cachet.entries["incidents"]) == 1
