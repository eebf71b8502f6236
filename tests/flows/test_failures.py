"""Handle failed and doubtful sends, refused acts, and concurrent changes."""

import asyncio
import time

import pytest

from sandbox.faults import Fault
from tests.crash.bot_database import BotDatabase
from tests.stories import KAI, LEO, MIA, ONCALL, SAM, SUPPORT, Story, button, shown

COMPLAINT = "@acme third time the app eats my payment, are you even awake?"
ANSWER = "Hi Ana, we are sorry. We are looking into it right now."


async def answered(story: Story) -> str:
    """Answer a new case as Sam; return the card's ts."""
    story.customer_writes(COMPLAINT)
    card = await story.card("third time")
    ack = await story.answer(SAM, card["ts"], ANSWER)
    assert ack.answered, ack
    return str(card["ts"])


async def test_an_answer_whose_confirmation_was_lost_is_found_and_not_sent_twice(story: Story) -> None:
    story.world.faults.add(Fault("x:POST /2/tweets", "lost-after"))
    ts = await answered(story)
    await story.card_shows(ts, "Sent")
    assert story.our_posts() == [ANSWER]


async def test_an_answer_that_is_refused_says_why_and_can_be_tried_again(story: Story) -> None:
    story.world.faults.add(
        Fault("x:POST /2/tweets", "status", status=402, body='{"title":"CreditsDepleted"}')
    )
    ts = await answered(story)
    card = await story.card_shows(ts, "Try again")
    assert "credit" in shown(card).lower()
    # A card that is still being updated shows the former version, and a press on it is refused.
    await story.until(lambda: not BotDatabase(story.environment["DATABASE_URL"]).unsettled(), "rest")
    ack = await story.world.slack.press(MIA, SUPPORT, ts, "reply.try_again")
    assert ack.answered, ack
    assert story.ephemeral_text(MIA) == ""
    await story.card_shows(ts, "Sent")
    assert story.our_posts() == [ANSWER]


async def test_an_answer_that_waits_can_be_cancelled_and_does_not_leave(story: Story) -> None:
    back = {"x-rate-limit-remaining": "0", "x-rate-limit-reset": str(int(time.time()) + 900)}
    story.world.faults.add(
        Fault("x:POST /2/tweets", "status", status=429, body='{"status":429}', headers=back)
    )
    ts = await answered(story)
    await story.card_shows(ts, "Cancel sending")
    ack = await story.world.slack.press(MIA, SUPPORT, ts, "reply.cancel")
    assert ack.answered, ack
    card = await story.card_shows(ts, "it was cancelled before it left")
    assert button(card, "reply.edit")
    await story.thread_shows(ts, f"<@{MIA}> cancelled the reply")
    # Nothing waits for the end of the rate limit.
    await story.until(lambda: not BotDatabase(story.environment["DATABASE_URL"]).unsettled(), "rest")
    assert story.our_posts() == []


async def test_a_reply_that_x_forgot_after_an_error_of_its_own_is_sent_once(story: Story) -> None:
    story.world.faults.add(
        Fault("x:POST /2/tweets", "status", status=503, body="<html>", content_type="text/html")
    )
    ts = await answered(story)
    await story.until(
        lambda: "Sent" in shown(story.card_at(ts)) or "Not sure" in shown(story.card_at(ts)), "an outcome"
    )
    assert len(story.our_posts()) <= 1


async def test_a_double_submission_sends_once(story: Story) -> None:
    story.customer_writes(COMPLAINT)
    card = await story.card("third time")
    await story.world.slack.press(SAM, SUPPORT, card["ts"], "case.answer")
    view = await story.form(SAM)
    submissions = [story.world.slack.submit(SAM, view["id"], {"answer.text": ANSWER}) for _ in range(2)]
    await asyncio.gather(*submissions, return_exceptions=True)
    await story.card_shows(card["ts"], "Sent")
    assert story.our_posts() == [ANSWER]


async def test_an_answer_to_what_is_no_longer_the_last_word_is_stopped_and_shows_the_news(
    story: Story,
) -> None:
    post = story.customer_writes(COMPLAINT)
    card = await story.card("third time")
    await story.world.slack.press(SAM, SUPPORT, card["ts"], "case.answer")
    view = await story.form(SAM)
    story.customer_writes("@acme never mind, it is my bank", reply_to=post)
    await story.thread_shows(card["ts"], "never mind")
    await story.world.slack.submit(SAM, view["id"], {"answer.text": ANSWER})
    again = await story.form(SAM)
    assert "never mind" in shown(again)
    assert ANSWER in shown(again)
    assert story.our_posts() == []
    await story.world.slack.submit(SAM, again["id"])
    await story.card_shows(card["ts"], "Sent")
    assert story.our_posts() == [ANSWER]


async def test_somebody_who_may_not_act_is_told_so(story: Story) -> None:
    story.customer_writes(COMPLAINT)
    card = await story.card("third time")
    story.world.slack.join(LEO, SUPPORT)
    story.world.slack.leave(LEO, SUPPORT)
    await story.world.slack.act(LEO, button(card, "case.claim"), channel=SUPPORT, ts=card["ts"])
    [told] = [
        e for e in story.world.ledger.of("slack", "chat.postMessage") if "only members of" in e.detail["text"]
    ]
    assert told.detail["channel"].startswith("D")
    assert "has it" not in shown(story.card_at(card["ts"]))


async def test_a_forged_button_changes_nothing_and_is_answered(
    story: Story, subtests: pytest.Subtests
) -> None:
    story.customer_writes(COMPLAINT)
    card = await story.card("third time")
    before = shown(card)
    for value in ("", "x", "999999:1", "1:1:1:1", "-1:1", "1" * 400, None):
        with subtests.test(value=value):
            heard = len(story.ephemeral_text(SAM))
            await story.world.slack.act(
                SAM,
                {"type": "button", "action_id": "case.claim", "block_id": "b", "value": value},
                channel=SUPPORT,
                ts=card["ts"],
            )
            assert story.ephemeral_text(SAM)[heard:]
            assert shown(story.card_at(card["ts"])) == before


async def test_an_archived_channel_sends_its_cards_to_the_fallback_and_says_so(story: Story) -> None:
    story.world.slack.archive(SUPPORT)
    story.customer_writes(COMPLAINT)
    card = await story.card("third time", channel=ONCALL)
    assert "Cannot pay" in shown(card)
    alert = await story.card("Cards cannot be posted", channel=ONCALL)
    assert "archived" in shown(alert)


async def test_claiming_next_takes_what_matters_most(story: Story) -> None:
    story.customer_writes("@acme love the new app, thank you!", who="happy")
    story.customer_writes("@acme the power bank you sent is on fire, smoke everywhere", who="burning")
    await story.card("power bank")
    await story.card("love the new app")
    ack = await story.world.slack.command(KAI, SUPPORT, "/mentions next")
    assert "Burning" in shown(ack.payload or {}) or "Burning" in story.ephemeral_text(KAI)


async def test_where_slack_does_not_tell_who_may_act_nobody_may_and_the_reason_is_said(story: Story) -> None:
    await story.stop()  # who has been told once, knows the members for good
    body = '{"ok": false, "error": "missing_scope", "needed": "channels:read", "provided": ""}'
    story.world.faults.add(Fault("slack:conversations.members", "status", times=-1, status=200, body=body))
    await story.start()
    story.customer_writes(COMPLAINT)
    card = await story.card("third time")
    await story.world.slack.press(SAM, SUPPORT, card["ts"], "case.claim")
    assert "does not tell who is a member of #support" in story.ephemeral_text(SAM)
    assert "has it" not in shown(story.card_at(card["ts"]))
