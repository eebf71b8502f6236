"""Store the floods of channels, and how many posts arrived in each second of one."""

from collections.abc import Iterable
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select, update

from domain.surge.flood import Board, Flood, Holding
from storage.dialects import upserts
from storage.flood_tables import flood_arrivals, flood_boards, floods
from storage.types import AnyRow, AnySelect

_f = floods.c
_a = flood_arrivals.c
_b = flood_boards.c
_FIELDS = tuple(field.name for field in fields(Flood) if field.name not in {"board", "holds"})
_all = select(floods, _b.channel.label("board_channel"), _b.ts, _b.digest, _b.edited_at).select_from(
    floods.outerjoin(flood_boards, _b.flood_id == _f.id)
)
_GET = _all.where(_f.id == bindparam("flood_id"))
_LOCK = _GET.with_for_update(key_share=True, of=floods)
_UNCLOSED = _all.where(_f.closed_at.is_(None)).order_by(_f.id)
_ACTIVE = (
    _all.where(_f.ended_at.is_(None), _f.channel.in_(bindparam("channels", expanding=True)))
    .order_by(_f.id)
    .with_for_update(key_share=True, of=floods)
)
_BEGIN = {
    name: insert.on_conflict_do_nothing(index_elements=[_f.channel], index_where=_f.ended_at.is_(None))
    for name, insert in upserts(floods).items()
}
_CLOSE_EARLIER = (
    update(floods)
    .where(_f.channel == bindparam("its_channel"), _f.closed_at.is_(None), _f.ended_at.is_not(None))
    .values(closed_at=bindparam("now"))
)
_SAVE = update(floods).where(_f.id == bindparam("flood_id"))
_SAVE_BOARD = {
    name: insert.on_conflict_do_update(
        index_elements=[_b.flood_id],
        set_={field: insert.excluded[field] for field in ("channel", "ts", "digest", "edited_at")},
    )
    for name, insert in upserts(flood_boards).items()
}
_ARRIVED = {
    name: insert.on_conflict_do_update(
        index_elements=[_a.flood_id, _a.at],
        set_={"mentions": _a.mentions + insert.excluded.mentions},
    )
    for name, insert in upserts(flood_arrivals).items()
}
_ARRIVALS = select(func.coalesce(func.sum(_a.mentions), 0)).where(
    _a.flood_id == bindparam("flood_id"), _a.at > bindparam("since")
)
_FORGET = delete(flood_arrivals).where(_a.flood_id == bindparam("its_flood"), _a.at <= bindparam("before"))


class Floods:
    """The floods; what is known of the board is written by `save_board` alone."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, flood_id: int) -> Flood | None:
        """Return the flood; `None` where there is none with this id."""
        return next(iter(self._list(_GET, flood_id=flood_id)), None)

    def lock(self, flood_id: int) -> Flood | None:
        """Return the flood, locked against other writers until this transaction ends."""
        return next(iter(self._list(_LOCK, flood_id=flood_id)), None)

    def unclosed(self) -> list[Flood]:
        """Return the floods that last, or whose cases are still held back, oldest first."""
        return self._list(_UNCLOSED)

    def active(self, channels: Iterable[str]) -> dict[str, Flood]:
        """Return the floods that last by channel, locked against other writers."""
        return {flood.channel: flood for flood in self._list(_ACTIVE, channels=sorted(set(channels)))}

    def begin(self, channel: str, *, now: datetime, holds: Holding = Holding.ALL) -> Flood:
        """Store that cases are held back in the channel, and close its earlier flood; return what lasts."""
        connection = self._connection
        connection.execute(_CLOSE_EARLIER, {"its_channel": channel, "now": now})
        row = {"channel": channel, "began_at": now, "mentions": 0, "urgent": 0, "holds": holds.value}
        connection.execute(_BEGIN[connection.dialect.name], row)
        return self.active([channel])[channel]

    def save(self, flood: Flood) -> None:
        """Update the flood."""
        row = {name: getattr(flood, name) for name in _FIELDS if name != "id"}
        self._connection.execute(_SAVE, row | {"holds": flood.holds.value, "flood_id": flood.id})

    def save_board(self, flood_id: int, board: Board) -> None:
        """Store where the board is, what it shows, and when it was posted or edited."""
        row = {"flood_id": flood_id, **asdict(board)}
        self._connection.execute(_SAVE_BOARD[self._connection.dialect.name], row)

    def add_arrivals(self, flood_id: int, mentions: int, *, now: datetime) -> None:
        """Count posts that arrived in this second."""
        row = {"flood_id": flood_id, "at": now.replace(microsecond=0), "mentions": mentions}
        self._connection.execute(_ARRIVED[self._connection.dialect.name], row)

    def arrivals(self, flood_id: int, *, since: datetime) -> int:
        """Return how many posts arrived after `since`."""
        return int(self._connection.scalar(_ARRIVALS, {"flood_id": flood_id, "since": since}) or 0)

    def forget_arrivals(self, flood_id: int, *, before: datetime) -> None:
        """Delete the counts of the seconds up to `before`."""
        self._connection.execute(_FORGET, {"its_flood": flood_id, "before": before})

    def _list(self, query: AnySelect, **values: Any) -> list[Flood]:  # noqa: ANN401 - bound values
        rows = self._connection.execute(query, values)
        return [_flood_from(row) for row in rows]


def _flood_from(row: AnyRow) -> Flood:
    board = None
    if row.ts is not None:
        board = Board(channel=row.board_channel, ts=row.ts, digest=row.digest, edited_at=row.edited_at)
    return Flood(**{name: getattr(row, name) for name in _FIELDS}, board=board, holds=Holding(row.holds))
