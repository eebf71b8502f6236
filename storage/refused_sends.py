"""Find the answers that failed because a network refused us, not what was sent."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from domain.delivery.effects import SendPrivateReply, SendPublicReply
from storage.outbox_conditions import is_in
from storage.outbox_tables import FAILED, outbox
from storage.types import UtcDateTime

_o = outbox.c
_FAILED = (
    select(_o.payload, _o.result)
    .where(_o.settled_at >= bindparam("since", type_=UtcDateTime), is_in(FAILED))
    .where(_o.settled_at.is_not(None), _o.kind.in_([SendPublicReply.kind, SendPrivateReply.kind]))
    .where(_o.result.is_not(None))
    .order_by(_o.id)
)


def refused_messages(connection: Connection, codes: Collection[str], *, since: datetime) -> list[int]:
    """Return the ids of the messages that failed since then with one of these codes."""
    rows = connection.execute(_FAILED, {"since": since})
    return [row.payload["message_id"] for row in rows if (row.result or {}).get("code") in codes]
