"""Define public posts as they arrive from a network."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.intake.post_context import NO_CONTEXT, PostContext


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


class MediaKind(StrEnum):
    """What a post's media is. An animated GIF is a video. The values are stored."""

    PICTURE = "picture"
    VIDEO = "video"


MAX_MEDIA = 4  # of one post
MAX_ALT_TEXT = 1000  # characters
MAX_MEDIA_URL = 1000  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A picture or a video of a post.

    `url` is that of the picture, or of a video's still: https, or at the address that the settings give for
    the network's API. `alt_text` is the author's description of it, empty where there is none.
    """

    kind: MediaKind
    url: str
    alt_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """The author of a post.

    `id` is the network's own and never changes; the handle may. Handle and name are empty where the network
    does not tell them, as of a suspended account. `takes_messages` is whether they accept unsolicited direct
    messages.
    """

    id: str
    handle: str
    name: str
    followers: int = 0
    takes_messages: bool = False

    @property
    def mention(self) -> str:
        """The handle with its "@", or the id where the network does not tell the handle."""
        return f"@{self.handle}" if self.handle else self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One public post that concerns one of our accounts.

    `id` is that of the first revision, so it survives edits; `revision_id` is that of the newest one. A newer
    post or revision has a `revision_id` that is longer, or as long and greater as text (`revision_order`), as
    with numbers that grow: an adapter whose network has other ids must make ids that sort so.
    `language_hint` is the network's, as an ISO 639 code. `match_reason` is `None` only for a private message.
    `reply_block` is what the network reports of the post; what follows from `match_reason` is added by
    `domain.intake.reply_permission`. `media` are at most `MAX_MEDIA`. `text` is empty where the network
    withholds the post and gives a notice in place of the words.
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
    quoted_id: str | None = None
    is_repost: bool = False
    reply_block: ReplyBlock | None = None
    media: tuple[Media, ...] = ()
    context: PostContext = NO_CONTEXT

    @property
    def words(self) -> str:
        """The text and the alt texts, by which the post is assessed."""
        return with_alt_texts(self.text, self.media)


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


def with_alt_texts(text: str, media: Iterable[Media]) -> str:
    """Return the text, followed by the alt texts, a line each."""
    return "\n".join([text, *(one.alt_text for one in media if one.alt_text)])


def revision_order(revision_id: str) -> tuple[int, str]:
    """Return the sort key that orders the revision ids of one network by age: by length, then by text.

    That every network's ids sort so is part of the contract of `Post.revision_id`.
    """
    return len(revision_id), revision_id
