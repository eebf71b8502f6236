"""X's write calls: publish and delete, with X's rules on who may reply to whom."""

import json
import unicodedata
from typing import Any

from aiohttp import web

from sandbox.x import api_facts, fields, problems, wording
from sandbox.x.meter import DOLLARS
from sandbox.x.network import XNetwork
from sandbox.x.posts import Post

BODY_BYTES = 1_000_000
DUPLICATE_HOURS = 24


async def create(network: XNetwork, request: web.Request) -> dict[str, Any]:
    """POST /2/tweets. Raises Problem: 400 for a bad body or length, 403 where X's rules forbid it."""
    body = await _body(request)
    text, reply_settings = _text(body), str(body.get("reply_settings") or "everyone")
    reply_to, excluded = _reply(body)
    quotes = None if body.get("quote_tweet_id") is None else _id("$.quote_tweet_id", body["quote_tweet_id"])
    target = _find(network, reply_to, problems.TARGET_GONE)
    _find(network, quotes, problems.QUOTE_GONE)
    if target is not None:
        _check_reply(network, target)
    if _is_duplicate(network, text, reply_to):
        raise problems.forbidden(problems.DUPLICATE)
    if not wording.fits(text):
        raise problems.plain(400, "Invalid Request", problems.TOO_LONG)
    kind = _charge_kind(network, text, target)
    post = network.post(
        network.brand,
        text,
        reply_to=reply_to,
        quotes=quotes,
        reply_settings=reply_settings,
        excluded=excluded,
        call="POST /2/tweets",
        dollars=DOLLARS[kind],
    )
    network.meter.charge(kind, [post.id])
    shown = wording.full(post.text, post.auto_mentions)
    return {"data": {"id": post.id, "text": shown.text, "edit_history_tweet_ids": list(post.history)}}


async def delete(network: XNetwork, request: web.Request) -> dict[str, Any]:
    """DELETE /2/tweets/:id. Deleting a deleted post answers `deleted: true`, as on X."""
    given = fields.checked_id("id", request.match_info["id"])
    post = network.find(given)
    if post is not None and post.author is not network.brand:
        raise problems.forbidden("You are not authorized to delete this Tweet.")
    if post is not None:
        network.delete(given, call="DELETE /2/tweets/:id")
    return {"data": {"deleted": True}}


def json_object(raw: bytes, most: int) -> dict[str, Any]:
    """Parse the JSON object of a request, at most `most` bytes. Raises Problem (400, 413)."""
    if len(raw) > most:
        raise problems.plain(413, "Payload Too Large", "The request entity is too large.")
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise problems.invalid_body("Request body is not valid JSON") from None
    if not isinstance(body, dict):
        raise problems.invalid_body("$: expected an object")
    return body


async def _body(request: web.Request) -> dict[str, Any]:
    body = json_object(await request.read(), BODY_BYTES)
    fault = api_facts.versions()[api_facts.POSTS].body_fault("POST /2/tweets", body)
    if fault is not None:
        raise problems.invalid_body(fault)
    return body


def _text(body: dict[str, Any]) -> str:
    """Parse the text: normalized (NFC), without surrounding white space."""
    text = body.get("text", "")
    if not isinstance(text, str) or not text.strip() or any("\ud800" <= c <= "\udfff" for c in text):
        raise problems.invalid_body("$.text: must be a string that is not empty")
    return unicodedata.normalize("NFC", text).strip()


def _reply(body: dict[str, Any]) -> tuple[str | None, frozenset[str]]:
    """Parse the id of the post to answer, and the ids of those whom the reply shall not mention."""
    reply = body.get("reply")
    if reply is None:
        return None, frozenset()
    where = "$.reply.in_reply_to_tweet_id"
    if not isinstance(reply, dict) or "in_reply_to_tweet_id" not in reply:
        raise problems.invalid_body(f"{where}: is missing but it is required")
    excluded = reply.get("exclude_reply_user_ids") or []
    if not isinstance(excluded, list):
        raise problems.invalid_body("$.reply.exclude_reply_user_ids: expected an array")
    return _id(where, reply["in_reply_to_tweet_id"]), frozenset(
        _id("$.reply.exclude_reply_user_ids", one) for one in excluded
    )


def _id(where: str, given: object) -> str:
    if not isinstance(given, str) or not given.isascii() or not given.isdigit():
        raise problems.invalid_body(f"{where}: does not match the regex pattern ^[0-9]{{1,19}}$")
    return given


def _find(network: XNetwork, post_id: str | None, refusal: str) -> Post | None:
    if post_id is None:
        return None
    found = network.find(post_id)
    if found is None:
        raise problems.forbidden(refusal)
    return found


def _check_reply(network: XNetwork, target: Post) -> None:
    """Check X's rules on replies: who mentioned the brand, and the author's reply settings.

    Self-serve apps may only reply to those who mentioned the brand or quoted it.
    """
    brand = network.brand
    if target.author is brand:
        return
    quoted = network.posts[target.quotes].author if target.quotes else None
    summoned = brand.id in target.mentioned or quoted is brand
    if network.self_serve and not summoned:
        raise problems.forbidden(problems.NOT_SUMMONED)
    root = network.posts[target.conversation_id]
    for post in (root, target):
        if post.author is not brand and not _is_open(post, brand.id):
            raise problems.forbidden(problems.NOT_SUMMONED)


def _is_open(post: Post, brand_id: str) -> bool:
    if post.reply_settings == "mentionedUsers":
        return brand_id in post.mentioned
    return post.reply_settings == "everyone" or brand_id in post.author.follows


def _is_duplicate(network: XNetwork, text: str, reply_to: str | None) -> bool:
    """Test for a duplicate: the same text to the same post, or as a post of its own, within a day."""
    since = network.clock() - DUPLICATE_HOURS * 3600
    for post in reversed(network.by_author.get(network.brand.id, [])):
        if post.created_at < since:
            return False
        if not post.deleted and post.text == text and post.reply_to == reply_to:
            return True
    return False


def _charge_kind(network: XNetwork, text: str, target: Post | None) -> str:
    """Return what X charges for: a post with a link costs more, a reply to somebody else less."""
    if wording.full(text).entities["urls"]:
        return "post with url"
    return "post" if target is None or target.author is network.brand else "summoned reply"
