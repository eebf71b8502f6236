"""Parse X's posts. A malformed one raises Malformed and does not affect the others."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from adapters.networks.x.context import Polls, context_of, media_of_post, polls_in, readable_text, withheld_of
from adapters.networks.x.ids import is_handle, is_id, own_id
from adapters.networks.x.json_values import count_of, items, mapping_of
from adapters.networks.x.media import media_of
from adapters.networks.x.post_text import entities_of, raw_text, unescape
from adapters.networks.x.vocabulary import Json, renamed
from domain.accounts import Account
from domain.intake.post_context import ReferenceKind, Withheld
from domain.intake.posts import Author, MatchReason, Media, Post, ReplyBlock
from domain.triage.language import language_code

NETWORK = "x"
_MAX_FOLLOWERS = 2**31 - 1


class Malformed(ValueError):
    """An item lacks an essential field; the text says which."""


@dataclass(frozen=True, slots=True)
class Includes:
    """Expanded objects: authors by id, media by key, referenced posts by id, who is withheld, and polls."""

    authors: Mapping[str, Author]
    media: Mapping[str, Media] = field(default_factory=dict)
    posts: Mapping[str, Json] = field(default_factory=dict)
    withheld: Mapping[str, Withheld] = field(default_factory=dict)
    polls: Polls = field(default_factory=dict)

    @classmethod
    def of(cls, body: Json, api_url: str = "") -> "Includes":
        """Parse `includes`; malformed entries are left out. Media may be at the address of the API."""
        included = mapping_of(body.get("includes"))
        users = items(included.get("users"))
        people = [a for user in users if (a := _author(user)) is not None]
        posts = items(renamed(included, "posts"))
        media = ((item.get("media_key"), media_of(item, api_url)) for item in items(included.get("media")))
        return cls(
            {author.id: author for author in people},
            {key: one for key, one in media if isinstance(key, str) and one is not None},
            {t["id"]: t for t in posts if is_id(t.get("id"))},
            {str(user.get("id")): where for user in users if (where := withheld_of(user)) is not None},
            polls_in(included),
        )


def account_in(body: object) -> Account:
    """Return the account of a `users/me` response; raises Malformed."""
    author = _author(mapping_of(mapping_of(body).get("data")))
    if author is None:
        raise Malformed("the account has no id or no username")
    return Account(network=NETWORK, id=author.id, handle=author.handle, name=author.name)


def post_of(tweet: object, includes: Includes, account: Account, found_by: str, now: datetime) -> Post:
    """Parse one post, dated `now` where X gives no creation time; raises Malformed."""
    if not isinstance(tweet, dict):
        raise Malformed("not an object")
    revision_id = _required_id(tweet, "id")
    author_id = _required_id(tweet, "author_id")
    author = includes.authors.get(author_id)
    references = _references(tweet)
    text = text_of(tweet)
    media = media_of_post(tweet, includes.media)
    context = context_of(
        tweet,
        references,
        posts=includes.posts,
        authors=includes.authors,
        media=includes.media,
        polls=includes.polls,
        withheld_authors=includes.withheld,
        account=account,
    )
    words = readable_text(tweet, raw_text(tweet) or "", context, media, includes.polls)
    quotes_us = any(one.is_ours for one in context.references if one.kind is ReferenceKind.QUOTED)
    mentioned = _mentions(tweet, text, account, listed=found_by == "mention" and not quotes_us)
    return Post(
        network=NETWORK,
        account_id=account.id,
        id=_first_revision(tweet, revision_id),
        revision_id=revision_id,
        author=author or Author(id=author_id, handle="", name=""),
        text=words,
        created_at=created_at_of(tweet) or now,
        url=post_url(revision_id, author.handle if author else None),
        conversation_id=tweet["conversation_id"] if is_id(tweet.get("conversation_id")) else revision_id,
        match_reason=_match_reason(mentioned=mentioned, quotes_us=quotes_us),
        language_hint=_language(tweet.get("lang")) if words else None,
        in_reply_to_id=next(iter(references.get("replied_to", ())), None),
        quoted_id=next(iter(references.get("quoted", ())), None),
        is_repost="retweeted" in references,
        reply_block=_reply_block(tweet.get("reply_settings"), mentioned=mentioned),
        media=tuple(media.values()),
        context=context,
    )


def post_url(post_id: str, handle: str | None = None) -> str:
    """Return the page that shows the post."""
    return f"https://x.com/{handle or 'i'}/status/{post_id}"


def text_of(tweet: Json) -> str:
    """Return the whole text, unescaped; raises Malformed."""
    text = raw_text(tweet)
    if text is None:
        raise Malformed("no text")
    return unescape(text)


def own_post_of(tweet: object) -> tuple[str, str, Sequence[str] | None]:
    """Return a post's id, its text, and the ids of the posts that it replies to; raises Malformed.

    The replied-to ids are `None` where X gives no references at all.
    """
    if not isinstance(tweet, dict):
        raise Malformed("not an object")
    post_id = own_id(tweet.get("id"))
    if post_id is None:
        raise Malformed("no id")
    references = _references(tweet)
    return post_id, text_of(tweet), references.get("replied_to", ()) if references else None


def _required_id(tweet: Json, name: str) -> str:
    value = tweet.get(name)
    if not is_id(value):
        raise Malformed(f"no {name}")
    return value


def created_at_of(tweet: Json) -> datetime | None:
    """Return the creation time; `None` where it is missing, malformed or without a time zone."""
    try:
        moment = datetime.fromisoformat(tweet["created_at"])
    except (KeyError, TypeError, ValueError):
        return None
    return moment if moment.tzinfo is not None else None


def _language(lang: object) -> str | None:
    """Return the ISO 639 code; `None` where X names no language.

    X's `lang` has local codes for "only media", "only hashtags" and so on (qme, qht …), and uses some
    withdrawn codes (in, iw).
    """
    return language_code(lang) if isinstance(lang, str) else None


def _first_revision(tweet: Json, revision_id: str) -> str:
    history = renamed(tweet, "edit_history_post_ids")
    known = [one for one in history if is_id(one)] if isinstance(history, list) else []
    return min(known, key=int, default=revision_id)


def _references(tweet: Json) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for reference in items(renamed(tweet, "referenced_posts")):
        if isinstance(reference.get("type"), str) and is_id(reference.get("id")):
            found.setdefault(reference["type"], []).append(reference["id"])
    return found


def _mentions(tweet: Json, text: str, account: Account, *, listed: bool) -> bool:
    """Return whether the post mentions the account.

    By X's mention entities, or by its text: X leaves entities out, of long posts for one. Where there are
    none at all, because X `listed` it among the mentions.
    """
    handle = account.handle.casefold()
    named = entities_of(tweet, "mentions")
    if any(m.get("id") == account.id or str(m.get("username")).casefold() == handle for m in named):
        return True
    if listed and not named:
        return True
    return re.search(rf"(?<![\w@/])@{re.escape(handle)}(?![\w@])", text.casefold()) is not None


def _match_reason(*, mentioned: bool, quotes_us: bool) -> MatchReason:
    if mentioned:
        return MatchReason.MENTION
    return MatchReason.QUOTE if quotes_us else MatchReason.SEARCH


def _reply_block(setting: object, *, mentioned: bool) -> ReplyBlock | None:
    """Return whether `reply_settings` keep us from replying.

    Settings such as `following` cannot be evaluated: restricted.
    """
    if setting in (None, "everyone") or (setting == "mentionedUsers" and mentioned):
        return None
    return ReplyBlock.RESTRICTED


def _author(user: Json) -> Author | None:
    author_id, handle = user.get("id"), user.get("username")
    if not is_id(author_id) or not is_handle(handle):
        return None
    name = user.get("name")
    followers = mapping_of(user.get("public_metrics")).get("followers_count")
    return Author(
        id=author_id,
        handle=handle,
        name=name if isinstance(name, str) and name.strip() else handle,
        followers=min(max(count_of(followers) or 0, 0), _MAX_FOLLOWERS),
        takes_messages=user.get("receives_your_dm") is True,
    )
