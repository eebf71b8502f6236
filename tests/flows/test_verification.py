"""Verify a visitor: by the shown code, sent from the author's own account, or by an agent with a reason."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.handoff_stories import (
    ANA,
    AT_ONCE,
    OFTEN,
    claimed,
    count_in_thread,
    customer_says,
    history,
    inbox,
    offer,
    open_phone,
)
from tests.stories import SAM, SUPPORT, Story, running_story, shown

CODE_SENT = "they sent our code from the account that posted"


@pytest.fixture
async def story(tmp_path: Path, database_url: str) -> AsyncIterator[Story]:
    async with running_story(tmp_path, database_url, choices=AT_ONCE, x_limits=OFTEN) as running:
        yield running


async def public_link(story: Story, holds: str) -> str:
    """Return the link in our newest public post."""
    [line] = await story.until(story.our_posts, "the public line")
    return next(word for word in line.split() if holds in word)


async def test_a_chats_visitor_is_verified_by_the_code_and_sees_what_was_said_there_alone(
    story: Story,
) -> None:
    story.customer_writes("@acme the app eats my payment, each month")
    ts = await claimed(story, "each month")
    await offer(story, ts, "chat")
    async with open_phone(await public_link(story, "/chat#")) as phone:
        await phone.open()
        await story.card_shows(ts, "Live chat: arrived")
        await story.card_shows(ts, "Unverified")
        customer_says(story, "It was order 4711")
        await story.thread_shows(ts, "order 4711")
        before = await history(phone)
        assert before["state"]["verified"] is False
        assert "4711" not in str(before["messages"])
        code = before["state"]["verification"]["code"]
        async with phone.events() as events:
            assert (await events.next("state"))["verified"] is False

            customer_says(story, code, who="eve")
            await story.card(code)
            assert (await history(phone))["state"]["verified"] is False
            assert "Unverified" in shown(story.card_at(ts))

            customer_says(story, f"My code is {code[:3]} {code[3:]}")
            await story.card_shows(ts, CODE_SENT)
            await story.thread_shows(ts, "Verified: they sent our code")
            await story.thread_shows(ts, "We told them by DM what their code confirms")
            await story.until(lambda: [t for t in inbox(story) if "answer NO" in t], "our answer by DM")
            while not (state := await events.next("state"))["verified"]:
                assert state["verification"]["code"] == code
        assert "verification" not in state
        after = await history(phone)
    texts = [line["text"] for line in after["messages"]]
    assert after["state"]["verified"] is True
    assert "4711" not in str(texts), "a code can be relayed, and opens no other venue's history"
    assert "answer NO" not in str(texts)
    assert "Live chat: arrived" in shown(story.card_at(ts)), "the code moved the conversation nowhere"


async def test_the_code_on_the_thanks_page_verifies_the_mailbox(story: Story) -> None:
    story.customer_writes("@acme the app eats my payment, each year")
    ts = await claimed(story, "each year")
    await offer(story, ts, "email")
    form = await public_link(story, "/address/")
    agreed = {"address": ANA, "agreed": "yes"}
    async with aiohttp.ClientSession() as browser, browser.post(form, data=agreed) as answer:
        assert answer.status == 200
        page = await answer.text()
    await story.card_shows(ts, "E-mail: arrived")
    await story.card_shows(ts, "Unverified")
    code = shown_code(page)
    customer_says(story, code, who="eve")
    await story.card(code)
    assert "Unverified" in shown(story.card_at(ts))
    customer_says(story, code)
    await story.card_shows(ts, CODE_SENT)
    card = shown(story.card_at(ts))
    assert "E-mail: arrived" in card
    assert "Unverified" not in card
    assert "eats my payment, each year" in card, "a code is not what the case is about"
    assert f"sent since by DM: “{code}”" in card
    await story.thread_shows(ts, code)


def shown_code(page: str) -> str:
    """Return the code on the thanks page."""
    [code] = set(re.findall(r"(?<!\d)\d{6}(?!\d)", page))
    return str(code)


async def test_another_code_verifies_nobody_and_the_thread_says_so(story: Story) -> None:
    story.customer_writes("@acme the app eats my payment, each day")
    ts = await claimed(story, "each day")
    await offer(story, ts, "chat")
    async with open_phone(await public_link(story, "/chat#")) as phone:
        await phone.open()
        await story.card_shows(ts, "Live chat: arrived")
        code = (await history(phone))["state"]["verification"]["code"]
        customer_says(story, f"{(int(code) + 1) % 10**6:06}")
        await story.thread_shows(ts, "a code that is not the one we showed")
        assert (await history(phone))["state"]["verified"] is False
    assert "Live chat: arrived" in shown(story.card_at(ts))
    assert "Unverified" in shown(story.card_at(ts))


async def test_an_agent_verifies_with_a_reason_and_not_without(story: Story) -> None:
    slack = story.world.slack
    story.customer_writes("@acme the app eats my payment, each hour")
    ts = await claimed(story, "each hour")
    await offer(story, ts, "chat")
    async with open_phone(await public_link(story, "/chat#")) as phone:
        await phone.open()
        await story.card_shows(ts, "Live chat: arrived")
        await slack.press(SAM, SUPPORT, ts, "case.verify")
        form = await story.form(SAM)
        assert form["callback_id"] == "verify"
        await slack.submit(SAM, form["id"], {"verify.reason": "   "})
        assert (await story.form(SAM))["callback_id"] == "verify", "without a reason the form stays"
        assert (await history(phone))["state"]["verified"] is False
        await slack.submit(SAM, form["id"], {"verify.reason": "Named order & sum"})
        assert slack.open_view(SAM) is None
        card = await story.card_shows(ts, "says so: “Named order &amp; sum”")
        assert f"<@{SAM}>" in shown(card)
        assert "Unverified" not in shown(card)
        await story.thread_shows(ts, "✓ Verified by")
        assert count_in_thread(story, ts, "Named order") == 1
        state = (await history(phone))["state"]
        assert state["verified"] is True
        assert "verification" not in state
