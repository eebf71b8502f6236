"""One form of address in all that a German customer reads, from the page to the mail: the setting's."""

import re
from pathlib import Path

import aiohttp
import pytest

from sandbox.mail.post_office import text_of
from tests.handoff_stories import ANA, AT_ONCE, OFTEN, claimed, customer_says, inbox, mail_with, offer, say
from tests.stories import Story, running_story

GERMAN = {"Accept-Language": "de"}
FORMAL, INFORMAL = r"\b(Sie|Ihnen|Ihre?[mnrs]?)\b", r"\b([Dd]u|[Dd]ich|[Dd]ir|[Dd]eine?[mnrs]?)\b"


@pytest.mark.parametrize(
    ("choices", "form", "other"),
    [
        ("", INFORMAL, FORMAL),
        ('[address]\nde = "any"\n', INFORMAL, FORMAL),
        ('[address]\nde = "formal"\n', FORMAL, INFORMAL),
    ],
)
async def test_a_german_case_has_one_form_of_address(
    tmp_path: Path, choices: str, form: str, other: str
) -> None:
    database = f"sqlite:///{tmp_path / 'switchboard.db'}"
    async with running_story(tmp_path, database, choices=AT_ONCE + choices, x_limits=OFTEN) as story:
        told = await everything_told(story)
    assert {place: bool(re.search(form, text)) for place, text in told.items()} == dict.fromkeys(told, True)
    assert {place: re.findall(other, text) for place, text in told.items()} == {place: [] for place in told}


async def everything_told(story: Story) -> dict[str, str]:
    """Return what a German customer reads in a case, by place."""
    told = {}
    url = story.environment["PUBLIC_URL"]
    async with aiohttp.ClientSession(headers=GERMAN) as browser:
        told["chat page"] = await text_at(browser, f"{url}/chat")
        told["subscribe page"] = await text_at(browser, f"{url}/outages/subscribe")
        subscribed = {"address": "eve@example.com", "language": "de"}
        async with browser.post(f"{url}/outages/subscribe", data=subscribed) as answer:
            assert answer.status == 200
        told["confirmation"] = text_of(await mail_with(story, "vermutlich", "eve@example.com"))

        story.customer_writes("@acme Ich kann nicht bezahlen, die Zahlung schlägt immer fehl", lang="de")
        ts = await claimed(story, "die Zahlung schlägt")
        await offer(story, ts, "email")
        [line] = await story.until(story.our_posts, "the public line")
        form = next(word for word in line.split() if "/address/" in word)
        told["address page"] = await text_at(browser, form)
        async with browser.post(form, data={"address": ANA, "agreed": "yes"}) as answer:
            told["thanks page"] = without_dir(await answer.text())
    await story.card_shows(ts, "E-mail: arrived")
    await say(story, ts, "Danke, wir haben es behoben.")
    told["mail"] = text_of(await mail_with(story, "wir haben es behoben"))
    [code] = set(re.findall(r"(?<!\d)\d{6}(?!\d)", told["thanks page"]))
    customer_says(story, code)
    [told["verification"]] = await story.until(lambda: inbox(story), "our answer by DM")
    assert story.bot is not None
    assert story.bot.running is not None
    assert story.bot.running.chat is not None
    notices = story.bot.running.chat.ctx.notice_words.of("de")
    told["answers of an outage"] = notices["answers"] + notices["solutions"]
    return told


async def text_at(browser: aiohttp.ClientSession, url: str) -> str:
    async with browser.get(url) as answer:
        return without_dir(await answer.text())


def without_dir(page: str) -> str:
    """Return a page without the attribute that is called as a German word is."""
    return re.sub(r'\bdir="\w+"', "", page)
