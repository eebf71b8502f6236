"""Hold the posts of every network to the contract of `domain.intake.posts.Post`."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

import pytest

from adapters.networks.entry import NetworkEntry
from adapters.networks.registry import NETWORKS
from adapters.networks.x import X_NETWORK
from adapters.settings.environment import from_mapping
from bot import SystemClock
from domain.intake.posts import MatchReason, revision_order
from domain.networks import Capability, SocialNetwork
from tests.adapters.networks.x.servers import sandbox_x
from tests.town import TOWN, a_town


@dataclass(frozen=True, kw_only=True)
class StandIn:
    """A network's client, and what customers do on the network that stands in for the real one.

    `write` and `edit` return the new revision's id; `edit` is `None` where posts cannot be edited.
    """

    client: SocialNetwork
    write: Callable[[str], str]
    edit: Callable[[str, str], str] | None = None


@asynccontextmanager
async def an_x() -> AsyncIterator[StandIn]:
    async with sandbox_x() as (client, network):
        author = network.accounts.get("ana", "Ana")
        yield StandIn(
            client=client,
            write=lambda text: network.post(author, text).id,
            edit=lambda post_id, text: network.edit(post_id, text).id,
        )


@asynccontextmanager
async def in_town() -> AsyncIterator[StandIn]:
    async with a_town() as (town, address):
        settings = from_mapping(TOWN.settings, {"TOWN_API_URL": address, "TOWN_KEY": "key"})
        client = TOWN.build(settings, SystemClock())
        yield StandIn(client=client, write=lambda text: town.post("ana", text))


STAND_INS: Mapping[str, Callable[[], AbstractAsyncContextManager[StandIn]]] = {
    X_NETWORK.name: an_x,
    TOWN.name: in_town,
}
every_network = pytest.mark.parametrize("entry", [*NETWORKS.values(), TOWN], ids=lambda entry: entry.name)


@every_network
async def test_revision_ids_sort_by_age(entry: NetworkEntry) -> None:
    async with STAND_INS[entry.name]() as there:
        account = await there.client.account()
        written = [there.write(f"@{account.handle} number {number}") for number in range(12)]
        read = [post.revision_id for post in (await there.client.mentions(account, None)).posts]
        assert read == written
        assert sorted(read, key=revision_order) == written
        if there.edit is None:
            return
        newest = there.edit(written[0], f"@{account.handle} number 0, edited")
        assert max([*written, newest], key=revision_order) == newest
        [edited] = [
            post for post in (await there.client.mentions(account, None)).posts if "edited" in post.text
        ]
        assert (edited.id, edited.revision_id) == (written[0], newest)


@every_network
async def test_each_post_says_why_it_came(entry: NetworkEntry) -> None:
    async with STAND_INS[entry.name]() as there:
        account = await there.client.account()
        there.write(f"@{account.handle} your zebra app is down")
        [mention] = (await there.client.mentions(account, None)).posts
        assert (mention.match_reason, mention.reply_block) == (MatchReason.MENTION, None)
        if Capability.SEARCH not in entry.profile.capabilities:
            return
        there.write("this zebra app is down again")
        query = entry.build_query(["zebra app"], [])
        assert query is not None
        found = (await there.client.search(account, query, None)).posts
        assert [post.match_reason for post in found] == [MatchReason.MENTION, MatchReason.SEARCH]
