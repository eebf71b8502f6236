"""Claim what is due of the outbox, and recover what a worker that died had claimed."""

import logging
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from domain.delivery.effects import Job
from domain.delivery.pause import is_held
from domain.outages.subscribers import MAX_MAIL_ATTEMPTS
from handlers.outages.mailings import retry_delay
from storage.outbox_claims import Paces
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)


def claim_due(
    uow: UnitOfWork, *, now: datetime, lease: timedelta, owner: str, limit: int, paces: Paces
) -> list[Job]:
    """Claim due jobs; what a pause of all sending holds goes back to the queue."""
    jobs = uow.outbox.claim(now=now, lease=lease, owner=owner, limit=limit, paces=paces)
    # It neither begins nor ends meanwhile: `lock_claims`.
    if all(job.effect.hold is None for job in jobs) or (pause := uow.pauses.current()) is None:
        return jobs
    held = [job for job in jobs if not job.reconciling and is_held(job.effect, pause)]
    uow.outbox.hold(held, now=now)
    return [job for job in jobs if job not in held]


def next_due(uow: UnitOfWork, *, now: datetime) -> datetime | None:
    """Return when the next job may be claimed."""
    return uow.outbox.next_due(now)


def mark_send_started(uow: UnitOfWork, jobs: Sequence[Job], *, now: datetime) -> None:
    """Record that these jobs are about to be sent."""
    uow.outbox.mark_send_started(jobs, now=now)


def recover_expired(
    uow: UnitOfWork, *, expired_by: datetime, lease: timedelta, now: datetime, kept: Collection[int] = ()
) -> list[Job]:
    """Release jobs whose lease has expired; returns those of unknown outcome.

    `kept` are the ids of jobs that are being performed here, which are left alone. Waits that began after
    `now` are ended first: the clock was set back since.
    """
    longest = retry_delay(MAX_MAIL_ATTEMPTS)
    if ended := uow.clock_resets.end_future(now=now, lease=lease, longest_mail_wait=longest):
        log.warning("the clock was set back: %d waits that began later than now are over", ended)
    return uow.outbox.recover(now=expired_by, kept=kept)
