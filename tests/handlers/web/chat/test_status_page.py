"""Show the state of the conversation on the page: who is there, and when somebody will be."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

import pytest
from playwright.async_api import expect

from domain.office_hours import WEEKDAYS, office_hours
from domain.venues import Venue
from handlers.cases.resolution import reopen, resolve
from handlers.handoffs.arrival import record_arrival, return_to_public
from handlers.web.chat.agent_presence import FRESH_FOR
from storage.engine import Store
from tests.browser import ON_PAGE, page_fixture
from tests.handlers.made import SAM
from tests.handlers.web.chat.browsing import Enter, accessibility_violations, message, open_page
from tests.handlers.web.chat.sites import Browser, Site, served, this_moment

pytestmark = ON_PAGE


@page_fixture
async def site(sqlite: Store) -> AsyncIterator[Site]:
    """A served chat on SQLite."""
    async with served(sqlite) as site:
        yield site


async def test_the_usual_response_time_is_shown_until_the_first_answer(site: Site, enter: Enter) -> None:
    handoff = site.offer(site.a_case())
    page = await open_page(await enter(), site.link(handoff))
    waiting = "Sam is here · We usually answer within a few minutes."
    await expect(page.locator("#presence")).to_have_text(waiting)
    await expect(page.locator("#presence")).to_have_class("presence online")
    await site.agent_writes(handoff, "Hello Ana")
    await expect(page.locator("#presence")).to_have_text("Sam is here")
    await page.reload()
    await expect(page.locator("#presence")).to_have_text("Sam is here")


async def test_who_has_the_case_and_is_not_at_work_is_not_called_present(site: Site, enter: Enter) -> None:
    site.agents.absent.add(SAM)
    handoff = site.offer(site.a_case())
    page = await open_page(await enter(), site.link(handoff))
    assigned = "Sam is looking after this · We usually answer within a few minutes."
    await expect(page.locator("#presence")).to_have_text(assigned)
    await expect(page.locator("#presence")).to_have_class("presence")
    await site.agent_writes(handoff, "Hello Ana")
    await expect(page.locator("#presence")).to_have_text("Sam is here")
    await expect(page.locator("#presence")).to_have_class("presence online")


async def test_who_said_that_they_are_away_is_not_called_present(site: Site) -> None:
    async with Browser(site) as ana:
        await ana.open(site.link(site.offer(site.a_case())))
        assert (await ana.history())["state"]["agent_is_here"]
        until = site.clock.now() + timedelta(hours=2)
        with site.store.unit_of_work() as uow:
            uow.agents.save_away(SAM, until)
        site.clock.moment += FRESH_FOR
        assert not (await ana.history())["state"]["agent_is_here"]
        site.clock.moment = until
        assert (await ana.history())["state"]["agent_is_here"]


async def test_a_chat_does_not_wait_for_slack(site: Site, enter: Enter) -> None:
    site.agents.answers.clear()
    handoff = site.offer(site.a_case())
    page = await open_page(await enter(), site.link(handoff))
    await expect(page.locator("#presence")).to_contain_text("Sam is looking after this")
    site.agents.answers.set()
    await expect(page.locator("#presence")).to_contain_text("Sam is here")


async def test_a_fault_in_looking_somebody_up_is_logged_and_not_remembered(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    async with Browser(site) as ana:
        await ana.open(site.link(site.offer(site.a_case())))
        site.agents.fault = RuntimeError("Slack said nothing")
        assert not (await ana.history())["state"]["agent_is_here"]
        assert f"whether {SAM} is at work cannot be told" in caplog.text
        assert "Slack said nothing" in caplog.text
        site.agents.fault = None
        assert (await ana.history())["state"]["agent_is_here"]


async def test_outside_office_hours_nobody_is_shown_as_online(sqlite: Store, enter: Enter) -> None:
    in_two_days = WEEKDAYS[(this_moment().now().weekday() + 2) % 7]
    async with served(sqlite, hours=office_hours([f"{in_two_days} 09:00-10:00"], "UTC")) as site:
        page = await open_page(await enter(), site.link(site.offer(site.a_case())))
        await expect(page.locator("#presence")).to_contain_text("Nobody is here right now. We are back")
        await expect(page.locator("#presence")).to_have_class("presence")


@pytest.mark.parametrize(
    ("language", "days", "day"),
    [("en", 1, "tomorrow"), ("en", 0, "today"), ("es", 1, "mañana"), ("de", 1, "morgen"), ("ja", 1, "明日")],
)
async def test_an_opening_today_or_tomorrow_is_called_so(
    sqlite: Store, enter: Enter, language: str, days: int, day: str
) -> None:
    """A weekday alone reads as that of next week where it is today's."""
    now = this_moment().now()
    if days == 0 and now.hour == 23:
        pytest.skip("the office cannot open any more today")
    weekday = WEEKDAYS[(now.weekday() + days) % 7]
    hours = f"{weekday} {now.hour + 1 if days == 0 else 0:02}:00-23:59"
    async with served(sqlite, hours=office_hours([hours], "UTC")) as site:
        page = await open_page(await enter(language=language), site.link(site.offer(site.a_case())))
        await expect(page.locator("#presence")).to_contain_text(re.compile(rf"{day}.*\d:00|\d:00.*{day}"))
        await expect(page.locator("#presence")).to_have_class("presence")


async def test_who_writes_outside_office_hours_is_here(sqlite: Store, enter: Enter) -> None:
    in_two_days = WEEKDAYS[(this_moment().now().weekday() + 2) % 7]
    async with served(sqlite, hours=office_hours([f"{in_two_days} 07:30-20:00"], "UTC")) as site:
        handoff = site.offer(site.a_case())
        page = await open_page(await enter(), site.link(handoff))
        await expect(page.locator("#presence")).to_contain_text(re.compile(r"We are back \w+.* [1-9]"))
        await site.agent_writes(handoff, "Hello Ana")
        await expect(page.locator("#presence")).to_have_text("Sam is here")
        await expect(page.locator("#presence")).to_have_class("presence online")


async def test_an_ended_chat_shows_its_next_venue(site: Site, enter: Enter) -> None:
    case = site.a_case()
    mail = site.offer(case, venue=Venue.EMAIL)
    page = await open_page(await enter(), site.link(site.offer(case)))
    await expect(page.locator("#presence")).to_contain_text("Sam is here")
    now = site.clock.now()
    await site.chat.ctx.desk.run(record_arrival, handoff_id=mail.id, address="ana@example.com", now=now)
    await expect(page.locator("#ended")).to_contain_text("We go on by e-mail: look in your mailbox.")
    await expect(page.locator("#presence")).to_have_text("")
    await expect(page.locator("#presence")).to_have_class("presence")
    assert await accessibility_violations(page) == []
    await site.chat.ctx.desk.run(return_to_public, case_id=case.id, user_id=SAM, now=now)
    await expect(page.locator("#ended")).to_contain_text("To go on, answer our post.")


async def test_a_case_that_is_resolved_again_is_rated_again(site: Site, enter: Enter) -> None:
    case = site.a_case()
    page = await open_page(await enter(), site.link(site.offer(case)))
    question = page.get_by_role("heading", name="Was this solved?")
    back = page.get_by_role("button", name="Back to the chat")
    await page.get_by_role("button", name="End chat").click()
    for goes_back in (True, False, True):
        await page.get_by_role("button", name="Yes, solved").click()
        await expect(page.get_by_role("heading", name="Good to know that it is solved")).to_be_visible()
        if goes_back:
            await back.click()
            await expect(page.locator("#rating")).to_be_hidden()
        for act in (reopen, partial(resolve, version=None)):
            site.clock.moment += timedelta(minutes=1)
            await site.chat.ctx.desk.run(act, case_id=case.id, user_id=SAM, now=site.clock.now())
            site.chat.subscribers.wake_all()
            await page.wait_for_timeout(300)
        if not goes_back:
            await back.click()
        await expect(question).to_be_visible()
    await back.click()
    await expect(page.locator("#rating")).to_be_hidden()


async def test_who_is_writing_goes_on_where_the_case_is_resolved(site: Site, enter: Enter) -> None:
    case = site.a_case()
    page = await open_page(await enter(), site.link(site.offer(case)))
    question = page.get_by_role("heading", name="Was this solved?")
    await page.locator("#text").fill("No, it still fails")
    act = partial(resolve, version=None, case_id=case.id, user_id=SAM, now=site.clock.now())
    await site.chat.ctx.desk.run(act)
    site.chat.subscribers.wake_all()
    await expect(question).to_be_visible()
    await expect(page.locator("#rating")).to_have_attribute("aria-live", "polite")
    await expect(page.locator("#text")).to_be_focused()
    await expect(page.locator("#text")).to_have_value("No, it still fails")
    assert await accessibility_violations(page) == []
    await page.get_by_role("button", name="Send").click()
    await expect(message(page, "No, it still fails")).to_be_visible()
    await expect(question).to_be_hidden()
    await expect(page.locator("#text")).to_be_focused()


async def test_who_ends_the_chat_with_words_unsent_is_asked_in_place_of_the_box(
    site: Site, enter: Enter
) -> None:
    case = site.a_case()
    page = await open_page(await enter(), site.link(site.offer(case)))
    await page.locator("#text").fill("No, it still")
    act = partial(resolve, version=None, case_id=case.id, user_id=SAM, now=site.clock.now())
    await site.chat.ctx.desk.run(act)
    site.chat.subscribers.wake_all()
    await expect(page.get_by_role("heading", name="Was this solved?")).to_be_visible()
    await page.get_by_role("button", name="End chat").click()
    site.agents.absent.add(SAM)
    site.clock.moment += FRESH_FOR
    site.chat.subscribers.wake_all()
    await expect(page.locator("#presence")).to_contain_text("looking after this")
    await expect(page.locator("#text")).to_be_hidden()


async def test_who_has_written_nothing_is_led_to_the_question(site: Site, enter: Enter) -> None:
    case = site.a_case()
    page = await open_page(await enter(), site.link(site.offer(case)))
    await expect(page.locator("#text")).to_be_focused()
    act = partial(resolve, version=None, case_id=case.id, user_id=SAM, now=site.clock.now())
    await site.chat.ctx.desk.run(act)
    site.chat.subscribers.wake_all()
    await expect(page.get_by_role("heading", name="Was this solved?")).to_be_focused()
    await expect(page.locator("#text")).to_be_hidden()


async def test_the_focus_is_on_the_question_where_the_case_was_resolved_before(
    site: Site, enter: Enter
) -> None:
    case = site.a_case()
    handoff = site.offer(case)
    act = partial(resolve, version=None, case_id=case.id, user_id=SAM, now=site.clock.now())
    await site.chat.ctx.desk.run(act)
    page = await open_page(await enter(), site.link(handoff))
    await expect(page.get_by_role("heading", name="Was this solved?")).to_be_focused()


@pytest.mark.parametrize(
    ("language", "date"), [("en-GB", r"\d+ [A-Z]\w+ \d{4}"), ("en-US", r"[A-Z]\w+ \d+, \d{4}")]
)
async def test_dates_are_written_as_where_the_customer_is(
    site: Site, enter: Enter, language: str, date: str
) -> None:
    page = await open_page(await enter(language=language), site.link(site.offer(site.a_case())))
    await expect(page.locator(".message time").first).to_have_attribute("title", re.compile(date))


async def test_a_language_of_the_browser_that_is_none_does_not_keep_the_chat_from_opening(
    site: Site, enter: Enter
) -> None:
    page = await (await enter()).new_page()
    languages = "Object.defineProperty(navigator, 'languages', { value: ['en-US@posix', 'en-GB'] })"
    await page.add_init_script(languages)
    await page.goto(site.link(site.offer(site.a_case())))
    await page.locator("#start").click()
    await expect(page.locator(".message time").first).to_have_attribute(
        "title", re.compile(r"\d+ [A-Z]\w+ \d{4}")
    )


async def test_a_lost_cookie_is_explained(site: Site, enter: Enter) -> None:
    context = await enter()
    page = await open_page(context, site.link(site.offer(site.a_case())))
    await context.set_offline(True)
    await expect(page.locator("#connection")).to_be_visible()
    await context.clear_cookies()
    await context.set_offline(False)
    await expect(page.get_by_role("alert")).to_contain_text("A chat opens with the link that we send you.")
    await expect(page.locator("#connection")).to_be_hidden()
