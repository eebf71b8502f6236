"""X's read calls: own user, mentions, lookup, search, own posts."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from aiohttp import web

from sandbox.x import fields, paging, render
from sandbox.x.network import XNetwork
from sandbox.x.posts import Account, Post, snowflake_at
from sandbox.x.problems import invalid, missing, plain
from sandbox.x.query import parse

MENTIONS_VISIBLE = 800
OWN_POSTS_VISIBLE = 3200
SEARCH_DAYS = 7
IDS_AT_MOST = 100

Body = dict[str, Any]


async def me(network: XNetwork, request: web.Request) -> Body:
    """GET /2/users/me."""
    return _user(network, request, network.brand)


async def user_by_id(network: XNetwork, request: web.Request) -> Body:
    """GET /2/users/:id."""
    given = fields.checked_id("id", request.match_info["id"])
    found = network.accounts.by_id.get(given)
    return _user(network, request, found) if found else {"errors": [missing("user", "id", given)]}


async def user_by_username(network: XNetwork, request: web.Request) -> Body:
    """GET /2/users/by/username/:username."""
    given = request.match_info["username"]
    found = network.accounts.find(given)
    return _user(network, request, found) if found else {"errors": [missing("user", "username", given)]}


async def mentions(network: XNetwork, request: web.Request) -> Body:
    """GET /2/users/:id/mentions: only the newest 800, whatever `since_id` is."""
    account = _account(network, request)
    size = fields.parse_page_size(fields.query_of(request), 10, 5)
    listed = [post for post in network.mentioning.get(account.id, []) if post.id not in network.held_back]
    seen = _visible(reversed(listed), MENTIONS_VISIBLE)
    kind = "own mention read" if account is network.brand else "post read"
    return _timeline(network, request, seen, size, kind)


async def posts_of(network: XNetwork, request: web.Request) -> Body:
    """GET /2/users/:id/tweets."""
    account = _account(network, request)
    size = fields.parse_page_size(fields.query_of(request), 10, 5)
    excluded = set(fields.query_of(request).get("exclude", "").split(",")) - {""}
    seen = [
        p
        for p in _visible(reversed(network.by_author.get(account.id, [])), OWN_POSTS_VISIBLE)
        if not ("replies" in excluded and p.reply_to) and not ("retweets" in excluded and p.retweets)
    ]
    return _timeline(network, request, seen, size)


async def search_recent(network: XNetwork, request: web.Request) -> Body:
    """GET /2/tweets/search/recent: the last seven days."""
    wanted = parse(fields.query_of(request).get("query"))
    size = fields.parse_page_size(fields.query_of(request), 10, 10)
    oldest = network.clock() - SEARCH_DAYS * 86_400
    since = fields.post_id(fields.query_of(request), "since_id")
    if since is not None and since < snowflake_at(oldest):
        message = (
            "'since_id' must be a tweet id created within the last seven days. Please use a larger value"
        )
        raise invalid("since_id", [fields.query_of(request)["since_id"]], message)
    start = fields.parse_time(fields.query_of(request), "start_time")
    if start is not None and start < oldest:
        message = "Invalid 'start_time'. 'start_time' must be on or after seven days ago"
        raise invalid("start_time", [fields.query_of(request)["start_time"]], message)
    seen = (p for p in network.newest() if p.created_at >= oldest and wanted(p))
    return _timeline(network, request, seen, size)


async def lookup(network: XNetwork, request: web.Request) -> Body:
    """GET /2/tweets: up to 100 posts; deleted or unknown ones are listed in `errors`."""
    given = fields.query_of(request).get("ids", "")
    ids = list(dict.fromkeys(given.split(","))) if given else []
    if not 1 <= len(ids) <= IDS_AT_MOST:
        raise invalid(
            "ids",
            [given],
            f"The number of values in the `ids` query parameter list [{len(ids)}] is not between 1 and 100",
        )
    for one in ids:
        fields.checked_id("ids", one)
    found = [post for one in ids if (post := network.find(one)) is not None]
    errors = [missing("tweet", "ids", one) for one in ids if network.find(one) is None]
    return _posts(network, request, found, errors)


async def one_post(network: XNetwork, request: web.Request) -> Body:
    """GET /2/tweets/:id."""
    given = fields.checked_id("id", request.match_info["id"])
    found = network.find(given)
    if found is None:
        return {"errors": [missing("tweet", "id", given)]}
    body = _posts(network, request, [found], [])
    return {**body, "data": body["data"][0]}


def _visible(newest: Iterable[Post], at_most: int) -> list[Post]:
    """Return the part of a timeline that X shows.

    Deleted posts are not listed but count towards `at_most`, so a full listing may be shorter.
    """
    return [p for p in islice((p for p in newest if p.is_current), at_most) if not p.deleted]


def _account(network: XNetwork, request: web.Request) -> Account:
    given = fields.checked_id("id", request.match_info["id"])
    found = network.accounts.by_id.get(given)
    if found is None:
        raise invalid("id", [given], f"Could not find user with id: [{given}].")
    return found


def _user(network: XNetwork, request: web.Request, account: Account) -> Body:
    wanted = fields.parse_fields(fields.query_of(request))
    network.meter.charge("user read", [account.id])
    return {"data": render.user(account, wanted)}


def _timeline(
    network: XNetwork, request: web.Request, newest: Iterable[Post], size: int, kind: str = "post read"
) -> Body:
    shown, meta = paging.page(newest, paging.bounds(fields.query_of(request)), size, fields.query_of(request))
    return {**_posts(network, request, shown, [], kind), "meta": meta}


def _posts(
    network: XNetwork,
    request: web.Request,
    shown: list[Post],
    errors: list[dict[str, str]],
    kind: str = "post read",
) -> Body:
    wanted = fields.parse_fields(fields.query_of(request))
    included, gone = render.includes(
        shown, wanted, network.posts, network.accounts, str(request.url.origin())
    )
    network.meter.charge(kind, [p.id for p in shown])
    network.meter.charge("post read", [p["id"] for p in included.get("tweets", [])])
    network.meter.charge("user read", [u["id"] for u in included.get("users", [])])
    body: Body = {"data": [render.tweet(p, wanted, network.posts, network.accounts) for p in shown]}
    body |= {"includes": included} if included else {}
    body |= {"errors": errors + gone} if errors or gone else {}
    return body if shown else {k: v for k, v in body.items() if k != "data"}


async def media_of_post(network: XNetwork, request: web.Request) -> web.Response:
    """Return a picture of a post to anybody, as long as the post is there."""
    post = network.find(request.match_info["post"])
    found = [m for m in post.media if m.id == request.match_info["media"]] if post else []
    if not found:
        return plain(404, "Not Found", "Not Found").response()
    network.ledger.record("x", "fetch media", id=found[0].id, signed="Authorization" in request.headers)
    return web.Response(
        body=found[0].content, content_type=found[0].media_type, headers={"X-Content-Type-Options": "nosniff"}
    )
