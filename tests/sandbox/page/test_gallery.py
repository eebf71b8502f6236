"""All of Block Kit on one page: everything is rendered, and no text becomes markup or script."""

from playwright.async_api import Locator, Page, expect

from tests.browser import ON_PAGE
from tests.sandbox.page.conftest import Bot
from tests.sandbox.page.gallery import HOSTILE, PRESSED, READ, TYPED, button, modal, plain

pytestmark = ON_PAGE


async def assert_harmless(page: Page, root: Locator) -> None:
    """Assert that no script ran, no text became an element, and no link has a script address."""
    assert await page.evaluate("() => window.hacked") is None
    await expect(root.locator("script, img[src=x], iframe, object")).to_have_count(0)
    links = await root.locator("a").evaluate_all("all => all.map(a => a.protocol)")
    assert set(links) <= {"http:", "https:", "mailto:"}


async def test_a_message_shows_every_block(sam: Page, bot: Bot) -> None:
    ts = await bot.post(READ)
    card = sam.locator(f'[data-ts="{ts}"]')
    await expect(card.locator("[data-block-id]")).to_have_count(len(READ))
    await expect(card.locator("[data-block-id=header] h3")).to_have_text(HOSTILE)
    await expect(card.locator("[data-block-id=section] .fact")).to_have_text([HOSTILE, HOSTILE])
    await expect(card.locator("[data-block-id=section] .text a")).to_have_attribute(
        "href", "https://example.com/"
    )
    await expect(card.locator("[data-block-id=context] .context-text")).to_have_text([HOSTILE, HOSTILE])
    await expect(card.locator("[data-block-id=image] figcaption")).to_have_text(HOSTILE)
    await expect(card.get_by_role("img", name=HOSTILE)).to_have_count(2)
    await assert_harmless(sam, card)


async def test_rich_text_and_markdown_take_their_shape(sam: Page, bot: Bot) -> None:
    ts = await bot.post(READ)
    rich = sam.locator(f'[data-ts="{ts}"] [data-block-id=rich]')
    await expect(rich.locator("p strong, p em, p s, p code").first).to_contain_text(HOSTILE)
    await expect(rich.locator(".mention")).to_have_text(["@Mia Lindqvist", "#oncall", "@S0AGENTS", "@here"])
    await expect(rich.locator("time")).to_contain_text("2023-11-14")
    await expect(rich.locator("ol li")).to_have_text("first")
    await expect(rich.locator("blockquote")).to_have_text("quoted")
    await expect(rich.locator("pre")).to_have_text(HOSTILE)
    await expect(rich.locator(".emoji")).to_have_text("🎉")
    markdown = sam.locator(f'[data-ts="{ts}"] [data-block-id=markdown]')
    await expect(markdown.locator(".heading")).to_have_text("Title")
    for tag, text in {"strong": "bold", "em": "slanted", "s": "gone", "code": "code", "a": "good"}.items():
        await expect(markdown.locator(tag)).to_have_text(text)
    await expect(markdown.locator("ul li")).to_have_text(["one", "two"])
    await expect(markdown.locator("ol li")).to_have_text("uno")
    await expect(markdown.locator("pre")).to_have_text(HOSTILE)


async def test_elements_carry_hostile_words_harmlessly(sam: Page, bot: Bot) -> None:
    ts = await bot.post(PRESSED)
    card = sam.locator(f'[data-ts="{ts}"]')
    await expect(card.locator("[data-action-id]")).to_have_count(len(PRESSED[0]["elements"]))
    await card.locator("[data-action-id=menu]").click()
    await expect(sam.get_by_role("menuitem").first).to_have_text(HOSTILE)
    await sam.keyboard.press("Escape")
    await card.locator("[data-action-id=danger_button]").click()
    await expect(sam.get_by_test_id("confirm").locator(".text")).to_have_text(HOSTILE)
    await sam.keyboard.press("Escape")
    await assert_harmless(sam, sam.locator("body"))


async def test_a_modal_of_inputs_and_a_hostile_error(sam: Page, bot: Bot) -> None:
    async def open_gallery(body: dict[str, object], client: object) -> None:
        await bot.client.views_open(trigger_id=str(body["trigger_id"]), view=modal(TYPED))

    async def refuse(_body: object, _client: object) -> dict[str, object]:
        return {"response_action": "errors", "errors": {"line": HOSTILE}}

    bot.reactions |= {"open": open_gallery, "gallery": refuse}
    await bot.post([{"type": "actions", "elements": [button("open")]}])
    await sam.locator("[data-action-id=open]").click()
    dialog = sam.get_by_test_id("modal")
    await expect(dialog.locator(".block-input")).to_have_count(len(TYPED))
    await expect(dialog.locator(".label").first).to_contain_text(HOSTILE)
    await dialog.get_by_test_id("submit").click()
    await expect(dialog.locator("[data-block-id=line] .error")).to_have_text(HOSTILE)
    await assert_harmless(sam, sam.locator("body"))
    values = bot.received[-1]["view"]["state"]["values"]
    assert values["line"]["it"] == {"type": "plain_text_input", "value": HOSTILE}
    assert values["one"]["it"]["selected_option"]["value"] == "b"
    assert values["people"]["it"]["selected_users"] == ["U0MIA"]
    assert [o["value"] for o in values["checks"]["it"]["selected_options"]] == ["a"]
    assert values["radio"]["it"]["selected_option"] is None
    assert values["day"]["it"]["selected_date"] == "2026-11-21"
    assert values["hour"]["it"]["selected_time"] == "09:30"
    assert values["moment"]["it"]["selected_date_time"] == 1_800_000_000


async def test_people_and_posts_with_hostile_names_stay_text(sam: Page) -> None:
    box = sam.get_by_test_id("customer")
    await box.get_by_test_id("customer-name").fill(HOSTILE[:50])
    await box.get_by_test_id("customer-handle").fill("hostile")
    await box.get_by_test_id("customer-text").fill(
        f"@acme {HOSTILE} javascript:alert(1) https://evil.example|yourbank.com"
    )
    await box.get_by_test_id("customer-post").click()
    post = sam.locator("[data-post-id]")
    await expect(post.locator(".post-name")).to_have_text(HOSTILE[:50])
    await expect(post.locator(".post-text")).to_contain_text(HOSTILE)
    await expect(post.locator("a")).to_have_attribute("href", "https://evil.example/")
    await assert_harmless(sam, sam.locator("body"))


async def test_words_that_are_not_hostile_keep_their_direction(sam: Page, bot: Bot) -> None:
    ts = await bot.post([{"type": "section", "text": plain("مرحبا، كيف أغير العنوان؟")}])
    text = sam.locator(f'[data-ts="{ts}"] .text')
    await expect(text).to_have_attribute("dir", "auto")
    assert await text.evaluate("node => getComputedStyle(node).direction") == "rtl"
