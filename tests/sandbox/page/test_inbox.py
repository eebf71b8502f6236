"""The customer's direct messages beside the public timeline."""

from pathlib import Path

from playwright.async_api import Page, expect

from sandbox.mail.post_office import BRAND
from sandbox.world import World
from tests.browser import ON_PAGE
from tests.sandbox.page.conftest import Bot

pytestmark = ON_PAGE

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
    "a5f645400000000049454e44ae426082"
)
COMPOSE = "https://x.com/messages/compose?recipient_id=90000001"


async def open_messages(page: Page) -> None:
    await page.get_by_role("tab", name="Inbox").click()


async def test_a_customer_writes_and_reads_the_answer(sam: Page, world: World) -> None:
    ana = world.x.accounts.get("anaruiz", "Ana Ruiz")
    world.x.direct.receive(ana, "<script>alert(1)</script> *is this bold?*\nhello")
    await open_messages(sam)
    inbox = sam.get_by_test_id("inbox")
    await expect(inbox.get_by_test_id("inbox-customer")).to_have_value("anaruiz")
    await expect(inbox.locator(".letter")).to_contain_text("<script>alert(1)</script> *is this bold?*")
    await inbox.get_by_test_id("inbox-text").fill("are you there?")
    await inbox.get_by_test_id("inbox-send").click()
    await expect(inbox.locator(".letter")).to_have_count(2)
    await expect(inbox.get_by_test_id("inbox-text")).to_have_value("")
    world.x.direct.send(ana, "Yes, Ana.")
    await expect(inbox.locator(".letter.of-brand")).to_contain_text("Yes, Ana.")
    assert [m.text for m in world.x.direct.between(ana)][1:] == ["are you there?", "Yes, Ana."]


async def test_a_picture_goes_along(sam: Page, world: World, tmp_path: Path) -> None:
    (tmp_path / "parcel.png").write_bytes(PNG)
    (tmp_path / "large.png").write_bytes(bytes(5 * 1024 * 1024 + 1))
    world.x.post(world.x.accounts.get("anaruiz", "Ana Ruiz"), "@acme my parcel is broken")
    await open_messages(sam)
    await expect(sam.get_by_test_id("inbox-customer")).to_have_value("anaruiz")
    await expect(sam.locator(".letters .empty")).to_have_css("list-style-type", "none")
    await sam.get_by_test_id("inbox-file").set_input_files(tmp_path / "large.png")
    await expect(sam.get_by_test_id("toast")).to_contain_text("5 MB")
    await sam.get_by_test_id("inbox-file").set_input_files(tmp_path / "parcel.png")
    await expect(sam.locator(".inbox .replying-chip")).to_contain_text("parcel.png")
    await sam.get_by_test_id("inbox-send").click()
    await expect(sam.get_by_role("img", name="parcel.png")).to_have_js_property("naturalWidth", 1)
    [message] = world.x.direct.all
    assert message.media[0].content == PNG


async def test_the_link_in_the_brands_answer_opens_the_customers_messages(sam: Page, world: World) -> None:
    for name in ("bo", "anaruiz"):
        asked = world.x.post(world.x.accounts.get(name), f"@acme help, says {name}")
        answered = world.x.post(world.x.brand, f"Write to us: {COMPOSE}", reply_to=asked.id)
        link = sam.locator(f'[data-post-id="{answered.id}"] a')
        await link.click()
        await expect(sam.get_by_test_id("inbox-text")).to_be_focused()
        await expect(sam.get_by_test_id("inbox-customer")).to_have_value(name)
        await sam.get_by_role("tab", name="Public").click()
    assert len(sam.context.pages) == 1


async def test_the_link_leads_to_the_inbox_from_a_message_a_mail_and_the_workspace_too(
    sam: Page, bot: Bot, world: World
) -> None:
    ana, bo = (world.x.accounts.get(name) for name in ("anaruiz", "bo"))
    world.x.direct.send(ana, f"Write to us: {COMPOSE}")
    post = world.x.post(bo, "@acme hello")
    letter = f"Subject: Hello\r\n\r\nWrite to us (or to @acme): {COMPOSE}.\r\n".encode()
    world.mail.send(BRAND, ["bo@example.com"], letter)
    await bot.post(text=f"<https://x.com/bo/status/{post.id}|View on X> <{COMPOSE}|Write to us>")

    await open_messages(sam)
    text = sam.get_by_test_id("inbox-text")
    await sam.locator(".letter a").click()
    await expect(text).to_be_focused()
    await expect(sam.get_by_test_id("inbox-customer")).to_have_value("anaruiz")

    await sam.get_by_role("tab", name="Mail").click()
    await expect(sam.locator(".mail a")).to_have_attribute("href", COMPOSE)
    await expect(sam.locator(".mail .post-link")).to_have_count(1)
    await sam.locator(".mail a").click()
    await expect(text).to_be_focused()

    await sam.get_by_role("tab", name="Public").click()
    await sam.locator("[data-testid=channel] .message a", has_text="Write to us").click()
    await expect(text).to_be_focused()
    await expect(sam.get_by_test_id("inbox-customer")).to_have_value("bo")
    assert len(sam.context.pages) == 1


async def test_somebody_who_looks_elsewhere_sees_that_there_is_news(sam: Page, world: World) -> None:
    ana, bo = (world.x.accounts.get(name) for name in ("anaruiz", "bo"))
    world.x.direct.receive(ana, "hello")
    dot = sam.locator('[data-place="inbox"] .side-dot')
    world.x.direct.send(bo, "Hello Bo")
    await expect(dot).to_be_visible()
    await open_messages(sam)
    await expect(dot).to_be_hidden()
    await expect(sam.get_by_test_id("inbox-customer")).to_have_value("bo")
    await sam.get_by_test_id("inbox-customer").select_option("anaruiz")
    await expect(sam.locator(".letter")).to_contain_text("hello")


async def test_a_customer_lets_everybody_write(sam: Page, world: World) -> None:
    ana = world.x.accounts.get("anaruiz", "Ana Ruiz")
    world.x.post(ana, "@acme hello")
    await open_messages(sam)
    async with sam.expect_response("**/ui/x/dm/open"):
        await sam.get_by_test_id("inbox-open").check()
    assert ana.dms_open


async def test_post_by_post_the_public_side_is_in_front_again(sam: Page, bot: Bot, world: World) -> None:
    made = world.x.post(world.x.accounts.get("bo"), "@acme hello")
    await bot.post(text=f"<https://x.com/bo/status/{made.id}|View on X>")
    await open_messages(sam)
    await sam.locator("[data-testid=channel] .message a").click()
    await expect(sam.locator(f'[data-post-id="{made.id}"]')).to_be_focused()
