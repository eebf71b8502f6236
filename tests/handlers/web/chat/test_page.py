"""Use the chat page in a browser: on a phone, offline, with two tabs, by keyboard alone."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime

import pytest
from playwright.async_api import FilePayload, Route, expect

from domain.cases.case import CaseState
from domain.cases.files import MAX_FILE_SIZE
from domain.chat.topics import chat_topic
from domain.handoffs.handoff import HandoffEvent, transition
from handlers.cases.resolution import resolve
from handlers.chat.transcript import record_transcript_sent
from handlers.handoffs.arrival import return_to_public
from handlers.handoffs.verification import verify_by_code
from handlers.web.chat.rate_limits import Limiter, Rates
from storage.engine import Store
from storage.unit_of_work import UnitOfWork
from tests.browser import ON_PAGE, Colours, page_fixture
from tests.handlers.made import ANA, BEN, PAYMENT, SAM, case_of, do, messages, queued
from tests.handlers.web.chat.browsing import (
    DESK,
    SCRIPT,
    Enter,
    accessibility_violations,
    message,
    open_page,
    write,
)
from tests.handlers.web.chat.sites import Site, served

pytestmark = ON_PAGE


@page_fixture
async def site(sqlite: Store) -> AsyncIterator[Site]:
    """A served chat on SQLite."""
    async with served(sqlite) as site:
        yield site


async def test_messages_of_both_sides_are_shown_as_text(site: Site, enter: Enter) -> None:
    handoff = site.offer(site.a_case())
    page = await open_page(await enter(), site.link(handoff))
    assert page.url == f"{site.address}/chat"
    await expect(page.get_by_text("Sam is here")).to_be_visible()
    await expect(message(page, PAYMENT)).to_be_visible()
    await write(page, SCRIPT)
    await expect(message(page, SCRIPT)).to_have_count(1)
    await expect(page.locator(".from-customer .meta").last).to_contain_text("Sent")
    said = f"Look at https://help.example/cards. {SCRIPT}"
    await site.agent_writes(handoff, f"{said} {site.link(handoff)}")
    await expect(page.locator(".from-agent .text").last).to_have_text(said)
    await expect(page.get_by_role("link", name="https://help.example/cards")).to_have_attribute(
        "rel", "noopener noreferrer nofollow"
    )
    assert await page.locator(".text img, .text b").count() == 0
    await page.reload()
    await expect(message(page, SCRIPT)).to_have_count(1)


async def test_arabic_and_hebrew_read_from_right_to_left(site: Site, enter: Enter) -> None:
    handoff = site.offer(site.a_case())
    page = await open_page(await enter(), site.link(handoff))
    arabic, hebrew = "مرحبا، كيف يمكننا المساعدة؟ (order 4711)", "ההזמנה שלי, 4711, לא הגיעה!"
    await page.locator("#text").fill(hebrew)
    await expect(page.locator("#text")).to_have_css("direction", "rtl")
    await page.get_by_role("button", name="Send").click()
    await site.agent_writes(handoff, arabic)
    for text in (hebrew, arabic):
        await expect(message(page, text)).to_have_css("direction", "rtl")
    await expect(message(page, PAYMENT)).to_have_css("direction", "ltr")
    await expect(page.locator("#text")).to_have_css("direction", "ltr")


async def test_offline_messages_are_sent_and_shown_once_after_reconnecting(site: Site, enter: Enter) -> None:
    handoff = site.offer(site.a_case())
    context = await enter()
    page = await open_page(context, site.link(handoff))
    await write(page, "before")
    await expect(page.locator(".from-customer .meta").last).to_contain_text("Sent")
    await context.set_offline(True)
    await expect(page.locator("#connection")).to_be_visible()
    await write(page, "while away")
    await expect(page.get_by_text("Waiting for a connection")).to_be_visible()
    await site.agent_writes(handoff, "are you there?")
    await context.set_offline(False)
    for text in ("before", "while away", "are you there?"):
        await expect(message(page, text)).to_have_count(1)
    await expect(page.locator("#connection")).to_be_hidden()
    await expect(page.get_by_text("Waiting for a connection")).to_have_count(0)
    await page.reload()
    for text in ("before", "while away", "are you there?"):
        await expect(message(page, text)).to_have_count(1)


async def test_an_unconfirmed_message_survives_a_reload_and_is_sent_once(site: Site, enter: Enter) -> None:
    handoff = site.offer(site.a_case())
    page = await open_page(await enter(), site.link(handoff))

    async def lose_the_answer(route: Route) -> None:
        await route.fetch()
        await route.abort()

    await page.route("**/chat/events*", lambda route: route.abort())
    await page.reload()
    await page.locator("body[data-ready]").wait_for()
    await page.route("**/chat/messages*", lose_the_answer)
    await write(page, "hold on")
    await expect(page.get_by_text("Waiting for a connection")).to_be_visible()
    await page.unroute_all(behavior="wait")
    await page.reload()
    await page.locator("body[data-ready]").wait_for()
    await expect(page.locator(".from-customer .meta").last).to_contain_text("Sent")
    await expect(message(page, "hold on")).to_have_count(1)


async def test_an_answer_that_breaks_off_holds_up_nothing(site: Site, enter: Enter) -> None:
    page = await open_page(await enter(), site.link(site.offer(site.a_case())))
    broken = []

    async def break_off(route: Route) -> None:
        broken.append(await route.fetch())
        await route.fulfill(content_type="application/json", body='{"id"')

    # Messages come by no stream, which would tell that they were stored.
    await page.route("**/chat/events*", lambda route: route.abort())
    await page.reload()
    await page.locator("body[data-ready]").wait_for()
    await page.route("**/chat/messages*", break_off, times=1)
    await write(page, "first")
    await write(page, "second")
    await expect(page.locator(".from-customer .meta", has_text="· Sent")).to_have_count(2)
    await expect(page.locator(".failed")).to_have_count(0)
    for text in ("first", "second"):
        await expect(message(page, text)).to_have_count(1)
    assert len(broken) == 1


async def test_a_request_that_nobody_answers_is_made_again(site: Site, enter: Enter) -> None:
    page = await open_page(await enter(), site.link(site.offer(site.a_case())))
    # Half a minute passes in 0.3 seconds.
    await page.evaluate(
        "() => { const wait = AbortSignal.timeout.bind(AbortSignal);"
        " AbortSignal.timeout = (time) => wait(time / 100); }"
    )
    hanging: list[Route] = []

    async def hang(route: Route) -> None:
        hanging.append(route)

    await page.route("**/chat/messages*", hang, times=1)
    await write(page, "hello?")
    await expect(page.locator(".from-customer .meta").last).to_contain_text("Sent")
    await expect(message(page, "hello?")).to_have_count(1)
    assert len(hanging) == 1


async def test_what_is_typed_survives_a_reload_until_it_is_sent(site: Site, enter: Enter) -> None:
    page = await open_page(await enter(), site.link(site.offer(site.a_case())))
    box = page.get_by_role("textbox")
    await box.fill("a long story, not yet finished")
    await page.reload()
    await page.locator("body[data-ready]").wait_for()
    await expect(box).to_have_value("a long story, not yet finished")
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator(".from-customer .meta").last).to_contain_text("Sent")
    await page.reload()
    await page.locator("body[data-ready]").wait_for()
    await expect(box).to_have_value("")


async def test_two_tabs_show_the_same_messages(site: Site, enter: Enter) -> None:
    handoff = site.offer(site.a_case())
    context = await enter()
    one, other = await open_page(context, site.link(handoff)), await open_page(context, site.link(handoff))
    await write(one, "from the one")
    await write(other, "from the other")
    for tab in (one, other):
        for text in ("from the one", "from the other"):
            await expect(message(tab, text)).to_have_count(1)


async def test_a_tab_of_a_replaced_session_says_so(site: Site, enter: Enter) -> None:
    context, other = await enter(), site.offer(site.a_case(BEN))
    one = await open_page(context, site.link(site.offer(site.a_case())))
    newer = await open_page(context, site.link(other))
    await write(one, "for the first case")
    await expect(one.get_by_text("This tab's chat is not the one that is open")).to_be_visible()
    await write(newer, "for the second case")
    await expect(newer.locator(".from-customer .meta").last).to_contain_text("Sent")
    await context.set_offline(True)
    await expect(one.locator("#connection")).to_be_visible()
    await context.set_offline(False)
    await expect(one.get_by_role("alert").first).to_contain_text(
        "This tab's chat is not the one that is open"
    )
    texts = [message.text for message in messages(site.store, other.case_id)]
    assert texts == [PAYMENT, "for the second case"]


async def test_the_page_works_by_keyboard(site: Site, enter: Enter) -> None:
    handoff = site.offer(site.a_case())
    page = await open_page(await enter(phone=False, size=DESK), site.link(handoff))
    reached = []
    for _ in range(8):
        await page.keyboard.press("Tab")
        reached.append(await page.evaluate("document.activeElement.id || document.activeElement.tagName"))
    assert {"end", "scroller", "SUMMARY", "file", "text", "send"} <= set(reached)
    await page.locator("#text").focus()
    await page.keyboard.type("one")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("two")
    await page.keyboard.press("Enter")
    await expect(message(page, "one\ntwo")).to_have_count(1)
    await page.locator("#end").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Was this solved?")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.locator("#text")).to_be_focused()


async def test_rate_with_a_comment(site: Site, enter: Enter) -> None:
    case = site.a_case()
    handoff = site.offer(case)
    page = await open_page(await enter(), site.link(handoff))
    await site.agent_writes(handoff, "It works again")
    do(site.store, resolve, case_id=case.id, version=None, user_id=SAM, now=site.clock.now())
    site.chat.subscribers.wake_all()
    await page.get_by_role("button", name="Not yet").click()
    await expect(page.get_by_role("heading", name="Thank you for telling us")).to_be_visible()
    assert case_of(site.store, case.id).state is CaseState.OPEN
    await page.get_by_role("button", name="Back to the chat").click()
    await page.get_by_role("button", name="End chat").click()
    await page.get_by_role("button", name="Yes, solved").click()
    await page.get_by_label("Anything to add?").fill(SCRIPT)
    await page.get_by_role("button", name="Send comment").click()
    await expect(page.get_by_role("heading", name="Thank you for your comment.")).to_be_visible()
    assert case_of(site.store, case.id).state is CaseState.RESOLVED


async def test_request_the_transcript_at_the_end(sqlite: Store, enter: Enter) -> None:
    async with served(sqlite, mails=True) as site:
        handoff = site.offer(site.a_case())
        page = await open_page(await enter(), site.link(handoff))
        await expect(page.get_by_role("button", name="E-mail me this chat")).to_have_count(0)
        await page.get_by_role("button", name="End chat").click()
        await page.get_by_role("button", name="E-mail me this chat").click()
        await expect(page.get_by_role("heading", name="E-mail me this chat")).to_be_focused()
        await page.keyboard.press("Tab")
        await page.keyboard.type("ana")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("That is not an e-mail address")).to_be_visible()
        await expect(page.get_by_label("Your e-mail address")).to_be_focused()
        assert await accessibility_violations(page) == []
        await page.get_by_label("Your e-mail address").fill("ana@example.com")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("On its way to ana@example.com.")).to_be_visible()
        await expect(page.get_by_text("That is not an e-mail address")).to_have_count(0)
        zone = await page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")
        [mail] = [row["payload"] for row in queued(sqlite, "send_transcript")]
        assert (mail["page_language"], mail["time_zone"]) == ("en", zone)
        await site.chat.ctx.desk.run(record_transcript_sent, transcript_id=1, now=site.clock.now())
        await expect(page.get_by_text("Sent to ana@example.com.")).to_be_visible()
        assert await accessibility_violations(page) == []
        await page.get_by_label("Your e-mail address").fill("eve@example.com")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("alert").filter(has_text="one address alone")).to_be_visible()
        await expect(page.get_by_text("Sent to ana@example.com.")).to_be_hidden()
        await page.get_by_role("button", name="Back to the chat").click()
        await site.chat.ctx.desk.run(
            return_to_public, case_id=handoff.case_id, user_id=SAM, now=site.clock.now()
        )
        await page.get_by_role("button", name="E-mail me this chat").click()
        await expect(page.get_by_text("Sent to ana@example.com.")).to_be_visible()


async def test_the_code_is_hidden_after_verification(site: Site, enter: Enter) -> None:
    handoff = site.offer(site.a_case())
    page = await open_page(await enter(), site.link(handoff))
    await page.get_by_text("Show that it is you").click()
    await expect(page.get_by_text(handoff.code, exact=True)).to_be_visible()
    await site.chat.ctx.desk.run(
        verify_by_code, handoff_id=handoff.id, network="x", author_id=ANA.id, now=site.clock.now()
    )
    await expect(page.get_by_text("You are verified.")).to_be_visible()
    await expect(page.get_by_text(handoff.code)).to_have_count(0)
    # The messages that are shown stay.
    await write(page, "after")
    for text in ("after", PAYMENT):
        await expect(message(page, text)).to_have_count(1)
    await site.chat.ctx.desk.run(take_back, handoff_id=handoff.id, now=site.clock.now())
    await expect(page.locator("#ended")).to_be_visible()
    await expect(page.get_by_text("You are verified.")).to_be_hidden()


def take_back(uow: UnitOfWork, *, handoff_id: int, now: datetime) -> None:
    """End the hand-off as one whose code its sender denies."""
    ended = transition(uow.handoffs.get(handoff_id), HandoffEvent.RETURN, now)
    uow.handoffs.save(replace(ended, proof=None, verified_at=None))
    uow.signals.send(chat_topic(handoff_id))


async def test_files_are_shown_or_refused_with_a_reason(site: Site, enter: Enter) -> None:
    page = await open_page(await enter(), site.link(site.offer(site.a_case())))
    shot = await page.screenshot()
    await page.set_input_files("#file", {"name": "shot.png", "mimeType": "image/png", "buffer": shot})
    await expect(page.get_by_role("img", name="shot.png")).to_be_visible()
    await page.set_input_files("#file", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"MZ no"})
    await expect(page.get_by_text("It is neither a picture")).to_be_visible()
    await expect(page.get_by_role("button", name="Try again")).to_be_visible()
    assert await accessibility_violations(page) == []


_PASTE = """([name, bytes, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], name, { type: "image/png" }));
  if (text) data.setData("text/plain", text);
  const init = { clipboardData: data, bubbles: true, cancelable: true };
  return document.getElementById("text").dispatchEvent(new ClipboardEvent("paste", init));
}"""


async def test_several_files_are_sent_at_once_and_the_too_large_are_named(site: Site, enter: Enter) -> None:
    page = await open_page(await enter(), site.link(site.offer(site.a_case())))
    shot = await page.screenshot()
    named = [("one.png", shot), ("two.png", shot), ("huge.png", shot + b"\0" * MAX_FILE_SIZE)]
    await page.set_input_files(
        "#file", [FilePayload(name=name, mimeType="image/png", buffer=content) for name, content in named]
    )
    for name in ("one.png", "two.png"):
        await expect(page.get_by_role("img", name=name)).to_be_visible()
    await expect(page.locator("#composer-error")).to_have_text(
        "huge.png: It is larger than 10 MB, so it was not sent. Choose a smaller one."
    )
    await expect(page.locator(".message.from-customer")).to_have_count(3)


async def test_what_waits_behind_a_file_is_not_called_sent(site: Site, enter: Enter) -> None:
    page = await open_page(await enter(), site.link(site.offer(site.a_case())))
    held = list[Route]()

    async def hold(route: Route) -> None:
        held.append(route)

    await page.route("**/chat/uploads?*", hold)
    shot = await page.screenshot()
    await page.set_input_files("#file", {"name": "shot.png", "mimeType": "image/png", "buffer": shot})
    await write(page, "Look at that")
    status = page.locator(".from-customer .meta").last
    await expect(status).to_have_text("Sending…")
    [upload] = held
    await upload.continue_()
    await expect(status).to_contain_text("Sent")


async def test_more_than_the_server_takes_in_a_minute_is_sent_later(sqlite: Store, enter: Enter) -> None:
    async with served(sqlite, rates=Rates(messages="2/minute")) as site:
        page = await open_page(await enter(), site.link(site.offer(site.a_case())))
        for text in ("one", "two", "three"):
            await write(page, text)
        await expect(page.locator(".from-customer .meta").last).to_have_text("Sending…")
        site.chat.limiter = Limiter(Rates())
        await expect(page.locator(".from-customer .meta").last).to_contain_text("Sent")
        texts = await page.locator(".from-customer .text").all_text_contents()
        assert texts == [PAYMENT, "one", "two", "three"]


async def test_a_pasted_picture_is_sent_and_pasted_words_are_not(site: Site, enter: Enter) -> None:
    page = await open_page(await enter(), site.link(site.offer(site.a_case())))
    shot = list(await page.screenshot())
    assert not await page.evaluate(_PASTE, ["image.png", shot, ""])
    await expect(page.get_by_role("img", name="image.png")).to_be_visible()
    assert await page.evaluate(_PASTE, ["cells.png", shot, "4711\t20 €"]), "the browser pastes the words"
    await expect(page.locator(".message.from-customer")).to_have_count(2)


@pytest.mark.parametrize(
    ("colours", "colour"),
    [("light", "#0f766e"), ("dark", "#0f766e"), ("light", "#ffd400"), ("dark", "#111111")],
)
async def test_the_page_is_accessible(sqlite: Store, enter: Enter, colours: Colours, colour: str) -> None:
    async with served(sqlite, colour=colour) as site:
        handoff = site.offer(site.a_case())
        page = await open_page(await enter(colours=colours), site.link(handoff))
        await page.get_by_text("Show that it is you").click()
        await write(page, "Hello")
        await site.agent_writes(handoff, "Hello, see https://help.example/cards")
        await expect(page.get_by_role("link", name="https://help.example/cards")).to_be_visible()
        assert await accessibility_violations(page) == []
        wide = await page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide == 0
        await page.get_by_role("button", name="End chat").click()
        assert await accessibility_violations(page) == []
