"""Break something on the customer's side, and follow the guide through the outage."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.bot_process import BotProcess
from sandbox.world import World
from tests.browser import ON_PAGE
from tests.sandbox.page.conftest import Bot, Json

pytestmark = ON_PAGE


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def row(*buttons: tuple[str, str]) -> Json:
    elements = [
        {"type": "button", "action_id": id_, "text": plain(text), "value": "1"} for id_, text in buttons
    ]
    return {"type": "actions", "elements": elements}


async def test_breaking_something_lets_posts_arrive_until_it_is_stopped(sam: Page, world: World) -> None:
    button = sam.get_by_test_id("break")
    await button.click()
    await expect(button).to_have_text("Stop")
    await expect(sam.locator(".feed .post").first).to_be_visible()
    assert world.breakdown.is_running
    await expect(sam.get_by_test_id("guide")).to_contain_text("1 of 12")
    await expect(sam.locator("li.done")).to_have_attribute("data-step", "break")
    await button.click()
    await expect(button).to_have_text("Break something")
    assert not world.breakdown.is_running


async def test_a_fault_is_chosen_from_the_menu_and_ended_there(sam: Page, world: World) -> None:
    menu = sam.get_by_test_id("faults")
    await expect(sam.get_by_test_id("bot-state")).to_have_text("Switchboard is starting…")
    for is_on in (True, False):
        await menu.click()
        await sam.locator("[data-fault=archived-channel]").click()
        await expect(sam.get_by_test_id("toast").last).to_contain_text("Archive #support")
        assert world.slack.channel("C0SUPPORT").is_archived is is_on
    await menu.click()
    await sam.locator("[data-fault=kill]").click()
    await expect(sam.get_by_test_id("toast").last).to_contain_text("runs no bot of its own")


#: In place of the bot: it never connects.
PROGRAM = """
import time

class SystemClock:
    now = None

def main(argv):
    time.sleep(600)

if __name__ == "__main__":
    main([])
"""


async def test_a_skipped_day_is_not_told_as_the_kill_before_it(
    sam: Page, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.bot_process.RESTART_SECONDS", 0.01)
    (tmp_path / "bot.py").write_text(PROGRAM, encoding="utf-8")
    world.bot = BotProcess(tmp_path / "bot.py", tmp_path, {}, clock=world.clock, report=print)
    run = asyncio.create_task(world.bot.run())
    menu, state = sam.get_by_test_id("faults"), sam.get_by_test_id("bot-state")
    await menu.click()
    await sam.locator("[data-fault=kill]").click()
    await expect(state).to_have_text("Switchboard was killed (SIGKILL), and is starting again…")
    await menu.click()
    await sam.locator("[data-fault=skip]").click()
    await expect(state).to_have_text("It is a day later. Switchboard is starting…")
    await world.bot.stop()
    await run


async def test_neither_an_old_alert_nor_a_refused_button_ticks_a_step(sam: Page, bot: Bot) -> None:
    async def refuse(body: Json, client: AsyncWebClient) -> None:
        await client.chat_postEphemeral(
            channel=body["channel"]["id"], user=body["user"]["id"], text="Nothing was done."
        )

    async def open_it(body: Json, client: AsyncWebClient) -> None:
        text = {"type": "section", "text": plain("It fails.")}
        view = {"type": "modal", "callback_id": "outage_form", "title": plain("Outage"), "blocks": [text]}
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    done, alert = sam.locator("li.done"), [row(("spike.open_outage", "Open an outage…"))]
    await sam.locator("[data-part=outage]").click()
    ts = await bot.post(alert, text="📈 61 people wrote about Payments")
    await expect(done).to_have_attribute("data-step", "alert")
    await sam.get_by_test_id("guide-restart").click()
    await sam.locator("[data-part=outage]").click()
    await sam.get_by_role("link", name="general").click()
    await sam.get_by_role("link", name="support").click()
    bot.reactions["spike.open_outage"] = refuse
    await sam.locator("[data-action-id='spike.open_outage']").click()
    await expect(sam.get_by_text("Nothing was done.")).to_be_visible()
    await expect(done).to_have_count(0)
    bot.reactions["spike.open_outage"] = open_it
    await sam.locator("[data-action-id='spike.open_outage']").click()
    await expect(done).to_have_attribute("data-step", "open")
    await sam.get_by_test_id("close").click()
    await bot.client.chat_update(channel="C0SUPPORT", ts=ts, text="📈 99 people wrote", blocks=alert)
    await expect(sam.locator("li.done[data-step=alert]")).to_have_count(1)


async def test_the_guide_ticks_the_steps_of_an_outage(sam: Page, bot: Bot, world: World) -> None:
    views = iter(["outage_preview", "outage_review"])

    async def open_it(body: Json, client: AsyncWebClient) -> None:
        text = {"type": "section", "text": plain("It fails.")}
        view = {"type": "modal", "callback_id": next(views), "title": plain("Notice"), "blocks": [text]}
        await client.views_open(
            trigger_id=body["trigger_id"], view=view | {"submit": plain("Send for approval")}
        )

    bot.reactions |= {"spike.open_outage": open_it, "outage.review": open_it}
    await sam.locator("[data-part=outage]").click()
    buttons = row(("spike.open_outage", "Open an outage…"), ("outage.review", "Review…"))
    await bot.post([buttons], text="📈 61 people wrote about Payments")
    done = sam.locator("li.done")
    for action, count in (("spike.open_outage", 3), ("outage.review", 4)):
        await sam.locator(f"[data-action-id='{action}']").click()
        await sam.get_by_test_id("submit").click()
        await expect(sam.get_by_test_id("modal")).to_have_count(0)
        await expect(done).to_have_count(count)
    world.statuspage.create({"name": "It fails"}, "http://page")
    status = sam.get_by_role("tab", name="Status")
    await expect(status.locator(".side-dot")).to_be_visible()
    await status.click()
    await expect(done).to_have_count(5)
    steps = await done.evaluate_all("all => all.map(n => n.dataset.step)")
    assert steps == ["alert", "open", "send", "approve", "status"]
