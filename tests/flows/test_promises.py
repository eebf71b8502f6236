"""A promise is shown before it is sent, listed, moved and kept, all in Slack."""

import time

from tests.stories import SAM, SUPPORT, Story, details, shown

TEXT = "Sorry about that! We will write to you by tomorrow 17:00."
TOMORROW = 24 * 3600


async def test_a_promise_is_shown_before_it_is_sent_then_moved_and_kept_in_details(story: Story) -> None:
    slack = story.world.slack
    story.customer_writes("@acme my card was charged twice")
    card = await story.card("charged twice")
    await story.answer(SAM, card["ts"], TEXT)
    form = await story.form(SAM)
    assert "You promise: “by tomorrow 17:00”" in shown(form)
    await slack.submit(SAM, form["id"], {"answer.text": TEXT})
    await story.card_shows(card["ts"], "Promised")
    await story.until(
        lambda: "Not a promise" in " ".join(map(shown, slack.thread(SUPPORT, card["ts"]))), "buttons"
    )
    listed = await slack.command(SAM, SUPPORT, "/mentions promises")
    assert "by tomorrow 17:00" in str(listed.payload)

    view = await details(story, card["ts"], SAM)
    await slack.press_in_view(SAM, view["id"], "promise.move")
    asked = await story.until(
        lambda: one if (one := slack.open_view(SAM)) and one["callback_id"] == "promise" else None, "the form"
    )
    past = await slack.submit(SAM, asked["id"], {"promise.due": int(time.time()) - 60})
    assert "that time has passed" in str(past.errors)
    await slack.submit(SAM, asked["id"], {"promise.due": int(time.time()) + 3 * TOMORROW})
    await story.until(
        lambda: "changed when a promise is due" in " ".join(map(shown, slack.thread(SUPPORT, card["ts"]))),
        "the change",
    )

    view = await details(story, card["ts"], SAM)
    await slack.press_in_view(SAM, view["id"], "promise.kept")
    await story.until(
        lambda: (one := slack.open_view(SAM)) and "Not a promise" not in shown(one), "details without it"
    )
    listed = await slack.command(SAM, SUPPORT, "/mentions promises")
    assert "No promise is open" in str(listed.payload)
