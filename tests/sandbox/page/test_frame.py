"""The page around the panes: acting user, guide, tabs on a phone, keyboard."""

from typing import Any

import pytest
from playwright.async_api import Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.mail.post_office import BRAND
from sandbox.world import World
from tests.browser import ON_PAGE, Colours, Visit
from tests.sandbox.page.conftest import Bot
from tests.sandbox.page.gallery import READ, button, modal, option, plain

pytestmark = ON_PAGE
Json = dict[str, Any]
NARROWEST_PHONE = 360


async def test_acting_as_somebody_else_keeps_the_place(sam: Page, bot: Bot) -> None:
    await sam.locator('[data-place="C0GENERAL"]').click()
    await sam.get_by_test_id("person-switcher").click()
    await sam.locator('.menu-item[data-person="U0LEO"]').click()
    await expect(sam.get_by_test_id("person-switcher")).to_have_attribute("data-person", "U0LEO")
    await expect(sam.get_by_test_id("channel")).to_have_attribute("data-channel", "C0GENERAL")
    await sam.get_by_label("Message #general").fill("hello from Leo")
    await sam.keyboard.press("Enter")
    await expect(sam.locator(".message .author")).to_have_text("Leo Marsh")


async def test_the_guide_ticks_what_was_done_and_stays_away_once_hidden(sam: Page, bot: Bot) -> None:
    guide = sam.get_by_test_id("guide")
    await expect(guide).to_contain_text("0 of 12")
    await bot.post(
        [
            {
                "type": "actions",
                "elements": [{**button("claim"), "text": {"type": "plain_text", "text": "Claim"}}],
            }
        ]
    )
    await sam.locator("[data-action-id=claim]").click()
    await expect(guide.locator("li.done")).to_have_count(2)
    await expect(guide.locator("li.next")).to_be_visible()
    await expect(guide.locator(".guide-next")).to_be_hidden()
    await guide.locator(".guide-title").click()
    await expect(guide.locator(".guide-next")).to_be_visible()
    await guide.locator(".guide-title").click()
    await guide.get_by_label("Hide this guide").click()
    await sam.reload()
    await expect(guide).to_be_hidden()
    await sam.get_by_test_id("guide-again").click()
    await expect(guide.locator("li:visible")).to_have_count(3)
    await guide.get_by_test_id("guide-all").click()
    await expect(guide.locator("li:visible")).to_have_count(12)
    await guide.get_by_test_id("guide-restart").click()
    await expect(guide).to_contain_text("0 of 12")


async def test_the_guide_ticks_each_step_for_its_own_act(sam: Page, bot: Bot, world: World) -> None:
    async def open_it(body: Json, client: AsyncWebClient) -> None:
        element = {"type": "plain_text_input", "action_id": "text", "initial_value": "On its way."}
        field = {"type": "input", "block_id": "reply", "label": plain("Reply"), "element": element}
        await client.views_open(trigger_id=body["trigger_id"], view=modal([field]))

    async def ticked(*steps: str) -> None:
        await expect(sam.locator("li.done")).to_have_count(len(steps))
        assert await sam.locator("li.done").evaluate_all("all => all.map(n => n.dataset.step)") == [*steps]

    bot.reactions |= {"answer": open_it, "move": open_it}
    asked = world.x.post(world.x.accounts.get("bo"), "@acme where is it?")
    ts = await bot.post(
        [
            {
                "type": "actions",
                "elements": [
                    {**button("answer"), "text": plain("Answer…")},
                    {**button("move"), "text": plain("Move to…")},
                ],
            }
        ]
    )
    await bot.post(text="a reply", thread_ts=ts)
    world.x.post(world.x.brand, "Of somebody else's own.", reply_to=asked.id)
    await expect(sam.locator(".from-brand")).to_have_count(1)
    await ticked("card")
    await sam.locator("[data-action-id=move]").click()
    await sam.get_by_test_id("close").click()
    await expect(sam.get_by_test_id("modal")).to_have_count(0)
    await ticked("card")
    await sam.locator("[data-action-id=answer]").click()
    await sam.get_by_test_id("submit").click()
    await expect(sam.get_by_test_id("modal")).to_have_count(0)
    await ticked("card", "answer")
    world.x.post(world.x.brand, "@bo On its way. /SO", reply_to=asked.id)
    await ticked("card", "answer", "reply")
    await sam.locator("[data-action-id=move]").click()
    await sam.get_by_test_id("submit").click()
    await ticked("card", "answer", "reply", "move")
    await sam.get_by_role("tab", name="Inbox").click()
    await sam.get_by_test_id("inbox-text").fill("Here I am")
    await sam.get_by_test_id("inbox-send").click()
    await ticked("card", "answer", "reply", "move", "customer")
    await sam.get_by_test_id("replies").click()
    for text in ("to the team", "@Switchboard Hi Bo"):
        await sam.get_by_label("Reply to the team…").fill(text)
        await sam.get_by_label("Reply to the team…").press("Enter")
        await expect(sam.locator("[data-testid=thread] .message", has_text=text)).to_be_visible()
        if text == "to the team":
            await ticked("card", "answer", "reply", "move", "customer")
    await ticked("card", "answer", "reply", "move", "customer", "private")


async def test_the_guide_ticks_a_correction_a_saved_reply_and_a_broken_rule(
    sam: Page, bot: Bot, world: World
) -> None:
    async def open_it(body: Json, client: AsyncWebClient) -> None:
        element = {"type": "plain_text_input", "action_id": "text", "initial_value": "We will refund you."}
        field = {"type": "input", "block_id": "reply", "label": plain("Reply"), "element": element}
        await client.views_open(trigger_id=body["trigger_id"], view=modal([field], "answer"))

    async def open_details(body: Json, client: AsyncWebClient) -> None:
        row = {"type": "actions", "elements": [{**button("correct"), "text": plain("It is about…")}]}
        await client.views_open(trigger_id=body["trigger_id"], view=modal([row], "details"))

    async def correct(body: Json, client: AsyncWebClient) -> None:
        text = {"type": "section", "text": plain("What is it about?")}
        await client.views_update(view_id=body["view"]["id"], view=modal([text], "correction"))

    async def stop_it(_body: object, _client: object) -> Json:
        text = {"type": "section", "text": plain("Send anyway? It promises money.")}
        return {"response_action": "update", "view": modal([text], "answer")}

    bot.reactions |= {"answer": open_it, "details": open_details, "correct": correct}
    await bot.post(
        [
            {
                "type": "actions",
                "elements": [
                    {**button("answer"), "text": plain("Answer…")},
                    {**button("details"), "text": plain("Details…")},
                ],
            }
        ]
    )
    done = sam.locator("li.done")
    await sam.locator("[data-action-id=details]").click()
    await sam.locator("[data-action-id=correct]").click()
    await expect(sam.get_by_test_id("modal")).to_contain_text("What is it about?")
    await expect(done).to_have_count(1)
    await sam.get_by_test_id("submit").click()
    await expect(sam.locator("li.done[data-step=correct]")).to_have_count(1)
    await sam.locator("[data-action-id=answer]").click()
    bot.reactions["answer"] = stop_it
    await sam.get_by_test_id("submit").click()
    await expect(sam.locator("li.done[data-step=rule]")).to_have_count(1)
    bot.reactions["/mentions"] = open_details
    await sam.get_by_test_id("close").click()
    await sam.get_by_label("Message #support").fill("/mentions replies")
    await sam.keyboard.press("Enter")
    await expect(sam.locator("li.done[data-step=saved]")).to_have_count(1)


async def test_the_guide_turns_to_the_figures_with_the_first_summary(sam: Page, bot: Bot) -> None:
    async def say(text: str) -> None:
        await sam.get_by_label("Message #support").fill(text)
        await sam.keyboard.press("Enter")

    async def refuse(_body: object, _client: object) -> Json:
        return {"blocks": [{"type": "section", "text": plain("Nothing is shown: you are no manager.")}]}

    async def answer(body: Json, _client: object) -> Json:
        first = {"type": "section", "text": plain(f"*Answer to {body['text']}*")}
        return {"blocks": [first, {"type": "divider"}]}

    bot.reactions["/mentions"] = refuse
    await say("/mentions summary 7d")
    await expect(sam.get_by_text("you are no manager")).to_be_visible()
    await expect(sam.locator("li.done")).to_have_count(0)
    bot.reactions["/mentions"] = answer
    show = {"type": "static_select", "action_id": "show", "options": [option("everything"), option("team")]}
    explain = {**button("explain"), "text": plain("Explain")}
    await bot.post([{"type": "actions", "elements": [explain, show]}])
    await say("/mentions summary 7d")
    await expect(sam.get_by_test_id("guide")).to_contain_text("1 of 16")
    await say("/mentions summary 30d language:es")
    for report in ("fairness 30d", "agents", "outlook", "promises", "digest", "audit"):
        await say(f"/mentions {report}")
    await sam.locator("[data-action-id=explain]").click()
    await sam.locator("[data-action-id=show]").select_option("team")
    await expect(sam.locator("li.done")).to_have_count(10)
    done = await sam.locator("li.done").evaluate_all("all => all.map(n => n.dataset.step)")
    asked = ["team", "promises", "fairness", "agents", "outlook", "digest", "audit"]
    assert done == ["summary", "explain", "filter", *asked]


@pytest.mark.parametrize("colours", ["light", "dark"])
async def test_a_phone_shows_one_pane_at_a_time_and_nothing_sticks_out(
    visit: Visit, address: str, bot: Bot, colours: Colours
) -> None:
    phone = await visit(address, width=390, height=844, colours=colours)
    ts = await bot.post(READ)
    await bot.post(text="a reply", thread_ts=ts)
    centre, timeline, thread = (phone.get_by_test_id(name) for name in ("centre", "timeline", "thread"))
    await expect(centre.locator(".message")).to_be_visible()
    await expect(timeline).to_be_hidden()
    await phone.get_by_test_id("replies").click()
    await expect(thread).to_be_visible()
    await expect(centre).to_be_hidden()
    for pane in ("public", "menu", "chat"):
        await phone.locator(f".tab[data-pane={pane}]").click()
        assert await phone.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    await phone.locator(".tab[data-pane=public]").click()
    await expect(timeline).to_be_visible()
    await expect(phone.locator(".tab[aria-pressed=true]")).to_have_text("Customer")
    await phone.locator(".tab[data-pane=menu]").click()
    await phone.locator('[data-place="C0SUPPORT"]').click()
    await expect(centre).to_be_visible()


@pytest.mark.parametrize("width", [390, 360])
async def test_the_header_of_a_phone_has_one_line_without_the_guide(
    visit: Visit, address: str, world: World, width: int
) -> None:
    await world.replay.start("demo", paused=True)
    phone = await visit(address, width=width, height=844)
    await expect(phone.get_by_test_id("replay-toggle")).to_be_visible()
    again = phone.get_by_test_id("guide-again")
    if await again.is_hidden():
        await phone.get_by_label("Hide this guide").click()
    await expect(again).to_be_visible()
    heights = "all => all.map(n => n.getBoundingClientRect().height)"
    assert max(await phone.locator(".replay, .guide-again, .acting-as").evaluate_all(heights)) < 40
    assert await phone.get_by_test_id("header").evaluate("one => one.scrollWidth <= one.clientWidth")
    await expect(phone.get_by_role("button", name="Sam Okafor")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 1280, 1100])
async def test_beside_a_thread_there_is_room_for_a_phone_and_for_the_names_of_all_tabs(
    visit: Visit, address: str, bot: Bot, world: World, width: int
) -> None:
    page = await visit(address, width=width)
    ts = await bot.post(READ)
    await bot.post(text="a reply", thread_ts=ts)
    await page.get_by_test_id("replies").click()
    world.x.direct.send(world.x.accounts.get("bo"), "Hello Bo")
    world.mail.send(BRAND, ["bo@example.com"], b"Subject: Hello\r\n\r\nHello Bo\r\n")
    await expect(page.locator(".side-dot:visible")).to_have_count(2)
    bar = page.locator(".side-bar, .side-tab, .side-label")
    assert await bar.evaluate_all("all => all.filter(n => n.scrollWidth > n.clientWidth).length") == 0
    await page.get_by_role("tab", name="Phone").click()
    assert await page.locator(".phone-screen").evaluate("n => n.clientWidth") >= NARROWEST_PHONE


@pytest.mark.parametrize("colours", ["light", "dark"])
async def test_words_stand_out_from_their_ground(
    visit: Visit, address: str, bot: Bot, colours: Colours
) -> None:
    page = await visit(address, colours=colours)
    await bot.post(
        [
            *READ,
            {"type": "actions", "elements": [button("go", style="primary"), button("stop", style="danger")]},
        ]
    )
    await expect(page.locator("[data-action-id=stop]")).to_be_visible()
    too_faint = await page.evaluate(CONTRAST)
    assert too_faint == []


async def test_everything_to_press_has_a_name(sam: Page, bot: Bot) -> None:
    await bot.post([{"type": "actions", "elements": [button("go")]}])
    await expect(sam.locator("[data-action-id=go]")).to_be_visible()
    nameless = await sam.locator("button, a, input, textarea, select").evaluate_all(
        """all => all.filter(n => n.checkVisibility() && !(n.ariaLabel || n.textContent.trim() || n.labels?.length))
              .map(n => n.outerHTML.slice(0, 120))"""
    )
    assert nameless == []


async def test_an_unknown_person_in_the_address_becomes_the_first(visit: Visit, address: str) -> None:
    page = await visit(address, person="U0NOBODY")
    await expect(page.get_by_test_id("person-switcher")).to_have_attribute("data-person", "U0SAM")


# WCAG 2.2, 1.4.3: 4.5 to 1. Returns what falls short, each with its ratio. Muted text and disabled buttons
# are exempt.
CONTRAST = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = rgb(getComputedStyle(at).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255, 255];
  };
  const found = [];
  for (const node of document.body.querySelectorAll("*")) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
    if (!own || !node.checkVisibility() || node.closest("[aria-hidden=true], .muted, :disabled, option")) continue;
    const [a, b] = [light(rgb(getComputedStyle(node).color)), light(ground(node))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) found.push(`${node.tagName}.${node.className} ${node.textContent.slice(0, 30)}: ${ratio.toFixed(2)}`);
  }
  return found;
}"""
