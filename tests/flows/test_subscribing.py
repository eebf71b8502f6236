"""Subscribe to the e-mail list in the running bot: page, mail, button, and away by one click."""

import re
from email import message_from_bytes
from email.message import Message

import aiohttp

from sandbox.mail.post_office import text_of
from tests.stories import Story

EVE = "eve@example.com"


def inbox(story: Story) -> list[Message]:
    return [message_from_bytes(mail.content) for mail in story.world.mail.mailbox(EVE).inbox.mails]


async def test_somebody_subscribes_and_unsubscribes(story: Story) -> None:
    page = f"{story.environment['PUBLIC_URL']}/outages/subscribe"
    async with aiohttp.ClientSession() as browser:
        async with browser.post(page, data={"address": EVE, "language": "fr"}) as sent:
            assert sent.status == 200
        [mail] = await story.until(lambda: inbox(story), "the mail that asks to confirm")
        link = re.search(r"https?://\S+/outages/confirm/\S+", text_of(mail))
        assert link is not None
        async with browser.get(link[0]) as looked:
            assert "<button" in await looked.text()
        async with browser.post(link[0]) as confirmed:
            assert confirmed.status == 200
        async with browser.post(link[0]) as again:
            assert again.status == 410
