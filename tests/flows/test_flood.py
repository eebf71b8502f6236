"""Live through a flood: urgent cards come, the rest waits on the board, and nothing is lost."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot import Bot
from domain.delivery.effects import PostCard
from storage.flood_tables import flood_arrivals, floods
from storage.outbox_tables import outbox
from storage.unit_of_work import UnitOfWork
from tests.stories import MIA, PATIENCE, SAM, SUPPORT, Story, has_it, running_story, shown

CROWD = 140
FIRE = "@acme the power bank you sent is on fire, there is smoke everywhere"
BOARD = "More posts than this channel can take"


@pytest.fixture
async def story(tmp_path: Path, database_url: str) -> AsyncIterator[Story]:
    """A story that lasts long enough to need X's limits raised."""
    async with running_story(tmp_path, database_url, x_limits={"GET /2/users/:id/mentions": 10_000}) as story:
        yield story


def write(story: Story, count: int = CROWD) -> None:
    """Let a crowd write one harmless post each."""
    for number in range(count):
        story.customer_writes(f"@acme how do I change my address? (no. {number})", who=f"crowd{number}")


def messages(story: Story, words: str) -> list[dict[str, Any]]:
    return [message for message in story.world.slack.messages(SUPPORT) if words in shown(message)]


def cards(story: Story) -> list[dict[str, Any]]:
    return [message for message in story.world.slack.messages(SUPPORT) if "@crowd" in message.get("text", "")]


def card_of(story: Story, who: str) -> list[dict[str, Any]]:
    """Return the cards of this customer: one at most."""
    its = re.compile(rf"@{who}\b")
    return [one for one in story.world.slack.messages(SUPPORT) if its.search(one.get("text", ""))]


def bot_of(story: Story) -> Bot:
    assert story.bot is not None
    return story.bot


async def query(story: Story, sql: Any) -> Any:  # noqa: ANN401 - rows
    """Run a use case of the test's own."""
    return await bot_of(story).desk.run(sql)


def held(uow: UnitOfWork) -> int:
    return uow.held_cards.total(SUPPORT)


async def all_have_arrived(story: Story) -> None:
    """Wait until each of the posts has a case: one that came later would end the calm."""
    async with asyncio.timeout(PATIENCE):
        while await query(story, lambda uow: uow.cases.counts()["open"]) <= CROWD:  # noqa: ASYNC110 - no event tells
            await asyncio.sleep(0.1)


async def let_it_be_calm(story: Story) -> None:
    """Move all that is known of the flood five minutes into the past, until it has left.

    A timer that was under way may have read the flood before, and say afterwards that the calm begins now.
    """
    store, ago = bot_of(story).store, bot_of(story).clock.now() - timedelta(minutes=5)

    def shift() -> None:
        with store.engine.begin() as connection:
            connection.execute(flood_arrivals.delete())
            connection.execute(update(floods).where(floods.c.ended_at.is_(None)).values(calm_since=ago))

    async with asyncio.timeout(PATIENCE):
        while await query(story, lambda uow: uow.floods.active([SUPPORT])):
            await bot_of(story).desk.run_in_pool(shift)
            await asyncio.sleep(1)


async def sent_before(story: Story) -> int:
    """Count the cards that were on their way when the flood began: their posts are none of its mentions.

    What a flood holds back is queued anew later, so no other card was queued before.
    """
    store = bot_of(story).store
    before = (outbox.c.kind == PostCard.kind) & (
        outbox.c.created_at < select(floods.c.began_at).scalar_subquery()
    )

    def count() -> int:
        with store.engine.connect() as connection:
            return connection.execute(select(func.count()).where(before)).scalar_one()

    return await bot_of(story).desk.run_in_pool(count)


@pytest.mark.long(25)
async def test_a_flood_from_the_first_post_to_the_summary(story: Story) -> None:
    slack = story.world.slack
    write(story)
    board = await story.card(BOARD)
    story.customer_writes(FIRE, who="burning")
    await story.card("smoke everywhere")  # its card, or a row of the board with a button
    await story.until(lambda: card_of(story, "burning"), "the card of the urgent case")

    # The head of the queue has cards, and then it stops.
    await story.until(lambda: len(cards(story)) >= 9, "the head of the queue", seconds=60)
    before = len(cards(story))

    # Pull next 5: five more, once.
    await slack.press(SAM, SUPPORT, board["ts"], "flood.pull")
    assert "5 cards will be here" in story.ephemeral_text(SAM)
    await story.until(lambda: len(cards(story)) >= before + 5, "the cards that were pulled", seconds=60)
    await slack.press(MIA, SUPPORT, board["ts"], "flood.urgent")
    assert "burning" in shown(await story.form(MIA))

    # A case that is held back is found, and claimed from what was found.
    await slack.command(SAM, SUPPORT, "/mentions find crowd139")
    found = slack.ephemerals(SAM)[-1]
    assert "no card yet" in shown(found)
    claim = next(block["accessory"] for block in found["blocks"] if block.get("accessory"))
    await slack.act(SAM, claim, channel=SUPPORT, ts=found["ts"])
    await story.until(
        lambda: [one for one in card_of(story, "crowd139") if has_it(SAM) in shown(one)], "the claimed card"
    )

    # It leaves by itself, and says what happened.
    await all_have_arrived(story)
    await let_it_be_calm(story)
    mentions = CROWD + 1 - await sent_before(story)
    summary = await story.card(f"{mentions} mentions, 1 urgent, all with cards")
    waiting = await query(story, held)
    assert f"{waiting} cases without a card are in the queue" in shown(summary)
    await story.card_shows(board["ts"], "The flood is over.")
    assert len(messages(story, BOARD)) == 0, "the board says that it is over"

    # Nothing is lost: every case is in the queue, with a card or held back, and each has one card at most.
    counts = await query(story, lambda uow: dict(uow.cases.counts()))
    assert counts["open"] == CROWD + 1
    names = [message["text"] for message in cards(story)]
    assert len(names) == len(set(names))
    assert len(names) + waiting == CROWD

    # Cards are posted at once again.
    story.customer_writes("@acme where is my parcel?", who="latecomer")
    await story.card("where is my parcel")


async def test_the_queue_works_without_cards(story: Story) -> None:
    write(story)
    await story.card(BOARD)
    answer = await story.world.slack.command(SAM, SUPPORT, "/mentions next")
    assert "You have claimed" in shown(story.world.slack.ephemerals(SAM)[-1]), answer
    await story.until(
        lambda: [card for card in cards(story) if has_it(SAM) in shown(card)], "the card of the claimed case"
    )
