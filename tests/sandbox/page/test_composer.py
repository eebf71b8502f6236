"""The message composer, and slash commands."""

import base64
from typing import Any

import pytest
from playwright.async_api import FilePayload, Page, expect

from sandbox.world import World
from tests.browser import ON_PAGE, Visit
from tests.sandbox.page.conftest import Bot
from tests.sandbox.page.gallery import button

pytestmark = ON_PAGE

Json = dict[str, Any]
BOX = "Message #support"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


async def test_enter_says_it_and_shift_enter_breaks_the_line(sam: Page, world: World) -> None:
    await sam.get_by_label(BOX).fill("one")
    await sam.keyboard.press("Shift+Enter")
    await sam.keyboard.type("<b>two</b> & three")
    await sam.keyboard.press("Enter")
    message = sam.locator("[data-testid=channel] .message")
    await expect(message).to_contain_text("<b>two</b> & three")
    await expect(message.locator("br")).to_have_count(1)
    await expect(sam.get_by_label(BOX)).to_have_value("")
    assert len(world.ledger.of("slack", "say")) == 1


async def test_a_slash_offers_the_commands_and_the_answer_is_only_for_the_asker(sam: Page, bot: Bot) -> None:
    async def answer(body: Json, _client: object) -> Json:
        return {"text": f"you asked for `{body['text']}`"}

    bot.reactions["/mentions"] = answer
    await sam.get_by_label(BOX).fill("/me")
    await expect(sam.get_by_role("option")).to_contain_text("/mentions")
    await sam.keyboard.press("Enter")
    await expect(sam.get_by_label(BOX)).to_have_value("/mentions ")
    await sam.keyboard.type("next")
    await sam.keyboard.press("Enter")
    await expect(sam.locator(".message.ephemeral code")).to_have_text("next")
    assert bot.received[-1]["channel_id"] == "C0SUPPORT"


async def test_whoever_writes_sees_the_answer_wherever_they_have_scrolled(sam: Page, bot: Bot) -> None:
    async def answer(_body: Json, _client: object) -> Json:
        return {"text": "Here it is."}

    bot.reactions["/mentions"] = answer
    for number in range(3):
        text = "\n".join(f"line {line} of {number}" for line in range(30))
        await bot.post([{"type": "section", "text": {"type": "plain_text", "text": text}}])
    scroller = sam.locator("[data-testid=channel] .scroller")
    await expect(sam.get_by_text("line 29 of 2")).to_be_visible()
    await sam.get_by_text("line 1 of 2").click()
    await scroller.evaluate("node => { node.scrollTop = 0; }")
    await sam.get_by_label(BOX).fill("/mentions next")
    await sam.keyboard.press("Enter")
    await expect(sam.locator(".message.ephemeral")).to_be_in_viewport()


async def test_an_unknown_command_is_refused_with_the_words_kept(sam: Page) -> None:
    await sam.get_by_label(BOX).fill("/nonsense now")
    await sam.keyboard.press("Enter")
    await expect(sam.get_by_test_id("toast").last).to_contain_text("/nonsense")
    await expect(sam.get_by_label(BOX)).to_have_value("/nonsense now")


async def test_a_command_that_the_app_does_not_answer_is_told_with_the_words_kept(sam: Page) -> None:
    """As in the first seconds, while the bot is starting: no app is connected."""
    await sam.get_by_label(BOX).fill("/mentions summary 7d")
    await sam.keyboard.press("Enter")
    told = sam.get_by_test_id("toast").last
    await expect(told).to_contain_text("/mentions failed because the app did not respond")
    await expect(sam.get_by_label(BOX)).to_have_value("/mentions summary 7d")


async def test_an_at_sign_offers_people_and_the_bot_hears_its_name(sam: Page, bot: Bot) -> None:
    await sam.get_by_label(BOX).fill("@swi")
    await sam.keyboard.press("Tab")
    await sam.keyboard.type("hello")
    await sam.keyboard.press("Enter")
    message = sam.locator("[data-testid=channel] .message")
    await expect(message.locator(".mention")).to_have_text("@Switchboard")
    await expect(message).to_contain_text("hello")


async def test_who_is_not_a_member_cannot_write_and_is_told_why(visit: Visit, address: str) -> None:
    leo = await visit(address, person="U0LEO", place="C0SUPPORT")
    await leo.get_by_label(BOX).fill("may I?")
    await leo.keyboard.press("Enter")
    await expect(leo.get_by_test_id("toast")).to_contain_text("not a member")
    await expect(leo.get_by_label(BOX)).to_have_value("may I?")


@pytest.mark.parametrize("card", [True, False])
async def test_below_a_card_the_box_says_who_reads_what_is_written(sam: Page, bot: Bot, card: bool) -> None:
    ts = await bot.post([{"type": "actions", "elements": [button("claim")]}] if card else None)
    await bot.post(text="a reply", thread_ts=ts)
    await sam.get_by_test_id("replies").click()
    thread = sam.get_by_test_id("thread-pane")
    await expect(thread.locator(".message")).to_have_count(2)
    hint = thread.get_by_test_id("thread-hint")
    if not card:
        await expect(hint).to_be_hidden()
        return
    await expect(hint).to_contain_text("Only the team reads this. Begin with @Switchboard")
    await expect(thread.get_by_label("Reply to the team…")).to_have_accessible_description(
        await hint.inner_text()
    )


async def test_a_file_is_attached_named_and_shown(sam: Page, world: World) -> None:
    picture: FilePayload = {"name": "label.png", "mimeType": "image/png", "buffer": PIXEL}
    letter: FilePayload = {
        "name": "letter.pdf",
        "mimeType": "application/pdf",
        "buffer": b"%PDF-1.4 a letter",
    }
    await sam.get_by_test_id("composer").locator("input[type=file]").set_input_files([picture, letter])
    chips = sam.get_by_label("Attached files")
    await expect(chips.locator("li")).to_have_text(["label.png", "letter.pdf"])
    await sam.get_by_label("Remove letter.pdf").click()
    await expect(chips.locator("li")).to_have_count(1)
    await sam.get_by_label("Send").click()
    message = sam.locator("[data-testid=channel] .message")
    await expect(message.locator(".file")).to_contain_text("label.png")
    await expect(message.get_by_alt_text("label.png")).to_have_js_property("naturalWidth", 1)
    await expect(chips).to_be_hidden()
    [shared] = world.slack.messages("C0SUPPORT")[0]["files"]
    assert world.slack.files.get(shared["id"]).content == PIXEL


async def test_a_mark_shows_under_the_message(sam: Page, world: World, bot: Bot) -> None:
    said = await world.slack.say("U0SAM", "C0SUPPORT", "Hi :wave:")
    await bot.client.reactions_add(channel="C0SUPPORT", timestamp=said["ts"], name="white_check_mark")
    message = sam.locator("[data-testid=channel] .message")
    await expect(message.locator(".reaction .emoji")).to_have_text("✅")
    await expect(message.locator(".content .emoji")).to_have_text("👋")


async def test_shortcuts_are_at_a_message_and_at_the_composer(sam: Page, bot: Bot) -> None:
    ts = await bot.post()
    message = sam.locator("[data-testid=channel] .message")
    await message.hover()
    await message.get_by_role("button", name="More actions on the message by").click()
    await bot.client.chat_update(channel="C0SUPPORT", ts=ts, text="changed")
    await expect(message).to_contain_text("changed")
    await sam.get_by_role("menuitem", name="Open an outage…").click()
    await bot.until(lambda: bool(bot.received))
    used = bot.received[-1]
    assert (used["type"], used["callback_id"]) == ("message_action", "outage_report")
    assert (used["channel"]["id"], used["message"]["ts"], used["user"]["id"]) == ("C0SUPPORT", ts, "U0SAM")
    await sam.get_by_role("button", name="Shortcuts").click()
    await sam.get_by_role("menuitem", name="Open an outage…").click()
    await bot.until(lambda: len(bot.received) > 1)
    assert (bot.received[-1]["type"], bot.received[-1]["callback_id"]) == ("shortcut", "outage_open")
