"""The customer's mailbox beside the public timeline."""

from playwright.async_api import Page, expect

from sandbox.mail.post_office import BRAND
from sandbox.world import World
from tests.browser import ON_PAGE

pytestmark = ON_PAGE


async def open_mailbox(page: Page) -> None:
    await page.get_by_role("tab", name="Mail").click()


async def test_a_customer_writes_reads_the_answer_and_answers_it(sam: Page, world: World) -> None:
    await open_mailbox(sam)
    pane = sam.get_by_test_id("mailbox")
    await pane.get_by_test_id("mail-name").fill("Ana Ruiz")
    await pane.get_by_test_id("mail-address").fill("ana@example.com")
    await pane.get_by_test_id("mail-subject").fill("Payment")
    await pane.get_by_test_id("mail-text").fill("My payment fails.")
    await pane.get_by_test_id("mail-send").click()
    await expect(pane.get_by_test_id("mail-text")).to_have_value("")
    [came] = world.mail.brand.inbox.mails
    assert b"Subject: Payment" in came.content

    answer = f"From: Sam (Acme) <{BRAND}>\r\nTo: ana@example.com\r\nReply-To: support+1-a@acme.example\r\nSubject: Re: Payment\r\n"
    answer += "Message-ID: <a@acme.example>\r\n\r\n<script>alert(1)</script>\r\nIs it better?\r\n"
    world.mail.send(BRAND, ["ana@example.com"], answer.encode())
    mail = pane.locator("[data-mail]")
    await expect(mail).to_contain_text("<script>alert(1)</script>")
    await mail.get_by_role("button", name="Answer Sam (Acme)").click()
    await expect(pane.get_by_test_id("mail-subject")).to_be_hidden()
    await pane.get_by_test_id("mail-text").fill("Yes, it is.")
    await pane.get_by_test_id("mail-send").click()
    await expect(pane.get_by_test_id("mail-subject")).to_be_visible()
    last = world.mail.brand.inbox.mails[-1].content
    for part in (
        b"In-Reply-To: <a@acme.example>",
        b"Subject: Re: Payment",
        b"Delivered-To: support+1-a@",
        b"> Is it better?",
    ):
        assert part in last


async def test_whoever_gets_a_mail_comes_to_the_front_with_a_mark(sam: Page, world: World) -> None:
    world.mail.send(
        BRAND, ["eve@example.com"], b"From: support@acme.example\r\nSubject: Hello\r\n\r\nHello Eve\r\n"
    )
    tab = sam.get_by_role("tab", name="Mail")
    await expect(tab.locator(".side-dot")).to_be_visible()
    await tab.click()
    await expect(sam.get_by_test_id("mail-address")).to_have_value("eve@example.com")
    await expect(sam.get_by_test_id("mails")).to_contain_text("Hello Eve")


async def test_a_mail_that_came_while_the_page_heard_nothing_comes_to_the_front_later(
    sam: Page, world: World
) -> None:
    await sam.route("**/ui/x/events*", lambda route: route.abort())
    world.x.events.close()
    await expect(sam.locator("#link-state")).to_be_visible()
    world.mail.send(BRAND, ["eve@example.com"], b"Subject: Hello\r\n\r\nHello Eve\r\n")
    world.mail.write("ana@example.com", "Another one writes to the brand")
    await sam.unroute("**/ui/x/events*")
    await expect(sam.get_by_role("tab", name="Mail").locator(".side-dot")).to_be_visible()
    await open_mailbox(sam)
    await expect(sam.get_by_test_id("mail-address")).to_have_value("eve@example.com")
    await expect(sam.get_by_test_id("mails")).to_contain_text("Hello Eve")


async def test_the_name_is_the_one_that_was_typed_for_the_address_or_what_the_address_says(
    sam: Page, world: World
) -> None:
    await open_mailbox(sam)
    name, address = sam.get_by_test_id("mail-name"), sam.get_by_test_id("mail-address")
    await expect(name).to_have_value("Dana Petrova")
    await address.fill("tess.tern+shop@example.com")
    await address.blur()
    await expect(name).to_have_value("Tess Tern")
    assert await address.evaluate("n => n.scrollWidth <= n.clientWidth")
    await name.fill("Tess T.")
    await sam.get_by_test_id("mail-text").fill("Hello")
    await sam.get_by_test_id("mail-send").click()
    await expect(sam.get_by_test_id("mail-text")).to_have_value("")
    assert b"Tess T." in world.mail.brand.inbox.mails[-1].content
    world.mail.send(BRAND, ["eve@example.com"], b"Subject: Hello\r\n\r\nHello Eve\r\n")
    await expect(name).to_have_value("Eve")
    await address.fill("tess.tern+shop@example.com")
    await address.blur()
    await expect(name).to_have_value("Tess T.")


async def test_a_mail_that_cannot_be_written_says_why_and_keeps_the_words(sam: Page) -> None:
    await open_mailbox(sam)
    await sam.get_by_test_id("mail-address").fill(BRAND)
    await sam.get_by_test_id("mail-text").fill("hello")
    await sam.get_by_test_id("mail-send").click()
    await expect(sam.get_by_test_id("toast")).to_contain_text("not from the brand")
    await expect(sam.get_by_test_id("mail-text")).to_have_value("hello")
