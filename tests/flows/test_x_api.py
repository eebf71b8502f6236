"""Work with X as its API is: in either vocabulary, and with posts that it pushes."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.x.api_facts import POSTS, TWEETS
from tests.stories import PIXEL, POLL, QUICK, SAM, SUPPORT, Story, running_story, shown

DIRECT = f"[dm]\npoll_seconds = 0.1\n\n{QUICK}".replace(
    POLL, 'poll_seconds = 0.1\nsearch_terms = ["parcelbot"]'
)
PUSHED = QUICK.replace(POLL, "poll_seconds = 3600\npush = true")
LONG = "I ordered two weeks ago and nothing came. " * 8


async def one_case(story: Story, who: str) -> list[str]:
    """Play a case from a mention to a direct message; return its cards, without names and times."""
    x, slack = story.world.x, story.world.slack
    author = x.accounts.get(who, "Ana Ruiz", followers=1240)
    picture = x.direct.add_media("a.png", "image/png", PIXEL, alt_text="the empty box")
    post = x.post(author, f"@acme {LONG} order 1", media=[picture])
    ts = (await story.card(f"@{who}"))["ts"]
    x.edit(post.id, f"@acme {LONG} order 4711 https://photos.example.org/box")
    await story.card_shows(ts, "edited")
    await slack.press(SAM, SUPPORT, ts, "case.claim")
    await story.answer(SAM, ts, f"Sorry, Ana! We look into it, {who}")
    await story.card_shows(ts, "Sent")
    ours = x.by_author[x.brand.id][-1]
    x.post(author, "well, it came broken", reply_to=ours.id)
    await story.card_shows(ts, "came broken")
    x.post(x.accounts.get(f"{who}2"), "parcelbot is no good", quotes=ours.id)
    quoted = await story.card(f"@{who}2")
    x.direct.receive(author, "my address is 5 High Street")
    await story.thread_shows(ts, "High Street")
    card = await story.card_shows(ts, "High Street")
    return [re.sub(r"\d+|<!date[^>]*>", "0", shown(one).replace(who, "ana")) for one in (card, quoted)]


async def test_a_case_is_the_same_in_either_vocabulary(tmp_path: Path, fresh_sqlite: str) -> None:
    limits = {"GET /2/dm_events": 100_000}
    async with running_story(tmp_path, fresh_sqlite, choices=DIRECT, x_limits=limits) as story:
        seen = []
        for version, who in ((POSTS, "anaposts"), (TWEETS, "anatweets")):
            story.world.x.api_versions = frozenset({version})
            seen.append(await one_case(story, who))
    assert seen[0] == seen[1]


async def test_a_pushed_mention_has_its_card_long_before_it_is_polled(
    tmp_path: Path, fresh_sqlite: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.timers.polling.LISTEN_EVERY", timedelta(seconds=0.5))
    monkeypatch.setattr("handlers.timers.pushed_posts.FIRST_RETRY_SECONDS", 0.05)
    async with running_story(tmp_path, fresh_sqlite, choices=PUSHED) as story:
        await story.until(lambda: story.world.x.activity.listeners, "the stream")
        story.customer_writes("@acme is anybody there?")
        await story.card("is anybody there?")
        story.world.x.activity.end()
        await story.until(lambda: not story.world.x.activity.listeners, "its end")
        await story.until(lambda: story.world.x.activity.listeners, "the stream again")
        story.customer_writes("@acme hello?", who="ben")
        await story.card("hello?")
        assert len(story.world.ledger.of("x", "GET /2/users/:id/mentions")) == 1
