"""Count what operators watch: the outbox, the streams, the queue."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, case, func, literal_column, select, text

from domain.cases.case import CaseState
from domain.delivery.effect import Lane
from domain.intake.stream_names import DIRECT_MESSAGES, INBOX, MENTIONS, SEARCH
from domain.operations.figures import LaneDepth, QueueDepth, StreamReading
from domain.triage.assessment import Urgency
from storage.dialects import is_sqlite
from storage.outbox_conditions import HELD, UNSETTLED, is_in
from storage.outbox_tables import QUEUED, SENT, UNSURE, outbox
from storage.tables import cases, cursors
from storage.types import UtcDateTime

_c, _o, _s = cases.c, outbox.c, cursors.c
_in_doubt = select(_o.stream).where(UNSETTLED, is_in(UNSURE))
#: What waits behind a message in doubt is not late: people are reminded of that one.
_late = case((_o.stream.not_in(_in_doubt), _o.due_at))
_LANES = (
    select(_o.lane, func.count().label("many"), func.min(_late, type_=UtcDateTime).label("oldest"))
    .where(UNSETTLED, is_in(QUEUED), _o.due_at < bindparam("held", type_=UtcDateTime))
    .group_by(_o.lane)
)
_UNSURE = select(func.count()).select_from(outbox).where(UNSETTLED, is_in(UNSURE))
_DELIVERED = select(func.max(_o.settled_at, type_=UtcDateTime)).where(_o.settled_at.is_not(None), is_in(SENT))
#: Seconds after its end for which a lease may have found no other process.
LAPSED_AFTER = 60
_LAPSED = text(
    "SELECT 1 FROM leaderships "
    "WHERE name = :name AND expires_at < clock_timestamp() - make_interval(secs => :seconds)"
)
_STREAMS = (
    select(_s.network, _s.account_id, _s.stream, _s.read_at, _s.pause_reason)
    .where(_s.stream.in_([MENTIONS, SEARCH, DIRECT_MESSAGES, INBOX]))
    .order_by(_s.network, _s.stream)
)
_claimed = _c.claimed_by.is_not(None).label("claimed")
_QUEUE = (
    select(_c.urgency, _claimed, func.count().label("many"))
    .where(_c.state == literal_column(f"'{CaseState.OPEN.value}'"))
    .group_by(_c.urgency, _claimed)
)


class Operations:
    """The counts that operators watch."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lanes(self, now: datetime) -> list[LaneDepth]:
        """Return what waits in each lane of the outbox."""
        found = {row.lane: row for row in self._connection.execute(_LANES, {"held": HELD})}
        depths = []
        for lane in Lane:
            row = found.get(lane.value)
            oldest = row.oldest if row is not None and row.oldest and row.oldest <= now else None
            depths.append(LaneDepth(lane=lane, rows=row.many if row is not None else 0, oldest_due=oldest))
        return depths

    def unsure(self) -> int:
        """Count the rows of the outbox whose outcome is unknown."""
        return int(self._connection.scalar(_UNSURE) or 0)

    def delivered_at(self) -> datetime | None:
        """Return when something was last sent."""
        found: datetime | None = self._connection.scalar(_DELIVERED)
        return found

    def is_led(self, name: str) -> bool:
        """Return whether some process leads `name`, or nobody ever did; on SQLite the only one does."""
        if is_sqlite(self._connection):
            return True
        return self._connection.scalar(_LAPSED, {"name": name, "seconds": LAPSED_AFTER}) is None

    def streams(self, accounts: Collection[tuple[str, str]]) -> list[StreamReading]:
        """Return when each stream of these accounts was last read; an account is a network and an id."""
        return [
            StreamReading(
                network=row.network,
                stream=row.stream,
                read_at=row.read_at,
                is_paused=row.pause_reason is not None,
            )
            for row in self._connection.execute(_STREAMS)
            if (row.network, row.account_id) in accounts
        ]

    def queue(self) -> list[QueueDepth]:
        """Count the open cases of each urgency."""
        counts = {(row.urgency, bool(row.claimed)): row.many for row in self._connection.execute(_QUEUE)}
        return [
            QueueDepth(urgency=urgency, is_claimed=claimed, cases=counts.get((urgency.value, claimed), 0))
            for urgency in Urgency
            for claimed in (False, True)
        ]
