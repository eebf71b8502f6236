"""Run two networks at once, the second registered by the test.

Posts are answered and conversations moved on the network that they came from.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from adapters.networks.entry import NetworkEntry
from adapters.networks.registry import NETWORKS
from bot import check
from domain.intake.stream_names import MENTIONS, SEARCH
from domain.networks import Capability
from sandbox.x.messaging import SEND
from tests.handoff_stories import AT_ONCE, OFTEN, claimed, handoff_form, offer, say, wait_until_delivered
from tests.stories import SAM, SUPPORT, Story, details, running_story, shown
from tests.town import TOWN, Town, a_town

REPLY = "Thank you for telling us, we are on it."


#: Both networks are searched for posts that do not name us.
SEARCHING = AT_ONCE.replace("[intake]", '[intake]\nsearch_terms = ["eats my payment"]')


@dataclass
class TwoNetworks:
    """A story on X, and the town."""

    story: Story
    town: Town


@asynccontextmanager
async def two_networks(
    folder: Path, database_url: str, *, choices: str = AT_ONCE, second: NetworkEntry = TOWN
) -> AsyncIterator[TwoNetworks]:
    """Run a bot on X and in the town, which is registered as `second`."""
    async with a_town() as (town, address):
        more = {"TOWN_API_URL": address, "TOWN_KEY": "key"}
        registry = {**NETWORKS, second.name: second}
        async with running_story(
            folder, database_url, choices=choices, x_limits=OFTEN, more=more, registry=registry
        ) as story:
            yield TwoNetworks(story, town)


@pytest.fixture
async def both(tmp_path: Path, database_url: str) -> AsyncIterator[TwoNetworks]:
    """A bot on X and in the town."""
    async with two_networks(tmp_path, database_url) as both:
        yield both


def timers(story: Story) -> set[str]:
    """Return the names of the bot's timers."""
    assert story.bot is not None
    assert story.bot.running is not None
    return {timer.name for timer in story.bot.running.schedule.timers}


async def test_a_mention_on_each_network_is_a_card_that_names_it(both: TwoNetworks) -> None:
    both.story.customer_writes("@acme the zebra app eats my payment")
    both.town.post("tara", "@acme_in_town the giraffe app eats my payment")
    on_x, in_town = await both.story.card("zebra"), await both.story.card("giraffe")
    assert "View\N{NO-BREAK SPACE}on\N{NO-BREAK SPACE}X" in shown(on_x)
    assert "it mentions @acme" in shown(await details(both.story, on_x["ts"]))
    assert "View on Town Square".replace(" ", "\N{NO-BREAK SPACE}") in shown(in_town)
    assert "it mentions @acme_in_town" in shown(await details(both.story, in_town["ts"]))
    assert {f"read {MENTIONS} on X", f"read {MENTIONS} on Town Square"} <= timers(both.story)


async def test_an_answer_goes_to_the_network_of_its_case_alone(both: TwoNetworks) -> None:
    post_id = both.town.post("tara", "@acme_in_town the giraffe app eats my payment")
    both.story.customer_writes("@acme the zebra app eats my payment")
    in_town, on_x = await both.story.card("giraffe"), await both.story.card("zebra")
    await both.story.world.slack.press(SAM, SUPPORT, in_town["ts"], "case.answer")
    view = await both.story.form(SAM)
    assert view["title"]["text"] == "Answer on Town Square"
    assert "/ 50" in shown(view)
    await both.story.world.slack.submit(SAM, view["id"], {"answer.text": REPLY})
    await both.story.card_shows(in_town["ts"], "Sent")
    assert [(one["to"], one["text"]) for one in both.town.replies] == [(post_id, REPLY)]
    assert both.story.our_posts() == []
    await both.story.answer(SAM, on_x["ts"], "Sorry about that, it is mended.")
    await both.story.card_shows(on_x["ts"], "Sent")
    assert both.story.our_posts() == ["Sorry about that, it is mended."]
    assert len(both.town.replies) == 1


async def test_a_search_hit_is_answered_where_its_network_lets_us(tmp_path: Path, database_url: str) -> None:
    async with two_networks(tmp_path, database_url, choices=SEARCHING) as both:
        both.story.customer_writes("the zebra app eats my payment", who="grumbler")
        post_id = both.town.post("tara", "the giraffe app eats my payment")
        on_x, in_town = await both.story.card("zebra"), await both.story.card("giraffe")
        assert "it matched a search" in shown(await details(both.story, on_x["ts"]))
        assert "No reply can be sent from here" in shown(on_x)
        assert "it matched a search" in shown(await details(both.story, in_town["ts"]))
        assert "No reply can be sent from here" not in shown(in_town)
        await both.story.answer(SAM, in_town["ts"], REPLY)
        await both.story.card_shows(in_town["ts"], "Sent")
        assert [(one["to"], one["text"]) for one in both.town.replies] == [(post_id, REPLY)]


async def test_only_a_network_that_can_search_is_searched(tmp_path: Path, database_url: str) -> None:
    profile = replace(TOWN.profile, capabilities=frozenset({Capability.DIRECT_MESSAGES}))
    blind = replace(TOWN, profile=profile)
    async with two_networks(tmp_path, database_url, choices=SEARCHING, second=blind) as both:
        story = both.story
        assert f"read {SEARCH} on X" in timers(story)
        assert f"read {SEARCH} on Town Square" not in timers(story)
        (story.folder / ".env").write_text(
            "".join(f'{name}="{value}"\n' for name, value in story.environment.items())
        )
        await story.stop()
        searched = [line for line in await check(story.folder, story.registry) if line.name == "Search"]
        assert [(line.ok, line.detail) for line in searched] == [
            (
                None,
                "Town Square has none: intake.accounts and intake.search_terms do not apply to it",
            )
        ]


async def test_a_conversation_moves_to_the_direct_messages_of_its_own_network(both: TwoNetworks) -> None:
    story, town = both.story, both.town
    town.post("tara", "@acme_in_town the giraffe app eats my payment")
    ts = await claimed(story, "giraffe")
    form = await handoff_form(story, ts, "dm")
    assert "https://town.example/write/t-1" in shown(form)
    assert "x.com" not in shown(form)
    assert "charges" not in shown(form)
    await story.world.slack.submit(SAM, form["id"])
    await story.until(lambda: town.replies, "the line in the town")
    assert "https://town.example/write/t-1" in town.replies[0]["text"]
    town.write("tara", "here I am, my order is 4711")
    await story.thread_shows(ts, "order is 4711")
    await story.card_shows(ts, "Verified")
    said = await say(story, ts, "Thank you, a new one is on its way.")
    await wait_until_delivered(story, ts, said)
    ours = [one for one in town.messages if one["sender"] == "t-1"]
    assert [(one["to"], one["text"]) for one in ours] == [("tara", "Thank you, a new one is on its way.")]
    assert story.world.ledger.of("x", SEND) == []


async def test_the_same_handle_on_two_networks_is_two_customers(both: TwoNetworks) -> None:
    both.story.customer_writes("@acme the zebra app eats my payment", who="tara")
    both.town.post("tara", "@acme_in_town the giraffe app eats my payment")
    one, other = await both.story.card("zebra"), await both.story.card("giraffe")
    assert one["ts"] != other["ts"]
    ts = await claimed(both.story, "zebra")
    await offer(both.story, ts, "dm")
    both.town.write("tara", "the elephant is another matter")
    await both.story.thread_shows(other["ts"], "elephant")
    assert "elephant" not in shown({"blocks": [], "text": str(both.story.world.slack.thread(SUPPORT, ts))})
