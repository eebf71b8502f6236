"""Format posts and accounts for the demo page."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sandbox.x.posts import Account, Post, timestamp

if TYPE_CHECKING:
    from sandbox.x.direct import Media

MEDIA_ROUTE = "/x/media/{post}/{media}/{name}"


def page_json(post: Post, posts: Mapping[str, Post], brand: Account) -> dict[str, Any]:
    """Format a post's current version, under the id of its first one.

    The stable id lets the page replace what it shows.
    """
    current = posts[post.history[-1]]
    return {
        "id": current.original_id,
        "versions": list(current.history),
        "author": person(current.author),
        "text": current.text,
        "created_at": timestamp(posts[current.original_id].created_at),
        "in_reply_to": _original(current.reply_to, posts),
        "conversation_id": _original(current.conversation_id, posts),
        "quoted": _original(current.quotes, posts),
        "retweeted": _original(current.retweets, posts),
        "mentions": list(current.auto_mentions),
        "media": [{"url": media_path(current, one), "alt_text": one.alt_text} for one in current.media],
        "deleted": current.deleted,
        "edited": len(current.history) > 1,
        "from_brand": current.author.id == brand.id,
    }


def media_path(post: Post, media: "Media") -> str:
    """Return the path of a post's picture, or of its video's still."""
    return MEDIA_ROUTE.format(post=post.original_id, media=media.id, name=media.name)


def person(account: Account) -> dict[str, Any]:
    """Format an account."""
    return {
        "id": account.id,
        "username": account.username,
        "name": account.name,
        "followers": account.followers,
        "color": account.color,
    }


def _original(post_id: str | None, posts: Mapping[str, Post]) -> str | None:
    return None if post_id is None else posts[post_id].original_id
