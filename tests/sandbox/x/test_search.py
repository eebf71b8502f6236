"""X's search query language."""

import pytest

from sandbox.x.posts import snowflake_at
from tests.sandbox.x.conftest import X


@pytest.fixture
def posts(x: X) -> dict[str, str]:
    ours = x.network.post(x.network.brand, "Acme news")
    made = {
        "plain": x.mention("acme is down again"),
        "mention": x.mention("@acme my card is declined", "bob"),
        "phrase": x.mention("the card was declined by acme", "cleo"),
        "job": x.mention("acme is hiring, apply now", "hr"),
        "spanish": x.network.post(x.author("eva"), "acme no funciona", lang="es"),
        "japanese": x.mention("acmeで決済エラーが出ます", "yuki"),
        "reply": x.network.post(x.author("dan"), "agreed, acme", reply_to=ours.id),
        "academic": x.mention("acmeology is a science", "prof"),
        "link": x.mention("acme page https://acme.com/status", "fay"),
    }
    made["retweet"] = x.network.post(x.author("gus"), "", retweets=made["plain"].id)
    return {post.id: name for name, post in made.items()}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("acme down", {"plain", "retweet"}),
        ("acme down -is:retweet", {"plain"}),
        ('"card is declined"', {"mention"}),
        ("card declined", {"mention", "phrase"}),
        ("down OR hiring -is:retweet", {"plain", "job", "retweet"}),
        ("(down OR hiring) -is:retweet", {"plain", "job"}),
        ("acme (down OR hiring OR declined) -is:retweet -hiring -apply", {"plain", "phrase", "mention"}),
        ("@ACME", {"mention", "reply"}),
        ("from:bob", {"mention"}),
        ("from:@bob OR from:cleo", {"mention", "phrase"}),
        ("acme -from:bob declined", {"phrase"}),
        ("to:acme", {"reply"}),
        ("is:reply acme", {"reply"}),
        ("acme lang:es", {"spanish"}),
        ("acme has:links", {"link"}),
        ("決済エラー", {"japanese"}),
        ("ACME DOWN -is:retweet", {"plain"}),
        ('acme -"no funciona" lang:es', set()),
        ("acmeology", {"academic"}),
        ("acme -(down OR hiring OR declined OR page) -is:reply -is:retweet -lang:es", set()),
    ],
)
async def test_what_a_query_finds(x: X, posts: dict[str, str], query: str, found: set[str]) -> None:
    answer = await x.client.search_recent_tweets(query, max_results=100, user_auth=True)
    assert {posts.get(str(t.id), "ours") for t in answer.data or []} - {"ours"} == found


@pytest.mark.parametrize(
    "query",
    [
        "",
        " ",
        "a" * 513,
        "-acme",
        "is:retweet",
        "lang:es",
        "acme OR",
        "OR acme",
        "(acme",
        "acme)",
        '"acme',
        "mood:happy",
        "()",
        "acme is:sad",
    ],
)
async def test_a_query_x_cannot_read_is_refused(x: X, query: str) -> None:
    from urllib.parse import quote

    status, body, _ = await x.send("GET", f"/2/tweets/search/recent?query={quote(query)}")
    assert (status, list(body["errors"][0]["parameters"])) == (400, ["query"])


async def test_search_pages_and_goes_on_from_an_id(x: X) -> None:
    made = [x.mention(f"acme number {n}") for n in range(25)]
    first = await x.client.search_recent_tweets("acme", max_results=10, user_auth=True)
    second = await x.client.search_recent_tweets(
        "acme", max_results=10, next_token=first.meta["next_token"], user_auth=True
    )
    assert [t.id for t in [*first.data, *second.data]] == [int(p.id) for p in reversed(made[5:])]
    newer = await x.client.search_recent_tweets("acme", since_id=made[20].id, user_auth=True)
    assert [t.id for t in newer.data] == [int(p.id) for p in reversed(made[21:])]


async def test_search_does_not_look_back_more_than_a_week(x: X) -> None:
    old = x.mention("acme long ago")
    now = old.created_at + 8 * 86_400
    x.network.clock = lambda: now
    assert (await x.client.search_recent_tweets("acme", user_auth=True)).data is None
    for bound in (f"since_id={snowflake_at(old.created_at)}", "start_time=2020-01-01T00:00:00Z"):
        status, _, _ = await x.send("GET", f"/2/tweets/search/recent?query=acme&{bound}")
        assert status == 400
