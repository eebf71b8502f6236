"""Messages as the people in a channel see them."""

import pytest
from playwright.async_api import Page, expect

from sandbox.world import World
from tests.browser import ON_PAGE, Visit
from tests.sandbox.page.conftest import SUPPORT, Bot
from tests.sandbox.page.gallery import button, option, plain

pytestmark = ON_PAGE


def words(text: str) -> list[dict[str, object]]:
    return [{"type": "section", "block_id": "words", "text": {"type": "mrkdwn", "text": text}}]


async def test_a_message_arrives_and_an_update_replaces_it_in_place(sam: Page, bot: Bot) -> None:
    first = await bot.post(words("*Ana* waits"))
    second = await bot.post(words("Jonas waits"))
    card = sam.locator(f'[data-testid=channel] [data-ts="{first}"]')
    await expect(card.locator("strong")).to_have_text("Ana")
    await bot.client.chat_update(
        channel=SUPPORT, ts=first, text="card", blocks=words("Ana has been answered")
    )
    await expect(card).to_contain_text("Ana has been answered")
    await expect(card).not_to_contain_text("waits")
    order = await sam.locator("[data-testid=channel] .message").evaluate_all(
        "all => all.map(n => n.dataset.ts)"
    )
    assert order == [first, second]


async def test_a_card_at_work_stays_where_it_is_while_others_arrive(sam: Page, bot: Bot) -> None:
    for number in range(12):
        await bot.post(words(f"filler {number}"))
    ts = await bot.post([{"type": "actions", "elements": [button("claim")]}])
    card = sam.locator(f'[data-testid=channel] [data-ts="{ts}"]')
    await card.locator("[data-action-id=claim]").click()
    before = await card.bounding_box()
    latest = await bot.post(words("another"))
    await expect(sam.locator(f'[data-ts="{latest}"]')).to_have_count(1)
    assert await card.bounding_box() == before
    await sam.get_by_role("button", name="New messages").click()
    await expect(sam.locator(f'[data-ts="{latest}"]')).to_be_in_viewport()
    await sam.get_by_label("Message #support").fill("mine")
    await sam.keyboard.press("Enter")
    await expect(sam.locator(".message").last).to_be_in_viewport()


async def test_a_deleted_message_goes(sam: Page, bot: Bot) -> None:
    ts = await bot.post(text="soon gone")
    await expect(sam.locator(f'[data-ts="{ts}"]')).to_be_visible()
    await bot.client.chat_delete(channel=SUPPORT, ts=ts)
    await expect(sam.locator(f'[data-ts="{ts}"]')).to_have_count(0)


async def test_what_was_there_before_is_shown_to_who_comes_later(
    visit: Visit, address: str, bot: Bot
) -> None:
    ts = await bot.post(text="early")
    page = await visit(address, person="U0MIA")
    await expect(page.locator(f'[data-ts="{ts}"] .author')).to_have_text("Switchboard")


async def test_a_thread_opens_beside_the_channel_and_takes_replies(sam: Page, bot: Bot, world: World) -> None:
    ts = await bot.post(text="the card")
    await bot.post(text="a quiet line", thread_ts=ts)
    replies = sam.locator(f'[data-testid=channel] [data-ts="{ts}"] [data-testid=replies]')
    await expect(replies).to_contain_text("1 reply")
    await replies.click()
    thread = sam.get_by_test_id("thread-pane")
    await expect(thread.locator(".message")).to_have_count(2)
    await thread.get_by_label("Reply to the team…").fill("I know her")
    await sam.keyboard.press("Enter")
    await expect(thread.locator(".message").last).to_contain_text("I know her")
    await expect(replies).to_contain_text("2 replies")
    assert world.ledger.of("slack", "say")[-1].detail["text"] == "I know her"
    await thread.get_by_label("Close thread").click()
    await expect(thread).to_have_count(0)


async def test_only_the_person_meant_sees_an_ephemeral(
    visit: Visit, sam: Page, address: str, bot: Bot
) -> None:
    mia = await visit(address, person="U0MIA")
    await bot.client.chat_postEphemeral(channel=SUPPORT, user="U0MIA", text="Sam was first")
    shown = mia.locator(".message.ephemeral")
    await expect(shown).to_contain_text("Only visible to you")
    await expect(shown).to_contain_text("Sam was first")
    await bot.post(text="after it")
    await expect(sam.locator(".message").last).to_contain_text("after it")
    await expect(sam.locator(".message.ephemeral")).to_have_count(0)
    await mia.reload()
    await expect(mia.locator(".message.ephemeral")).to_contain_text("Sam was first")


async def test_a_channel_in_the_background_counts_what_is_unread(sam: Page, bot: Bot) -> None:
    for number in range(2):
        await bot.post(text=f"news {number}", channel="C0GENERAL")
    place = sam.locator('[data-place="C0GENERAL"]')
    await expect(place.locator(".badge")).to_contain_text("2")
    await place.click()
    await expect(place.locator(".badge")).to_have_count(0)
    await expect(sam.locator("[data-testid=channel] .message")).to_have_count(2)


async def test_a_reaction_is_shown_below_its_message(sam: Page, bot: Bot) -> None:
    ts = await bot.post(text="delivered")
    await bot.client.reactions_add(channel=SUPPORT, timestamp=ts, name="white_check_mark")
    await expect(sam.locator(f'[data-ts="{ts}"] [data-reaction=white_check_mark]')).to_have_text("✅1")


async def test_after_a_lost_stream_the_page_reads_what_it_missed(sam: Page, bot: Bot, world: World) -> None:
    await sam.route("**/ui/slack/events*", lambda route: route.abort())
    world.slack.audience.close()
    await expect(sam.locator("#link-state")).to_be_visible()
    ts = await bot.post(text="said meanwhile")
    await sam.unroute("**/ui/slack/events*")
    await expect(sam.locator(f'[data-ts="{ts}"]')).to_be_visible()
    await expect(sam.locator("#link-state")).to_be_hidden()


async def test_a_permalink_in_a_message_opens_its_thread_here(sam: Page, bot: Bot) -> None:
    ts = await bot.post(text="the case")
    link = (await bot.client.chat_getPermalink(channel=SUPPORT, message_ts=ts))["permalink"]
    await bot.post(text=f"see <{link}|the case>", channel="C0GENERAL")
    await sam.locator('[data-place="C0GENERAL"]').click()
    await sam.locator("[data-testid=channel] .message a").click()
    await expect(sam.get_by_test_id("thread-pane")).to_contain_text("the case")


@pytest.mark.parametrize("width", [390, 360])
async def test_the_menu_of_a_row_of_buttons_never_wraps_alone(
    visit: Visit, address: str, bot: Bot, width: int
) -> None:
    """A claimed card's row is one line on a phone; a longer one takes another button along."""
    more = {"type": "overflow", "action_id": "more", "options": [option("details"), option("snooze")]}
    claimed = ["Take over…", "Answer…", "Move to…"]
    failed = ["Try again", "Edit", "Open on X", "Take over…", "Move to…"]
    cards = [claimed, failed, failed[1:], failed[2:], ["Resolve", *claimed]]
    for labels in cards:
        row = [button(f"b{n}", text=plain(label)) for n, label in enumerate(labels)]
        await bot.post([{"type": "actions", "elements": [*row, more]}])
    page = await visit(address, width=width, height=844)
    await expect(page.locator(".block-actions")).to_have_count(len(cards))
    tops = await page.locator(".block-actions").evaluate_all(
        "rows => rows.map(row => [...row.querySelectorAll('.btn')].map(n => n.getBoundingClientRect().top))"
    )
    assert all(row[-1] == row[-2] for row in tops), tops
    assert width < 390 or len(set(tops[0])) == 1, "a claimed card has one row of buttons"
