"""Read customers' posts as they are counted, and store the counts of past hours."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from domain.cases.messages import Direction
from domain.surge.series import Arrival
from domain.venues import Venue
from storage.dialects import upserts
from storage.surge_tables import arrival_counts, message_quotes
from storage.tables import cases, messages
from storage.types import AnyRow

READ_AT_ONCE = 1_000  # posts of an hour or more, which may have many

_m, _k, _n, _q = messages.c, cases.c, arrival_counts.c, message_quotes.c
_posts = (_m.direction == Direction.IN.value, _m.venue == Venue.PUBLIC.value)
_arrivals = (
    select(
        _m.id,
        _m.case_id,
        _m.created_at,
        _m.network,
        _m.author_id,
        func.coalesce(_m.situation, _k.situation).label("situation"),
        func.coalesce(_m.language, _k.language).label("language"),
        _m.search_text,
        _m.reply_to_id,
        _k.conversation_id,
        _q.quoted_id,
    )
    .join(cases, _k.id == _m.case_id)
    .outerjoin(message_quotes, _q.message_id == _m.id)
    .where(*_posts)
)
_BETWEEN = _arrivals.where(_m.created_at >= bindparam("since"), _m.created_at < bindparam("until")).order_by(
    _m.created_at
)
_AFTER = _arrivals.where(_m.id > bindparam("after_id")).order_by(_m.id).limit(bindparam("most"))
_FIRST = select(func.min(_m.created_at)).where(
    _m.direction == Direction.IN.value, _m.created_at >= bindparam("since")
)
_TEXTS = (
    select(_m.id, _m.search_text, func.coalesce(_m.language, _k.language).label("language"))
    .join(cases, _k.id == _m.case_id)
    .where(_m.id.in_(bindparam("ids", expanding=True)))
)
_ADD_QUOTES = insert(message_quotes)
_LAST_ID = select(func.coalesce(func.max(_m.id), 0))
_SAVE = {
    name: insert.on_conflict_do_update(
        index_elements=[_n.hour, _n.series], set_={"authors": insert.excluded.authors}
    )
    for name, insert in upserts(arrival_counts).items()
}
_LAST_HOUR = select(func.max(_n.hour))
_HISTORY = select(_n.series, _n.hour, _n.authors).where(_n.hour >= bindparam("since"))
_PRUNE = delete(arrival_counts).where(_n.hour < bindparam("before"))


class Arrivals:
    """Customers' public posts as the detection of spikes counts them."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def between(self, since: datetime, until: datetime) -> Iterator[Arrival]:
        """Yield the posts written from `since` on and before `until`, oldest first, reading few at a time."""
        rows = self._connection.execute(
            _BETWEEN, {"since": since, "until": until}, execution_options={"yield_per": READ_AT_ONCE}
        )
        return map(_arrival_from, rows)

    def after(self, message_id: int, *, limit: int) -> list[Arrival]:
        """Return the posts stored after this message, in the order of their ids."""
        rows = self._connection.execute(_AFTER, {"after_id": message_id, "most": limit})
        return [_arrival_from(row) for row in rows]

    def texts(self, message_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
        """Return the folded text and the language of these posts, by id."""
        if not message_ids:
            return {}
        rows = self._connection.execute(_TEXTS, {"ids": message_ids})
        return {row.id: (row.search_text, row.language) for row in rows}

    def add_quotes(self, quotes: Mapping[int, str]) -> None:
        """Store which posts customers' posts quote, by the ids of their messages."""
        if quotes:
            rows = [{"message_id": number, "quoted_id": quoted} for number, quoted in quotes.items()]
            self._connection.execute(_ADD_QUOTES, rows)

    def last_id(self) -> int:
        """Return the id of the newest message, 0 if there is none."""
        return int(self._connection.scalar(_LAST_ID) or 0)

    def first_at(self, *, since: datetime) -> datetime | None:
        """Return when the first message from `since` on was written; `None` if there is none."""
        first: datetime | None = self._connection.scalar(_FIRST, {"since": since})
        return first

    def save_counts(self, hour: int, counts: Mapping[str, int]) -> None:
        """Store the counts of an hour by series key."""
        rows = [{"hour": hour, "series": key, "authors": count} for key, count in counts.items()]
        self._connection.execute(_SAVE[self._connection.dialect.name], rows)

    def last_hour(self) -> int | None:
        """Return the number of the last hour that was counted."""
        last: int | None = self._connection.scalar(_LAST_HOUR)
        return last

    def histories(self, *, since: int) -> dict[str, dict[int, int]]:
        """Return the counts by series key and hour number, from the hour `since` on."""
        found: dict[str, dict[int, int]] = defaultdict(dict)
        for series, hour, authors in self._connection.execute(_HISTORY, {"since": since}):
            found[series][hour] = authors
        return dict(found)

    def prune(self, *, before: int) -> None:
        """Delete the counts of hours before this one."""
        self._connection.execute(_PRUNE, {"before": before})


def _arrival_from(row: AnyRow) -> Arrival:
    answered = (post for post in (row.reply_to_id, row.quoted_id, row.conversation_id) if post)
    return Arrival(
        id=row.id,
        case_id=row.case_id,
        at=row.created_at,
        network=row.network,
        author=f"{row.network}:{row.author_id}",
        situation=row.situation,
        language=row.language,
        words=row.search_text,
        conversations=tuple(dict.fromkeys(answered)),
    )
