"""Learn from the answers that agents send, show the figures, and link to help articles."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.source import ROOT
from tests.stories import MIA, QUICK, SAM, SUPPORT, Story, running_story, shown

ARTICLES = ROOT / "sandbox" / "articles"
#: No saved reply has an example like these.
ODD = "@acme the zorbl glimmers in its fargle"
ODD_AGAIN = "@acme a zorbl that glimmers, and what a fargle"


@pytest.fixture
async def story(tmp_path: Path, database_url: str) -> AsyncIterator[Story]:
    """A sandbox, and a bot that knows the demo's help articles, on each database in turn."""
    choices = f'{QUICK}[knowledge]\narticles = "{ARTICLES}"\n'
    async with running_story(tmp_path, database_url, choices=choices) as story:
        yield story


async def open_form(story: Story, words: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Open the Answer form of the card with these words; return the card and the form."""
    card = await story.card(words)
    await story.world.slack.press(SAM, SUPPORT, card["ts"], "case.answer")
    return card, await story.form(SAM)


async def press(
    story: Story, view: dict[str, Any], action: str, value: str, *, block_id: str = "", user: str = SAM
) -> dict[str, Any]:
    """Press a button, or choose from the menu in this block; return the form that takes its place."""
    await story.world.slack.press_in_view(user, view["id"], action, value, block_id=block_id)

    def redrawn() -> dict[str, Any] | None:
        form = story.world.slack.open_view(user)
        return form if form is not None and form["hash"] != view["hash"] else None

    return await story.until(redrawn, "the form to be redrawn")


async def use_late_parcel(story: Story, view: dict[str, Any]) -> dict[str, Any]:
    """Choose a saved reply that is not among the three best."""
    return await press(story, view, "answer.alternative", "late_parcel", block_id="answer.alternative")


async def send(story: Story, card: dict[str, Any], view: dict[str, Any], text: str = "") -> None:
    """Submit the form, a second time where a rule asks, and wait until the answer is sent."""
    values = {"answer.text": text} if text else {}
    await story.world.slack.submit(SAM, view["id"], values)
    if story.world.slack.open_view(SAM):
        await story.world.slack.submit(SAM, view["id"], values)
    assert story.world.slack.open_view(SAM) is None
    await story.card_shows(card["ts"], "Sent")


async def test_the_reply_that_was_sent_is_suggested_to_the_next_such_customer(story: Story) -> None:
    story.customer_writes(ODD)
    card, view = await open_form(story, "zorbl glimmers in")
    assert "No saved reply surely fits." in shown(view)
    assert "Late parcel" not in shown(card)
    await send(story, card, await use_late_parcel(story, view))
    story.customer_writes(ODD_AGAIN, who="benokri")
    assert "Late parcel" in shown(await story.card("zorbl that glimmers"))


@pytest.mark.long(8)
async def test_the_figures_show_what_was_used_and_propose_a_reply(story: Story) -> None:
    story.customer_writes(ODD, who="carla")
    card, view = await open_form(story, "zorbl glimmers in")
    await send(story, card, await use_late_parcel(story, view))
    for who in ("benokri", "cyrus", "doralee"):
        story.customer_writes(f"@acme do you deliver the fargle on sundays to {who}town?", who=who)
        card, view = await open_form(story, f"sundays to {who}town")
        await send(story, card, view, f"Not on Sundays yet, {who}. Fargles go out until eight on Saturdays.")
    await story.world.slack.command(SAM, SUPPORT, "/mentions replies figures")
    view = await story.form(SAM)
    assert "Late parcel*  1 sent · " in shown(view)
    assert "3 × “@acme do you deliver the fargle" in shown(view)
    assert "Written 3 times" in shown(view)
    [proposal] = [
        element["value"]
        for block in view["blocks"]
        for element in block.get("elements", [])
        if element.get("action_id") == "proposal.dismiss"
    ]
    form = await press(story, view, "proposal.save", proposal)
    assert (form["callback_id"], form["title"]["text"]) == ("saved_reply", "New saved reply")
    assert "Fargles go out until eight" in shown(form)
    assert "do you deliver the fargle on sundays" in shown(form)
    for user in (SAM, MIA):
        await story.world.slack.command(user, SUPPORT, "/mentions replies figures")
    redrawn = await press(story, await story.form(MIA), "proposal.dismiss", proposal, user=MIA)
    assert "Written 3 times" not in shown(redrawn)
    too_late = await press(story, await story.form(SAM), "proposal.save", proposal)
    assert too_late["callback_id"] == "reply_figures"
    assert "Written 3 times" not in shown(too_late)


async def test_the_article_that_answers_is_linked_to_without_losing_the_text(story: Story) -> None:
    story.customer_writes("@acme my parcel says delivered but nothing came, where is my parcel?")
    card, view = await open_form(story, "says delivered but nothing came")
    assert "Where is my parcel?" in shown(view)
    url = "https://help.acme.example/delivery/track"
    linked = await press(story, view, "answer.article", url)
    assert url in shown(linked)
    assert "Insert link" not in shown(linked)
    await send(story, card, linked)
    [sent] = story.our_posts()
    assert sent.endswith(f" {url}")
