"""What several stories about moving do: claim, offer a venue, write from the thread, count what the thread holds."""

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
#: Direct messages and mails are read at once.
AT_ONCE = f"{QUICK}[dm]\npoll_seconds = 0.2\n\n[email]\npoll_seconds = 2\n"
OFTEN = {"GET /2/dm_events": 100_000}


async def claimed(story: Story, words: str) -> str:
    """The card with these words, claimed by Sam; its ts."""
    ts = str((await story.card(words))["ts"])
    await story.world.slack.press(SAM, SUPPORT, ts, "case.claim")
    await story.card_shows(ts, "Claimed")
    return ts


async def move_form(story: Story, ts: str, venue: str) -> dict[str, Any]:
    """Sam's form for a move, with this venue picked."""
    await story.world.slack.press(SAM, SUPPORT, ts, "case.move")
    view = await story.form(SAM)
    await story.world.slack.press_in_view(SAM, view["id"], "move.venue", venue)
    return await story.form(SAM)


async def offer(story: Story, ts: str, venue: str) -> None:
    """Sam moves the case there, with the words that are proposed."""
    view = await move_form(story, ts, venue)
    await story.world.slack.submit(SAM, view["id"])
    assert story.world.slack.open_view(SAM) is None, shown(await story.form(SAM))


async def say(story: Story, ts: str, text: str) -> str:
    """Sam addresses the bot in the card's thread; the message's ts."""
    bot = story.world.slack.app.bot_user_id
    return str((await story.world.slack.say(SAM, SUPPORT, f"<@{bot}> {text}", ts))["ts"])


async def marked(story: Story, ts: str, said: str) -> None:
    """Wait until what was said in the thread is marked as delivered."""

    def is_marked() -> bool:
        message = next(m for m in story.world.slack.thread(SUPPORT, ts) if m["ts"] == said)
        return any(one["name"] == "white_check_mark" for one in message.get("reactions", []))

    await story.until(is_marked, "the mark of delivery")


def times(story: Story, ts: str, words: str) -> int:
    """In how many messages of the thread, the card aside, these words stand."""
    return sum(words in shown(message) for message in story.world.slack.thread(SUPPORT, ts)[1:])


def customer_says(story: Story, text: str, who: str = "anaruiz") -> None:
    """A direct message of a customer's."""
    network = story.world.x
    network.direct.hear(network.accounts.get(who, who.title()), text)


def inbox(story: Story, who: str = "anaruiz") -> list[str]:
    """What a customer got from us by direct message, oldest first."""
    network = story.world.x
    customer = network.accounts.get(who, who.title())
    return [m.text for m in network.direct.between(customer) if m.sender is not customer]


def mails(story: Story, address: str = ANA) -> list[Message]:
    """A person's mails, oldest first."""
    kept = story.world.mail.mailbox(address).inbox.mails
    return [message_from_bytes(mail.content, policy=default) for mail in kept]


async def mail_with(story: Story, words: str, address: str = ANA) -> Message:
    """The person's mail that has these words, once it is there."""
    return await story.until(
        lambda: next((m for m in mails(story, address) if words in text_of(m)), None),
        f"a mail with {words!r}",
    )


def told_to(story: Story, user: str) -> str:
    """The direct messages that the bot wrote to a colleague."""
    slack = story.world.slack
    return " ".join(shown(message) for message in slack.messages(slack.direct_message(user).id))


@asynccontextmanager
async def on_phone(link: str) -> AsyncIterator[Phone]:
    """A customer's browser that has the link, and has not opened it yet."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield Phone(session, link)


async def history(phone: Phone) -> dict[str, Any]:
    """What the page shows first."""
    async with phone.session.get(f"{phone.page}/history") as answer:
        told: dict[str, Any] = await answer.json()
        assert answer.status == 200, told
        return told


async def refusal(phone: Phone, key: str) -> tuple[int, str]:
    """How a link is refused."""
    body = {"token": phone.token, "key": key}
    async with phone.session.post(f"{phone.page}/link", json=body, headers=phone.headers) as answer:
        return answer.status, str((await answer.json()).get("refused"))
