"""Start and stop a rehearsal, keep how far it is, and record its score."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from domain.delivery.outage_effects import FoldRehearsalMessage, PostRehearsal
from domain.errors import Refused
from domain.outages.lifecycle import Actor
from domain.outages.outage import Outage
from domain.outages.policy import Right
from domain.outages.rehearsal import EndReason, FloodPost, Marks, PostedMessage, Rehearsal, Score
from domain.records.audit import SYSTEM, Action, Entry
from domain.surge.spikes import Spike
from storage.unit_of_work import UnitOfWork

#: How many recorded floods may be chosen from, and how old they may be.
MAX_RECORDED, RECORDED_WITHIN = 8, timedelta(days=60)
#: Posts before a spike or an outage was noticed belong to it.
LEAD_TIME = timedelta(minutes=5)


class RehearsalRunning(Refused):
    """Another rehearsal goes on."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        super().__init__(rehearsal)
        self.rehearsal = rehearsal


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedFloods:
    """What can be replayed: recent spikes and outages, newest first."""

    spikes: Sequence[Spike] = ()
    outages: Sequence[Outage] = ()


def recorded_floods(uow: UnitOfWork, *, now: datetime) -> RecordedFloods:
    """List the recent spikes and outages. Raises `RehearsalRunning`."""
    _require_none(uow)
    since = now - RECORDED_WITHIN
    spikes = [spike for spike in uow.spikes.since(since) if not spike.is_silence][-MAX_RECORDED:]
    outages = [outage for outage in uow.outages.recent(MAX_RECORDED) if outage.opened_at >= since]
    return RecordedFloods(spikes=spikes[::-1], outages=outages)


def start_rehearsal(uow: UnitOfWork, rehearsal: Rehearsal, *, actor: Actor, now: datetime) -> Rehearsal:
    """Start a rehearsal. Raises `RehearsalRunning`, and `Refused` where no post of that time is stored."""
    actor.require(Right.ANNOUNCE)
    _require_none(uow)
    if rehearsal.recorded_from is not None:
        stored = uow.rehearsals.recorded(rehearsal.recorded_from, limit=rehearsal.posts)
        if not stored:
            raise Refused(
                "Nothing was started: no post of that time is stored any more. Choose another flood."
            )
        rehearsal = replace(rehearsal, posts=len(stored))
    started = uow.rehearsals.start(rehearsal)
    if started is None:
        raise Refused("Nothing was started: somebody else started a rehearsal at the same moment.")
    detail = {
        "rehearsal": started.id,
        "posts": started.posts,
        "minutes": started.minutes,
        "recorded_from": started.recorded_from.isoformat() if started.recorded_from else None,
    }
    _record(uow, Action.REHEARSAL_STARTED, actor.user_id, now, detail)
    return started


def stop_rehearsal(uow: UnitOfWork, *, actor: Actor, now: datetime) -> Rehearsal:
    """Have the rehearsal ended at once. Raises `Refused` where none goes on."""
    actor.require(Right.ANNOUNCE)
    rehearsal = uow.rehearsals.lock_current()
    if rehearsal is None:
        raise Refused("Nothing was stopped: no rehearsal is going on.")
    if rehearsal.stop_asked_by is None:
        uow.rehearsals.save(replace(rehearsal, stop_asked_by=actor.user_id))
        _record(uow, Action.REHEARSAL_STOPPED, actor.user_id, now, {"rehearsal": rehearsal.id})
    return rehearsal


def current_rehearsal(uow: UnitOfWork) -> Rehearsal | None:
    """Return the rehearsal that goes on."""
    return uow.rehearsals.current()


def recorded_posts(uow: UnitOfWork, *, since: datetime, limit: int) -> list[FloodPost]:
    """Return the stored public posts from `since` on, without their authors' names."""
    return uow.rehearsals.recorded(since, limit=limit)


def record_begun(uow: UnitOfWork, *, rehearsal_id: int, now: datetime) -> None:
    """Record that the rehearsal's database is there, so that its posts begin, and say so in its channel."""
    rehearsal = uow.rehearsals.lock_current()
    if rehearsal is not None and rehearsal.id == rehearsal_id and rehearsal.started_at is None:
        uow.rehearsals.save(replace(rehearsal, started_at=now, seen_at=now))
        uow.outbox.add([PostRehearsal(rehearsal.id, rehearsal.channel, "start")], now=now)


def record_seen(uow: UnitOfWork, *, now: datetime) -> Rehearsal | None:
    """Return the rehearsal that goes on, and record that it was seen now: a gap delays it."""
    rehearsal = uow.rehearsals.lock_current()
    if rehearsal is None or rehearsal.started_at is None:
        return rehearsal
    seen = rehearsal.seen(now)
    uow.rehearsals.save(seen)
    return seen


def read_marks(uow: UnitOfWork, *, urgent_keys: Sequence[str]) -> Marks:
    """Return what happened in a rehearsal so far. Only on the rehearsal's own desk."""
    return uow.rehearsals.marks(urgent_keys)


def read_messages(uow: UnitOfWork) -> list[PostedMessage]:
    """Return the messages of a rehearsal that have buttons. Only on the rehearsal's own desk."""
    return uow.rehearsals.messages()


def record_end(
    uow: UnitOfWork,
    *,
    rehearsal_id: int,
    reason: EndReason,
    score: Score | None,
    messages: Sequence[PostedMessage] = (),
    now: datetime,
) -> None:
    """End a rehearsal with its score, which is told in its channel; nothing where it has ended already.

    Its `messages` are folded, as they have buttons that do nothing any more.
    """
    rehearsal = uow.rehearsals.lock_current()
    if rehearsal is None or rehearsal.id != rehearsal_id:
        return
    uow.rehearsals.save(replace(rehearsal, ended_at=now, end_reason=reason, score=score))
    detail = {"rehearsal": rehearsal_id, "reason": reason.value, "score": asdict(score) if score else None}
    _record(uow, Action.REHEARSAL_ENDED, rehearsal.stop_asked_by or SYSTEM, now, detail)
    folded = [
        FoldRehearsalMessage(
            rehearsal_id=rehearsal_id,
            channel=one.channel,
            ts=one.ts,
            message=one.kind.value,
            situation=one.situation,
            is_answered=one.is_answered,
        )
        for one in messages
    ]
    uow.outbox.add([PostRehearsal(rehearsal.id, rehearsal.channel, "score"), *folded], now=now)


def view_rehearsal(uow: UnitOfWork, *, rehearsal_id: int) -> tuple[Rehearsal, Rehearsal | None]:
    """Load a rehearsal and the one before it that was scored."""
    return uow.rehearsals.get(rehearsal_id), uow.rehearsals.last_before(rehearsal_id)


def _require_none(uow: UnitOfWork) -> None:
    if (running := uow.rehearsals.current()) is not None:
        raise RehearsalRunning(running)


def _record(uow: UnitOfWork, action: Action, actor: str, now: datetime, detail: Mapping[str, object]) -> None:
    uow.audit.add_many([Entry(at=now, actor=actor, action=action, case_id=None, version=None, detail=detail)])
