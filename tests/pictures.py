"""Draw the pictures of the README anew, from the demo: `python -m tests.pictures`.

`docs/pictures/story.webp` goes from a mention to a private conversation; `card.png` beside it is its card.
Drawn by hand, not in CI: look at them before they are committed.
"""

import asyncio
import re
import signal
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.async_api import Page, async_playwright

from tests.browser import CHROMIUM
from tests.processes import BOT
from tests.source import ROOT

PICTURES = ROOT / "docs" / "pictures"
WIDTH, HEIGHT = 1240, 760
DRAWN = (930, 570)
QUALITY = 82
PATIENCE = 90_000  # ms
POST = "@acme my parcel was due on Monday and nobody knows where it is. It is a birthday present!"
LETTER = "Here it is: order 4711-22. Thank you for asking!"


class Film:
    """The frames of an animation, each with how long it is shown (ms)."""

    def __init__(self, page: Page, folder: Path) -> None:
        self._page = page
        self._folder = folder
        self._frames: list[tuple[Path, int]] = []

    async def take(self, shown: int, *, after: int = 900) -> None:
        """Take a frame once the page has come to rest."""
        await self._page.wait_for_timeout(after)
        path = self._folder / f"{len(self._frames):02}.png"
        await self._page.screenshot(path=path)
        self._frames.append((path, shown))

    def save(self, path: Path) -> None:
        """Write all frames as one picture that repeats."""
        frames = []
        for source, _ in self._frames:
            with Image.open(source) as picture:
                frames.append(picture.convert("RGB").resize(DRAWN, Image.Resampling.LANCZOS))
        first, *others = frames
        shown = [milliseconds for _, milliseconds in self._frames]
        first.save(
            path, save_all=True, append_images=others, duration=shown, loop=0, quality=QUALITY, method=6
        )


async def play(page: Page, film: Film) -> None:
    """Play the story, and draw its card."""
    await page.get_by_label("Hide this guide").click()
    await page.get_by_test_id("bot-state").wait_for(state="hidden")
    await page.get_by_test_id("replay-toggle").click()
    await page.get_by_test_id("customer-name").fill("Nora Lind")
    await page.get_by_test_id("customer-handle").fill("noralind")
    await page.get_by_test_id("customer-text").fill(POST)
    await film.take(1_800)
    await page.get_by_test_id("customer-post").click()
    await film.take(1_200)
    card = page.locator('[data-testid="channel"] [data-ts]').filter(has_text="birthday present").first
    await card.wait_for()
    ts = await card.get_attribute("data-ts")
    card = page.locator(f'[data-testid="channel"] [data-ts="{ts}"]').first
    await card.scroll_into_view_if_needed()
    await film.take(2_200)
    await card.screenshot(path=PICTURES / "card.png")
    await card.locator('[data-action-id="case.claim"]').click()
    await film.take(1_400, after=3_000)
    await card.locator('[data-action-id="case.answer"]').click()
    await page.get_by_test_id("modal").locator("textarea").wait_for()
    await film.take(1_800)
    await page.get_by_test_id("submit").click()
    await page.get_by_test_id("timeline").locator(".from-brand").first.wait_for()
    await film.take(2_200, after=4_000)
    await card.locator('[data-action-id="case.move"]').click()
    await page.get_by_test_id("modal").wait_for()
    await film.take(1_800, after=1_500)
    await page.get_by_test_id("submit").click()
    await film.take(1_400, after=5_000)
    await page.get_by_role("tab", name="Inbox").click()
    await page.get_by_test_id("inbox-customer").select_option("noralind")
    await page.get_by_test_id("inbox-text").fill(LETTER)
    await page.get_by_test_id("inbox-send").click()
    await card.filter(has_text="by DM").wait_for()
    await film.take(1_600)
    await card.locator("text=/repl(y|ies)/").last.click()
    await film.take(2_800, after=3_000)


async def main() -> None:
    """Run the demo without a past, and film it."""
    demo = await asyncio.create_subprocess_exec(
        sys.executable, str(BOT), "demo", "--without-history", "--port", "0", stdout=asyncio.subprocess.PIPE
    )
    assert demo.stdout is not None
    [address] = re.findall(r"http://\S+", (await demo.stdout.readline()).decode())
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            context = await browser.new_context(
                viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=2
            )
            page = await context.new_page()
            page.set_default_timeout(PATIENCE)
            await page.goto(f"{address}/?as=U0SAM#/C0SUPPORT")
            await page.locator("body[data-ready]").wait_for()
            with tempfile.TemporaryDirectory() as folder:
                film = Film(page, Path(folder))
                await play(page, film)
                film.save(PICTURES / "story.webp")
            await browser.close()
    finally:
        demo.send_signal(signal.SIGINT)
        await demo.wait()


if __name__ == "__main__":
    asyncio.run(main())
