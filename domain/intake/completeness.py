"""Compare the mentions that a network lists with those that we hold, by the day (UTC) of their writing."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from domain.accounts import Account
from domain.intake.posts import Post, revision_order
from domain.surge.spending import day_of

#: A post is counted once it is this old: until then the network may not list it yet.
SETTLED_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionDay:
    """What a network listed of a day, and what we hold of it, as far as looks back have reached.

    `late` are those that the network listed only after we had read past them. `looked_from` is since when
    the day is looked at, `looked_until` up to when its posts are counted. `reread_from` is since when posts
    of earlier days were read again on this day, which the network charges once a day; `None`: none were.
    """

    day: str
    network: str
    account_id: str
    looked_from: datetime
    looked_until: datetime
    listed: int = 0
    held: int = 0
    late: int = 0
    reread_from: datetime | None = None

    @property
    def missing(self) -> int:
        """How many were listed that we do not hold."""
        return self.listed - self.held


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCompleteness:
    """A day with the posts that could not be read, and those held that are deleted or erased by now."""

    counted: MentionDay
    unreadable: int
    gone: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LookBack:
    """A look back over what was written since then, planned at `at`."""

    since: datetime
    at: datetime


def midnight_of(at: datetime) -> datetime:
    """Return the beginning of the day (UTC), by which networks charge for posts."""
    return datetime.combine(at.astimezone(UTC).date(), time.min, UTC)


def is_counted(post: Post, account: Account) -> bool:
    """Return whether a post is a mention by somebody else: reposts without a comment are none."""
    return post.author.id != account.id and not post.is_repost


def is_late(post: Post, cursor_id: str | None) -> bool:
    """Return whether a post that is new to us is older than what was read already."""
    return cursor_id is not None and revision_order(post.revision_id) <= revision_order(cursor_id)


def counted(
    day: MentionDay,
    posts: Iterable[Post],
    *,
    new: Collection[str],
    late: Collection[str],
    held: Collection[str],
    at: datetime,
) -> MentionDay:
    """Add the posts of a day that a look back `at` listed, each once over all looks back.

    `new` were not held before it, `late` are those of them that came late, and `held` are held after it.
    """
    until = max(day.looked_until, at - SETTLED_AFTER)
    fresh = [
        post
        for post in posts
        if day.looked_until <= post.created_at < until or (post.id in new and post.created_at < until)
    ]
    return replace(
        day,
        looked_until=until,
        listed=day.listed + len(fresh),
        held=day.held + sum(post.id in held for post in fresh),
        late=day.late + sum(post.id in late for post in fresh),
    )


def paid_again(
    posts: Iterable[Post], *, new: Collection[str], today: datetime, reread_from: datetime | None
) -> int:
    """Count the posts that the network charges for: new ones, and known ones of earlier days, once a day."""
    known_since = min(today, reread_from) if reread_from is not None else today
    return sum(post.id in new or post.created_at < known_since for post in posts)


def day_key(post: Post) -> str:
    """Return the day in UTC on which a post was written."""
    return day_of(post.created_at)
