"""Book the digests that are due, each day of a plan once, and gather what one says."""

from collections.abc import Sequence
from datetime import date, datetime

from domain.delivery.report_effects import PostDigest
from domain.records.audit import Action, Entry
from domain.reports.digests import Digest, DigestPlan
from storage.unit_of_work import UnitOfWork


def book_due_digests(uow: UnitOfWork, *, plans: Sequence[DigestPlan], now: datetime) -> None:
    """Book the newest digest of each plan that is due and was not booked before.

    Those that were missed before it are not made up for. A plan that is new begins with its next day.
    """
    for plan in plans:
        day = plan.newest_day(now)
        booked = uow.digests.newest_day(plan.key)
        if booked is None:
            uow.digests.add(_digest(plan, plan.key, day, now))
        elif day > booked:
            _book(uow, _digest(plan, plan.key, day, now), now)


def book_digest_now(
    uow: UnitOfWork, *, plan: DigestPlan, day: date, nonce: str, user_id: str, now: datetime
) -> bool:
    """Book the digest of a day because somebody asks for it, once for each `nonce`; return whether it was."""
    digest = _digest(plan, f"{plan.key}:{nonce}", day, now, asked_by=user_id)
    is_booked = _book(uow, digest, now)
    if is_booked:
        detail = {
            "channel": plan.channel,
            "since": digest.period.since.isoformat(),
            "until": digest.period.until.isoformat(),
            "filters": plan.filters.words,
        }
        entry = Entry(
            at=now, actor=user_id, action=Action.DIGEST_SENT, case_id=None, version=None, detail=detail
        )
        uow.audit.add_many([entry])
    return is_booked


def get_digest(uow: UnitOfWork, *, digest_id: int) -> Digest:
    """Return a digest that was booked; raises `LookupError`."""
    return uow.digests.get(digest_id)


def record_posted_digest(uow: UnitOfWork, *, digest_id: int, ts: str) -> None:
    """Record where a digest was posted."""
    uow.digests.record_posted(digest_id, ts)


def _book(uow: UnitOfWork, digest: Digest, now: datetime) -> bool:
    """Store a digest and queue its message; return whether it was not booked before."""
    digest_id = uow.digests.add(digest)
    if digest_id is None:
        return False
    uow.outbox.add([PostDigest(digest_id, digest.channel)], now=now)
    return True


def _digest(plan: DigestPlan, key: str, day: date, now: datetime, *, asked_by: str | None = None) -> Digest:
    return Digest(
        id=0,
        key=key,
        day=day,
        channel=plan.channel,
        cadence=plan.cadence,
        period=plan.period(day),
        filters=plan.filters,
        due_at=now if asked_by is not None else plan.due_at(day),
        booked_at=now,
        asked_by=asked_by,
    )
