"""Find answers in the outbox: waiting, in doubt, or refused together with all that we ask of a network."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, null, or_, select, update

from domain.delivery.answer_wait import AnswerWait, QueuedSend, wait_of
from domain.delivery.effects import SendLinkedAnswer, SendPrivateReply, SendPublicReply
from storage.outbox_conditions import UNSETTLED, is_held, is_in
from storage.outbox_tables import FAILED, QUEUED, SENDING, UNSURE, destinations, outbox
from storage.types import UtcDateTime

_o, _d = outbox.c, destinations.c
_is_answer = _o.kind.in_([SendPublicReply.kind, SendPrivateReply.kind])
_IN_DOUBT = (
    select(_o.payload).where(UNSETTLED, is_in(UNSURE), _o.due_at.is_(None), _is_answer).order_by(_o.id)
)
_REPEAT = (
    update(outbox)
    .where(_o.key == bindparam("its_key"), or_(is_in(UNSURE), and_(is_in(SENDING), _o.reconciling)))
    .values(
        state=QUEUED,
        due_at=bindparam("now", type_=UtcDateTime),
        waits_since=bindparam("now", type_=UtcDateTime),
        attempts=0,
        checks=0,
        reconciling=False,
        lease_until=null(),
        owner=null(),
        first_tried_at=null(),
        send_started_at=null(),
        note=null(),
    )
)
_CANCEL = (
    update(outbox)
    .where(UNSETTLED, is_in(QUEUED), _o.key == bindparam("its_key"))
    .values(state=FAILED, settled_at=bindparam("now", type_=UtcDateTime), note="a person cancelled it")
)
_OF_STREAM = (
    select(_o.key, _o.state, _o.due_at, _o.note, _o.attempts, _d.paused_until, _d.free_at)
    .select_from(outbox.outerjoin(destinations, _d.name == _o.destination))
    .where(UNSETTLED, _o.stream == bindparam("its_stream"), ~is_held())
    .order_by(_o.id)
)
_WAITING_AT = select(_o.payload).where(
    UNSETTLED,
    is_in(QUEUED),
    _o.destination == bindparam("its_destination"),
    _o.kind.in_([SendPublicReply.kind, SendLinkedAnswer.kind, SendPrivateReply.kind]),
)
_FAILED = (
    select(_o.payload, _o.result)
    .where(_o.settled_at >= bindparam("since", type_=UtcDateTime), is_in(FAILED))
    .where(_o.settled_at.is_not(None), _is_answer, _o.result.is_not(None))
    .order_by(_o.id)
)


def refused_messages(connection: Connection, codes: Collection[str], *, since: datetime) -> list[int]:
    """Return the ids of the messages that failed since then with one of these codes."""
    rows = connection.execute(_FAILED, {"since": since})
    return [row.payload["message_id"] for row in rows if (row.result or {}).get("code") in codes]


def messages_in_doubt(connection: Connection) -> list[int]:
    """Return the ids of the messages of which only a person can tell whether they arrived."""
    return [row.payload["message_id"] for row in connection.execute(_IN_DOUBT)]


def repeat(connection: Connection, key: str, *, now: datetime) -> bool:
    """Queue an unsure row again, at its place in its stream; false where no unsure row has this key."""
    return connection.execute(_REPEAT, {"its_key": key, "now": now}).rowcount == 1


def cancel(connection: Connection, key: str, *, now: datetime) -> bool:
    """Mark a queued row as failed; false where no queued row has this key."""
    return connection.execute(_CANCEL, {"its_key": key, "now": now}).rowcount == 1


def wait_of_answer(
    connection: Connection, effect: SendPublicReply | SendPrivateReply, *, now: datetime
) -> AnswerWait | None:
    """Return why an answer waits; see `storage.outbox.Outbox.wait_of_answer`."""
    rows = connection.execute(_OF_STREAM, {"its_stream": effect.stream}).all()
    keys = [row.key for row in rows]
    if effect.key not in keys or (first := rows[0]).state != QUEUED:
        return None
    send = QueuedSend(
        due=first.due_at,
        note=first.note,
        attempts=first.attempts,
        paused_until=first.paused_until,
        free_at=first.free_at,
    )
    return wait_of(send, ahead=keys.index(effect.key), now=now)


def cases_waiting_at(connection: Connection, destination: str) -> list[int]:
    """Return the ids of the cases whose answers are queued for this destination."""
    payloads = connection.scalars(_WAITING_AT, {"its_destination": destination})
    return sorted({int(payload["case_id"]) for payload in payloads})
