"""Fuzzing: X answers any request in JSON and keeps running."""

import random
from urllib.parse import quote

from tests.sandbox.x.conftest import X

PATHS = (
    "/2/users/me",
    "/2/users/90000001/mentions",
    "/2/users/90000001/tweets",
    "/2/tweets/search/recent",
    "/2/tweets",
    "/2/tweets/{}",
    "/2/users/{}",
    "/2/users/by/username/{}",
    "/2/users/{}/mentions",
)
NAMES = [
    "max_results",
    "since_id",
    "until_id",
    "start_time",
    "end_time",
    "pagination_token",
    "next_token",
    "tweet.fields",
    "expansions",
    "query",
    "ids",
    "exclude",
]
VALUES = (
    "", "1", "0", "-1", "100", "abc", "9" * 19, "9" * 20, "9" * 500, "\x00", "é", "%", "a,b", "author_id", "²", "٣",
    "2020-01-01T00:00:00Z", "2020-01-01", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "acme", "(acme OR",
    "-", "--", '"', "from:x", "-(a)", '-("a b")', ":", "a:b:c", "OR", "aaaa", "aaaaaaaaaaaaaaaa",
)  # fmt: skip


async def test_random_reads_are_never_an_internal_error(x: X) -> None:
    dice = random.Random(20261121)
    for number in range(20):
        x.mention(f"@acme acme {number}")
    for call in x.network.limits.limit:
        x.network.limits.limit[call] = 10_000
    seen = set()
    for _ in range(400):
        path = dice.choice(PATHS).format(quote(dice.choice(VALUES), safe=""))
        query = "&".join(
            f"{dice.choice(NAMES)}={quote(dice.choice(VALUES), safe='')}" for _ in range(dice.randrange(3))
        )
        status, body, _ = await x.send("GET", f"{path}?{query}" if query else path)
        seen.add(status)
        assert status in {200, 400, 404}, (path, query)
        assert isinstance(body, dict)
    assert seen == {200, 400, 404}
