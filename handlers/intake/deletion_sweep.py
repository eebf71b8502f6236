"""Plan the daily deletion sweep: pick the posts to look up, redact the deleted ones, keep the progress."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.accounts import Account
from domain.cases.messages import Message
from domain.intake.deletion_sweep import batch_size, last_id_of_today
from domain.intake.posts import Page
from domain.intake.streams import Stream
from domain.policy import Policy
from handlers.intake.redaction import redact_post
from handlers.intake.references import forget_references, shown_references
from handlers.intake.stream_health import record_success
from storage.unit_of_work import UnitOfWork

#: The sweep's stream. Its cursor holds the id of the last message looked up today, and when. Each day (UTC,
#: the day by which charges for look-ups are counted) starts over.
DELETIONS = "deletions"


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepBatch:
    """The posts of one hourly run: at most `size`, written since `since`, with ids above `after_id`.

    `started_at` is when the run began.
    """

    since: datetime
    after_id: int
    size: int
    started_at: datetime


def next_sweep_batch(
    uow: UnitOfWork, *, account: Account, within: timedelta, now: datetime
) -> SweepBatch | None:
    """Plan the next run: each post is looked up once a day. Return `None` while the stream is paused."""
    cursor = uow.cursors.get(account.network, account.id, DELETIONS)
    if cursor.is_paused(now):
        return None
    since, after_id = now - within, last_id_of_today(cursor, now)
    left = uow.messages.count_live_posts(account.network, account.id, since=since, after_id=after_id)
    return SweepBatch(since=since, after_id=after_id, size=batch_size(left, now), started_at=now)


def posts_in_batch(
    uow: UnitOfWork, *, account: Account, batch: SweepBatch, after_id: int, limit: int
) -> list[Message]:
    """Return up to `limit` of the batch's posts, with ids above `after_id`."""
    return uow.messages.live_posts(
        account.network, account.id, since=batch.since, after_id=after_id, limit=limit
    )


def redact_deleted_posts(
    uow: UnitOfWork,
    *,
    stream: Stream,
    batch: SweepBatch,
    up_to_id: int,
    posts: Iterable[Message],
    deleted_ids: frozenset[str],
    policy: Policy,
    now: datetime,
) -> int:
    """Redact those of the posts that are deleted, and what the others show of deleted ones; return how many.

    Moves the cursor to `up_to_id`.
    """
    cursor = uow.cursors.get(stream.account.network, stream.account.id, stream.name)
    # Dated to the start of the run: one that goes on past midnight has looked up nothing of the new day.
    uow.cursors.save(replace(cursor, since_id=str(up_to_id), read_at=batch.started_at))
    record_success(uow, stream=stream, page=Page(), policy=policy, now=now)
    changed = [
        post
        for post in posts
        if post.external_id in deleted_ids or not deleted_ids.isdisjoint(shown_references(post))
    ]
    # All of them before the examples of saved replies, which the first redaction locks.
    uow.cases.lock([post.case_id for post in changed])
    redacted = 0
    for post in sorted(changed, key=lambda message: (message.case_id, message.id)):
        if post.external_id in deleted_ids:
            redacted += redact_post(uow, message_id=post.id, policy=policy, now=now)
        else:
            redacted += forget_references(uow, message_id=post.id, post_ids=deleted_ids, now=now)
    return redacted


def ids_to_look_up(posts: Iterable[Message]) -> list[str]:
    """Return the ids of these posts and of the posts of others that they show, each once."""
    ids = (one for post in posts for one in (str(post.external_id), *shown_references(post)))
    return list(dict.fromkeys(ids))
