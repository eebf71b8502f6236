"""Call the outbox with one transaction per call."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from domain.delivery.effect import Effect
from domain.delivery.effects import Job
from domain.delivery.pacing import Pace
from storage.engine import Store
from storage.outbox_tables import outbox
from tests.storage.made import NOW

LEASE = timedelta(seconds=90)


def unpaced(_destination: str) -> Pace | None:
    """Return no rate limit for any destination."""
    return None


@dataclass(frozen=True)
class OutboxCalls:
    """The outbox of a store, each call in a transaction of its own."""

    store: Store

    def add(self, *effects: Effect, now: datetime = NOW, priority: float = 0.0) -> None:
        with self.store.unit_of_work() as uow:
            uow.outbox.add(effects, now=now, priority=priority)

    def claim(
        self, now: datetime = NOW, *, limit: int = 50, paces: Callable[[str], Pace | None] = unpaced
    ) -> list[Job]:
        with self.store.unit_of_work() as uow:
            return uow.outbox.claim(now=now, lease=LEASE, owner="me", limit=limit, paces=paces)

    def claim_one(self, now: datetime = NOW) -> Job:
        [job] = self.claim(now)
        return job

    def settle(self, job: Job, *, now: datetime = NOW) -> None:
        with self.store.unit_of_work() as uow:
            uow.outbox.settle(job, now=now, result={"id": "1"})

    def postpone(self, job: Job, *, now: datetime = NOW, due: datetime = NOW, counts: bool = True) -> None:
        with self.store.unit_of_work() as uow:
            uow.outbox.postpone(job, now=now, due=due, reason="later", counts=counts)

    def mark_unsure(self, job: Job, *, due: datetime | None = NOW, responded: bool = False) -> None:
        with self.store.unit_of_work() as uow:
            uow.outbox.mark_unsure(job, now=NOW, due=due, reason="who knows", responded=responded)

    def fail(self, job: Job, *, now: datetime = NOW) -> None:
        with self.store.unit_of_work() as uow:
            uow.outbox.fail(job, now=now, reason="no")

    def recover(self, now: datetime = NOW + LEASE + timedelta(seconds=1)) -> list[Job]:
        with self.store.unit_of_work() as uow:
            return uow.outbox.recover(now=now)

    def by_person(self, key: str, *, happened: bool) -> bool:
        with self.store.unit_of_work() as uow:
            return uow.outbox.settle_by_person(key, now=NOW, happened=happened)

    def pause(self, destination: str, *, until: datetime, now: datetime = NOW) -> None:
        with self.store.unit_of_work() as uow:
            uow.outbox.pause(destination, now=now, until=until)

    def next_due(self, now: datetime = NOW) -> datetime | None:
        with self.store.unit_of_work() as uow:
            return uow.outbox.next_due(now)

    def counts(self) -> dict[str, int]:
        """Count rows by state; states without rows are left out."""
        by_state = select(outbox.c.state, func.count().label("many")).group_by(outbox.c.state)
        with self.store.engine.connect() as connection:
            return {row.state: row.many for row in connection.execute(by_state)}

    def row(self, key: str) -> dict[str, Any]:
        """Return the stored row with this key."""
        with self.store.engine.connect() as connection:
            return dict(connection.execute(select(outbox).where(outbox.c.key == key)).mappings().one())


def keys(jobs: list[Job]) -> list[str]:
    """Return the effect keys of the claimed jobs, in order."""
    return [job.effect.key for job in jobs]
