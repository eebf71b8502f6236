"""Steps shared by stories about handoffs: claim, offer, write from the thread, count thread messages."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import Message
from email.policy import default
from typing import Any

import aiohttp

from sandbox.mail.post_office import text_of
from tests.phone import Phone
from tests.stories import QUICK, SAM, SUPPORT, Story, shown

ANA = "ana@example.com"
#: Poll direct messages and mails as often as possible.
AT_ONCE = f"{QUICK}[dm]\npoll_seconds = 0.2\n\n[email]\npoll_seconds = 2\n"
OFTEN = {"GET /2/dm_events": 100_000}


async def claimed(story: Story, words: str) -> str:
    """Claim the card with these words as Sam; returns its ts."""
    ts = str((await story.card(words))["ts"])
    await story.world.slack.press(SAM, SUPPORT, ts, "case.claim")
    await story.card_shows(ts, "has it")
    return ts


async def handoff_form(story: Story, ts: str, venue: str) -> dict[str, Any]:
    """Open Sam's handoff form with this venue selected."""
    await story.world.slack.press(SAM, SUPPORT, ts, "case.move")
    view = await story.form(SAM)
    await story.world.slack.press_in_view(SAM, view["id"], "move.venue", venue)
    return await story.form(SAM)


async def offer(story: Story, ts: str, venue: str) -> None:
    """Offer the venue as Sam, with the proposed text."""
    view = await handoff_form(story, ts, venue)
    await story.world.slack.submit(SAM, view["id"])
    assert story.world.slack.open_view(SAM) is None, shown(await story.form(SAM))


async def say(story: Story, ts: str, text: str) -> str:
    """Mention the bot in the card's thread as Sam; returns the message's ts."""
    bot = story.world.slack.app.bot_user_id
    return str((await story.world.slack.say(SAM, SUPPORT, f"<@{bot}> {text}", ts))["ts"])


async def wait_until_delivered(story: Story, ts: str, said: str) -> None:
    """Wait until a message in the thread has the reaction for delivered."""

    def is_marked() -> bool:
        message = next(m for m in story.world.slack.thread(SUPPORT, ts) if m["ts"] == said)
        return any(one["name"] == "white_check_mark" for one in message.get("reactions", []))

    await story.until(is_marked, "the mark of delivery")


def count_in_thread(story: Story, ts: str, words: str) -> int:
    """Count the messages of the thread, without the card, that contain these words."""
    return sum(words in shown(message) for message in story.world.slack.thread(SUPPORT, ts)[1:])


def customer_says(story: Story, text: str, who: str = "anaruiz") -> None:
    """Send a direct message as a customer."""
    network = story.world.x
    network.direct.receive(network.accounts.get(who, who.title()), text)


def inbox(story: Story, who: str = "anaruiz") -> list[str]:
    """Return the brand's direct messages to a customer, oldest first."""
    network = story.world.x
    customer = network.accounts.get(who, who.title())
    return [m.text for m in network.direct.between(customer) if m.sender is not customer]


def mails(story: Story, address: str = ANA) -> list[Message]:
    """Return a person's mails, oldest first."""
    kept = story.world.mail.mailbox(address).inbox.mails
    return [message_from_bytes(mail.content, policy=default) for mail in kept]


async def mail_with(story: Story, words: str, address: str = ANA) -> Message:
    """Wait for the person's mail that contains these words."""
    return await story.until(
        lambda: next((m for m in mails(story, address) if words in text_of(m)), None),
        f"a mail with {words!r}",
    )


def direct_messages_to(story: Story, user: str) -> str:
    """Return the bot's direct messages to a colleague."""
    slack = story.world.slack
    return " ".join(shown(message) for message in slack.messages(slack.direct_message(user).id))


@asynccontextmanager
async def open_phone(link: str) -> AsyncIterator[Phone]:
    """Yield a customer's browser that has the link, and has not opened it yet."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield Phone(session, link)


async def history(phone: Phone) -> dict[str, Any]:
    """Fetch the page's history."""
    async with phone.session.get(f"{phone.page}/history") as answer:
        content: dict[str, Any] = await answer.json()
        assert answer.status == 200, content
        return content


async def refusal(phone: Phone, key: str) -> tuple[int, str]:
    """Open the link and return the status and reason of the refusal."""
    body = {"token": phone.token, "key": key}
    async with phone.session.post(f"{phone.page}/link", json=body, headers=phone.headers) as answer:
        return answer.status, str((await answer.json()).get("error"))
