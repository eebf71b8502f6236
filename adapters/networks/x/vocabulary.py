"""Name fields and expansions in X's two vocabularies: its API says *posts* since 2.167, *tweets* before.

Answers are read in both (`renamed`). A read asks in the newer one, and in the older one where X refuses that;
which one X took is kept for each kind of read as long as the process lives.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from adapters.networks.x.call_failures import Refusal

log = logging.getLogger(__name__)

Json = Mapping[str, Any]
Query = Mapping[str, str]

USER_FIELDS = ("name", "public_metrics", "receives_your_dm", "username", "withheld")
MEDIA_FIELDS = ("alt_text", "preview_image_url", "type", "url")
#: The title and text of an Article. Both documents name it; it is left out where X refuses it.
ARTICLE = "article"
#: Names of `post.fields` and `tweet.fields` alike.
_POST_FIELDS = (
    ARTICLE,
    "attachments",
    "conversation_id",
    "created_at",
    "entities",
    "lang",
    "reply_settings",
    "withheld",
)
_EVENT_FIELDS = ("attachments", "created_at", "dm_conversation_id", "entities", "event_type", "text")
_NAMES = {
    "note_post": "note_tweet",
    "referenced_posts": "referenced_tweets",
    "edit_history_post_ids": "edit_history_tweet_ids",
    "posts": "tweets",
}


class Vocabulary(StrEnum):
    """What X calls a post in the names of its API."""

    POSTS = "posts"
    TWEETS = "tweets"

    @property
    def other(self) -> "Vocabulary":
        """The other of the two."""
        return Vocabulary.TWEETS if self is Vocabulary.POSTS else Vocabulary.POSTS


def renamed(item: Json, name: str) -> object:
    """Return what an object of X's has under a newer name, or under the older name of the same."""
    value = item.get(name)
    return item.get(_NAMES[name]) if value is None else value


@dataclass(frozen=True, slots=True)
class Reading:
    """What one kind of read asks for, in either vocabulary.

    `name` is for the log. `essential` is a field that each item of an answer has where X knew the names.
    """

    name: str
    essential: str
    posts: Query
    tweets: Query

    def query(self, vocabulary: Vocabulary, *, with_article: bool = True) -> Query:
        """Return the query parameters."""
        query = self.posts if vocabulary is Vocabulary.POSTS else self.tweets
        name = "post.fields" if vocabulary is Vocabulary.POSTS else "tweet.fields"
        if with_article or name not in query:
            return query
        return {**query, name: _joined(*(set(query[name].split(",")) - {ARTICLE}))}

    def is_about_names(self, refusal: Refusal) -> bool:
        """Return whether X refuses a parameter in which the two vocabularies differ."""
        differing = {name for name, _ in self.posts.items() ^ self.tweets.items()}
        return refusal.status == HTTPStatus.BAD_REQUEST and any(map(refusal.names, differing))

    def knows_names(self, body: Json) -> bool:
        """Return whether X did not pass over the names: an item, if there is any, has what was asked for."""
        data = body.get("data")
        listed = [item for item in data if isinstance(item, dict)] if isinstance(data, list) else []
        return not listed or any(self.essential in item for item in listed)


def _joined(*names: str) -> str:
    return ",".join(sorted(names))


_PEOPLE = {"user.fields": _joined(*USER_FIELDS)}
_SHOWN = _PEOPLE | {"media.fields": _joined(*MEDIA_FIELDS)}


def _posts(name: str) -> Reading:
    """Return the reading of posts as the desk needs them.

    The newer API gives the ids that a post refers to with what they are expanded to, and not as fields.
    """
    return Reading(
        name,
        "author_id",
        posts=_SHOWN
        | {
            "post.fields": _joined(*_POST_FIELDS, "note_post", "text"),
            "expansions": _joined(
                "attachments.media_keys",
                "attachments.poll_ids",
                "author_id",
                "edit_history_post_ids",
                "referenced_posts",
            ),
        },
        tweets=_SHOWN
        | {
            "tweet.fields": _joined(
                *_POST_FIELDS, "author_id", "edit_history_tweet_ids", "note_tweet", "referenced_tweets"
            ),
            "expansions": _joined(
                "attachments.media_keys",
                "attachments.poll_ids",
                "author_id",
                "referenced_tweets.id",
                "referenced_tweets.id.attachments.media_keys",
                "referenced_tweets.id.author_id",
            ),
        },
    )


MENTIONS = _posts("mentions")
SEARCH = _posts("the search")
LOOKUP = _posts("single posts")
OWN_POSTS = Reading(
    "our own posts",
    "created_at",
    posts={"post.fields": "created_at,note_post,text", "expansions": "referenced_posts"},
    tweets={"tweet.fields": "created_at,note_tweet,referenced_tweets"},
)
INBOX = Reading(
    "direct messages",
    "sender_id",
    posts={
        **_PEOPLE,
        "dm_event.fields": _joined(*_EVENT_FIELDS),
        "expansions": "attachments.media_keys,sender_id",
        "media.fields": "type,url",
    },
    tweets={
        **_PEOPLE,
        "dm_event.fields": _joined(*_EVENT_FIELDS, "sender_id"),
        "expansions": "attachments.media_keys,sender_id",
        "media.fields": "type,url",
    },
)
SENT_MESSAGES = Reading(
    "a conversation",
    "sender_id",
    posts={"dm_event.fields": _joined(*_EVENT_FIELDS), "expansions": "sender_id"},
    tweets={"dm_event.fields": _joined(*_EVENT_FIELDS, "sender_id")},
)


class Vocabularies:
    """Reads in the vocabulary that X takes, by kind of read."""

    def __init__(self) -> None:
        self._taken: dict[str, Vocabulary] = {}
        self._with_article = True

    async def read(self, reading: Reading, call: Callable[[Query], Awaitable[Json]]) -> Json:
        """Call with the query of the vocabulary that X took last, and once more with the other one's.

        That is where X refuses the names, or answers as if they were not there. Raises CallFailed: where
        neither is taken, what X said of the first.
        """
        vocabulary = self._taken.get(reading.name, Vocabulary.POSTS)
        refused, body = await self._first(reading, call, vocabulary)
        if refused is None and reading.knows_names(body):
            return body
        try:
            other = await self._call(reading, call, vocabulary.other)
        except Refusal:
            if refused is not None:
                raise refused from None
            return body
        if refused is None and not reading.knows_names(other):
            return body
        self._taken[reading.name] = vocabulary.other
        log.warning(
            "X does not take the names of its API for %s in %s; it is asked for %s from now on",
            vocabulary,
            reading.name,
            vocabulary.other,
        )
        return other

    async def _first(
        self, reading: Reading, call: Callable[[Query], Awaitable[Json]], vocabulary: Vocabulary
    ) -> tuple[Refusal | None, Json]:
        try:
            return None, await self._call(reading, call, vocabulary)
        except Refusal as refusal:
            if not reading.is_about_names(refusal):
                raise
            return refusal, {}

    async def _call(
        self, reading: Reading, call: Callable[[Query], Awaitable[Json]], vocabulary: Vocabulary
    ) -> Json:
        """Call, and once more without the field of Articles where X refuses that by name."""
        try:
            return await call(reading.query(vocabulary, with_article=self._with_article))
        except Refusal as refusal:
            is_about_it = refusal.names(f"[{ARTICLE}]") or refusal.names(f'"{ARTICLE}"')
            if refusal.status != HTTPStatus.BAD_REQUEST or not is_about_it or not self._with_article:
                raise
        self._with_article = False
        log.warning("X refuses the field %s; posts are read without it from now on", ARTICLE)
        return await call(reading.query(vocabulary, with_article=False))
