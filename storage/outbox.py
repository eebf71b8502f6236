"""Store the outbox: queued → sending (leased) → sent, failed or unsure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Update

from domain.delivery.answer_wait import AnswerWait
from domain.delivery.effect import Effect, Lane
from domain.delivery.effects import Job, SendPrivateReply, SendPublicReply
from domain.surge.flood import Backlog
from storage import answer_rows, outbox_backlog, outbox_claims, outbox_holds, pacing
from storage import outbox_queries as queries
from storage import outbox_settle_sql as settling
from storage.bulk_insert import insert_rows
from storage.case_changes import CaseChanges
from storage.errors import LostLease
from storage.outbox_claim_sql import MARK_SEND_STARTED
from storage.outbox_conditions import HELD
from storage.outbox_insert_sql import ADD
from storage.outbox_rows import result_of, row_of


class Outbox:
    """The outbox's rows, one for each effect.

    Methods that take a claimed `job` raise `LostLease` where the lease was lost to another worker.
    """

    __slots__ = ("_changes", "_connection", "_has_additions")

    def __init__(self, connection: Connection, changes: CaseChanges) -> None:
        self._connection = connection
        self._changes = changes
        self._has_additions = False

    @property
    def has_additions(self) -> bool:
        """Whether this unit of work added effects."""
        return self._has_additions

    def add(
        self,
        effects: Iterable[Effect],
        *,
        now: datetime,
        priority: float = 0.0,
        lane: Lane | None = None,
    ) -> None:
        """Queue effects. One whose key is stored already is ignored, or made due again where it coalesces.

        A coalescing effect that is being sent is marked, and queued again as soon as it settles. One that
        waits keeps the better of the two lanes. `lane` is that of the effect's class where it is `None`.
        """
        self.add_ranked([(effect, priority) for effect in effects], now=now, lane=lane)

    def add_ranked(
        self, effects: Iterable[tuple[Effect, float]], *, now: datetime, lane: Lane | None = None
    ) -> None:
        """Queue effects, each with its own priority (higher is sent first within a lane)."""
        self.add_each([(effect, priority, lane) for effect, priority in effects], now=now)

    def add_each(self, effects: Iterable[tuple[Effect, float, Lane | None]], *, now: datetime) -> None:
        """Queue effects, each with its own priority and lane."""
        rows: dict[str, dict[str, Any]] = {}
        for effect, priority, lane in effects:
            row = row_of(effect, priority, now, lane)
            earlier = rows.setdefault(row["key"], row)
            earlier["priority"] = max(earlier["priority"], priority)
        if rows:
            self._has_additions = True
            if self._changes.take(list(rows.values())):
                return
            insert_rows(self._connection, ADD[self._connection.dialect.name], list(rows.values()))

    def claim(
        self, *, now: datetime, lease: timedelta, owner: str, limit: int, paces: outbox_claims.Paces
    ) -> list[Job]:
        """Claim up to `limit` due rows, by lane, priority and age, and mark them *sending*.

        At most as many for each destination as its pace allows. A row waits while an earlier one of its
        stream is unsettled. Unsure rows that are due for a check are claimed too, with `reconciling` set. The
        lease lasts `lease` from `now`. Commit before performing anything.
        """
        return outbox_claims.claim(
            self._connection, now=now, lease=lease, owner=owner, limit=limit, paces=paces
        )

    def lock_claims(self) -> None:
        """Let nobody claim until this transaction ends. Call it first: claims lock rows after this lock."""
        outbox_claims.lock_claims(self._connection)

    def mark_send_started(self, jobs: Sequence[Job], *, now: datetime) -> None:
        """Record that these are about to be sent; commit durably before sending."""
        if jobs:
            self._connection.execute(MARK_SEND_STARTED, [{"job_id": job.id, "now": now} for job in jobs])

    def settle(self, job: Job, *, now: datetime, result: Mapping[str, Any]) -> None:
        """Mark it *sent*; accepted also after its lease expired and a check has begun."""
        self._update_claimed(settling.SETTLE, job, _try_values(job) | {"now": now, "said": dict(result)})

    def postpone(self, job: Job, *, now: datetime, due: datetime, reason: str, counts: bool) -> None:
        """Queue it again for `due`: it was certainly not performed. Counts as an attempt where `counts`."""
        uncounted = int(not counts and not job.reconciling)
        values = {"now": now, "due": due, "reason": reason, "uncounted": uncounted}
        self._update_claimed(settling.POSTPONE, job, _check_values(job) | values)

    def mark_unsure(
        self,
        job: Job,
        *,
        now: datetime,
        due: datetime | None,
        reason: str,
        responded: bool,
        counts: bool = True,
    ) -> None:
        """Mark it *unsure*: it may have been performed. Checked at `due`; `None` leaves it to a person.

        Counts as a check where `counts`.
        """
        values = {"now": now, "due": due, "reason": reason, "had_response": responded}
        uncounted = int(not counts and job.reconciling)
        self._update_claimed(
            settling.MARK_UNSURE, job, _check_values(job) | values | {"uncounted": uncounted}
        )

    def fail(self, job: Job, *, now: datetime, reason: str, code: str = "") -> None:
        """Mark it *failed*: it will not be performed. `code` is that of `Failed`."""
        values = {"now": now, "reason": reason, "said": {"code": code} if code else None}
        self._update_claimed(settling.FAIL, job, _check_values(job) | values)

    def refused_messages(self, codes: Collection[str], *, since: datetime) -> list[int]:
        """Return the ids of the answers that failed since then with one of these codes."""
        return answer_rows.refused_messages(self._connection, codes, since=since)

    def messages_in_doubt(self) -> list[int]:
        """Return the ids of the messages of which only a person can tell whether they arrived."""
        return answer_rows.messages_in_doubt(self._connection)

    def wait_of_answer(
        self, effect: SendPublicReply | SendPrivateReply, *, now: datetime
    ) -> AnswerWait | None:
        """Return why a queued answer is not sent yet, or the one of its conversation that goes before it.

        `None` where it is being sent, or within moments, and where a pause of all sending holds it.
        """
        return answer_rows.wait_of_answer(self._connection, effect, now=now)

    def cases_waiting_at(self, destination: str) -> list[int]:
        """Return the ids of the cases whose answers are queued for this destination."""
        return answer_rows.cases_waiting_at(self._connection, destination)

    def repeat(self, key: str, *, now: datetime) -> bool:
        """Queue an unsure row again, at its place in its stream, as a person decides.

        False where no unsure row has this key.
        """
        self._has_additions = True
        return answer_rows.repeat(self._connection, key, now=now)

    def cancel(self, key: str, *, now: datetime) -> bool:
        """Mark a queued row as failed, as a person decides, so that it is not performed.

        False where no queued row has this key: it is being sent, or was.
        """
        self._has_additions = True  # what waits behind it may go
        return answer_rows.cancel(self._connection, key, now=now)

    def pause(self, destination: str, *, now: datetime, until: datetime) -> None:
        """Pause all sends to this destination until then."""
        values = {"name": destination, "paused_until": until, "paced_at": now}
        self._connection.execute(pacing.PAUSE[self._connection.dialect.name], values)

    def hold(self, jobs: Sequence[Job], *, now: datetime) -> None:
        """Queue claimed jobs again, for when the pause of all sending ends."""
        for job in jobs:
            self.postpone(job, now=now, due=HELD, reason="all sending is paused", counts=False)

    def hold_queued(self, kinds: Sequence[str]) -> None:
        """Hold what is queued of these kinds until the pause of all sending ends."""
        self._connection.execute(outbox_holds.HOLD_QUEUED, {"kinds": kinds})

    def held_cases(self) -> list[int]:
        """Return the ids of the cases of which an answer is held."""
        rows = self._connection.execute(outbox_holds.HELD_PAYLOADS)
        return sorted({row.payload["case_id"] for row in rows if "case_id" in row.payload})

    def cancel_queued(self, keys: Collection[str], *, now: datetime, reason: str) -> frozenset[str]:
        """Mark as failed those of these effects that are queued; return their keys."""
        return outbox_holds.cancel(self._connection, outbox_holds.CANCEL_QUEUED, keys, now, reason)

    def cancel_unclaimed(self, keys: Collection[str], *, now: datetime, reason: str) -> frozenset[str]:
        """As `cancel_queued`, but for what somebody is claiming at this moment; waits for nobody."""
        return outbox_holds.cancel(self._connection, outbox_holds.CANCEL_UNCLAIMED, keys, now, reason)

    def release_held(self, *, now: datetime) -> None:
        """Make due what was held, and wake whoever delivers."""
        self._connection.execute(outbox_holds.RELEASE_HELD, {"now": now})
        self._has_additions = True

    def mark_all_unsure(self, *, now: datetime) -> int:
        """Mark as unsure what is queued or being sent and must not be sent twice; returns how many."""
        return self._connection.execute(outbox_holds.MARK_ALL_UNSURE, {"now": now}).rowcount

    def being_sent(self, kinds: Sequence[str]) -> Mapping[str, int]:
        """Count what is being sent of these kinds at this moment, by kind."""
        rows = self._connection.execute(outbox_holds.BEING_SENT, {"kinds": kinds})
        return {row.kind: row.many for row in rows}

    def recover(self, *, now: datetime, kept: Collection[int] = ()) -> list[Job]:
        """Release rows whose lease expired, but for those with the ids `kept`.

        Those safe to repeat become *queued*; the others become *unsure*, due for a check at once, and are
        returned.
        """
        values = {"now": now, "kept": list(kept)}
        self._connection.execute(settling.RECOVER_SAFE, values)
        lost = self._connection.execute(settling.RECOVER_UNSURE, values).all()
        jobs = (outbox_claims.job_or_give_up(self._connection, row, now) for row in lost)
        return [job for job in jobs if job is not None]

    def settle_by_person(self, key: str, *, now: datetime, happened: bool) -> bool:
        """Settle an unsure row as a person reports: performed or not.

        False where no unsure row has this key.
        """
        values = {"its_key": key, "now": now}
        return self._connection.execute(settling.SETTLE_BY_PERSON[happened], values).rowcount == 1

    def settle_queued(self, *, now: datetime) -> None:
        """Mark everything that is queued as sent, where nothing is to leave: in a history that is made up."""
        self._connection.execute(settling.SETTLE_QUEUED, {"now": now})

    def next_due(self, now: datetime) -> datetime | None:
        """Return when the next row may be claimed, by its due time, stream, pace and pauses;

        `None` without any.

        `now` where one may be claimed already.
        """
        moments = [
            self._connection.scalar(query, {"now": now}) for query in (queries.NEXT_SEND, queries.NEXT_CHECK)
        ]
        return min((max(moment, now) for moment in moments if moment is not None), default=None)

    def unsettled(self, streams: Iterable[str]) -> frozenset[str]:
        """Return those of these streams that have an unsettled row."""
        return frozenset(self._connection.scalars(queries.UNSETTLED_OF, {"streams": list(streams)}))

    def backlog(self, channel: str, *, recent_since: datetime) -> Backlog:
        """Count the cards that wait to be posted in a channel."""
        return outbox_backlog.backlog(self._connection, channel, recent_since=recent_since)

    def waiting_cards(self, channel: str) -> dict[str, int]:
        """Count the cards that wait to be posted in a channel, by the network of their case."""
        return outbox_backlog.waiting_cards(self._connection, channel)

    def withdraw_cards(self, channel: str) -> frozenset[int]:
        """Delete the first cards that wait to be posted in a channel, with all that follows in their streams.

        Never what an agent asked for, is being sent, or may have been. Returns the ids of their cases.
        """
        return outbox_backlog.withdraw_cards(self._connection, channel)

    def prioritise(self, stream: str) -> bool:
        """Move what waits in a stream to the agents' lane; return whether anything does."""
        return outbox_backlog.prioritise(self._connection, stream)

    def result_of(self, effect: Effect) -> Mapping[str, Any]:
        """Return the stored result of an effect; empty where it is not settled, or was pruned."""
        return result_of(self._connection, effect)

    def delete_results(self, effects: Iterable[Effect]) -> None:
        """Delete the stored results of these settled effects."""
        self._connection.execute(settling.DELETE_RESULTS, {"keys": [effect.key for effect in effects]})

    def prune(self, *, before: datetime, limit: int) -> int:
        """Delete up to `limit` rows settled before `before`; returns how many."""
        return self._connection.execute(settling.PRUNE, {"before": before, "most": limit}).rowcount

    def _update_claimed(self, statement: Update, job: Job, values: dict[str, Any]) -> None:
        if self._connection.execute(statement, values).rowcount != 1:
            raise LostLease(f"{job.effect.key}: try {job.attempts} of {job.token} has no say any more")


def _try_values(job: Job) -> dict[str, Any]:
    return {"job_id": job.id, "job_generation": job.generation, "job_attempts": job.attempts}


def _check_values(job: Job) -> dict[str, Any]:
    return _try_values(job) | {"job_checks": job.checks}
