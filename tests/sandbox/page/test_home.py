"""The app's Home view."""

from typing import Any

from playwright.async_api import Page, Route, expect
from slack_sdk.web.async_client import AsyncWebClient

from tests.browser import ON_PAGE
from tests.sandbox.page.conftest import Bot
from tests.sandbox.page.gallery import button, option

pytestmark = ON_PAGE

Json = dict[str, Any]
FILTER = {"type": "static_select", "action_id": "filter", "options": [option("a"), option("b")]}


def home(words: str) -> Json:
    return {
        "type": "home",
        "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": words}},
            {"type": "actions", "block_id": "tools", "elements": [button("next"), FILTER]},
        ],
    }


async def test_opening_it_tells_the_app_whose_view_appears_and_changes_in_place(sam: Page, bot: Bot) -> None:
    async def publish(body: Json, client: AsyncWebClient) -> None:
        await client.views_publish(user_id=body["event"]["user"], view=home("Your queue"))

    async def pulled(body: Json, client: AsyncWebClient) -> None:
        await client.views_publish(user_id=body["user"]["id"], view=home("Nothing waits"))

    bot.reactions |= {"app_home_opened": publish, "next": pulled}
    await sam.locator("[data-place=home]").click()
    shown = sam.get_by_test_id("home")
    await expect(shown.locator("h3")).to_have_text("Your queue")
    await shown.locator("[data-action-id=filter]").select_option("b")
    await shown.locator("[data-action-id=next]").click()
    await expect(shown.locator("h3")).to_have_text("Nothing waits")
    await expect(shown.locator("[data-action-id=filter]")).to_have_value("b")
    assert bot.received[-1]["view"]["type"] == "home"


async def test_a_view_published_while_the_home_is_asked_for_is_not_lost(sam: Page, bot: Bot) -> None:
    """The response to the request is older than the published view, but arrives after it."""

    async def answer_late(route: Route) -> None:
        answer = await route.fetch()
        await bot.client.views_publish(user_id="U0SAM", view=home("Newer"))
        await sam.locator("[data-testid=home] h3").wait_for()
        await route.fulfill(response=answer)

    await sam.route("**/ui/slack/home*", answer_late)
    async with sam.expect_response("**/ui/slack/home*") as answered:
        await sam.locator("[data-place=home]").click()
    assert (await (await answered.value).json())["view"] is None
    await expect(sam.locator("[data-testid=home] h3")).to_have_text("Newer")


async def test_an_app_without_a_home_says_so(sam: Page) -> None:
    await sam.locator("[data-place=home]").click()
    await expect(sam.get_by_test_id("home")).to_contain_text("has not put anything here yet")
