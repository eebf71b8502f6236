"""A public post as a network shows it, before the desk has made anything of it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class ReplyBlock(StrEnum):
    """Why no reply can be sent through the network's API.

    X accepts a self-serve reply only to an author who mentioned or quoted the replying account (since 23 Feb 2026),
    and only where `reply_settings` lets us in. `NO_POST`: the case was opened by a private message.
    """

    NOT_ADDRESSED = "not_addressed"
    RESTRICTED = "restricted"
    GONE = "gone"
    NO_POST = "no_post"

    @property
    def explanation(self) -> str:
        """The reason in words, for the card."""
        return _EXPLANATIONS[self]


_EXPLANATIONS = {
    ReplyBlock.NOT_ADDRESSED: "the post does not mention us, and its network lets an app reply only when it does",
    ReplyBlock.RESTRICTED: "its author has restricted who may reply",
    ReplyBlock.GONE: "the post is gone",
    ReplyBlock.NO_POST: "the customer wrote to us in private, so there is no post to answer",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who wrote a post. `id` is the network's own and never changes; the handle may. `takes_messages`: we may write to them in private first."""

    id: str
    handle: str
    name: str
    followers: int = 0
    takes_messages: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One public post that concerns one of our accounts.

    `id` is the first revision's, so that an edit keeps it; `revision_id` is the newest one's.
    `addressed` is true where the post mentions or quotes the account. `found_by` is "mention" or "search".
    """

    network: str
    account_id: str
    id: str
    revision_id: str
    author: Author
    text: str
    created_at: datetime
    url: str
    conversation_id: str
    language_hint: str | None = None
    in_reply_to_id: str | None = None
    addressed: bool = True
    quotes_us: bool = False
    is_repost: bool = False
    reply_block: ReplyBlock | None = None
    found_by: str = "mention"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one reading of a stream gave: posts oldest first, and how far it reached.

    `newest_id` is where the cursor may move once the posts are stored. `gap` is true where the network stopped showing
    posts before the reading reached the cursor, so that some may never be seen.
    """

    posts: tuple[Post, ...] = ()
    newest_id: str | None = None
    gap: bool = False
    skipped: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class SentPost:
    """What a network tells of a post of ours that is there."""

    id: str
    url: str


def revision_order(post_id: str) -> tuple[int, str]:
    """Orders ids of posts by age: networks' ids grow with time, numeric ones by length first."""
    return len(post_id), post_id
