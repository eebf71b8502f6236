"""Interactive elements in a message: what the app receives, and the pending state on the page."""

import asyncio
from typing import Any

from playwright.async_api import Page, expect

from tests.browser import ON_PAGE
from tests.sandbox.page.conftest import SUPPORT, Bot
from tests.sandbox.page.gallery import PRESSED, button, option, plain

pytestmark = ON_PAGE

Json = dict[str, Any]


async def wait_for_actions(bot: Bot, count: int) -> Json:
    """Wait for `count` actions and return the latest."""
    await bot.until(lambda: len(bot.actions()) >= count)
    assert len(bot.actions()) == count
    return bot.actions()[-1]


async def test_every_element_says_what_slack_says(sam: Page, bot: Bot) -> None:
    await bot.post(PRESSED)
    at = {
        each["action_id"]: sam.locator(f"[data-testid=channel] [data-action-id={each['action_id']}]")
        for each in PRESSED[0]["elements"]
    }

    await at["plain_button"].click()
    assert await wait_for_actions(bot, 1) == {
        "type": "button",
        "action_id": "plain_button",
        "block_id": "pressed",
        "value": "v",
        "text": plain(),
    }
    await at["menu"].click()
    await sam.get_by_role("menuitem", name="second").click()
    assert (await wait_for_actions(bot, 2))["selected_option"]["value"] == "b"
    await at["select"].select_option("b")
    assert (await wait_for_actions(bot, 3))["selected_option"]["value"] == option("b")["value"]
    await at["multi"].click()
    for row in await sam.get_by_role("option").filter(has=sam.locator(".tick")).all():
        await row.click()
    await sam.keyboard.press("Escape")
    assert [each["value"] for each in (await wait_for_actions(bot, 4))["selected_options"]] == ["a", "b"]
    await at["user"].select_option("U0KAI")
    assert (await wait_for_actions(bot, 5))["selected_user"] == "U0KAI"
    await at["conversation"].select_option("C0ONCALL")
    assert (await wait_for_actions(bot, 6))["selected_conversation"] == "C0ONCALL"
    await at["channel"].select_option(label="#general")
    assert (await wait_for_actions(bot, 7))["selected_channel"] == "C0GENERAL"
    await at["date"].fill("2026-12-24")
    assert (await wait_for_actions(bot, 8))["selected_date"] == "2026-12-24"
    await at["time"].fill("18:30")
    assert (await wait_for_actions(bot, 9))["selected_time"] == "18:30"
    await at["datetime"].fill("2026-12-24T18:30")
    assert isinstance((await wait_for_actions(bot, 10))["selected_date_time"], int)
    await at["checks"].locator("input").last.check()
    assert [each["value"] for each in (await wait_for_actions(bot, 11))["selected_options"]] == ["b"]
    await at["radios"].locator("input").first.check()
    assert (await wait_for_actions(bot, 12))["selected_option"]["value"] == "a"
    assert bot.received[-1]["state"]["values"]["pressed"]["select"]["selected_option"]["value"] == "b"


async def test_a_question_is_asked_first_and_no_means_no(sam: Page, bot: Bot) -> None:
    await bot.post(PRESSED)
    danger = sam.locator("[data-action-id=danger_button]")
    dialog = sam.get_by_test_id("confirm")
    await danger.click()
    await expect(dialog.locator("[data-answer=yes]")).to_be_focused()
    await dialog.locator("[data-answer=no]").click()
    await expect(dialog).to_have_count(0)
    assert bot.actions() == []
    await danger.click()
    await dialog.locator("[data-answer=yes]").click()
    assert (await wait_for_actions(bot, 1))["action_id"] == "danger_button"


async def test_a_denied_choice_goes_back_to_what_it_was(sam: Page, bot: Bot) -> None:
    confirm = {"title": plain("Sure?"), "text": plain("really"), "confirm": plain("Yes"), "deny": plain("No")}
    select = {
        "type": "static_select",
        "action_id": "pick",
        "options": [option("a"), option("b")],
        "initial_option": option("a"),
        "confirm": confirm,
    }
    await bot.post([{"type": "actions", "elements": [select]}])
    pick = sam.locator("[data-action-id=pick]")
    await pick.select_option("b")
    await sam.locator("[data-answer=no]").click()
    await expect(pick).to_have_value("a")
    assert bot.actions() == []


async def test_a_pressed_button_is_busy_until_the_app_answers_and_a_double_click_counts_once(
    sam: Page, bot: Bot
) -> None:
    go_on = asyncio.Event()

    async def slow(_body: Json, _client: object) -> None:
        await go_on.wait()

    bot.reactions["slow"] = slow
    await bot.post([{"type": "actions", "elements": [button("slow")]}])
    pressed = sam.locator("[data-action-id=slow]")
    await pressed.dblclick()
    await expect(pressed).to_have_attribute("aria-busy", "true")
    go_on.set()
    await expect(pressed).not_to_have_attribute("aria-busy", "true")
    assert len(bot.actions()) == 1


async def test_an_app_that_fails_to_answer_is_told_of(sam: Page, bot: Bot) -> None:
    async def never(_body: Json, _client: object) -> None:
        await asyncio.sleep(4)

    bot.reactions["never"] = never
    await bot.post([{"type": "actions", "elements": [button("never")]}])
    await sam.locator("[data-action-id=never]").click()
    await expect(sam.get_by_test_id("toast")).to_be_visible()
    await expect(sam.get_by_test_id("toast")).to_have_count(1)


async def test_pressing_in_a_thread_acts_on_the_message_of_the_thread(sam: Page, bot: Bot) -> None:
    ts = await bot.post([{"type": "actions", "elements": [button("claim")]}])
    await bot.post(text="a reply", thread_ts=ts)
    await sam.get_by_test_id("replies").click()
    await sam.get_by_test_id("thread-pane").locator("[data-action-id=claim]").click()
    await wait_for_actions(bot, 1)
    container = bot.received[-1]["container"]
    assert (container["channel_id"], container["message_ts"]) == (SUPPORT, ts)
