"""A rehearsal in a channel of its own: everything works, nothing leaves, and nothing real is disturbed."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.outages.rehearsal import Rehearsal
from handlers.rehearsal import running
from sandbox.slack.actions import build_action
from storage.rehearsal_store import SUFFIX
from storage.unit_of_work import UnitOfWork
from tests.flows.outages import OutageStory, running_outages
from tests.flows.test_outages import FORM
from tests.stories import KAI, ONCALL, RUTH, SAM, SUPPORT, Story, shown

DRILL = "C0DRILL"
CHOICES = '\n[slack]\nrehearsal_channel = "#rehearsal"\n'
SMALL = {"rehearsal.posts": "20", "rehearsal.minutes": "5"}


@pytest.fixture
async def at(
    tmp_path: Path, fresh_sqlite: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[OutageStory]:
    """A story with a rehearsal channel, in which five minutes pass in a second."""
    monkeypatch.setattr(Rehearsal, "duration", property(lambda _self: timedelta(seconds=1)))
    monkeypatch.setattr(running, "UPDATES", None)
    async with running_outages(tmp_path, fresh_sqlite, monkeypatch, choices=CHOICES) as story:
        yield story


async def begun(at: OutageStory) -> None:
    """Have Kai start a small rehearsal, and wait until it says so."""
    await at.slack.command(KAI, ONCALL, "/outage rehearse")
    await at.view(KAI, "outage_rehearse")
    ack = await at.submit(KAI, SMALL)
    assert ack.payload is None, ack
    await at.story.card("REHEARSAL begins", channel=DRILL)


def card_with(story: Story, words: str) -> dict[str, Any] | None:
    """Return the card with these words; a board of a flood shows them before it."""
    found = (card for card in story.world.slack.messages(DRILL) if words in shown(card))
    return next((card for card in found if "case.answer" in str(card["blocks"])), None)


def buttons_left(story: Story) -> list[str]:
    """Return the messages of the rehearsal channel that have buttons."""
    return [m["ts"] for m in story.world.slack.messages(DRILL) if "'type': 'actions'" in str(m["blocks"])]


def real_counts(uow: UnitOfWork) -> tuple[int, int]:
    """Count the posts and the outages of the real desk."""
    posts = uow.rehearsals.recorded(datetime(2000, 1, 1, tzinfo=UTC), limit=99)
    return len(posts), len(uow.outages.recent(99))


async def announced(at: OutageStory) -> dict[str, Any]:
    """Announce an outage in the rehearsal, with Ruth's approval; return its board."""
    await at.slack.command(KAI, DRILL, "/outage")
    form = await at.view(KAI, "rehearsal:outage_form")
    assert "REHEARSAL" in shown(form["blocks"][0] | {"blocks": [form["blocks"][0]]})
    await at.submit(KAI, FORM)
    preview = await at.view(KAI, "rehearsal:outage_preview")
    assert "REHEARSAL" in shown(preview)
    assert "Page (not sent: rehearsal)" in shown(preview)
    await at.submit(KAI)
    board = await at.story.card("Payments fail", channel=DRILL)
    await at.story.card_shows(board["ts"], "waits for approval", channel=DRILL)
    await at.slack.press(RUTH, DRILL, board["ts"], "outage.review")
    await at.view(RUTH, "rehearsal:outage_review")
    await at.submit(RUTH)
    return await at.story.card_shows(board["ts"], "✓ *Posts (not sent: rehearsal)*", channel=DRILL)


async def test_a_rehearsal_from_start_to_score(at: OutageStory) -> None:
    story = at.story
    await begun(at)
    urgent = await story.until(lambda: card_with(story, "cyclist"), "the urgent card")
    assert shown(urgent).startswith("REHEARSAL · ")
    assert "*REHEARSAL*" in shown({"blocks": urgent["blocks"][:1]})
    story.customer_writes("@acme the giraffe app eats my payment")
    real = await story.card("giraffe")
    assert "REHEARSAL" not in shown(real)

    await story.answer(SAM, urgent["ts"], "We are calling you at once.", channel=DRILL)
    form = await story.form(SAM)
    assert form["submit"]["text"] == "Send anyway"
    await at.submit(SAM)
    await story.card_shows(urgent["ts"], "Sent", channel=DRILL)
    await announced(at)
    await at.slack.command(KAI, ONCALL, "/outage list")
    assert "A REHEARSAL is going on" in story.ephemeral_text(KAI)
    assert "Payments fail" not in story.ephemeral_text(KAI)

    await at.slack.command(RUTH, ONCALL, "/outage rehearse")
    assert "A REHEARSAL is going on" in story.ephemeral_text(RUTH)
    answered = await story.card_shows(urgent["ts"], "Sent", channel=DRILL)
    stale = build_action(answered["blocks"], "case.answer", None, "")
    await at.slack.command(KAI, DRILL, "/outage rehearse stop")
    score = shown(await story.card("REHEARSAL ended", channel=DRILL))
    assert "*Urgent posts answered:* 1 of 2" in score
    assert "never" not in score
    assert "Stopped by <@U0KAI>" in score

    assert story.our_posts() == []
    assert (at.page.published, at.posts.published) == ([], [])
    assert story.bot is not None
    assert await story.bot.desk.run(real_counts) == (1, 0)
    assert [m for m in at.slack.messages(SUPPORT) if "REHEARSAL" in shown(m)] == []
    await story.until(lambda: not list(story.folder.rglob(f"*{SUFFIX}")), "an erased database")
    folded = await story.card_shows(urgent["ts"], "REHEARSAL over · Safety or legal, answered", channel=DRILL)
    assert len(folded["blocks"]) == 1
    await story.until(lambda: buttons_left(story) == [], "nothing that looks as if it waited")
    await at.slack.act(SAM, stale, channel=DRILL, ts=urgent["ts"])
    assert "no rehearsal is going on" in story.ephemeral_text(SAM)
    await at.slack.command(KAI, DRILL, "/outage")
    assert "no rehearsal is going on" in story.ephemeral_text(KAI)
