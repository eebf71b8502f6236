"""The public timeline: posts as customers see them, and posting as a customer."""

import pytest
from playwright.async_api import Page, expect

from sandbox.world import World
from tests.browser import ON_PAGE, Visit
from tests.sandbox.page.conftest import Bot

pytestmark = ON_PAGE


async def test_the_visitor_posts_as_a_customer(sam: Page, world: World) -> None:
    box = sam.get_by_test_id("customer")
    await box.get_by_test_id("customer-name").fill("Ana Ruiz")
    await box.get_by_test_id("customer-handle").fill("@anaruiz")
    await expect(box.get_by_test_id("customer-handle")).to_have_value("anaruiz")
    await box.get_by_test_id("customer-text").fill("@acme are you awake?")
    await box.get_by_test_id("customer-post").click()
    post = sam.locator('[data-author="anaruiz"]')
    await expect(post).to_contain_text("Ana Ruiz")
    await expect(post.locator(".post-text")).to_have_text("@acme are you awake?")
    await expect(box.get_by_test_id("customer-text")).to_have_value("")
    assert [each.text for each in world.x.posts.values()] == ["@acme are you awake?"]


async def test_a_customer_sends_a_picture_edits_and_deletes(sam: Page, bot: Bot, world: World) -> None:
    """The form says that the post is on its way until Slack has it; nothing opens at the real X."""
    await sam.get_by_test_id("customer-file").set_input_files(
        {"name": "screen.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n"}
    )
    await sam.get_by_test_id("customer-text").fill("@acme look at this")
    await sam.get_by_test_id("customer-post").click()
    way = sam.get_by_test_id("on-its-way")
    await expect(way).to_contain_text("on its way")
    [post] = world.x.posts.values()
    assert [(media.name, media.media_type) for media in post.media] == [("screen.png", "image/png")]
    link = f"<https://x.com/{post.author.username}/status/{post.id}|View on X>"
    await bot.post([{"type": "section", "text": {"type": "mrkdwn", "text": link}}])
    await expect(way).to_have_text("Your post is in Slack.")

    shown = sam.locator(f'[data-post-id="{post.id}"]')
    await shown.get_by_label("Edit or delete").click()
    await sam.locator("[data-post=edit]").click()
    await expect(sam.get_by_test_id("customer-text")).to_have_value("@acme look at this")
    await sam.get_by_test_id("customer-text").fill("@acme look at that")
    await sam.get_by_test_id("customer-post").click()
    await expect(shown.locator(".post-text")).to_have_text("@acme look at that")
    await shown.get_by_label("Edit or delete").click()
    await sam.locator("[data-post=delete]").click()
    await expect(shown).to_contain_text("deleted by its author")

    elsewhere = "<https://x.com/somebody|profile>"
    await bot.post([{"type": "section", "text": {"type": "mrkdwn", "text": elsewhere}}])
    for button in ("left", "middle"):
        await sam.get_by_role("link", name="profile").click(button=button)
        await expect(sam.get_by_test_id("toast").last).to_contain_text("leaves for the real X")
    assert len(sam.context.pages) == 1


async def test_the_box_is_ready_to_use_and_has_examples(sam: Page, world: World) -> None:
    await sam.get_by_test_id("customer-example").click()
    await sam.get_by_test_id("customer-post").click()
    await expect(sam.locator("[data-post-id]")).to_contain_text("@acme")
    assert len(world.x.posts) == 1


async def test_a_refused_post_says_why_and_keeps_the_words(sam: Page) -> None:
    await sam.get_by_test_id("customer-handle").fill("not a handle!")
    await sam.get_by_test_id("customer-text").fill("@acme hello")
    await sam.get_by_test_id("customer-post").click()
    await expect(sam.get_by_test_id("toast")).to_contain_text("username")
    await expect(sam.get_by_test_id("customer-text")).to_have_value("@acme hello")


async def test_the_brands_reply_stands_above_what_it_answers_and_the_customer_can_go_on(
    sam: Page, world: World
) -> None:
    asked = world.x.post(world.x.accounts.get("anaruiz", "Ana Ruiz"), "@acme my payment fails")
    answered = world.x.post(world.x.brand, "Sorry Ana, we are looking into it. /SO", reply_to=asked.id)
    reply = sam.locator(f'[data-post-id="{answered.id}"]')
    await expect(reply.locator(".parent")).to_contain_text("my payment fails")
    await expect(reply.locator(".replying")).to_have_text("Replying to @anaruiz")
    await expect(sam.locator(f'[data-post-id="{asked.id}"] .answered')).to_have_text("Acme replied")
    order = await sam.locator("[data-post-id]").evaluate_all("all => all.map(n => n.dataset.postId)")
    assert order == [answered.id, asked.id]

    await reply.get_by_role("button", name="Reply to Acme").click()
    await expect(sam.get_by_test_id("customer-handle")).to_have_value("anaruiz")
    await sam.get_by_test_id("customer-text").fill("@acme thank you!")
    await sam.get_by_test_id("customer-post").click()
    await expect(sam.locator('[data-author="anaruiz"]')).to_have_count(2)
    assert list(world.x.posts.values())[-1].reply_to == answered.id


@pytest.mark.parametrize(
    ("text", "told"), [("@acme thanks!", "Replying to @acme"), ("thanks!", "Replying to an older post")]
)
async def test_an_answer_to_a_post_that_the_page_does_not_have_says_so(
    sam: Page, world: World, monkeypatch: pytest.MonkeyPatch, text: str, told: str
) -> None:
    monkeypatch.setattr("sandbox.x.ui.TIMELINE_LENGTH", 1)
    lea = world.x.accounts.get("lea")
    asked = world.x.post(lea, "@acme my payment fails")
    answer = world.x.post(lea, text, reply_to=asked.id, excluded={world.x.brand.id})
    await sam.reload()
    await expect(sam.locator(f'[data-post-id="{answer.id}"] .replying')).to_have_text(told)


async def test_edits_and_deletions_change_the_post_in_place(sam: Page, world: World) -> None:
    made = world.x.post(world.x.accounts.get("bo"), "@acme down agian?")
    post = sam.locator(f'[data-post-id="{made.id}"]')
    await expect(post).to_contain_text("agian")
    edited = world.x.edit(made.id, "@acme down again?")
    await expect(post).to_contain_text("again")
    await expect(post.locator(".edited")).to_have_text("edited")
    world.x.delete(edited.id)
    await expect(post).to_contain_text("deleted by its author")
    await expect(post).not_to_contain_text("again")
    await expect(sam.locator("[data-post-id]")).to_have_count(1)


async def test_names_are_marked_and_the_host_of_an_address_is_none(sam: Page, world: World) -> None:
    made = world.x.post(world.x.accounts.get("bo"), "@acme write to bo@example.org, (@anaruiz) and #late")
    marked = sam.locator(f'[data-post-id="{made.id}"] .post-text .post-link')
    await expect(marked).to_have_text(["@acme", "@anaruiz", "#late"])


async def test_view_on_x_points_at_the_post_here(sam: Page, bot: Bot, world: World) -> None:
    made = world.x.post(world.x.accounts.get("bo"), "@acme hello")
    await bot.post(text=f"<https://x.com/bo/status/{made.id}|View on X>")
    await sam.locator("[data-testid=channel] .message a").click()
    await expect(sam.locator(f'[data-post-id="{made.id}"]')).to_be_focused()
    assert len(sam.context.pages) == 1


async def test_open_on_x_points_at_the_post_and_says_what_x_would_do(
    sam: Page, bot: Bot, world: World
) -> None:
    made = world.x.post(world.x.accounts.get("bo"), "acme is down")
    await bot.post(text=f"<https://x.com/intent/tweet?in_reply_to={made.id}|Open on X>")
    await sam.locator("[data-testid=channel] .message a").click()
    await expect(sam.locator(f'[data-post-id="{made.id}"]')).to_be_focused()
    await expect(sam.get_by_test_id("toast")).to_contain_text("answer @bo as Acme")


async def test_a_long_post_is_folded_until_asked_for(sam: Page, world: World) -> None:
    world.x.post(world.x.accounts.get("bo"), "@acme " + "word " * 400)
    text = sam.locator(".post-text")
    await expect(text).to_have_class("post-text folded")
    await sam.get_by_role("button", name="Show more").click()
    await expect(text).to_have_class("post-text")


async def test_the_header_holds_and_speeds_the_arriving_posts(sam: Page, world: World) -> None:
    await world.replay.start("demo", paused=True)
    await sam.reload()
    toggle = sam.get_by_test_id("replay-toggle")
    await expect(toggle).to_have_attribute("aria-label", "Let posts arrive")
    await sam.get_by_test_id("replay-speed").select_option("60")
    await toggle.click()
    await expect(toggle).to_have_attribute("aria-label", "Pause arriving posts")
    await expect(sam.locator("[data-post-id]").first).to_be_visible()
    await toggle.click()
    await expect(toggle).to_have_attribute("aria-label", "Let posts arrive")
    assert world.replay.status()["speed"] == 60


async def test_a_post_that_gets_no_card_is_not_called_on_its_way_for_ever(visit: Visit, address: str) -> None:
    sam = await visit(address, kept=False)
    await sam.clock.install()
    await sam.get_by_test_id("customer-text").fill("@acme one of many")
    await sam.get_by_test_id("customer-post").click()
    way = sam.get_by_test_id("on-its-way")
    await expect(way).to_contain_text("on its way")
    await sam.clock.fast_forward(30_000)
    await expect(way).to_contain_text("most wait on the board in #support")
