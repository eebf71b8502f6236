"""Serialize posts and accounts as X's API v2 does: only the requested fields."""

from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.x import wording
from sandbox.x.accounts import Accounts
from sandbox.x.direct import Media
from sandbox.x.fields import RequestedFields
from sandbox.x.posts import EDIT_WINDOW_SECONDS, Account, Post, timestamp
from sandbox.x.problems import missing
from sandbox.x.timeline import media_path


def tweet(
    post: Post, requested: RequestedFields, posts: Mapping[str, Post], accounts: Accounts
) -> dict[str, Any]:
    """Serialize one post; empty fields that X omits are omitted."""
    media_link = f"{_page(post)}/photo/1" if post.media else ""
    quote_link = _page(posts[post.quotes]) if post.quotes else ""
    shown = wording.short(post.text, post.auto_mentions, post.id, f"{quote_link} {media_link}".strip())
    body: dict[str, Any] = {
        "id": post.id,
        "text": shown.text,
        "edit_history_tweet_ids": list(post.history),
        "author_id": post.author.id,
        "conversation_id": post.conversation_id,
        "created_at": timestamp(post.created_at),
        "lang": post.lang,
        "possibly_sensitive": False,
        "reply_settings": post.reply_settings,
        "public_metrics": _metrics(),
        "edit_controls": _edit_controls(post, posts),
        "in_reply_to_user_id": post.reply_to_account,
        "referenced_tweets": _references(post),
        "entities": _entities(shown, accounts, post, media_link),
        "attachments": {"media_keys": [one.key for one in post.media]} if post.media else {},
    }
    if wording.is_long(post.text):
        whole = wording.full(post.text, post.auto_mentions)
        body["note_tweet"] = {"text": whole.text, "entities": _entities(whole, accounts, post)}
    return {k: v for k, v in body.items() if k in requested.tweet and v not in (None, [], {})}


def user(account: Account, requested: RequestedFields) -> dict[str, Any]:
    """Serialize one account."""
    body: dict[str, Any] = {
        "id": account.id,
        "name": account.name,
        "username": account.username,
        "created_at": timestamp(account.created_at),
        "description": account.description,
        "protected": False,
        "verified": account.verified,
        "verified_type": "blue" if account.verified else "none",
        "receives_your_dm": account.receives_dm,
        "profile_image_url": "https://abs.twimg.com/sticky/default_profile_images/default_profile_normal.png",
        "public_metrics": {
            "followers_count": account.followers,
            "following_count": len(account.follows),
            "tweet_count": 0,
            "listed_count": 0,
            "like_count": 0,
            "media_count": 0,
        },
    }
    return {k: v for k, v in body.items() if k in requested.user}


def includes(
    shown: Iterable[Post],
    requested: RequestedFields,
    posts: Mapping[str, Post],
    accounts: Accounts,
    origin: str,
) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """Build the `includes` of an answer, and `errors` for referenced posts that are deleted.

    Media have addresses at `origin`.
    """
    shown = list(shown)
    referenced: dict[str, Post] = {}
    errors: dict[str, dict[str, str]] = {}
    if any(name.startswith("referenced_tweets.id") for name in requested.expansions):
        for reference in (r["id"] for post in shown for r in _references(post)):
            if posts[reference].deleted:
                errors[reference] = missing("tweet", "referenced_tweets.id", reference)
            else:
                referenced[reference] = posts[reference]
    people = _people(shown, list(referenced.values()), requested.expansions, accounts)
    included: dict[str, Any] = {}
    if people:
        included["users"] = [user(accounts.by_id[i], requested) for i in people]
    if referenced:
        included["tweets"] = [tweet(p, requested, posts, accounts) for p in referenced.values()]
    pictured = shown if "attachments.media_keys" in requested.expansions else []
    if "referenced_tweets.id.attachments.media_keys" in requested.expansions:
        pictured = [*pictured, *referenced.values()]
    media = [_media(post, one, requested, origin) for post in pictured for one in post.media]
    included |= {"media": media} if media else {}
    return included, list(errors.values())


def _page(post: Post) -> str:
    return f"https://x.com/{post.author.username}/status/{post.id}"


def _media(post: Post, media: Media, requested: RequestedFields, origin: str) -> dict[str, Any]:
    """Serialize one media object; a video has no address but that of its still."""
    address = origin + media_path(post, media)
    body: dict[str, Any] = {
        "media_key": media.key,
        "type": media.kind,
        "width": 640,
        "height": 480,
        ("url" if media.kind == "photo" else "preview_image_url"): address,
        "alt_text": media.alt_text,
    }
    return {k: v for k, v in body.items() if k in requested.media and v != ""}


def _people(
    shown: list[Post], referenced: list[Post], expansions: frozenset[str], accounts: Accounts
) -> list[str]:
    ids: list[str] = []
    if "author_id" in expansions:
        ids += [p.author.id for p in shown]
    if "in_reply_to_user_id" in expansions:
        ids += [p.reply_to_account for p in shown if p.reply_to_account]
    if "entities.mentions.username" in expansions:
        names = [n for p in shown for n in (*p.auto_mentions, *wording.mentions_in(p.text))]
        ids += [found.id for n in names if (found := accounts.find(n)) is not None]
    if "referenced_tweets.id.author_id" in expansions:
        ids += [p.author.id for p in referenced]
    return list(dict.fromkeys(ids))


def _references(post: Post) -> list[dict[str, str]]:
    pairs = (("replied_to", post.reply_to), ("quoted", post.quotes), ("retweeted", post.retweets))
    return [{"type": kind, "id": i} for kind, i in pairs if i is not None]


def _entities(shown: wording.Wording, accounts: Accounts, post: Post, media_link: str = "") -> dict[str, Any]:
    """Serialize mentions and links; the link to the post's media is listed once for each of them."""
    urls = [
        {**link, **more}
        for link in shown.entities["urls"]
        for more in (
            [{"media_key": one.key} for one in post.media] if link["expanded_url"] == media_link else [{}]
        )
    ]
    mentions = [
        {**m, "id": found.id}
        for m in shown.entities["mentions"]
        if (found := accounts.find(m["username"])) is not None
    ]
    return {k: v for k, v in (("urls", urls), ("mentions", mentions)) if v}


def _edit_controls(post: Post, posts: Mapping[str, Post]) -> dict[str, Any]:
    until = posts[post.original_id].created_at + EDIT_WINDOW_SECONDS
    eligible = post.reply_to is None and post.retweets is None
    return {
        "edits_remaining": post.edits_remaining,
        "is_edit_eligible": eligible,
        "editable_until": timestamp(until),
    }


def _metrics() -> dict[str, int]:
    names = (
        "retweet_count",
        "reply_count",
        "like_count",
        "quote_count",
        "bookmark_count",
        "impression_count",
    )
    return dict.fromkeys(names, 0)
