"""Use every control of an agent except answering, in the sandbox's Slack."""

import time

import pytest

from tests.stories import (
    KAI,
    LEO,
    MIA,
    RUTH,
    SAM,
    SUPPORT,
    Story,
    button,
    chooses,
    details,
    has_it,
    old_release,
    shown,
)

COMPLAINT = "@acme third time the app eats my payment, are you even awake?"


async def card_ts(story: Story, text: str = COMPLAINT, *, who: str = "anaruiz") -> str:
    """Wait for a posted card; return its ts."""
    story.customer_writes(text, who=who)
    return str((await story.card(text[6:26]))["ts"])


def headers(story: Story, user: str) -> list[str]:
    """Return the headings of this person's App Home."""
    home = story.world.slack.home(user) or {"blocks": []}
    return [block["text"]["text"] for block in home["blocks"] if block["type"] == "header"]


async def test_whoever_has_a_case_releases_it_by_the_same_button_and_somebody_else_takes_it(
    story: Story,
) -> None:
    ts = await card_ts(story)
    await story.world.slack.press(SAM, SUPPORT, ts, "case.claim")
    await story.card_shows(ts, "Take over…")
    await story.world.slack.press(SAM, SUPPORT, ts, "case.take_over")
    form = await story.form(SAM)
    assert form["title"]["text"] == "Release"
    await story.world.slack.submit(SAM, form["id"])
    await story.card_shows(ts, "Claim Answer")
    await story.world.slack.press(MIA, SUPPORT, ts, "case.claim")
    await story.thread_shows(ts, "U0MIA")
    await story.card_shows(ts, has_it(MIA))


async def test_details_are_for_who_reads_them_and_show_a_release_at_once(story: Story) -> None:
    ts = await card_ts(story)
    await story.world.slack.press(SAM, SUPPORT, ts, "case.claim")
    await story.card_shows(ts, has_it(SAM))
    others = await details(story, ts, MIA)
    assert "Take over…" in shown(others)
    assert "Release" not in shown(others)
    await story.world.slack.press_in_view(MIA, others["id"], "case.take_over")
    assert "<@U0SAM>" in shown(story.world.slack.open_view(MIA) or {})
    own = await details(story, ts)
    assert "Claimed by* <@U0SAM>" in shown(own)
    await story.world.slack.press_in_view(SAM, own["id"], "case.release")
    await story.card_shows(ts, "Claim Answer")
    after = story.world.slack.open_view(SAM) or {}
    assert (after["id"], after["title"]["text"]) == (own["id"], "Details")
    assert "Release" not in shown(after)
    assert "Claimed by" not in shown(after)


async def test_buttons_of_cards_from_earlier_versions_still_work(story: Story) -> None:
    """Release, which a non-owner may press too, and Customer history."""
    ts = await card_ts(story)
    await story.world.slack.press(SAM, SUPPORT, ts, "case.claim")
    card = await story.card_shows(ts, has_it(SAM))
    release = old_release(card)
    await story.world.slack.act(MIA, release, channel=SUPPORT, ts=ts)
    assert "<@U0SAM>" in shown(await story.form(MIA))
    await story.world.slack.act(SAM, release, channel=SUPPORT, ts=ts)
    await story.card_shows(ts, "Claim Answer")
    option = {
        "text": {"type": "plain_text", "text": "Customer history"},
        "value": f"history:{release['value']}",
    }
    action = {"type": "overflow", "action_id": "case.more", "block_id": "b", "selected_option": option}
    await story.world.slack.act(SAM, action, channel=SUPPORT, ts=ts)
    assert "the first time they are in touch" in shown(await story.form(SAM))


async def test_taking_over_names_the_holder_and_tells_them(story: Story) -> None:
    ts = await card_ts(story)
    await story.world.slack.press(SAM, SUPPORT, ts, "case.claim")
    await story.card_shows(ts, "Take over…")
    await story.world.slack.press(MIA, SUPPORT, ts, "case.take_over")
    form = await story.form(MIA)
    assert "<@U0SAM>" in shown(form)
    await story.world.slack.submit(MIA, form["id"])
    await story.card_shows(ts, has_it(MIA))
    await story.until(
        lambda: [
            e
            for e in story.world.ledger.of("slack", "chat.postMessage")
            if e.detail["channel"] == "D0SAM" and "taken over" in e.detail["text"]
        ],
        "a word to Sam",
    )


async def test_assigning_gives_the_case_to_a_colleague_who_may_act(story: Story) -> None:
    ts = await card_ts(story)
    await chooses(story, RUTH, ts, "Assign to…")
    form = await story.form(RUTH)
    refused = await story.world.slack.submit(RUTH, form["id"], {"assign.to": LEO})
    assert "Only members" in str(refused.errors)
    await story.world.slack.submit(RUTH, form["id"], {"assign.to": KAI})
    await story.card_shows(ts, has_it(KAI))


@pytest.mark.long(10)
async def test_a_snoozed_case_leaves_the_queue_and_comes_back(story: Story) -> None:
    ts = await card_ts(story)
    await chooses(story, SAM, ts, "Snooze…")
    form = await story.form(SAM)
    past = await story.world.slack.submit(SAM, form["id"], {"snooze.at": int(time.time()) - 60})
    assert "future" in str(past.errors)
    await story.world.slack.submit(SAM, form["id"], {"snooze.at": int(time.time()) + 4})
    await story.card_shows(ts, "nooz")
    await story.thread_shows(ts, "Back from snooze")


async def test_not_a_request_folds_the_card_and_reopen_unfolds_it(story: Story) -> None:
    ts = await card_ts(story)
    await chooses(story, SAM, ts, "Not a request")
    folded = await story.card_shows(ts, "Reopen")
    assert len(folded["blocks"]) == 1
    await story.world.slack.press(MIA, SUPPORT, ts, "case.reopen")
    await story.card_shows(ts, "Answer…")


async def test_thanks_after_the_complaint_offer_to_resolve_by_one_press(story: Story) -> None:
    post = story.customer_writes(COMPLAINT)
    ts = str((await story.card("third time"))["ts"])
    story.customer_writes("@acme thank you, it works now, you are great!", reply_to=post)
    await story.card_shows(ts, "Resolve Claim Answer")
    assert "Praise" in shown(story.card_at(ts))
    await story.world.slack.press(SAM, SUPPORT, ts, "case.resolve")
    await story.card_shows(ts, "Reopen")


async def test_resolving_on_an_old_card_is_stopped_and_says_what_changed(story: Story) -> None:
    post = story.customer_writes(COMPLAINT)
    ts = str((await story.card("third time"))["ts"])
    rows = (block for block in story.card_at(ts)["blocks"] if block["type"] == "actions")
    menu = next(e for row in rows for e in row["elements"] if e["action_id"] == "case.more")
    resolve = next(o for o in menu["options"] if o["text"]["text"] == "Resolve")
    story.customer_writes("@acme and now it charged me twice!", reply_to=post)
    await story.thread_shows(ts, "charged me twice")
    action = {"type": "overflow", "action_id": "case.more", "block_id": "b", "selected_option": resolve}
    await story.world.slack.act(SAM, action, channel=SUPPORT, ts=ts)
    assert "moved on" in story.ephemeral_text(SAM)
    assert "Answer…" in shown(story.card_at(ts))
    await story.card_shows(ts, "charged me twice")
    await chooses(story, SAM, ts, "Resolve")
    await story.card_shows(ts, "Reopen")


async def test_a_customer_who_writes_again_reopens_the_case(story: Story) -> None:
    post = story.customer_writes(COMPLAINT)
    ts = str((await story.card("third time"))["ts"])
    await chooses(story, SAM, ts, "Resolve")
    await story.card_shows(ts, "Reopen")
    story.customer_writes("@acme no, it is still broken", reply_to=post)
    assert "came back" in shown(await story.card_shows(ts, "still broken"))
    story.customer_writes("@acme are you there?", reply_to=post)
    assert "came back" in shown(await story.card_shows(ts, "and again"))
    assert "Answer…" in shown(story.card_at(ts))
    assert story.find_card("are you there") is not None
    assert len(story.world.slack.messages(SUPPORT)) == 1


async def test_details_list_the_customers_other_cases(story: Story) -> None:
    ts = await card_ts(story)
    await chooses(story, SAM, ts, "Not a request")
    await story.card_shows(ts, "Reopen")
    second = await card_ts(story, "@acme where is my parcel, it is two weeks late")
    assert "Cannot pay" in shown(await details(story, second))


async def test_home_shows_the_queue_and_filters_it(story: Story) -> None:
    ts = await card_ts(story)
    story.world.slack.open_home(SAM)
    await story.until(lambda: story.world.slack.home(SAM), "a Home for Sam")
    home = story.world.slack.home(SAM)
    assert home is not None
    assert "Cannot pay" in shown(home)
    await story.world.slack.press(SAM, SUPPORT, ts, "case.claim")
    await story.world.slack.press_in_view(SAM, home["id"], "home.filter", "mine")
    await story.until(lambda: headers(story, SAM) == ["My cases"], "a Home that shows only Sam's own cases")
    assert "Cannot pay" in shown(story.world.slack.home(SAM) or {})
    story.world.slack.open_home(LEO)
    await story.until(lambda: story.world.slack.home(LEO), "a Home for Leo")
    assert "Cannot pay" not in shown(story.world.slack.home(LEO) or {})


async def test_commands_list_find_and_help(story: Story) -> None:
    ts = await card_ts(story)
    await story.world.slack.press(SAM, SUPPORT, ts, "case.claim")
    mine = await story.world.slack.command(SAM, SUPPORT, "/mentions mine")
    assert "Anaruiz" in shown(mine.payload or {})
    found = await story.world.slack.command(MIA, SUPPORT, "/mentions find eats PAYMENT")
    assert "Anaruiz" in shown(found.payload or {})
    nothing = await story.world.slack.command(MIA, SUPPORT, "/mentions find 100%_nowhere")
    assert "No case" in shown(nothing.payload or {})
    help_ = await story.world.slack.command(MIA, SUPPORT, "/mentions")
    assert "/mentions next" in shown(help_.payload or {})
    refused = await story.world.slack.command(LEO, "C0GENERAL", "/mentions next")
    assert "only members of" in shown(refused.payload or {})


async def test_thread_text_is_never_sent_to_the_customer(story: Story) -> None:
    ts = await card_ts(story)
    await story.world.slack.say(SAM, SUPPORT, "I think this is the bank", ts)
    await story.world.slack.say(SAM, SUPPORT, "<@U0BOT> Hi Ana, it is your bank", ts)
    await story.until(lambda: story.ephemeral_text(SAM), "a word to Sam")
    assert "Nothing was sent to the customer" in story.ephemeral_text(SAM)
    assert story.our_posts() == []


async def test_a_claim_button_of_a_case_that_somebody_closed_says_who_did(story: Story) -> None:
    ts = await card_ts(story)
    claim = button(story.card_at(ts), "case.claim")
    await chooses(story, SAM, ts, "Not a request")
    await story.card_shows(ts, "Reopen")
    await story.world.slack.act(MIA, claim, channel=SUPPORT, ts=ts)
    assert "not a request by <@U0SAM>" in story.ephemeral_text(MIA)
