"""Find a reply of ours on X, though X prepends mentions, shortens links and escapes characters."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from domain.delivery.outcomes import Absent, Done, Failed, Finding, Later
from tests.adapters.networks.x.servers import ACME, Answer, payload, sandbox_x, scripted_x

SINCE = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TEXT = "Hi Ana & co,\nsee https://acme.example/help?a=1&b=2  and try again — cafe\u0301"
TO = "1990000000000000005"


async def look(*said: Answer, text: str = TEXT, to: str = TO) -> Finding:
    async with scripted_x(*said) as (x, _):
        return await x.find_reply(ACME, text, to, SINCE)


async def test_it_is_found_by_its_text_and_its_target() -> None:
    found = await look(Answer(payload("own_posts.json")))
    assert found == Done(
        {
            "id": "1991000000000000003",
            "url": "https://x.com/acme/status/1991000000000000003",
            "at": "2025-11-19T04:26:05.648000+00:00",
        }
    )


@pytest.mark.parametrize(
    ("text", "to"),
    [(TEXT, "1990000000000000006"), (TEXT + "!", TO), ("Thanks!", TO)],
    ids=["other target", "other text", "text to another"],
)
async def test_another_post_is_not_it(text: str, to: str) -> None:
    assert await look(Answer(payload("own_posts.json")), text=text, to=to) == Absent()


async def test_this_text_without_a_target_proves_neither() -> None:
    assert isinstance(await look(Answer(payload("own_posts.json")), text="We are hiring"), Later)


async def test_only_what_is_new_enough_is_read_and_with_its_references() -> None:
    async with scripted_x(Answer('{"meta": {"result_count": 0}}')) as (x, script):
        assert await x.find_reply(ACME, TEXT, TO, SINCE) == Absent()
    query = script.requests[0].query
    assert script.requests[0].path == "/base/2/users/90000001/tweets"
    assert query["start_time"] == "2026-11-21T11:58:00Z"
    assert "note_post" in query["post.fields"].split(",")
    assert query["expansions"] == "referenced_posts"


async def test_it_is_looked_for_on_every_page() -> None:
    first = Answer(json.dumps({"data": [], "meta": {"result_count": 0, "next_token": "a"}}))
    assert isinstance(await look(first, Answer(payload("own_posts.json"))), Done)


async def test_a_listing_that_does_not_end_proves_no_absence() -> None:
    endless = Answer('{"data": [], "meta": {"next_token": "a"}}')
    assert isinstance(await look(endless), Failed)


@pytest.mark.parametrize("odd", [None, {}, {"id": [3], "text": "x"}, {"id": "3"}, {"id": "3", "text": None}])
async def test_a_post_that_cannot_be_read_proves_no_absence(odd: object) -> None:
    assert isinstance(await look(Answer(json.dumps({"data": [odd], "meta": {}}))), Later)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (Answer(payload("503_over_capacity.html"), status=503, content_type="text/html"), Later),
        (Answer("{"), Later),
        (Answer("{}"), Later),
        (Answer(lost=True), Later),
        (Answer(payload("401_unauthorized.json"), status=401), Failed),
        (Answer(payload("402_credits_depleted.json"), status=402), Failed),
        (Answer(payload("429_usage_cap.json"), status=429), Failed),
    ],
)
async def test_trouble_in_looking_proves_no_absence(said: Answer, kind: type[object]) -> None:
    assert isinstance(await look(said), kind)


async def test_a_rate_limit_says_when_to_look_again() -> None:
    ends = str(int(datetime.now(UTC).timestamp()) + 120)
    found = await look(Answer("{}", status=429, headers={"x-rate-limit-reset": ends}))
    assert isinstance(found, Later)
    assert found.wait is not None
    assert found.wait > timedelta(seconds=110)


@pytest.mark.parametrize(
    "text",
    [
        "Gracias & <3",
        "See https://acme.example/a?b=c&d=e or acme.com now",
        "@anaruiz Hi Ana",
        "line one\n\nline  two ",
        "こんにちは。確認します 🙏",
        "&amp; stays as it is",
    ],
)
async def test_what_the_pretend_x_shows_is_recognised(text: str) -> None:
    began = datetime.now(UTC)
    async with sandbox_x() as (x, network):
        account = await x.account()
        post = network.post(network.accounts.get("anaruiz", "Ana"), "@acme help")
        sent = await x.reply(text, post.id)
        assert isinstance(sent, Done)
        found = await x.find_reply(account, text, post.id, began)
        assert isinstance(found, Done)
        assert found.result["id"] == sent.result["id"]
        assert await x.find_reply(account, text + " more", post.id, began) == Absent()
