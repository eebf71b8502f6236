"""Move a conversation to the live chat: from the card to the browser, and every message into the thread."""

import asyncio
from email import message_from_bytes

import aiohttp

from sandbox.mail.post_office import text_of
from tests.phone import KEYS, LINK, Phone
from tests.stories import PIXEL, SAM, SUPPORT, Story, shown


def offered_link(story: Story) -> str | None:
    """Return the link in our newest post."""
    found = LINK.search(story.our_posts()[-1]) if story.our_posts() else None
    return found[0] if found else None


async def offer_chat(story: Story, words: str) -> tuple[str, str]:
    """Claim a case as Sam and offer the chat in public; return the card's ts and the link."""
    story.customer_writes(f"@acme {words}")
    ts = (await story.card(words))["ts"]
    await story.world.slack.press(SAM, SUPPORT, ts, "case.claim")
    await story.world.slack.press(SAM, SUPPORT, ts, "case.move")
    view = story.world.slack.open_view(SAM)
    assert view is not None, story.ephemeral_text(SAM)
    await story.world.slack.press_in_view(SAM, view["id"], "move.venue", "chat")
    await story.world.slack.submit(SAM, view["id"], {})
    return ts, await story.until(lambda: offered_link(story), "the link in public")


async def test_chat_from_the_offer_to_the_rating(story: Story) -> None:
    ts, link = await offer_chat(story, "the app eats my payment")
    await story.card_shows(ts, "Offered")
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        phone = Phone(session, link)
        await phone.open()
        await story.card_shows(ts, "rrived")
        await phone.post("messages", {"key": next(KEYS), "text": "It is <!channel> order 4711"})
        await story.thread_shows(ts, "order 4711")
        async with phone.events() as events:
            state = await events.next("state")
            assert (state["agent_name"], state["verified"]) == ("Sam", False)
            bot = story.world.slack.app.bot_user_id
            await story.world.slack.say(SAM, SUPPORT, "just us: is this known?", ts)
            said = await story.world.slack.say(SAM, SUPPORT, f"<@{bot}> We are paying you back", ts)
            message = await events.next("message")
            assert (message["text"], message["author_name"]) == ("We are paying you back", "Sam")
        await phone.post("seen", {"id": message["id"]})

        def is_marked() -> bool:
            message = next(m for m in story.world.slack.thread(SUPPORT, ts) if m["ts"] == said["ts"])
            return any(one["name"] == "white_check_mark" for one in message.get("reactions", []))

        await story.until(is_marked, "the mark of delivery")
        await phone.post("rating", {"solved": True})
        await story.card_shows(ts, "Resolved")
    async with aiohttp.ClientSession() as session:
        another = Phone(session, link)
        body = {"token": another.token, "key": next(KEYS)}
        async with session.post(f"{another.page}/link", json=body, headers=another.headers) as answer:
            assert (answer.status, (await answer.json())["error"]) == (403, "link_used")


async def test_a_reply_to_the_mailed_transcript_joins_the_thread_and_keeps_the_chat_open(
    story: Story,
) -> None:
    ts, link = await offer_chat(story, "the app eats my payment, as ever")
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        phone = Phone(session, link)
        await phone.open()
        await phone.post("messages", {"key": next(KEYS), "text": "It is order 4712"})
        await story.thread_shows(ts, "order 4712")
        await phone.post("transcript", {"address": "ana@example.com"})
        await story.thread_shows(ts, "The chat was mailed to them, to ana@example.com")
    [kept] = story.world.mail.mailbox("ana@example.com").inbox.mails
    mail = message_from_bytes(kept.content)
    assert "This is the chat that you had with us" in text_of(mail)
    assert "4712" not in text_of(mail), "nobody has proven whose address it is"
    # The date of a mail has no fraction of a second: at once, it would seem to be older than the chat.
    await asyncio.sleep(1)
    story.world.mail.write("ana@example.com", "And one question more", answers=mail)
    await story.thread_shows(ts, "And one question more")
    await story.card_shows(ts, "And one question more")
    assert "Live chat: arrived" in shown(story.card_at(ts))
    assert "It is order 4712" not in str(story.world.slack.thread(SUPPORT, ts)[-1])


async def test_an_agents_file_is_shown_and_a_mislabelled_one_fails(story: Story) -> None:
    slack, (ts, link) = story.world.slack, await offer_chat(story, "the app eats my payment, and my time")
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        phone = Phone(session, link)
        await phone.open()
        await story.card_shows(ts, "rrived")
        async with phone.events() as events:
            bot = slack.app.bot_user_id
            for name, content, text in (
                ("label.png", PIXEL, "Here is your label"),
                ("not.png", b"MZ", "And this"),
            ):
                file = slack.upload(SAM, name, content)
                await slack.say(SAM, SUPPORT, f"<@{bot}> {text}", ts, file_ids=[file])
                await slack.say(SAM, SUPPORT, f"<@{bot}> {text}, at once", ts)
            shown = {
                message["text"]: message
                for message in [await events.next("message") for _ in range(5)]
                if message["venue"] == "chat"
            }
        assert set(shown) == {"Here is your label", "Here is your label, at once", "And this, at once"}
        [file] = shown["Here is your label"]["files"]
        async with session.get(f"{phone.page}/uploads/{file['id']}") as answer:
            assert (answer.status, await answer.read()) == (200, PIXEL)
        await story.thread_shows(ts, "it is not what its name says")
        await phone.post("seen", {"id": max(message["id"] for message in shown.values())})
        await story.until(lambda: _marks(story, ts).count("white_check_mark") == 3, "the marks of delivery")
        assert _marks(story, ts).count("warning") == 1


def _marks(story: Story, ts: str) -> list[str]:
    return [one["name"] for m in story.world.slack.thread(SUPPORT, ts) for one in m.get("reactions", [])]


async def test_moving_from_chat_to_email_is_offered_in_the_chat(story: Story) -> None:
    slack, (ts, link) = story.world.slack, await offer_chat(story, "the app eats my payment, and my nerves")
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        phone = Phone(session, link)
        await phone.open()
        await phone.post("messages", {"key": next(KEYS), "text": "It is order 4713"})
        await story.thread_shows(ts, "order 4713")
        async with phone.events() as events:
            await slack.press(SAM, SUPPORT, ts, "case.move")
            view = await story.form(SAM)
            await slack.press_in_view(SAM, view["id"], "move.venue", "email")
            await slack.submit(SAM, view["id"])
            messages = [await events.next("message") for _ in range(4)]
        form = next(word for word in messages[-1]["text"].split() if "/address/" in word)
        async with session.post(form, data={"address": "ana@example.com", "agreed": "yes"}) as answer:
            assert answer.status == 200
    await story.card_shows(ts, "E-mail: arrived")
    bot = slack.app.bot_user_id
    await slack.say(SAM, SUPPORT, f"<@{bot}> Now by mail", ts)
    [kept] = await story.until(
        lambda: story.world.mail.mailbox("ana@example.com").inbox.mails, "the first mail"
    )
    story.world.mail.write("ana@example.com", "Got it", answers=message_from_bytes(kept.content))
    await story.thread_shows(ts, "Got it")
    assert len(story.our_posts()) == 1, "only the first move was told in public"
