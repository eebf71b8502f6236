"""X's accounts and posts, with snowflake ids that grow with time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.x.direct import Media

SNOWFLAKE_EPOCH_MS = 1_288_834_974_657
EDIT_WINDOW_SECONDS = 30 * 60
EDITS_ALLOWED = 5


@dataclass(slots=True)
class Account:
    """An account; `username` is without the @, `created_at` in seconds since the epoch.

    `dms_open`: anybody may send them direct messages. `wrote_first`: they have written to the brand, so it
    may write back.
    """

    id: str
    username: str
    name: str
    created_at: float
    description: str = ""
    followers: int = 0
    color: str = "#536471"
    verified: bool = False
    follows: set[str] = field(default_factory=set)
    dms_open: bool = False
    wrote_first: bool = False

    @property
    def receives_dm(self) -> bool:
        """Whether the brand may send them direct messages."""
        return self.dms_open or self.wrote_first


@dataclass(slots=True)
class Post:
    """One version of one post. Versions of an edited post share `history`, the list of their ids.

    `text` is what the author typed; `auto_mentions` are the usernames that X prepends to a reply.
    """

    id: str
    author: Account
    text: str
    created_at: float
    conversation_id: str
    history: list[str]
    lang: str = "und"
    reply_to: str | None = None
    reply_to_account: str | None = None
    quotes: str | None = None
    retweets: str | None = None
    reply_settings: str = "everyone"
    auto_mentions: tuple[str, ...] = ()
    mentioned: frozenset[str] = frozenset()
    media: tuple["Media", ...] = ()
    source: str = "app"
    deleted: bool = False

    @property
    def original_id(self) -> str:
        """The id of the post's first version; unchanged by edits."""
        return self.history[0]

    @property
    def is_current(self) -> bool:
        """Whether this is the latest version."""
        return self.history[-1] == self.id

    @property
    def edits_remaining(self) -> int:
        """How many more times the author may edit."""
        return max(0, EDITS_ALLOWED + 1 - len(self.history))


class Snowflakes:
    """Generate X's ids: milliseconds since X's epoch in the high bits, strictly increasing."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> str:
        """The next id, as the decimal string that X's JSON carries."""
        self._last = max(self._last + 1, snowflake_at(self._clock()))
        return str(self._last)


def snowflake_at(seconds: float) -> int:
    """Return the smallest id of a post made at `seconds` since the epoch."""
    return max(0, int(seconds * 1000) - SNOWFLAKE_EPOCH_MS) << 22


def timestamp(seconds: float) -> str:
    """Format a time as X does: `2026-11-21T19:07:00.000Z`."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
