"""Run `python bot.py demo` and the whole story in its page."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser import ON_PAGE, Visit, page_fixture
from tests.processes import BOT

pytestmark = [*ON_PAGE, pytest.mark.long(15)]

PATIENCE = 90.0
SLOW = 60_000  # ms; the demo keeps Slack's rate limits, and generates posts of its own
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


@page_fixture
async def demo(tmp_path: Path) -> AsyncIterator[str]:
    """Start the demo as a user does; yield the address that it prints."""
    environment = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        str(BOT),
        "demo",
        "--without-history",
        "--port",
        "0",
        cwd=tmp_path,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert child.stdout is not None
    async with asyncio.timeout(PATIENCE):
        told = (await child.stdout.readline()).decode()
    [address] = ADDRESS.findall(told)
    yield address
    child.send_signal(signal.SIGINT)
    async with asyncio.timeout(PATIENCE):
        rest = (await child.stdout.read()).decode()
        assert await child.wait() == 0, rest
    assert "The bot was killed (SIGKILL). It is started again" in rest
    assert not os.listdir(tmp_path), "the demo keeps nothing"  # noqa: PTH208 - pathlib's own is refused in a coroutine


async def post(page: Page, text: str) -> None:
    """Post as a customer with the box beside the timeline."""
    await page.get_by_test_id("customer-text").fill(text)
    await page.get_by_test_id("customer-post").click()


async def test_a_newcomer_walks_the_whole_story(demo: str, visit: Visit) -> None:
    page = await visit(demo)
    page.set_default_timeout(SLOW)
    expect.set_options(timeout=SLOW)
    await post(page, "@acme my parcel is three weeks late, where is it <!channel>?")
    card = page.locator("[data-ts]").filter(has_text="three weeks late").first
    await card.wait_for()
    ts = await card.get_attribute("data-ts")
    card = page.locator(f'[data-testid="channel"] [data-ts="{ts}"]').first

    await card.locator('[data-action-id="case.claim"]').click()
    await expect(card).to_contain_text("has it")
    await card.locator('[data-action-id="case.answer"]').click()
    modal = page.get_by_test_id("modal")
    await modal.locator("textarea").fill("We are on it: somebody looks for your parcel right now.")
    await modal.get_by_test_id("submit").click()
    await expect(card).to_contain_text("Sent")
    await expect(page.get_by_test_id("timeline")).to_contain_text("somebody looks for your parcel")

    other = await visit(demo, person="U0MIA")
    other.set_default_timeout(SLOW)
    seen = other.locator(f'[data-testid="channel"] [data-ts="{ts}"]').first
    await seen.locator('[data-action-id="case.take_over"]').click()
    await expect(other.get_by_test_id("modal")).to_contain_text("Sam")
    await other.get_by_test_id("modal").get_by_test_id("submit").click()
    await expect(card).to_contain_text("Mia")

    await page.get_by_test_id("faults").click()
    await page.locator("[data-fault=kill]").click()
    await expect(page.get_by_test_id("bot-state")).to_contain_text("was killed (SIGKILL)")
    await post(page, "@acme and the second parcel?")
    await page.locator("[data-ts]").filter(has_text="and the second parcel").first.wait_for()
    await expect(page.get_by_test_id("toast").last).to_contain_text("Sent twice: nothing")
