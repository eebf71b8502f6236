"""Store what networks listed of each day, and which posts could not be read."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select, update

from domain.intake.completeness import DayCompleteness, MentionDay
from domain.records.erasure import ERASED
from domain.reports.figures import CompletenessFigures
from domain.reports.filters import FilterKey, Filters
from storage.completeness_tables import mention_days, unreadable_posts
from storage.dialects import upserts
from storage.figure_conditions import is_mention
from storage.tables import messages

_d, _u, _m = mention_days.c, unreadable_posts.c, messages.c
_KEY = [column.name for column in mention_days.primary_key]
_VALUES = [column.name for column in mention_days.c if column.name not in _KEY]
_SAVE = {
    name: insert.on_conflict_do_update(
        index_elements=_KEY, set_={value: insert.excluded[value] for value in _VALUES}
    )
    for name, insert in upserts(mention_days).items()
}
_NOTE = {name: insert.on_conflict_do_nothing() for name, insert in upserts(unreadable_posts).items()}
_of_account = (_d.network == bindparam("of_network"), _d.account_id == bindparam("of_account"))
_GET = select(mention_days).where(_d.day == bindparam("of_day"), *_of_account)
_FIRST = select(func.min(_d.looked_from)).where(*_of_account)
_SINCE = (
    select(mention_days)
    .where(_d.day >= bindparam("since"))
    .order_by(_d.day.desc(), _d.network, _d.account_id)
)
_UNREADABLE = select(func.count()).where(
    _u.day == bindparam("of_day"),
    _u.network == bindparam("of_network"),
    _u.account_id == bindparam("of_account"),
)
_FORGET = delete(unreadable_posts).where(
    _u.network == bindparam("of_network"),
    _u.account_id == bindparam("of_account"),
    _u.post_id.in_(bindparam("ids", expanding=True)),
)
_EXPIRED = (
    select(_u.network, _u.account_id, _u.post_id)
    .where(_u.day < bindparam("before"), ~_u.post_id.startswith(ERASED))
    .limit(bindparam("most"))
)
_ERASE_ID = (
    update(unreadable_posts)
    .where(
        _u.network == bindparam("of_network"),
        _u.account_id == bindparam("of_account"),
        _u.post_id == bindparam("of_post"),
    )
    .values(post_id=bindparam("pseudonym"))
)
_WRITTEN = select(func.count()).where(
    is_mention,
    _m.created_at >= bindparam("since", type_=_m.created_at.type),
    _m.created_at < bindparam("until", type_=_m.created_at.type),
    # An expression, which no index of networks has: by that, SQLite reads all mentions of the network.
    func.coalesce(_m.network, "") == bindparam("of_network"),
)
_GONE = _WRITTEN.where(_m.deleted_at.is_not(None))


class Completeness:
    """What networks listed, and what could not be read."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, day: str, network: str, account_id: str) -> MentionDay | None:
        """Return what is counted of a day; `None` where nothing is yet."""
        values = {"of_day": day, "of_network": network, "of_account": account_id}
        row = self._connection.execute(_GET, values).one_or_none()
        return None if row is None else MentionDay(**row._asdict())

    def save(self, counted: MentionDay) -> None:
        """Insert or update a day."""
        self._connection.execute(_SAVE[self._connection.dialect.name], asdict(counted))

    def looked_since(self, network: str, account_id: str) -> datetime | None:
        """Return since when the mentions of an account are looked at; `None` before the first time."""
        moment: datetime | None = self._connection.scalar(
            _FIRST, {"of_network": network, "of_account": account_id}
        )
        return moment

    def add_unreadable(self, network: str, account_id: str, post_ids: Collection[str], *, day: str) -> None:
        """Note posts that could not be read, each once, under the day on which that was found."""
        for post_id in post_ids:
            row = {"network": network, "account_id": account_id, "post_id": post_id, "day": day}
            self._connection.execute(_NOTE[self._connection.dialect.name], row)

    def forget_unreadable(self, network: str, account_id: str, post_ids: Collection[str]) -> None:
        """Forget that posts could not be read, as they were by now."""
        values = {"of_network": network, "of_account": account_id, "ids": list(post_ids)}
        self._connection.execute(_FORGET, values)

    def expire_unreadable(self, *, before: str, limit: int) -> int:
        """Erase the ids of posts that could not be read before a day, which still count; return how many."""
        found = self._connection.execute(_EXPIRED, {"before": before, "most": limit}).all()
        for network, account_id, post_id in found:
            values = {"of_network": network, "of_account": account_id, "of_post": post_id}
            self._connection.execute(_ERASE_ID, values | {"pseudonym": f"{ERASED}{secrets.token_hex(8)}"})
        return len(found)

    def written_between(self, network: str, since: datetime, until: datetime) -> int:
        """Count the mentions that we hold of a time."""
        values = {"of_network": network, "since": since, "until": until}
        return int(self._connection.scalar(_WRITTEN, values) or 0)

    def days_since(self, day: str) -> Sequence[DayCompleteness]:
        """Return the days from `day` on, the newest first."""
        return [self._with_others(counted) for counted in self._counted_since(day)]

    def of_period(self, days: Sequence[str], filters: Filters) -> CompletenessFigures:
        """Sum what is late, missing and unread of these days; nothing with filters but of the network."""
        if not days or filters.values.keys() - {FilterKey.NETWORK}:
            return CompletenessFigures()
        networks = filters.values.get(FilterKey.NETWORK)
        found = [
            day
            for day in self._counted_since(min(days))
            if day.day in days and (networks is None or day.network in networks)
        ]
        return CompletenessFigures(
            late=sum(day.late for day in found),
            missing=sum(day.missing for day in found),
            unreadable=sum(map(self._count_unreadable, found)),
        )

    def _counted_since(self, day: str) -> list[MentionDay]:
        return [MentionDay(**row._asdict()) for row in self._connection.execute(_SINCE, {"since": day}).all()]

    def _count_unreadable(self, counted: MentionDay) -> int:
        values = {
            "of_network": counted.network,
            "of_account": counted.account_id,
            "of_day": counted.day,
        }
        return int(self._connection.scalar(_UNREADABLE, values) or 0)

    def _with_others(self, counted: MentionDay) -> DayCompleteness:
        begins = datetime.combine(date.fromisoformat(counted.day), time.min, UTC)
        within: dict[str, Any] = {"since": begins, "until": begins + timedelta(days=1)}
        return DayCompleteness(
            counted=counted,
            unreadable=self._count_unreadable(counted),
            gone=int(self._connection.scalar(_GONE, {"of_network": counted.network, **within}) or 0),
        )
