"""Ingest posts from X: what becomes a case, what does not, and errors of X."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.faults import Fault
from sandbox.mentions import read
from sandbox.replay import play_at_once
from tests.stories import ONCALL, POLL_SECONDS, SAM, SUPPORT, Story, details, running_story, shown

PACED = "[intake]\npoll_seconds = 0.2\npause_minutes = 1\n"
SEARCHING = '[intake]\npoll_seconds = 0.2\nsearch_terms = ["acme app"]\naccounts = ["acmehelp"]\nexcluded_words = ["cartoon"]\n'


@pytest.fixture
async def searching(tmp_path: Path, database_url: str) -> AsyncIterator[Story]:
    """A bot that also searches."""
    async with running_story(tmp_path, database_url, choices=SEARCHING) as story:
        yield story


async def test_ten_posts_by_one_author_are_one_case(story: Story) -> None:
    for number in range(10):
        story.customer_writes(f"@acme hello?? number {number}")
    card = await story.card("hello??")
    await story.card_shows(card["ts"], "number 9")
    await story.until(
        lambda: "number 8" in " ".join(map(shown, story.world.slack.thread(SUPPORT, card["ts"]))), "all"
    )
    assert len(story.world.slack.messages(SUPPORT)) == 1


async def test_a_bystander_gets_a_case_of_their_own(story: Story) -> None:
    post = story.customer_writes("@acme my parcel is two weeks late")
    first = await story.card("two weeks late")
    story.customer_writes("@acme same here, nothing arrived", who="bystander", reply_to=post)
    second = await story.card("same here")
    assert first["ts"] != second["ts"]


async def test_our_own_posts_and_bare_reposts_make_no_case(story: Story) -> None:
    post = story.customer_writes("@acme thank you so much, great app")
    story.world.x.post(story.world.x.brand, "@acme is what we are called")
    story.world.x.post(story.world.x.accounts.get("fan"), "", retweets=post)
    story.customer_writes("@acme the last one: where is my invoice?", who="last")
    await story.card("where is my invoice")
    await story.card("great app")
    assert len(story.world.slack.messages(SUPPORT)) == 2


async def test_an_edit_updates_the_card_and_says_so(story: Story) -> None:
    post = story.customer_writes("@acme I was charged twise")
    card = await story.card("charged twise")
    story.world.x.edit(post, "@acme I was charged twice, 20 euros")
    edited = await story.card_shows(card["ts"], "20 euros")
    assert "edited" in shown(edited).lower()


async def test_a_long_post_is_read_whole(story: Story) -> None:
    story.customer_writes("@acme " + "my story is long. " * 100 + "and it ends with a dragon.")
    card = await story.card("my story is long")
    assert "dragon" in shown(await details(story, card["ts"]))


async def test_a_post_that_cannot_be_answered_offers_to_open_it_on_x(searching: Story) -> None:
    searching.customer_writes("the acme app is down again, great", who="grumbler")
    card = await searching.card("down again")
    assert "Open on X" in shown(card)
    assert "Answer…" not in shown(card)
    assert "does not mention us" in shown(card)


async def test_a_card_says_why_its_newest_post_came(searching: Story) -> None:
    """A search hit that is folded into the case of a mention, and a post that only quotes us."""
    searching.customer_writes("@acme my payment failed", who="grumbler")
    card = await searching.card("my payment failed")
    assert "it mentions @acme" in shown(await details(searching, card["ts"]))
    searching.customer_writes("the acme app is the worst", who="grumbler")
    await searching.card_shows(card["ts"], "is the worst")
    assert "it matched a search" in shown(await details(searching, card["ts"]))
    assert "No reply can be sent" not in shown(searching.card_at(card["ts"]))
    x = searching.world.x
    ours = x.post(x.brand, "We are hiring")
    searching.customer_writes("look at them, while nothing works", who="quoter", quotes=ours.id)
    quoting = await searching.card("while nothing works")
    assert "it quotes @acme" in shown(await details(searching, quoting["ts"]))


async def test_a_mention_of_another_account_of_ours_is_found(searching: Story) -> None:
    searching.customer_writes("@acmehelp nobody answers me over here", who="lost")
    card = await searching.card("nobody answers me")
    assert "Open on X" in shown(card)


async def test_search_leaves_out_excluded_words_and_does_not_double_a_mention(searching: Story) -> None:
    searching.customer_writes("loved the acme app cartoon", who="cartoonist")
    searching.customer_writes("@acme the acme app ate my payment", who="both")
    await searching.card("ate my payment")
    searching.customer_writes("@acme this is the end of the test", who="end")
    await searching.card("end of the test")
    assert len(searching.world.slack.messages(SUPPORT)) == 2


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (401, '{"title":"Unauthorized","status":401}', "keys"),
        (402, '{"title":"CreditsDepleted","status":402}', "credit"),
        (
            429,
            '{"title":"UsageCapExceeded","status":429,"type":"https://api.x.com/2/problems/usage-capped"}',
            "cap",
        ),
    ],
)
async def test_a_refusal_pauses_the_reading_and_tells_somebody(
    story: Story, status: int, body: str, words: str
) -> None:
    refusal = story.world.faults.add(
        Fault("x:GET /2/users/:id/mentions", "status", times=-1, status=status, body=body)
    )
    alert = await story.card("has paused", channel=ONCALL)
    assert words in shown(alert).lower()
    used = refusal.times
    story.customer_writes("@acme are you there?")
    await asyncio.sleep(3 * POLL_SECONDS)
    assert len([m for m in story.world.slack.messages(ONCALL) if "has paused" in shown(m)]) == 1
    assert refusal.times == used, "it is not read again"


async def test_reading_goes_on_after_x_was_away(story: Story) -> None:
    call, faults = "x:GET /2/users/:id/mentions", story.world.faults
    away = [
        faults.add(Fault(call, "status", times=3, status=503, body="<html>", content_type="text/html")),
        faults.add(Fault(call, "lost-before", times=2)),
        faults.add(Fault(call, "status", times=2, status=200, body="not json")),
    ]
    story.customer_writes("@acme are you there?")
    await story.card("are you there")
    assert [fault.times for fault in away] == [0, 0, 0]
    assert len(story.world.slack.messages(SUPPORT)) == 1


@pytest.mark.long(10)
async def test_nothing_that_a_stranger_writes_is_live_in_slack(story: Story) -> None:
    play_at_once(story.world.x, read("odd"))
    hostile = (
        "@acme <!channel> <@U0SAM> <https://evil.example|yourbank.com> *bold* `x` <script>alert(1)</script>"
    )
    story.customer_writes(hostile, who="attacker")
    card = await story.card("<!channel>")
    await story.world.slack.press(SAM, SUPPORT, card["ts"], "case.claim")
    await story.card_shows(card["ts"], "has it")
    await story.thread_shows(card["ts"], "U0SAM")
    pings = [entry for entry in story.world.ledger.of("slack", "ping") if entry.detail["target"] != SAM]
    assert pings == []
    assert all("<https://evil" not in str(m.get("text")) for m in story.world.slack.messages(SUPPORT))
