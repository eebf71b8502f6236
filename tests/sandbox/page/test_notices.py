"""Where outages are announced, beside the public timeline."""

import re

from aiohttp import web
from playwright.async_api import Page, expect

from sandbox.app import new_app, serving
from sandbox.world import World
from tests.browser import ON_PAGE

pytestmark = ON_PAGE

FEED = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><id>f</id><title>Acme</title>
<updated>2026-11-29T04:00:00Z</updated><entry><id>f#1</id><title>Payments fail</title>
<updated>2026-11-29T04:00:00Z</updated><content>In the feed &lt;b&gt;</content></entry></feed>"""


async def test_each_place_shows_what_was_announced_there(sam: Page, world: World) -> None:
    tab = sam.get_by_role("tab", name="Status")
    await tab.click()
    pane = sam.get_by_test_id("notices-list")
    await expect(pane).to_contain_text("No incidents.")
    await sam.get_by_role("tab", name="Public").click()
    components = {"kz8dq1": "major_outage"}
    world.statuspage.create(
        {"name": "Payments fail", "body": "On the page &lt;b>", "components": components}, "http://page"
    )
    await expect(tab.locator(".side-dot")).to_be_visible()
    await tab.click()
    await expect(pane).to_contain_text("On the page <b>")
    await expect(pane.locator(".down")).to_have_text("Paymentsmajor outage")
    await sam.get_by_test_id("notices-cachet").click()
    world.cachet.create("incidents", {"name": "It fails", "message": r"On \*Cachet\*", "status": 1})
    await expect(pane).to_contain_text("On *Cachet*")
    world.feed.address = "http://127.0.0.1:9/feed/outages.atom"
    await sam.get_by_test_id("notices-mail").click()
    await expect(sam.get_by_test_id("subscribe")).to_have_attribute("href", re.compile("/outages/subscribe$"))
    await sam.get_by_test_id("notices-webhook").click()
    world.webhook.events["n1"] = {"id": "n1", "event": "notice.published", "outage": {"title": "<i>"}}
    await expect(pane).to_contain_text("notice.published")
    await expect(pane).to_contain_text("<i>")


async def test_the_feed_is_read_as_a_reader_does(sam: Page, world: World) -> None:
    tags: list[str | None] = []

    async def feed(request: web.Request) -> web.Response:
        tags.append(request.headers.get("If-None-Match"))
        if tags[-1] is not None:
            return web.Response(status=304)
        return web.Response(text=FEED, content_type="application/atom+xml", headers={"ETag": '"1"'})

    app = new_app()
    app.router.add_get("/feed", feed)
    await sam.get_by_role("tab", name="Status").click()
    await sam.get_by_test_id("notices-feed").click()
    pane = sam.get_by_test_id("notices-list")
    await expect(pane).to_contain_text("The feed cannot be read")
    async with serving(app) as where:
        world.feed.address = f"{where}/feed"
        await expect(pane).to_contain_text("In the feed <b>")
        await world.feed.poll()
    assert (tags[0], tags[-1]) == (None, '"1"')
    [entry] = world.ledger.of("feed")
    assert entry.detail["title"] == "Payments fail"
