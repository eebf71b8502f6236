"""Define performers of effects, and settle outbox rows together with what performers record of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from domain.delivery.decisions import Decision, GiveUp, MarkUnsure, Postpone, Settle
from domain.delivery.effects import Job
from domain.delivery.outcomes import Failed, Finding, NotAsked, Outcome
from storage.unit_of_work import UnitOfWork


class Performer(Protocol):
    """Performs one kind of effect, finds it in the other system, and records its result.

    The `on_…` hooks run inside the transaction that settles the outbox row.
    """

    async def perform(self, job: Job) -> Outcome:
        """Perform the effect: one try."""
        ...

    async def find(self, job: Job) -> Finding | NotAsked:
        """Reconcile: look up in the other system whether an earlier try of the effect succeeded."""
        ...

    def on_done(self, uow: UnitOfWork, job: Job, result: Mapping[str, object], now: datetime) -> None:
        """Record that the effect was performed. `result` is that of `Done`."""
        ...

    def on_failed(self, uow: UnitOfWork, job: Job, failure: Failed, now: datetime) -> None:
        """Record that the effect failed for good."""
        ...

    def on_unsure(self, uow: UnitOfWork, job: Job, decision: MarkUnsure, now: datetime) -> None:
        """Record that the outcome is unknown. Called only where `decision.notify` is set."""
        ...

    def on_retry(self, uow: UnitOfWork, job: Job, now: datetime) -> None:
        """Record that an effect of unknown outcome was not performed and is retried."""
        ...

    def on_postponed(self, uow: UnitOfWork, job: Job, decision: Postpone, now: datetime) -> None:
        """Record that the effect was not performed and waits until `decision.due`."""
        ...


def apply_decision(
    uow: UnitOfWork, job: Job, decision: Decision, *, performer: Performer, now: datetime
) -> None:
    """Apply the decision to the outbox row and call the performer's hook, in one transaction.

    What it is about is locked before the row, in the order of every use case, to avoid deadlocks. The lock
    also keeps the hook's compare-and-swap from failing: what happened in the other system must be recorded.
    """
    uow.lock_subject(job.effect)
    match decision:
        case Settle(result):
            uow.outbox.settle(job, now=now, result=result)
            performer.on_done(uow, job, result, now)
        case GiveUp(failure):
            uow.outbox.fail(job, now=now, reason=failure.reason, code=failure.code)
            performer.on_failed(uow, job, failure, now)
        case MarkUnsure(due, reason, responded, counts=counts):
            uow.outbox.mark_unsure(job, now=now, due=due, reason=reason, responded=responded, counts=counts)
            if decision.notify:
                performer.on_unsure(uow, job, decision, now)
        case Postpone(due, reason, counts, pause):
            uow.outbox.postpone(job, now=now, due=due, reason=reason, counts=counts)
            if pause:
                uow.outbox.pause(job.effect.destination, now=now, until=due)
            if job.reconciling:
                performer.on_retry(uow, job, now)
            performer.on_postponed(uow, job, decision, now)
