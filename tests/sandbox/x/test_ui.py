"""The demo page's X API."""

import asyncio
import json

import aiohttp
import pytest

from tests.sandbox.x.conftest import X


async def test_a_visitor_posts_and_sees_it_and_the_answer(x: X) -> None:
    http = x.client.session.real
    form = {"name": "Vi", "username": "@visitor", "text": "@acme hello <b>"}
    async with http.post(f"{x.address}/ui/x/post", json=form) as answer:
        post = await answer.json()
    assert (post["author"]["username"], post["text"], post["from_brand"]) == (
        "visitor",
        "@acme hello <b>",
        False,
    )
    made = await x.client.create_tweet(text="Hi Vi", in_reply_to_tweet_id=post["id"], user_auth=True)
    async with http.get(f"{x.address}/ui/x/timeline") as answer:
        timeline = await answer.json()
    assert timeline["brand"]["username"] == "acme"
    assert [(p["id"], p["in_reply_to"], p["from_brand"]) for p in timeline["posts"]] == [
        (made.data["id"], post["id"], True),
        (post["id"], None, False),
    ]


async def test_an_edited_post_keeps_its_id_on_the_page(x: X) -> None:
    post = x.mention("@acme helo")
    x.network.edit(post.id, "@acme hello")
    x.network.delete(post.id)
    async with x.client.session.real.get(f"{x.address}/ui/x/timeline") as answer:
        (seen,) = (await answer.json())["posts"]
    assert (seen["id"], seen["text"], seen["edited"], seen["deleted"]) == (post.id, "@acme hello", True, True)


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"{}",
        b'{"username": "a b", "text": "x"}',
        b'{"username": "", "text": "x"}',
        b'{"username": "averyveryverylongname", "text": "x"}',
        b'{"username": "ana", "text": " "}',
        b'{"username": "ana", "text": "\\ud83d"}',
        b'{"username": "acme", "text": "x"}',
        b"[" * 200_000,
    ],
)
async def test_a_bad_form_is_explained(x: X, body: bytes) -> None:
    async with x.client.session.real.post(f"{x.address}/ui/x/post", data=body) as answer:
        assert answer.status == 400
        assert (await answer.json())["error"]


async def test_a_customer_edits_quotes_and_deletes(x: X) -> None:
    http = x.client.session.real
    ours = x.network.post(x.network.brand, "We moved")
    form = {"username": "vi", "text": "nice", "quotes": ours.id, "reply_settings": "following", "lang": "en"}
    async with http.post(f"{x.address}/ui/x/post", json=form) as answer:
        post = await answer.json()
    assert post["quoted"] == ours.id
    async with http.post(f"{x.address}/ui/x/edit", json={"id": post["id"], "text": "very nice"}) as answer:
        edited = await answer.json()
    assert (edited["id"], edited["text"], edited["edited"]) == (post["id"], "very nice", True)
    assert x.network.posts[x.network.posts[post["id"]].history[-1]].reply_settings == "following"
    async with http.post(f"{x.address}/ui/x/delete", json={"id": post["id"]}) as answer:
        assert (await answer.json())["deleted"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("post", {"username": "ana", "text": "x", "in_reply_to": "17"}),
        ("edit", {"id": "17", "text": "x"}),
        ("delete", {}),
    ],
)
async def test_what_is_gone_is_not_found(x: X, path: str, body: dict[str, str]) -> None:
    async with x.client.session.real.post(f"{x.address}/ui/x/{path}", json=body) as answer:
        assert answer.status == 404


async def test_events_arrive_as_they_happen(x: X) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{x.address}/ui/x/events") as stream:
        await asyncio.wait_for(stream.content.readuntil(b"\n\n"), 20)
        post = x.mention()
        x.network.edit(post.id, "@acme edited")
        x.network.delete(post.id)
        seen = []
        for _ in range(3):
            block = (await asyncio.wait_for(stream.content.readuntil(b"\n\n"), 20)).decode()
            name, data = block.strip().split("\n")
            seen.append((name, json.loads(data.removeprefix("data: "))["id"]))
    assert seen == [("event: post", post.id), ("event: edited", post.id), ("event: deleted", post.id)]
    await asyncio.sleep(0.05)
