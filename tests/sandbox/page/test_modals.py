"""Modals: open, type, errors, stack, update, close."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import Locator, Page, Route, expect
from slack_sdk.web.async_client import AsyncWebClient

from tests.browser import ON_PAGE, page_fixture
from tests.sandbox.page.conftest import Bot
from tests.sandbox.page.gallery import TYPED, button, modal, plain

pytestmark = ON_PAGE

Json = dict[str, Any]


def text_block(block_id: str = "reply", initial: str = "Hello", **more: object) -> Json:
    element = {
        "type": "plain_text_input",
        "action_id": "text",
        "multiline": True,
        "initial_value": initial,
        **more,
    }
    return {"type": "input", "block_id": block_id, "label": plain("Reply"), "element": element}


def count_block(text: str) -> Json:
    return {"type": "context", "block_id": "count", "elements": [{"type": "mrkdwn", "text": text}]}


def answer_view(count: str = "5", **more: object) -> Json:
    each = {"trigger_actions_on": ["on_character_entered"]}
    reply = {**text_block(dispatch_action_config=each), "dispatch_action": True}
    notes = {**text_block("notes", ""), "optional": True}
    return modal(
        [reply, count_block(count), notes, {"type": "actions", "elements": [button("deeper")]}],
        "answer",
        **more,
    )


@page_fixture
async def dialog(sam: Page, bot: Bot) -> Locator:
    """Open the modal of an "Answer…" button; its reply input dispatches each character."""

    async def open_it(body: Json, client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=answer_view(notify_on_close=True))

    async def count(body: Json, client: AsyncWebClient) -> None:
        typed = body["actions"][0]["value"] or ""
        await client.views_update(view_id=body["view"]["id"], view=answer_view(str(len(typed))))

    async def push(body: Json, client: AsyncWebClient) -> None:
        await client.views_push(trigger_id=body["trigger_id"], view=modal([text_block("more", "")], "deeper"))

    bot.reactions |= {"open": open_it, "text": count, "deeper": push}
    await bot.post([{"type": "actions", "elements": [button("open")]}])
    await sam.locator("[data-action-id=open]").click()
    opened = sam.get_by_test_id("modal")
    await expect(opened).to_be_visible()
    return opened


async def test_what_is_typed_just_before_it_is_sent_is_no_error(dialog: Locator) -> None:
    page, closed = dialog.page, asyncio.Event()

    async def hold(route: Route) -> None:
        await closed.wait()
        await route.continue_()

    await page.route("**/ui/slack/act", hold)
    async with page.expect_response("**/ui/slack/act") as late:
        await dialog.get_by_label("Reply").first.fill("Hello Ana")
        await page.get_by_test_id("submit").click()
        await expect(dialog).to_have_count(0)
        closed.set()
    assert (await (await late.value).json())["error"] == "not_found", "its window is closed by now"
    await page.get_by_label("Message #support").fill("/nonsense")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("toast").last).to_contain_text("/nonsense")
    await expect(page.get_by_test_id("toast")).to_have_count(1)


async def test_what_was_typed_is_not_told_to_the_view_that_takes_its_place(dialog: Locator, bot: Bot) -> None:
    async def told(_body: object, _client: object) -> Json:
        return {"response_action": "update", "view": modal([count_block("It is sent.")], "told")}

    bot.reactions["answer"] = told
    await dialog.get_by_label("Reply").first.fill("Hello Ana")
    await dialog.get_by_test_id("submit").click()
    await expect(dialog).to_contain_text("It is sent.")
    await dialog.page.wait_for_timeout(600)  # longer than the page waits for the end of typing
    typed = [body for body in bot.received if body["type"] == "block_actions" and "view" in body]
    assert [body["view"]["callback_id"] for body in typed if body["view"]["callback_id"] == "told"] == []


async def test_it_opens_with_the_first_field_ready(dialog: Locator) -> None:
    await expect(dialog.get_by_label("Reply").first).to_be_focused()
    await expect(dialog.get_by_label("Reply").first).to_have_value("Hello")


async def test_it_opens_whatever_the_first_field_is(sam: Page, bot: Bot) -> None:
    waiting = list(TYPED)

    async def open_it(body: Json, client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal([waiting.pop()]))

    bot.reactions["open"] = open_it
    await bot.post([{"type": "actions", "elements": [button("open")]}])
    while waiting:
        await sam.locator("[data-action-id=open]").click()
        await expect(sam.locator("dialog .block-input :focus")).to_have_count(1)
        await sam.keyboard.press("Escape")
        await expect(sam.locator("dialog")).to_have_count(0)


async def test_what_is_typed_outlives_an_update_of_the_view(sam: Page, dialog: Locator) -> None:
    await dialog.locator("[data-block-id=notes] textarea").fill("for later")
    reply = dialog.locator("[data-block-id=reply] textarea")
    await reply.focus()
    await sam.keyboard.press("End")
    await sam.keyboard.type(" there, Ana")
    await expect(dialog.locator("[data-block-id=count]")).to_have_text("16")
    await expect(reply).to_have_value("Hello there, Ana")
    await expect(reply).to_be_focused()
    await expect(dialog.locator("[data-block-id=notes] textarea")).to_have_value("for later")
    await sam.keyboard.type("!")
    await expect(reply).to_have_value("Hello there, Ana!")


async def test_a_required_field_left_empty_never_reaches_the_app(dialog: Locator, bot: Bot) -> None:
    await dialog.locator("[data-block-id=reply] textarea").fill("")
    await dialog.get_by_test_id("submit").click()
    error = dialog.locator("[data-block-id=reply] .error")
    await expect(error).to_have_text("Please complete this required field.")
    await expect(dialog.locator("[data-block-id=reply] textarea")).to_be_focused()
    assert not [body for body in bot.received if body["type"] == "view_submission"]


async def test_errors_of_the_app_stand_at_their_fields_until_put_right(dialog: Locator, bot: Bot) -> None:
    async def judge(body: Json, _client: object) -> Json | None:
        value = body["view"]["state"]["values"]["reply"]["text"]["value"]
        return {"response_action": "errors", "errors": {"reply": "Too blunt."}} if value == "No." else None

    bot.reactions["answer"] = judge
    await dialog.locator("[data-block-id=reply] textarea").fill("No.")
    await dialog.get_by_test_id("submit").click()
    await expect(dialog.locator("[data-block-id=reply] .error")).to_have_text("Too blunt.")
    await dialog.locator("[data-block-id=reply] textarea").fill("Not yet, sorry.")
    await dialog.get_by_test_id("submit").click()
    await expect(dialog).to_have_count(0)


async def test_a_pushed_view_covers_the_first_and_gives_it_back_as_it_was(sam: Page, dialog: Locator) -> None:
    await dialog.locator("[data-block-id=notes] textarea").fill("keep me")
    await dialog.locator("[data-action-id=deeper]").click()
    await expect(dialog).to_have_count(2)
    await dialog.last.get_by_label("Back").click()
    await expect(dialog).to_have_count(1)
    await expect(dialog.locator("[data-block-id=notes] textarea")).to_have_value("keep me")


async def test_escape_closes_and_the_app_is_told(sam: Page, dialog: Locator, bot: Bot) -> None:
    await sam.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await bot.until(lambda: bot.received[-1]["type"] == "view_closed")


async def test_an_answer_may_replace_the_view(dialog: Locator, bot: Bot) -> None:
    async def ask_again(_body: object, _client: object) -> Json:
        return {"response_action": "update", "view": modal([count_block("Send anyway?")], "sure")}

    bot.reactions["answer"] = ask_again
    await dialog.get_by_test_id("submit").click()
    await expect(dialog).to_contain_text("Send anyway?")
    await dialog.get_by_test_id("submit").click()
    await expect(dialog).to_have_count(0)


async def test_another_view_in_its_place_begins_at_the_top(dialog: Locator, bot: Bot) -> None:
    lines = [{"type": "section", "text": plain(f"line {n}\n" * 9)} for n in range(9)]

    async def saved(_body: object, _client: object) -> Json:
        return {"response_action": "update", "view": modal([*lines, text_block()], "list")}

    async def same(_body: object, _client: object) -> Json:
        return {"response_action": "update", "view": modal([*lines, count_block("6"), text_block()], "list")}

    bot.reactions |= {"answer": saved, "list": same}
    await dialog.get_by_test_id("submit").click()
    await expect(dialog).to_contain_text("line 8")
    body = dialog.locator(".modal-body")
    await body.evaluate("node => { node.scrollTop = 200; }")
    await dialog.get_by_test_id("submit").click()
    await expect(dialog).to_contain_text("6")
    assert await body.evaluate("node => node.scrollTop") == 200
    bot.reactions["list"] = saved_as_form
    await dialog.get_by_test_id("submit").click()
    await expect(dialog).to_contain_text("Send anyway?")
    assert await body.evaluate("node => node.scrollTop") == 0


async def saved_as_form(_body: object, _client: object) -> Json:
    lines = [{"type": "section", "text": plain(f"row {n}\n" * 9)} for n in range(9)]
    return {"response_action": "update", "view": modal([count_block("Send anyway?"), *lines], "other")}


@pytest.mark.parametrize("width", [1440, 390])
async def test_a_long_link_in_a_field_stays_within_the_modal(sam: Page, bot: Bot, width: int) -> None:
    line = "This opens a private chat: http://127.0.0.1:8080/chat#" + "x1" * 90

    async def open_it(body: Json, client: AsyncWebClient) -> None:
        field = text_block(initial=line, max_length=3000)
        await client.views_open(trigger_id=body["trigger_id"], view=modal([field]))

    bot.reactions["open"] = open_it
    await bot.post([{"type": "actions", "elements": [button("open")]}])
    await sam.set_viewport_size({"width": width, "height": 900})
    await sam.locator("[data-action-id=open]").click()
    await expect(sam.locator("dialog textarea")).to_be_focused()
    wide = await sam.locator(".modal, .modal-body, .modal-body *").evaluate_all(
        "all => all.filter(n => n.scrollWidth > n.clientWidth && n.clientWidth).map(n => n.className)"
    )
    assert wide == []
    assert await sam.locator(".modal-body").evaluate("n => n.scrollLeft") == 0
