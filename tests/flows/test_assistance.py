"""Have a model rewrite an answer, translate and summarise, in the forms that agents see."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.handoff_stories import AT_ONCE, OFTEN, claimed, customer_says, offer
from tests.stories import MIA, PIXEL, QUICK, SAM, SUPPORT, Story, details, running_story, shown

POST = "@acme my parcel is late again, where is it?"
SPANISH = "@acme llevo tres semanas esperando mi reembolso, ¿qué pasa con mi dinero?"
TYPED = "Hi Ana. We are sorry for the wait. We look into it now. You hear from us here."
SHORTER = "Hi Ana. We are sorry for the wait."
AT_WORK, BY_MACHINE = "the model is at work", "written by a machine"


@pytest.fixture
async def story(tmp_path: Path, database_url: str) -> AsyncIterator[Story]:
    """A sandbox and a bot with a model, on each database in turn."""
    async with running_story(tmp_path, database_url, model=True) as story:
        yield story


async def answer_form(story: Story, text: str = POST) -> dict[str, Any]:
    """Let a customer write, wait for the model's draft, and open Sam's answer form."""
    story.customer_writes(text)
    card = await story.card(text[6:20])
    await story.until(lambda: story.world.ledger.of("model") or None, "the model's draft")
    await story.world.slack.press(SAM, SUPPORT, card["ts"], "case.answer")
    return await story.form(SAM)


async def press(story: Story, action: str, typed: str | None = None, user: str = SAM) -> None:
    """Press a button of the open form, in which this text was typed."""
    view = await story.form(user)
    values = None if typed is None else {text_block(view): {text_action(view): {"value": typed}}}
    await story.world.slack.press_in_view(user, view["id"], action, values=values)


async def form_shows(story: Story, words: str, user: str = SAM) -> dict[str, Any]:
    """Wait until the open form shows these words."""
    return await story.until(
        lambda: view if (view := story.world.slack.open_view(user)) and words in shown(view) else None,
        f"{words!r} in the form, which shows {shown(story.world.slack.open_view(user) or {})}",
    )


async def model_is_done(story: Story, request: str) -> None:
    """Wait until the bot has done with the model's text, whatever became of it."""
    asked = [task for task in asyncio.all_tasks() if task.get_name().startswith(f"{request} ")]
    assert asked, "the model is not at work"
    await story.until(lambda: all(task.done() for task in asked) or None, "the end of the request")


def text_input(view: dict[str, Any]) -> dict[str, Any]:
    return next(block for block in view["blocks"] if block["type"] == "input")


def text_block(view: dict[str, Any]) -> str:
    return str(text_input(view)["block_id"])


def text_action(view: dict[str, Any]) -> str:
    return str(text_input(view)["element"]["action_id"])


def text_in(view: dict[str, Any]) -> str | None:
    """Return what the form's input holds."""
    held: str | None = view["state"]["values"][text_block(view)][text_action(view)]["value"]
    return held


async def test_a_text_is_made_shorter_brought_back_and_sent(story: Story) -> None:
    await answer_form(story)
    await press(story, "rewrite.shorter", TYPED)
    view = await form_shows(story, BY_MACHINE)
    assert text_in(view) == SHORTER
    assert f"*{len(SHORTER)} / 280*" in shown(view)
    await press(story, "rewrite.undo")
    assert text_in(await form_shows(story, "Your earlier text is back")) == TYPED
    await press(story, "rewrite.undo")
    view = await form_shows(story, BY_MACHINE)
    assert text_in(view) == SHORTER
    await story.world.slack.submit(SAM, view["id"])
    await story.until(lambda: SHORTER in story.our_posts() or None, "the answer on X")


async def test_that_a_text_is_back_is_said_until_somebody_writes_on(story: Story) -> None:
    await answer_form(story)
    await press(story, "rewrite.shorter", TYPED)
    await form_shows(story, BY_MACHINE)
    await press(story, "rewrite.undo")
    view = await form_shows(story, "Your earlier text is back")
    await story.world.slack.press_in_view(SAM, view["id"], text_action(view), "My own words")
    own = await form_shows(story, "*12 / 280*")
    assert "Your earlier text is back" not in shown(own)
    await press(story, "rewrite.undo")
    assert text_in(await form_shows(story, BY_MACHINE)) == SHORTER
    await press(story, "rewrite.undo")
    assert text_in(await form_shows(story, "Your earlier text is back")) == "My own words"


async def test_what_is_typed_while_the_model_is_at_work_stays(story: Story) -> None:
    view = await answer_form(story)
    story.world.model.seconds = 3.0
    await press(story, "rewrite.warmer", TYPED)
    view = await form_shows(story, AT_WORK)
    assert text_in(view) == TYPED
    await story.world.slack.press_in_view(SAM, view["id"], text_action(view), "My own words")
    await form_shows(story, "You wrote on")
    await model_is_done(story, "warmer")
    assert text_in(await form_shows(story, "You wrote on")) == "My own words"


async def test_a_model_that_fails_leaves_the_text_and_says_why(story: Story) -> None:
    await answer_form(story)
    story.world.model.behave("http-401", times=-1)
    await press(story, "rewrite.formal", TYPED)
    assert text_in(await form_shows(story, "More formal was not done")) == TYPED
    story.world.model.reset_behaviour()
    await press(story, "rewrite.formal", "")
    await form_shows(story, "write your answer first")
    await press(story, "rewrite.ask_details", "")
    assert "Could you tell us" in str(text_in(await form_shows(story, BY_MACHINE)))


@pytest.mark.parametrize(
    ("action", "asked"),
    [
        ("rewrite.formal", "handlers.slack.rewriting.answer_request"),
        ("case.translate", "handlers.slack.case_assistance.translation_request"),
    ],
)
async def test_a_fault_of_ours_is_told_too(
    story: Story, monkeypatch: pytest.MonkeyPatch, action: str, asked: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(asked, fail)
    if action == "rewrite.formal":
        await answer_form(story)
        await press(story, action, TYPED)
    else:
        story.customer_writes(SPANISH)
        await details(story, (await story.card("llevo tres semanas"))["ts"], SAM)
        await press(story, action)
    await form_shows(story, "was not done: something failed here, and the log says what; press again.")


async def test_a_rewritten_text_is_checked_like_any_answer(story: Story) -> None:
    await answer_form(story)
    await press(story, "rewrite.warmer", "We will refund you 20 € by tomorrow at 5 pm.")
    view = await form_shows(story, BY_MACHINE)
    assert "Send anyway?" in shown(view)
    assert view["submit"]["text"] == "Send anyway"


async def test_a_post_and_the_answer_are_translated_and_both_are_shown(story: Story) -> None:
    story.customer_writes(SPANISH)
    card = await story.card("tres semanas")
    await details(story, card["ts"])
    await press(story, "case.translate")
    view = await form_shows(story, "Translated by a machine")
    assert "(English)" in shown(view)
    assert "refund" in shown(view), "the glossary's wording"
    assert "llevo tres semanas" in shown(view)
    assert "Translate to English" not in shown(view), "it is asked for once"
    await story.world.slack.press(SAM, SUPPORT, card["ts"], "case.answer")
    assert "Translated by a machine" in shown(await story.form(SAM))
    await press(story, "rewrite.translate", "Your refund is on its way.")
    view = await form_shows(story, "translated by a machine")
    assert text_in(view) == "(Spanish) Your reembolso is on its way."
    assert "Your own words Your refund is on its way." in shown(view)


async def test_a_long_case_is_summarised_once_for_whoever_takes_over(story: Story) -> None:
    story.customer_writes(POST)
    card = await story.card("parcel is late")
    await story.world.slack.press(SAM, SUPPORT, card["ts"], "case.claim")
    for number in range(5):
        story.customer_writes(f"@acme I tried again, number {number}, does nobody answer?")
    await story.card_shows(card["ts"], "number 4")
    await story.world.slack.press(MIA, SUPPORT, card["ts"], "case.take_over")
    await press(story, "case.summarise", user=MIA)
    view = await form_shows(story, "Summarised by a machine", MIA)
    assert "Open questions" in shown(view)
    assert "What was tried" in shown(view)
    await story.world.slack.submit(MIA, view["id"])
    asked = len(story.world.ledger.of("model"))
    assert "Summarised by a machine" in shown(await details(story, card["ts"], MIA))
    assert len(story.world.ledger.of("model")) == asked


async def test_private_answers_are_rewritten_too(tmp_path: Path, database_url: str) -> None:
    async with running_story(tmp_path, database_url, choices=AT_ONCE, model=True, x_limits=OFTEN) as story:
        story.customer_writes(POST)
        ts = await claimed(story, "parcel is late")
        await offer(story, ts, "dm")
        await story.card_shows(ts, "*Sent ")
        customer_says(story, "Here I am")
        await story.card_shows(ts, "arrived")
        await story.world.slack.press(SAM, SUPPORT, ts, "case.answer")
        await story.form(SAM)
        await press(story, "rewrite.shorter", TYPED)
        assert text_in(await form_shows(story, BY_MACHINE)) == SHORTER
        story.world.model.seconds = 3.0
        await press(story, "rewrite.warmer", TYPED)
        view = await form_shows(story, AT_WORK)
        await story.world.slack.press_in_view(SAM, view["id"], text_action(view), "My own words")
        await model_is_done(story, "warmer")
        view = await form_shows(story, "You wrote on")
        assert text_in(view) == "My own words"


async def test_a_picture_is_read_only_when_an_agent_asks_for_it(tmp_path: Path, database_url: str) -> None:
    async with running_story(tmp_path, database_url, choices=AT_ONCE, model=True, x_limits=OFTEN) as story:
        story.customer_writes(POST)
        ts = await claimed(story, "parcel is late")
        await offer(story, ts, "dm")
        direct = story.world.x.direct
        screen = direct.add_media("screen.png", "image/png", PIXEL)
        direct.receive(story.world.x.accounts.get("anaruiz", "Anaruiz"), "this is what I see", screen)
        await story.card_shows(ts, "this is what I see")
        assert "Picture read" not in shown(await details(story, ts))
        await press(story, "case.read_pictures")
        view = await form_shows(story, "Picture read by a machine")
        assert "Error: E-4031" in shown(view)
        assert "4111" not in shown(view)
        await story.thread_shows(ts, "had a picture read by a machine")


async def test_without_a_model_the_forms_offer_nothing_of_it(tmp_path: Path, database_url: str) -> None:
    async with running_story(tmp_path, database_url, choices=QUICK) as story:
        story.customer_writes(SPANISH)
        card = await story.card("tres semanas")
        assert "Translate" not in shown(await details(story, card["ts"]))
        await story.world.slack.press(SAM, SUPPORT, card["ts"], "case.answer")
        assert "Shorter" not in shown(await story.form(SAM))
