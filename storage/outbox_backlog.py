"""Count, withdraw and prioritise what waits in the outbox, for flood mode."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, case, delete, func, select, update

from domain.delivery.effect import Lane
from domain.delivery.effects import PostCard
from domain.surge.flood import Backlog
from storage.outbox_conditions import UNSETTLED, is_in
from storage.outbox_tables import QUEUED, outbox
from storage.tables import cases
from storage.types import UtcDateTime

_o = outbox.c
_waits = (UNSETTLED, is_in(QUEUED))
_card_waits = (*_waits, _o.destination == bindparam("its_destination"), _o.kind == PostCard.kind)
_BACKLOG = select(
    func.count(),
    func.sum(case((_o.created_at > bindparam("since", type_=UtcDateTime), 1), else_=0)),
    func.min(_o.created_at, type_=UtcDateTime),
).where(*_card_waits)
_WAITING_CARDS = select(_o.payload).where(*_card_waits)
_NETWORKS = (
    select(cases.c.network, func.count().label("cards"))
    .where(cases.c.id.in_(bindparam("case_ids", expanding=True)))
    .group_by(cases.c.network)
)
_WITHDRAW = (
    delete(outbox)
    .where(*_card_waits, _o.lane != Lane.AGENT.value, _o.key.endswith(bindparam("ending")))
    .returning(_o.stream, _o.payload)
)
_WITHDRAW_STREAMS = delete(outbox).where(*_waits, _o.stream.in_(bindparam("streams", expanding=True)))
_PRIORITISE = (
    update(outbox).where(*_waits, _o.stream == bindparam("its_stream")).values(lane=Lane.AGENT.value)
)


def backlog(connection: Connection, channel: str, *, recent_since: datetime) -> Backlog:
    """Count the cards that wait to be posted in a channel."""
    values = {"its_destination": _destination(channel), "since": recent_since}
    waiting, recent, oldest = connection.execute(_BACKLOG, values).one()
    return Backlog(waiting=waiting, recent=int(recent or 0), oldest=oldest)


def waiting_cards(connection: Connection, channel: str) -> dict[str, int]:
    """Count the cards that wait to be posted in a channel, by the network of their case."""
    payloads = connection.scalars(_WAITING_CARDS, {"its_destination": _destination(channel)})
    case_ids = [int(payload["case_id"]) for payload in payloads]
    if not case_ids:
        return {}
    return {row.network: row.cards for row in connection.execute(_NETWORKS, {"case_ids": case_ids})}


def withdraw_cards(connection: Connection, channel: str) -> frozenset[int]:
    """Delete the cards that wait; see `storage.outbox.Outbox.withdraw_cards`."""
    values = {"its_destination": _destination(channel), "ending": f":{channel}:0"}
    rows = connection.execute(_WITHDRAW, values).all()
    if rows:
        connection.execute(_WITHDRAW_STREAMS, {"streams": sorted(row.stream for row in rows)})
    return frozenset(int(row.payload["case_id"]) for row in rows)


def prioritise(connection: Connection, stream: str) -> bool:
    """Move what waits in a stream to the agents' lane; return whether anything does."""
    return connection.execute(_PRIORITISE, {"its_stream": stream}).rowcount > 0


def _destination(channel: str) -> str:
    return PostCard(0, channel).destination
