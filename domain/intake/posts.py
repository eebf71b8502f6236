"""Define public posts as they arrive from a network."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class ReplyBlock(StrEnum):
    """Why a post cannot be replied to through the network's API.

    `NOT_ADDRESSED`: the network requires that the post mentions or quotes the replying account. `RESTRICTED`:
    the post's author limits who may reply. `NO_POST`: the case was opened by a private message.
    """

    NOT_ADDRESSED = "not_addressed"
    RESTRICTED = "restricted"
    GONE = "gone"
    NO_POST = "no_post"


class MatchReason(StrEnum):
    """Why a post reached us, the strongest reason first: one that mentions and quotes us is a mention.

    `SEARCH`: it matched a search, and neither mentions nor quotes us as far as its network tells.
    """

    MENTION = "mention"
    QUOTE = "quote"
    SEARCH = "search"

    def is_stronger_than(self, other: "MatchReason") -> bool:
        """Whether this reason is kept where the same post was also seen for the other."""
        strongest_first = list(MatchReason)
        return strongest_first.index(self) < strongest_first.index(other)


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """The author of a post.

    `id` is the network's own and never changes; the handle may. `takes_messages` is whether they accept
    unsolicited direct messages.
    """

    id: str
    handle: str
    name: str
    followers: int = 0
    takes_messages: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One public post that concerns one of our accounts.

    `id` is that of the first revision, so it survives edits; `revision_id` is that of the newest one. A newer
    post or revision has a `revision_id` that is longer, or as long and greater as text (`revision_order`), as
    with numbers that grow: an adapter whose network has other ids must make ids that sort so.
    `language_hint` is the network's, as an ISO 639 code. `match_reason` is `None` only for a private message.
    `reply_block` is what the network reports of the post; what follows from `match_reason` is added by
    `domain.intake.reply_permission`.
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
    match_reason: MatchReason | None
    language_hint: str | None = None
    in_reply_to_id: str | None = None
    is_repost: bool = False
    reply_block: ReplyBlock | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The result of reading a stream: posts, oldest first, and how far it was read.

    `newest_id` is where the cursor may move once the posts are stored. `gap` is true where the network
    stopped listing posts before the read reached the cursor, so that some posts are missed. `skipped` are the
    posts that could not be parsed.
    """

    posts: tuple[Post, ...] = ()
    newest_id: str | None = None
    gap: bool = False
    skipped: tuple[str, ...] = field(default=())


def revision_order(revision_id: str) -> tuple[int, str]:
    """Return the sort key that orders the revision ids of one network by age: by length, then by text.

    That every network's ids sort so is part of the contract of `Post.revision_id`.
    """
    return len(revision_id), revision_id
