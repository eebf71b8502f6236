"""Move a conversation to direct messages and back, as agents do: form, thread, marks, files."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.stories import MIA, PIXEL, QUICK, SAM, SUPPORT, Story, running_story, shown

COMPLAINT = "@acme third time the app eats my payment, are you even awake?"


@pytest.fixture
async def story(tmp_path: Path, database_url: str) -> AsyncIterator[Story]:
    """A story that polls direct messages every 0.2 s."""
    async with running_story(tmp_path, database_url, choices=f"{QUICK}[dm]\npoll_seconds = 0.2\n") as story:
        story.world.x.limits.limit["GET /2/dm_events"] = 100_000
        yield story


async def claimed(story: Story) -> str:
    """Claim Ana's card as Sam; return its ts."""
    story.customer_writes(COMPLAINT)
    card = await story.card("third time")
    await story.world.slack.press(SAM, SUPPORT, card["ts"], "case.claim")
    await story.card_shows(card["ts"], "has it")
    return str(card["ts"])


async def in_private(story: Story) -> str:
    """Claim Ana's card, then have her write a direct message; return the card's ts."""
    ts = await claimed(story)
    customer_says(story, "It was order 4711")
    await story.card_shows(ts, "arrived")
    return ts


def customer_says(story: Story, text: str, picture: bytes = b"") -> None:
    network = story.world.x
    media = [network.direct.add_media("screen.png", "image/png", picture)] if picture else []
    network.direct.receive(network.accounts.get("anaruiz", "Ana Ruiz"), text, *media)


def inbox(story: Story) -> list[str]:
    """Return the direct messages that Ana received, oldest first."""
    network = story.world.x
    ana = network.accounts.get("anaruiz", "Ana Ruiz")
    return [message.text for message in network.direct.between(ana) if message.sender is not ana]


async def sends(story: Story, ts: str, text: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - as Workspace.say
    return await story.world.slack.say(more.pop("user", SAM), SUPPORT, text, ts, **more)


def marks(story: Story, ts: str, message: dict[str, Any]) -> list[str]:
    [found] = [m for m in story.world.slack.thread(SUPPORT, ts) if m["ts"] == message["ts"]]
    return [reaction["name"] for reaction in found.get("reactions", [])]


async def test_a_case_moves_to_a_direct_message_and_back(story: Story) -> None:
    slack, ts = story.world.slack, await claimed(story)
    await slack.press(SAM, SUPPORT, ts, "case.move")
    form = slack.open_view(SAM)
    assert form is not None, slack.notices(SAM)
    assert "X charges $0.20" in shown(form)
    await slack.submit(SAM, form["id"])
    assert slack.open_view(SAM) is None
    await story.card_shows(ts, "Offered DM")
    await story.until(story.our_posts, "the public line")
    assert "https://x.com/messages/compose?recipient_id=" in story.our_posts()[0]
    customer_says(story, "Here I am", PIXEL)
    await story.card_shows(ts, "they write from the account that posted")
    wrote = await story.thread_shows(ts, "Here I am")
    assert "Direct message" in shown(wrote)
    assert "verified" in shown(wrote)
    await story.until(
        lambda: [m for m in slack.thread(SUPPORT, ts) if m.get("files")], "her picture in the thread"
    )
    assert "Your customer" in story.ephemeral_text(SAM) or "Your customer" in direct_messages_to(story, SAM)
    await slack.press(SAM, SUPPORT, ts, "case.move")
    back = slack.open_view(SAM)
    assert back is not None
    await slack.press_in_view(SAM, back["id"], "move.venue", "public")
    await slack.submit(SAM, back["id"])
    await story.card_shows(ts, "Back to public")
    await slack.press(SAM, SUPPORT, ts, "case.answer")
    public = slack.open_view(SAM)
    assert public is not None
    assert public["callback_id"] == "answer"


def direct_messages_to(story: Story, user: str) -> str:
    """Return the direct messages that the bot wrote to a colleague."""
    return " ".join(
        shown(message) for message in story.world.slack.messages(story.world.slack.direct_message(user).id)
    )


async def test_only_what_is_said_to_the_bot_by_the_assignee_leaves_the_thread_and_it_leaves_once(
    story: Story,
) -> None:
    slack, ts = story.world.slack, await in_private(story)
    await sends(story, ts, "I think she is right, refund her?")
    file_id = slack.upload(SAM, "label.png", PIXEL)
    said = await sends(
        story, ts, "@Switchboard Hi Ana :wave: see https://acme.example/r&d", file_ids=[file_id]
    )
    await story.until(
        lambda: "among the known ones" in story.ephemeral_text(SAM), "the question about the link"
    )
    assert inbox(story) == []
    said = await sends(
        story,
        ts,
        "@Switchboard send anyway: Hi Ana :wave: see https://acme.example/r&d",
        file_ids=[slack.upload(SAM, "label.png", PIXEL)],
    )
    await story.until(lambda: "white_check_mark" in marks(story, ts, said), "the mark under it")
    slack.redeliver()
    await slack.settled()
    await sends(story, ts, "@Switchboard me too", user=MIA)
    await story.until(lambda: "claimed this case" in story.ephemeral_text(MIA), "why Mia was not heard")
    assert inbox(story) == ["Hi Ana 👋 see https://acme.example/r&d"]
    [ours] = [m for m in story.world.x.direct.all if m.text.startswith("Hi Ana")]
    assert [media.content for media in ours.media] == [PIXEL]
    repeated = [m for m in slack.thread(SUPPORT, ts)[1:] if m.get("bot_id") and "Hi Ana" in shown(m)]
    assert repeated == [], "the thread shows it already, with its mark"


async def test_the_private_form_answers_in_private_and_the_thread_tells_it(story: Story) -> None:
    ts = await in_private(story)
    await story.world.slack.press(SAM, SUPPORT, ts, "case.answer")
    form = story.world.slack.open_view(SAM)
    assert form is not None, story.world.slack.notices(SAM)
    assert "order 4711" in shown(form)
    await story.world.slack.submit(SAM, form["id"], {"private.text": "Thank you, we look into 4711"})
    await story.card_shows(ts, "Our reply")
    await story.thread_shows(ts, "answered")
    assert inbox(story) == ["Thank you, we look into 4711"]
    assert story.our_posts() == []


async def test_what_cannot_be_delivered_is_marked_and_said_on_the_card(story: Story) -> None:
    slack, ts = story.world.slack, await in_private(story)
    file_id = slack.upload(SAM, "label.png", b"MZ not a picture at all")
    said = await sends(story, ts, "@Switchboard here is your label", file_ids=[file_id])
    await story.until(lambda: "warning" in marks(story, ts, said), "the warning under it")
    await story.card_shows(ts, "it is not what its name says")
    assert inbox(story) == []
