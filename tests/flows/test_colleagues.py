"""Two agents at one case: who is writing is told, and whoever writes may take over. App Home's buttons."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from domain.cases.open_forms import FORM_EXPIRES_AFTER
from handlers.cases.open_forms import expire_forms
from storage.unit_of_work import UnitOfWork
from tests.flows.test_queue import card_ts
from tests.stories import MIA, SAM, SUPPORT, Story, has_it, shown

WRITING = "  is writing…"


async def answer_form(story: Story, user: str, ts: str) -> dict[str, Any]:
    """Press Answer… and return the open form."""
    await story.world.slack.press(user, SUPPORT, ts, "case.answer")
    return await story.form(user)


async def test_an_open_form_is_told_on_the_card_and_to_who_opens_another_until_it_is_closed(
    story: Story,
) -> None:
    ts = await card_ts(story)
    first = await answer_form(story, SAM, ts)
    assert "writing" not in shown(first)
    await story.card_shows(ts, SAM + WRITING)
    second = await answer_form(story, MIA, ts)
    assert SAM + WRITING in shown(second)
    await story.card_shows(ts, "are writing…")
    await story.world.slack.close_view(SAM, first["id"])
    await story.card_shows(ts, MIA + WRITING)
    sent = await story.world.slack.submit(MIA, second["id"], {"answer.text": "Hi, we are on it."})
    assert sent.answered
    card = await story.card_shows(ts, has_it(MIA))
    assert "writing" not in shown(card)


async def test_a_form_left_open_is_forgotten(story: Story) -> None:
    ts = await card_ts(story)
    await answer_form(story, SAM, ts)
    await story.card_shows(ts, SAM + WRITING)
    assert story.bot is not None
    await story.bot.desk.run(_expire)
    await story.until(lambda: "writing" not in shown(story.card_at(ts)), "a card on which nobody writes")


def _expire(uow: UnitOfWork) -> None:
    [case] = uow.cases.unclaimed(limit=2)
    [form] = uow.open_forms.of_case(case.id, since=datetime(2020, 1, 1, tzinfo=UTC))
    uow.open_forms.save(replace(form, active_at=form.active_at - FORM_EXPIRES_AFTER))
    expire_forms(uow, now=form.active_at)


async def test_a_form_offers_to_take_the_case_over_and_keeps_the_text(story: Story) -> None:
    ts = await card_ts(story)
    form = await answer_form(story, MIA, ts)
    await story.world.slack.press(SAM, SUPPORT, ts, "case.claim")
    await story.card_shows(ts, has_it(SAM))
    await story.world.slack.submit(MIA, form["id"], {"answer.text": "Hi, we are looking into it."})
    again = await story.form(MIA)
    assert again["submit"]["text"] == "Take over and send"
    assert f"<@{SAM}> has this case" in shown(again)
    assert "Hi, we are looking into it." in shown(again)
    assert story.our_posts() == []
    await story.world.slack.submit(MIA, again["id"])
    await story.until(story.our_posts, "our answer on X")
    await story.card_shows(ts, has_it(MIA))
    await story.thread_shows(ts, "Taken over")
    await story.until(
        lambda: [
            e
            for e in story.world.ledger.of("slack", "chat.postMessage")
            if e.detail["channel"] == "D0SAM" and "taken over" in e.detail["text"]
        ],
        "a word to Sam",
    )


async def test_home_leads_from_claim_to_answer_and_follows_what_is_done(story: Story) -> None:
    await card_ts(story)
    story.world.slack.open_home(SAM)
    home = await story.until(lambda: home_with(story, "Claim"), "a Home with Claim")
    assert "third time the app eats my payment" in shown(home)
    await story.world.slack.press_in_view(SAM, home["id"], "case.claim")
    await story.until(lambda: home_with(story, "Answer…"), "a Home with Answer…")
    await story.world.slack.press_in_view(SAM, home["id"], "case.answer")
    form = await story.form(SAM)
    await story.world.slack.submit(SAM, form["id"], {"answer.text": "Hi, we are on it."})
    await story.until(lambda: home_with(story, "Resolve") or home_with(story, "Open card"), "a Home after it")


def home_with(story: Story, label: str) -> dict[str, Any] | None:
    """Return Sam's Home if a row of it has a button with this label."""
    home = story.world.slack.home(SAM)
    return home if home is not None and label in labels(home) else None


def labels(home: dict[str, Any]) -> list[str]:
    return [block["accessory"]["text"]["text"] for block in home["blocks"] if "accessory" in block]
