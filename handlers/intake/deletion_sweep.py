"""The daily look at whether the customers' posts are still there: which are due, and how far it has come."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.accounts import Account
from domain.cases.messages import Message
from domain.intake.posts import Page
from domain.intake.sources import Cursor
from domain.policy import Policy
from handlers.intake.redaction import redact_post
from handlers.intake.stream_health import record_reading
from storage.unit_of_work import UnitOfWork

#: Its cursor holds the last message that was looked at today, and when: a new day (UTC, as X counts its charges) begins anew.
DELETIONS = "deletions"
HOURS_A_DAY = 24
AT_LEAST_IN_A_TURN = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepBatch:
    """What one turn looks at: `size` posts at most, written since `since`, after the message `after_id`. `now` is when it began."""

    since: datetime
    after_id: int
    size: int
    now: datetime


def next_sweep_batch(
    uow: UnitOfWork, *, account: Account, within: timedelta, now: datetime
) -> SweepBatch | None:
    """What this turn has to look at, so that each post is looked at once a day; `None` while the reading is paused."""
    cursor = uow.cursors.get(account.network, account.id, DELETIONS)
    if cursor.paused_until is not None and cursor.paused_until > now:
        return None
    since, after_id = now - within, _looked_at(cursor, now)
    left = uow.messages.count_live_posts(account.network, account.id, since=since, after_id=after_id)
    share = math.ceil(left / (HOURS_A_DAY - now.hour))
    return SweepBatch(since=since, after_id=after_id, size=max(share, AT_LEAST_IN_A_TURN), now=now)


def posts_in_batch(
    uow: UnitOfWork, *, account: Account, turn: SweepBatch, after_id: int, limit: int
) -> list[Message]:
    """The next of the turn's posts."""
    return uow.messages.live_posts(
        account.network, account.id, since=turn.since, after_id=after_id, limit=limit
    )


def record_swept(
    uow: UnitOfWork,
    *,
    account: Account,
    turn: SweepBatch,
    upto_id: int,
    gone: Iterable[Message],
    policy: Policy,
    now: datetime,
) -> int:
    """Remove the messages whose posts are gone, and keep how far the look has come; says how many were removed."""
    cursor = uow.cursors.get(account.network, account.id, DELETIONS)
    # Dated as the turn is: one that goes on past midnight has looked at nothing of the new day.
    uow.cursors.save(replace(cursor, since_id=str(upto_id), read_at=turn.now))
    record_reading(uow, account=account, stream=DELETIONS, page=Page(), policy=policy, now=now)
    # By case, as all who change many do, so that two writers cannot wait for each other.
    ordered = sorted(gone, key=lambda message: (message.case_id, message.id))
    return sum([redact_post(uow, message_id=message.id, policy=policy, now=now) for message in ordered])


def _looked_at(cursor: Cursor, now: datetime) -> int:
    is_today = cursor.read_at is not None and cursor.read_at.date() == now.date()
    return int(cursor.since_id or 0) if is_today else 0
