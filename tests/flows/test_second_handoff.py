"""Move one conversation from venue to venue and back to public, all in one thread."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.handoff_stories import (
    ANA,
    AT_ONCE,
    OFTEN,
    claimed,
    count_in_thread,
    customer_says,
    handoff_form,
    inbox,
    mail_with,
    mails,
    offer,
    open_phone,
    say,
    wait_until_delivered,
)
from tests.phone import KEYS, LINK
from tests.stories import SAM, SUPPORT, Story, running_story, shown

SAID = (
    "Here I am, by DM",
    "We see your order, Ana",
    "Here I am, in the chat",
    "We look at your screen now",
    "Here I am, by mail",
    "We have mended it",
)


@pytest.fixture
async def story(tmp_path: Path, database_url: str) -> AsyncIterator[Story]:
    async with running_story(tmp_path, database_url, choices=AT_ONCE, x_limits=OFTEN) as running:
        yield running


async def test_from_direct_message_to_chat_to_mail_and_back_is_one_case_in_one_thread(story: Story) -> None:
    slack = story.world.slack
    story.customer_writes("@acme the app eats my payment, every week")
    ts = await claimed(story, "every week")

    await offer(story, ts, "dm")
    await story.card_shows(ts, "Offered DM")
    [public] = await story.until(story.our_posts, "the public line")
    assert "https://x.com/messages/compose?recipient_id=" in public
    customer_says(story, SAID[0])
    await story.card_shows(ts, "DM: arrived")
    await story.thread_shows(ts, SAID[0])
    await wait_until_delivered(story, ts, await say(story, ts, SAID[1]))
    assert inbox(story) == [SAID[1]]

    await offer(story, ts, "chat")
    await story.card_shows(ts, "Offered live chat")
    await story.card_shows(ts, "DM: arrived")
    link = LINK.search((await story.until(lambda: inbox(story)[1:], "the link by DM"))[0])
    assert link is not None
    async with open_phone(link[0]) as phone:
        await phone.open()
        await story.card_shows(ts, "Live chat: arrived")
        assert "DM: arrived" not in shown(story.card_at(ts))
        async with phone.events() as events:
            await phone.post("messages", {"key": next(KEYS), "text": SAID[2]})
            await story.thread_shows(ts, SAID[2])
            said = await say(story, ts, SAID[3])
            while (line := await events.next("message"))["text"] != SAID[3]:
                assert SAID[1] not in line["text"], "whoever came by the link is not known yet"
            await phone.post("seen", {"id": line["id"]})
            await wait_until_delivered(story, ts, said)

            await offer(story, ts, "email")
            await story.card_shows(ts, "Offered e-mail")
            await story.card_shows(ts, "Live chat: arrived")
            line = await events.next("message")
        form = next(word for word in line["text"].split() if "/address/" in word)
        async with phone.session.post(form, data={"address": ANA, "agreed": "yes"}) as thanks:
            assert thanks.status == 200
        await story.card_shows(ts, "E-mail: arrived")
        assert "Live chat: arrived" not in shown(story.card_at(ts))

    assert mails(story) == []
    await wait_until_delivered(story, ts, await say(story, ts, SAID[5]))
    story.world.mail.write(ANA, SAID[4], answers=await mail_with(story, SAID[5]))
    await story.thread_shows(ts, SAID[4])

    view = await handoff_form(story, ts, "public")
    await slack.submit(SAM, view["id"])
    await story.card_shows(ts, "Back to public")
    await slack.press(SAM, SUPPORT, ts, "case.answer")
    assert (await story.form(SAM))["callback_id"] == "answer"

    assert {words: count_in_thread(story, ts, words) for words in SAID} == dict.fromkeys(SAID, 1)
    assert story.our_posts() == [public], "only the first move was told in public"
    assert len(inbox(story)) == 2, "the answer, and the link to the chat"
    assert len(mails(story)) == 1
    assert len(slack.messages(SUPPORT)) == 1, "one card"
