"""The rows of outward acts: queued → sending (a lease) → sent, failed or unsure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Update

from domain.delivery.effects import Effect, Job
from storage import outbox_claims
from storage import outbox_sql as sql
from storage.errors import LostLease
from storage.tables import OUTBOX_STATES


class Outbox:
    """The rows of outward acts. What is said of a claimed row raises `LostLease` where the claim is no longer this job's."""

    __slots__ = ("_connection", "_has_additions")

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._has_additions = False

    @property
    def has_additions(self) -> bool:
        """Whether this unit of work put anything in."""
        return self._has_additions

    def add(self, effects: Iterable[Effect], *, now: datetime, priority: float = 0.0) -> None:
        """Put acts in; those whose key is there already are left as they are, or made due again where they coalesce.

        A coalescing act that is under way right now is marked, and is due again as soon as it settles.
        """
        self.add_ranked([(effect, priority) for effect in effects], now=now)

    def add_ranked(self, effects: Iterable[tuple[Effect, float]], *, now: datetime) -> None:
        """`add` for many, each with its own priority (higher goes first within a lane)."""
        rows: dict[str, dict[str, Any]] = {}
        for effect, priority in effects:
            row = _row_of(effect, priority, now)
            earlier = rows.setdefault(row["key"], row)
            earlier["priority"] = max(earlier["priority"], priority)
        if rows:
            self._has_additions = True
            self._connection.execute(sql.ADD[self._connection.dialect.name], list(rows.values()))

    def claim(
        self, *, now: datetime, lease: timedelta, owner: str, limit: int, paces: outbox_claims.Paces
    ) -> list[Job]:
        """Take the due acts, by lane, then priority, then age, as far as each destination's pace allows, and mark them *sending*.

        A row waits while an earlier one of its stream is unsettled. Unsure rows that are due to be checked are taken as well, with
        `reconciling` set. The caller performs nothing before this is committed.
        """
        return outbox_claims.claim(
            self._connection, now=now, lease=lease, owner=owner, limit=limit, paces=paces
        )

    def depart(self, jobs: Sequence[Job], *, now: datetime) -> None:
        """Note that these are leaving the house now; committed durably before they do."""
        if jobs:
            self._connection.execute(sql.DEPART, [{"job_id": job.id, "now": now} for job in jobs])

    def settle(self, job: Job, *, now: datetime, result: Mapping[str, Any]) -> None:
        """It happened: true even where the lease ran out and the other side is being looked at."""
        self._say(sql.SETTLE, job, _try(job) | {"now": now, "said": dict(result)})

    def postpone(self, job: Job, *, due: datetime, reason: str, counts: bool) -> None:
        """It surely did not happen and is due again at `due`."""
        uncounted = int(not counts and not job.reconciling)
        self._say(sql.POSTPONE, job, _check(job) | {"due": due, "reason": reason, "uncounted": uncounted})

    def mark_unsure(self, job: Job, *, due: datetime | None, reason: str, answered: bool) -> None:
        """It may have happened: look again at `due`, or wait for a person where that is `None`."""
        self._say(sql.HOLD, job, _check(job) | {"due": due, "reason": reason, "had_answer": answered})

    def fail(self, job: Job, *, now: datetime, reason: str) -> None:
        """It will not happen."""
        self._say(sql.FAIL, job, _check(job) | {"now": now, "reason": reason})

    def pause(self, destination: str, *, until: datetime) -> None:
        """Hold back everything for this destination."""
        values = {"name": destination, "paused_until": until}
        self._connection.execute(sql.PAUSE[self._connection.dialect.name], values)

    def recover(self, *, now: datetime) -> list[Job]:
        """Take back rows whose lease ran out: those safe to repeat become *queued*; the rest become *unsure*, due to be checked
        at once, and are returned."""
        self._connection.execute(sql.RECOVER_SAFE, {"now": now})
        lost = self._connection.execute(sql.RECOVER_UNSURE, {"now": now}).all()
        jobs = (outbox_claims.job_or_give_up(self._connection, row, now) for row in lost)
        return [job for job in jobs if job is not None]

    def settle_by_person(self, key: str, *, now: datetime, happened: bool) -> bool:
        """A person looked: it did, or did not, happen. False where no unsure row has this key."""
        values = {"its_key": key, "now": now}
        return self._connection.execute(sql.PERSON_SAYS[happened], values).rowcount == 1

    def next_due(self, now: datetime) -> datetime | None:
        """When the next row may be claimed, by its own time, its stream, and its destination's pace and pauses.

        `now`, where one may be claimed already.
        """
        found = [self._connection.scalar(query, {"now": now}) for query in (sql.NEXT_SEND, sql.NEXT_CHECK)]
        return min((max(moment, now) for moment in found if moment is not None), default=None)

    def unsettled(self, streams: Iterable[str]) -> frozenset[str]:
        """Which of these streams have something that is not settled."""
        return frozenset(self._connection.scalars(sql.UNSETTLED_OF, {"streams": list(streams)}))

    def counts(self) -> Mapping[str, int]:
        """How many rows stand in each state."""
        counts = dict.fromkeys(OUTBOX_STATES, 0)
        for state, many in self._connection.execute(sql.COUNTS):
            counts[state] = many
        return counts

    def forget_results(self, effects: Iterable[Effect]) -> None:
        """Forget what the other side told of these acts once they were settled."""
        self._connection.execute(sql.FORGET_RESULTS, {"keys": [effect.key for effect in effects]})

    def prune(self, *, before: datetime, limit: int) -> int:
        """Forget settled rows older than `before`; returns how many."""
        return self._connection.execute(sql.PRUNE, {"before": before, "most": limit}).rowcount

    def _say(self, statement: Update, job: Job, values: dict[str, Any]) -> None:
        if self._connection.execute(statement, values).rowcount != 1:
            raise LostLease(f"{job.effect.key}: try {job.attempts} of {job.token} has no say any more")


def _row_of(effect: Effect, priority: float, now: datetime) -> dict[str, Any]:
    return {
        "key": effect.key,
        "kind": effect.kind,
        "payload": effect.payload(),
        "safety": effect.safety.value,
        "coalesce": effect.coalesce,
        "lane": effect.lane.value,
        "priority": priority,
        "destination": effect.destination,
        "stream": effect.stream,
        "due_at": now,
        "created_at": now,
    }


def _try(job: Job) -> dict[str, Any]:
    return {"job_id": job.id, "job_generation": job.generation, "job_attempts": job.attempts}


def _check(job: Job) -> dict[str, Any]:
    return _try(job) | {"job_checks": job.checks}
