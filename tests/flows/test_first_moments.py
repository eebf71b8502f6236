"""Handle presses and replies that arrive before a card's ts is committed, or after the card has moved."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.cases.case import Case
from sandbox.faults import Fault
from tests.handoff_stories import AT_ONCE, OFTEN, claimed, customer_says, inbox, say, wait_until_delivered
from tests.stories import ONCALL, SAM, SUPPORT, Story, button, running_story

COMPLAINT = "@acme third time the app eats my payment"


@pytest.fixture
async def story(tmp_path: Path, database_url: str) -> AsyncIterator[Story]:
    async with running_story(tmp_path, database_url, choices=AT_ONCE, x_limits=OFTEN) as running:
        yield running


@pytest.fixture
def card_not_committed(story: Story) -> None:
    """Slack posts the next card but the response is lost, as in the time before the commit."""
    story.world.faults.add(Fault("slack:chat.postMessage", "lost-after"))
    story.world.faults.add(Fault("slack:conversations.history", "status", times=-1, status=503))


def the_case(story: Story) -> Case:
    assert story.bot is not None
    with story.bot.store.unit_of_work() as uow:
        [case] = uow.case_search.find([], limit=2)
        return case


@pytest.mark.usefixtures("card_not_committed")
async def test_what_is_written_below_a_card_that_was_just_posted_is_understood(story: Story) -> None:
    story.customer_writes(COMPLAINT)
    ts = (await story.card("eats my payment"))["ts"]
    await say(story, ts, "Hi Ana, it is your bank")
    await story.until(lambda: story.ephemeral_text(SAM), "a word to Sam")
    assert "in public only the answer form sends" in story.ephemeral_text(SAM)
    assert "belongs to no case" not in story.ephemeral_text(SAM)
    assert the_case(story).card_ts is None


@pytest.mark.usefixtures("card_not_committed")
async def test_after_a_restart_whose_card_it_is_is_known_before_it_is_noted(story: Story) -> None:
    story.customer_writes(COMPLAINT)
    ts = (await story.card("eats my payment"))["ts"]
    await story.stop()
    await story.start()
    await say(story, ts, "Hi Ana, it is your bank")
    await story.until(
        lambda: "in public only the answer form sends" in story.ephemeral_text(SAM), "a word to Sam"
    )
    assert the_case(story).card_ts is None


@pytest.mark.long(10)
@pytest.mark.usefixtures("card_not_committed")
async def test_what_is_pressed_on_a_card_that_was_just_posted_is_done(story: Story) -> None:
    story.customer_writes(COMPLAINT)
    card = await story.card("eats my payment")
    await story.world.slack.act(SAM, button(card, "case.claim"), channel=SUPPORT, ts=card["ts"])
    assert the_case(story).claimed_by == SAM
    await story.answer(SAM, card["ts"], "Hi Ana, we are on it.")
    await story.until(story.our_posts, "our answer on X")
    assert the_case(story).card_ts is None
    story.world.faults.clear()
    await story.card_shows(card["ts"], "has it")
    await story.card_shows(card["ts"], "Sent")


@pytest.mark.usefixtures("card_not_committed")
async def test_an_agent_speaks_in_private_below_a_card_that_was_just_posted(story: Story) -> None:
    customer_says(story, "My parcel arrived in pieces")
    card = await story.card("arrived in pieces")
    await story.world.slack.act(SAM, button(card, "case.claim"), channel=SUPPORT, ts=card["ts"])
    ours = await say(story, card["ts"], "So sorry, Ana")
    await story.until(lambda: inbox(story) == ["So sorry, Ana"], "the message to Ana")
    await wait_until_delivered(story, card["ts"], ours)
    assert the_case(story).card_ts is None


async def test_an_agent_speaks_in_the_thread_of_a_card_that_has_moved(story: Story) -> None:
    story.customer_writes(COMPLAINT)
    old = await claimed(story, "eats my payment")
    story.world.slack.archive(SUPPORT)
    customer_says(story, "It is me")
    await story.card("It is me", channel=ONCALL)
    await story.until(lambda: the_case(story).card_channel == ONCALL, "a card that has moved")
    story.world.slack.archive(SUPPORT, archived=False)
    ours = await say(story, old, "Hi Ana")
    await story.until(lambda: inbox(story) == ["Hi Ana"], "the message to Ana")
    await wait_until_delivered(story, old, ours)
    new = the_case(story).card_ts or ""
    await story.thread_shows(new, "Hi Ana", channel=ONCALL)
    assert inbox(story) == ["Hi Ana"], "sent once"


async def test_a_thread_below_somebody_elses_message_belongs_to_no_case(story: Story) -> None:
    """Not even if that message has the metadata of a card of ours."""
    story.customer_writes(COMPLAINT)
    ts = await claimed(story, "eats my payment")
    customer_says(story, "It is me")
    await story.thread_shows(ts, "It is me")
    slack = story.world.slack
    theirs = await slack.say("U0MIA", SUPPORT, "look at this")
    metadata = slack.store.get(SUPPORT, ts)["metadata"]
    assert metadata["event_payload"]["case"] == the_case(story).id
    slack.store.get(SUPPORT, theirs["ts"])["metadata"] = metadata
    await say(story, theirs["ts"], "Hi Ana")
    await story.until(lambda: "belongs to no case" in story.ephemeral_text(SAM), "a word to Sam")
    assert inbox(story) == []
