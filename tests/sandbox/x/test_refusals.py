"""X's errors through tweepy: credentials, limits, credit and invalid parameters."""

import time

import aiohttp
import pytest
import tweepy

from sandbox.faults import Fault
from sandbox.x import problems
from sandbox.x.oauth import Keys
from tests.sandbox.x.conftest import X


@pytest.mark.parametrize("wrong", ["consumer_key", "consumer_secret", "access_token", "access_token_secret"])
async def test_every_wrong_key_is_refused(x: X, wrong: str) -> None:
    with pytest.raises(tweepy.Unauthorized):
        await x.new_client(**{wrong: "wrong"}).get_me()


async def test_a_signature_over_another_query_is_refused(x: X) -> None:
    rebased = x.client.session
    url = f"{x.address}/x/2/users/90000001/mentions"
    _, signed, _ = rebased.signer.sign(f"{url}?max_results=5", "GET")
    async with rebased.real.get(f"{url}?max_results=6", headers=signed) as answer:
        assert answer.status == 401
        assert (await answer.json())["title"] == "Unauthorized"


async def test_an_old_signature_is_refused(x: X) -> None:
    rebased = x.client.session
    url = f"{x.address}/x/2/users/me"
    rebased.signer.timestamp = str(int(time.time()) - 301)
    _, signed, _ = rebased.signer.sign(url, "GET")
    async with rebased.real.get(url, headers=signed) as answer:
        assert answer.status == 401


async def test_a_bearer_token_reads_but_does_not_post(x: X) -> None:
    x.network.keys = Keys(bearer="b")
    post = x.mention()
    client = x.new_client()
    client.bearer_token = "b"
    assert (await client.get_tweet(post.id)).data.text == post.text
    with pytest.raises(tweepy.Forbidden, match="Application-Only is forbidden"):
        await client.get_me(user_auth=False)
    client.bearer_token = "c"
    with pytest.raises(tweepy.Unauthorized):
        await client.get_tweet(post.id)


async def test_a_used_up_window_says_when_it_ends(x: X) -> None:
    x.network.limits.limit["GET /2/users/me"] = 1
    status, _, headers = await x.send("GET", "/2/users/me")
    assert (status, headers["x-rate-limit-limit"], headers["x-rate-limit-remaining"]) == (200, "1", "0")
    with pytest.raises(tweepy.TooManyRequests) as caught:
        await x.client.get_me()
    assert 0 < caught.value.reset_time - time.time() <= 15 * 60 + 1


async def test_the_window_opens_again(x: X) -> None:
    x.network.limits.limit["GET /2/users/me"] = 1
    x.network.limits.window_seconds = 0.05
    await x.client.get_me()
    with pytest.raises(tweepy.TooManyRequests):
        await x.client.get_me()
    time.sleep(0.06)  # noqa: ASYNC251 - nothing else runs here
    await x.client.get_me()


async def test_reads_are_charged_once_a_day_and_by_kind(x: X) -> None:
    mention = x.mention()
    for _ in range(2):
        await x.client.get_users_mentions(90000001, expansions=["author_id"], user_auth=True)
    await x.client.create_tweet(text="Hi", in_reply_to_tweet_id=mention.id, user_auth=True)
    await x.client.create_tweet(text="See https://acme.com", user_auth=True)
    counts = x.network.meter.counts
    assert (counts["own mention read"], counts["user read"], counts["summoned reply"]) == (1, 1, 1)
    assert counts["post with url"] == 1
    assert x.network.meter.spent == pytest.approx(0.001 + 0.010 + 0.010 + 0.200)


async def test_the_ledger_shows_what_each_call_cost(x: X) -> None:
    mention = x.mention()
    for _ in range(2):
        await x.client.get_users_mentions(90000001, max_results=5, user_auth=True)
    await x.client.create_tweet(text="Hi", in_reply_to_tweet_id=mention.id, user_auth=True)
    reads = x.network.ledger.of("x", "GET /2/users/:id/mentions")
    assert [(e.detail["dollars"], e.detail["query"]) for e in reads] == [
        (0.001, {"max_results": "5"}),
        (0, {"max_results": "5"}),
    ]
    assert [e.detail["dollars"] for e in x.network.ledger.of("x", "POST /2/tweets")] == [0.010]


async def test_without_credit_every_call_is_402(x: X) -> None:
    x.network.meter.credit = 0.0
    with pytest.raises(tweepy.HTTPException) as caught:
        await x.client.get_users_mentions(90000001, user_auth=True)
    assert caught.value.response.status == 402
    status, body, _ = await x.send("GET", "/2/users/me")
    assert (status, body["title"]) == (402, "CreditsDepleted")


async def test_the_usage_cap_stops_reads_only(x: X) -> None:
    x.mention()
    x.network.meter.cap = 1
    await x.client.get_users_mentions(90000001, user_auth=True)
    status, body, _ = await x.send("GET", "/2/users/90000001/mentions")
    assert (status, body["title"]) == (429, "UsageCapExceeded")
    await x.client.create_tweet(text="still posting", user_auth=True)


async def test_an_html_503_is_html(x: X) -> None:
    x.network.faults.add(
        Fault("x:GET /2/users/me", "status", body=problems.OVER_CAPACITY_HTML, content_type="text/html")
    )
    with pytest.raises(aiohttp.ContentTypeError, match="unexpected mimetype: text/html"):
        await x.client.get_me()
    await x.client.get_me()


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("/2/users/90000001/mentions?max_results=4", "max_results"),
        ("/2/users/90000001/mentions?max_results=101", "max_results"),
        ("/2/users/90000001/mentions?max_results=ten", "max_results"),
        ("/2/users/90000001/mentions?since_id=abc", "since_id"),
        ("/2/users/90000001/mentions?start_time=yesterday", "start_time"),
        ("/2/users/90000001/mentions?pagination_token=!!", "pagination_token"),
        ("/2/users/90000001/mentions?tweet.fields=mood", "tweet.fields"),
        ("/2/users/90000001/mentions?expansions=mood", "expansions"),
        ("/2/users/90000001/mentions?colour=red", "colour"),
        ("/2/users/abc/mentions", "id"),
        ("/2/users/5/mentions", "id"),
        ("/2/tweets", "ids"),
        ("/2/tweets?ids=" + ",".join(str(n) for n in range(101)), "ids"),
        ("/2/tweets?ids=1,,2", "ids"),
        ("/2/tweets/abc", "id"),
        ("/2/users/90000001/tweets?exclude=cats", "exclude"),
        ("/2/tweets/search/recent", "query"),
        ("/2/tweets/search/recent?query=acme&max_results=9", "max_results"),
    ],
)
async def test_a_bad_parameter_is_named(x: X, path: str, parameter: str) -> None:
    status, body, _ = await x.send("GET", path)
    assert (status, body["title"]) == (400, "Invalid Request")
    assert list(body["errors"][0]["parameters"]) == [parameter]


async def test_an_unknown_path_is_404_in_json(x: X) -> None:
    status, body, _ = await x.send("GET", "/2/nothing/here")
    assert (status, body["title"]) == (404, "Not Found")


async def test_users_are_found_by_id_and_name_or_reported_missing(x: X) -> None:
    ana = x.author()
    assert (await x.client.get_user(id=ana.id, user_auth=True)).data.username == "anaruiz"
    assert (await x.client.get_user(username="ANARUIZ", user_auth=True)).data.id == int(ana.id)
    missing = await x.client.get_user(username="nobody", user_auth=True)
    assert missing.data is None
    assert missing.errors[0]["resource_type"] == "user"
