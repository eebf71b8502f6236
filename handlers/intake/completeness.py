"""Plan looks back for mentions that a network listed late, and count what it listed and what we hold."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby

from domain.accounts import Account
from domain.intake.completeness import (
    DayCompleteness,
    LookBack,
    MentionDay,
    counted,
    day_key,
    is_counted,
    is_late,
    midnight_of,
    paid_again,
)
from domain.intake.posts import Page, Post
from domain.intake.stream_names import MENTIONS
from domain.networks import NetworkProfile
from domain.policy import Policy
from domain.surge.spending import Act, day_of
from handlers.surge.spending import may_read, meter
from storage.unit_of_work import UnitOfWork

#: The stream of looks back: its cursor says when the last one was.
LOOK_BACK = "look_back"


def plan_look_back(
    uow: UnitOfWork, *, account: Account, profile: NetworkProfile, policy: Policy, now: datetime
) -> LookBack | None:
    """Return how far to look back now; `None` where there is nothing to look at.

    That is the first time, as of what was before nothing is known, while reading mentions is paused, and when
    the day's budget for the network is used up.

    It is over today (UTC), which the network charges for only where it lists something new, and
    `policy.look_back`; what reading the posts of yesterday again costs must be within
    `policy.look_back_budget` a day, else only today is looked at.
    """
    cursor = uow.cursors.get(account.network, account.id, MENTIONS)
    if cursor.is_paused(now):
        return None
    if not may_read(uow, policy=policy, network=account.network, act=Act.LOOK_BACK, now=now):
        return None
    first = uow.completeness.looked_since(account.network, account.id)
    if first is None:
        uow.completeness.save(_new_day(account, day_of(now), now))
        return None
    today, since = midnight_of(now), now - policy.look_back
    if since < today:
        left = policy.look_back_budget - sum(
            spent.cost
            for spent in uow.spending.of_day(day_of(now))
            if _is_look_back(spent.act, spent.network, account)
        )
        known = _today(uow, account, now).reread_from or today
        again = uow.completeness.written_between(account.network, since, known) if since < known else 0
        since = since if again * profile.prices.get(Act.LOOK_BACK, 0.0) <= left else today
    return LookBack(since=max(min(since, today), first), at=now)


def _is_look_back(act: str, network: str, account: Account) -> bool:
    return act == Act.LOOK_BACK and network == account.network


def new_posts(
    uow: UnitOfWork, *, account: Account, posts: Sequence[Post]
) -> tuple[frozenset[str], frozenset[str]]:
    """Return the ids of the mentions that we do not hold, and of those of them that came late."""
    # Avoid a torn read: a poll that stores posts moves the cursor with them, so the cursor is read first.
    cursor = uow.cursors.get(account.network, account.id, MENTIONS)
    ids = {post.id for post in posts if is_counted(post, account)}
    known = uow.messages.known(account.network, account.id, ids) if ids else {}
    new = [post for post in posts if post.id in ids and post.id not in known]
    late = frozenset(post.id for post in new if is_late(post, cursor.since_id))
    return frozenset(post.id for post in new), late


def record_look_back(
    uow: UnitOfWork,
    *,
    account: Account,
    profile: NetworkProfile,
    policy: Policy,
    look: LookBack,
    page: Page,
    new: Collection[str],
    late: Collection[str],
    now: datetime,
) -> None:
    """Count what a look back listed, once its posts are stored, and what it cost."""
    posts = sorted((post for post in page.posts if is_counted(post, account)), key=day_key)
    held = uow.messages.known(account.network, account.id, {post.id for post in posts}) if posts else {}
    by_day = {day: list(group) for day, group in groupby(posts, key=day_key)}
    today = _today(uow, account, now)
    for day in sorted({*_days(look), *by_day}):
        before = uow.completeness.get(day, account.network, account.id) or _new_day(account, day, look.since)
        its = by_day.get(day, [])
        uow.completeness.save(counted(before, its, new=new, late=late, held=held.keys(), at=look.at))
    paid = paid_again(posts, new=new, today=midnight_of(now), reread_from=today.reread_from)
    meter(uow, policy=policy, profile=profile, act=Act.LOOK_BACK, count=paid, now=now)
    _mark_reread(uow, account, look, now)
    uow.completeness.add_unreadable(account.network, account.id, page.skipped, day=day_of(now))
    uow.completeness.forget_unreadable(account.network, account.id, {post.id for post in posts})


def list_completeness(uow: UnitOfWork, *, days: int, now: datetime) -> Sequence[DayCompleteness]:
    """Return the last days, the newest first."""
    return uow.completeness.days_since(day_of(now - timedelta(days=days - 1)))


def _today(uow: UnitOfWork, account: Account, now: datetime) -> MentionDay:
    day = day_of(now)
    return uow.completeness.get(day, account.network, account.id) or _new_day(account, day, midnight_of(now))


def _mark_reread(uow: UnitOfWork, account: Account, look: LookBack, now: datetime) -> None:
    """Keep since when the posts of earlier days are paid for today."""
    today = _today(uow, account, now)
    if look.since < midnight_of(now) and (today.reread_from is None or look.since < today.reread_from):
        uow.completeness.save(replace(today, reread_from=look.since))


def _new_day(account: Account, day: str, since: datetime) -> MentionDay:
    begins = max(since, datetime.fromisoformat(f"{day}T00:00:00+00:00"))
    return MentionDay(
        day=day, network=account.network, account_id=account.id, looked_from=begins, looked_until=begins
    )


def _days(look: LookBack) -> list[str]:
    """Return the days that a look back reaches."""
    span = (midnight_of(look.at) - midnight_of(look.since)).days
    return [day_of(look.since + timedelta(days=number)) for number in range(span + 1)]
