"""Parse X's posts. A malformed one raises Malformed and does not affect the others."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from adapters.networks.x.ids import is_id, own_id
from adapters.networks.x.media import media_of
from adapters.networks.x.vocabulary import Json, renamed
from domain.accounts import Account
from domain.intake.posts import MAX_MEDIA, Author, MatchReason, Media, Post, ReplyBlock
from domain.triage.language import language_code

NETWORK = "x"
_MAX_FOLLOWERS = 2**31 - 1
_SHORT_LINK = re.compile(r"https?://t\.co/\w+", re.ASCII)
_ADDRESS = re.compile(r"https?://[^\s<>]{1,1000}")
#: The page of a post, as X's links to a quoted one lead to it.
_POST_PAGE = re.compile(r"https?://(?:\w+\.)?(?:x|twitter)\.com/(?P<handle>\w+)/status/(?P<id>\d+)", re.ASCII)
_HANDLE = re.compile(r"\w{1,50}", re.ASCII)


class Malformed(ValueError):
    """An item lacks an essential field; the text says which."""


@dataclass(frozen=True, slots=True)
class Includes:
    """Expanded objects: authors by id, the author's id by id of a referenced post, and media by key."""

    authors: Mapping[str, Author]
    written_by: Mapping[str, str]
    media: Mapping[str, Media] = field(default_factory=dict)

    @classmethod
    def of(cls, body: Json, api_url: str = "") -> "Includes":
        """Parse `includes`; malformed entries are left out. Media may be at the address of the API."""
        included = mapping_of(body.get("includes"))
        people = [a for user in items(included.get("users")) if (a := _author(user)) is not None]
        posts = items(renamed(included, "posts"))
        media = ((item.get("media_key"), media_of(item, api_url)) for item in items(included.get("media")))
        return cls(
            {author.id: author for author in people},
            {t["id"]: t["author_id"] for t in posts if is_id(t.get("id")) and is_id(t.get("author_id"))},
            {key: one for key, one in media if isinstance(key, str) and one is not None},
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
    media = _media(tweet, includes)
    quotes_us = any(_is_ours(tweet, i, includes, account) for i in references.get("quoted", ()))
    mentioned = _mentions(tweet, text, account, listed=found_by == "mention" and not quotes_us)
    return Post(
        network=NETWORK,
        account_id=account.id,
        id=_first_revision(tweet, revision_id),
        revision_id=revision_id,
        author=author or Author(id=author_id, handle=author_id, name=author_id),
        text=_with_expanded_links(tweet, text, media),
        created_at=created_at_of(tweet) or now,
        url=post_url(revision_id, author.handle if author else None),
        conversation_id=tweet["conversation_id"] if is_id(tweet.get("conversation_id")) else revision_id,
        match_reason=_match_reason(mentioned=mentioned, quotes_us=quotes_us),
        language_hint=_language(tweet.get("lang")),
        in_reply_to_id=next(iter(references.get("replied_to", ())), None),
        quoted_id=next(iter(references.get("quoted", ())), None),
        is_repost="retweeted" in references,
        reply_block=_reply_block(tweet.get("reply_settings"), mentioned=mentioned),
        media=tuple(media.values()),
    )


def _is_ours(tweet: Json, quoted_id: str, includes: Includes, account: Account) -> bool:
    """Return whether a quoted post is ours: by its author, else by the link to it."""
    author_id = includes.written_by.get(quoted_id)
    if author_id is not None:
        return author_id == account.id
    links = (_POST_PAGE.match(str(link.get("expanded_url"))) for link in _links(tweet))
    ours = (account.handle.casefold(), quoted_id)
    return any(page is not None and (page["handle"].casefold(), page["id"]) == ours for page in links)


def post_url(post_id: str, handle: str | None = None) -> str:
    """Return the page that shows the post."""
    return f"https://x.com/{handle or 'i'}/status/{post_id}"


def text_of(tweet: Json) -> str:
    """Return the whole text, unescaped; raises Malformed. X escapes `&`, `<` and `>`, and only those."""
    whole = mapping_of(renamed(tweet, "note_post")).get("text")
    text = whole if isinstance(whole, str) and whole else tweet.get("text")
    if not isinstance(text, str):
        raise Malformed("no text")
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _media(tweet: Json, includes: Includes) -> dict[str, Media]:
    """Return the first media of a post, by key; those that X does not send along are left out."""
    keys = mapping_of(tweet.get("attachments")).get("media_keys")
    known = (
        [key for key in keys if isinstance(key, str) and key in includes.media]
        if isinstance(keys, list)
        else []
    )
    return {key: includes.media[key] for key in list(dict.fromkeys(known))[:MAX_MEDIA]}


def _with_expanded_links(tweet: Json, text: str, media: Mapping[str, Media]) -> str:
    """Replace X's short links (t.co) with the addresses that they lead to; drop those to the post's media."""
    addresses = dict(_link_entities(tweet, media))
    expanded = _SHORT_LINK.sub(lambda found: addresses.get(found[0], found[0]), text)
    return expanded if expanded == text else expanded.rstrip()


def _link_entities(tweet: Json, media: Mapping[str, Media]) -> Iterator[tuple[str, str]]:
    for entity in _links(tweet):
        short, address, key = entity.get("url"), entity.get("expanded_url"), entity.get("media_key")
        if isinstance(short, str) and isinstance(key, str) and key in media:
            yield short, ""
        elif isinstance(short, str) and isinstance(address, str) and _ADDRESS.fullmatch(address):
            yield short, address


def _links(tweet: Json) -> Iterator[Json]:
    for holder in (tweet, mapping_of(renamed(tweet, "note_post"))):
        yield from items(mapping_of(holder.get("entities")).get("urls"))


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


def items(value: object) -> list[Json]:
    """Return the objects of a list; anything else is left out."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def mapping_of(value: object) -> Json:
    """Return the value where it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


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
    first = history[0] if isinstance(history, list) and history else None
    return first if is_id(first) else revision_id


def _references(tweet: Json) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for reference in items(renamed(tweet, "referenced_posts")):
        if isinstance(reference.get("type"), str) and is_id(reference.get("id")):
            found.setdefault(reference["type"], []).append(reference["id"])
    return found


def _mentions(tweet: Json, text: str, account: Account, *, listed: bool) -> bool:
    """Return whether the post mentions the account.

    By X's mention entities; where there are none, because X `listed` it among the mentions, or by its text.
    """
    handle = account.handle.casefold()
    named = list(_mention_entities(tweet))
    if named:
        return any(m.get("id") == account.id or str(m.get("username")).casefold() == handle for m in named)
    return listed or re.search(rf"(?<![\w@/])@{re.escape(handle)}(?![\w@])", text.casefold()) is not None


def _mention_entities(tweet: Json) -> Iterator[Json]:
    for holder in (tweet, mapping_of(renamed(tweet, "note_post"))):
        yield from items(mapping_of(holder.get("entities")).get("mentions"))


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
    if not is_id(author_id) or not isinstance(handle, str) or not _HANDLE.fullmatch(handle):
        return None
    name = user.get("name")
    followers = mapping_of(user.get("public_metrics")).get("followers_count")
    return Author(
        id=author_id,
        handle=handle,
        name=name if isinstance(name, str) and name.strip() else handle,
        followers=min(max(followers, 0), _MAX_FOLLOWERS) if isinstance(followers, int) else 0,
        takes_messages=user.get("receives_your_dm") is True,
    )
