"""Store the subscribers of the e-mail list."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, exists, func, or_, select, update

from domain.outages.subscribers import Choice, MailState, Source, Subscriber, SubscriberState
from storage.bulk_insert import BulkInsert
from storage.dialects import is_sqlite
from storage.subscriber_tables import mailings, notice_mails, subscribers
from storage.types import AnyRow

_s, _g, _m = subscribers.c, mailings.c, notice_mails.c
_INSERT = BulkInsert(subscribers)
_GET = select(subscribers).where(_s.id == bindparam("subscriber_id"))
_BY_ADDRESS = (
    select(subscribers)
    .where(_s.address.in_(bindparam("addresses", expanding=True)))
    .order_by(_s.id)
    .with_for_update()
)
_SAVE = update(subscribers).where(_s.id == bindparam("subscriber_id"))
_IS_CONFIRMED = _s.state == SubscriberState.CONFIRMED.value
_BY_LANGUAGE = select(_s.language, func.count()).where(_IS_CONFIRMED).group_by(_s.language)
_AFTER = select(subscribers).where(_s.id > bindparam("after_id")).order_by(_s.id).limit(bindparam("most"))
_FORGET = delete(subscribers).where(
    _s.state == SubscriberState.PENDING.value, _s.asked_at < bindparam("before")
)
_PAGE = 1000


def wants(components: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that a subscriber is confirmed and wants notices of one of the components.

    A notice that names no component concerns everybody.
    """
    if not components:
        return _IS_CONFIRMED
    chosen = [_s.components.contains(_packed([name]), autoescape=True) for name in components]
    return _IS_CONFIRMED & or_(_s.components == "", *chosen)


def heard(outage_id: int, *, before: int | None = None) -> ColumnElement[bool]:
    """Return the condition that a notice of the outage was mailed to a subscriber, or may have been.

    Of the publications `before` that one alone, where it is given.
    """
    earlier = select(_g.publication_id).where(_g.outage_id == outage_id)
    if before is not None:
        earlier = earlier.where(_g.publication_id < before)
    was_mailed = _m.state.in_([MailState.SENT.value, MailState.UNSURE.value, MailState.SENDING.value])
    return exists().where(_m.publication_id.in_(earlier), _m.subscriber_id == _s.id, was_mailed)


class Subscribers:
    """The addresses on the list, those that left it included."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_many(self, added: Sequence[Subscriber]) -> list[int]:
        """Insert subscribers (their `id` is ignored); return their ids, in order."""
        return _INSERT.add(self._connection, [_row_of(one) for one in added]) if added else []

    def get(self, subscriber_id: int) -> Subscriber:
        """Return the subscriber and lock the row; raises `LookupError`."""
        query = _GET if is_sqlite(self._connection) else _GET.with_for_update()
        row = self._connection.execute(query, {"subscriber_id": subscriber_id}).one_or_none()
        if row is None:
            raise LookupError(f"there is no subscriber {subscriber_id}")
        return _subscriber_from(row)

    def by_address(self, addresses: Iterable[str]) -> dict[str, Subscriber]:
        """Return those with one of these addresses (as `email_address` normalises them), locked."""
        rows = self._connection.execute(_BY_ADDRESS, {"addresses": list(addresses)})
        return {row.address: _subscriber_from(row) for row in rows}

    def save(self, subscriber: Subscriber) -> None:
        """Update a subscriber."""
        self._connection.execute(_SAVE, _row_of(subscriber) | {"subscriber_id": subscriber.id})

    def forget_pending(self, before: datetime) -> int:
        """Delete those who were asked before this moment and never confirmed; return how many."""
        return self._connection.execute(_FORGET, {"before": before}).rowcount

    def confirmed_by_language(self) -> dict[str, int]:
        """Count the confirmed subscribers by language, most first."""
        rows = self._connection.execute(_BY_LANGUAGE).all()
        return {str(language): int(count) for language, count in sorted(rows, key=lambda row: -row[1])}

    def count_wanting(self, components: Sequence[str], *, heard_of: int | None = None) -> tuple[int, int]:
        """Count those who get a notice of these components; return the count and their highest id.

        Of those alone to whom a notice of the outage `heard_of` was mailed, where it is given.
        """
        query = select(func.count(), func.coalesce(func.max(_s.id), 0)).where(wants(components))
        if heard_of is not None:
            query = query.where(heard(heard_of))
        count, last_id = self._connection.execute(query).one()
        return int(count), int(last_id)

    def all(self) -> Iterator[Subscriber]:
        """Yield every subscriber in the order in which they came, reading a page at a time."""
        after_id = 0
        while rows := self._connection.execute(_AFTER, {"after_id": after_id, "most": _PAGE}).all():
            yield from map(_subscriber_from, rows)
            after_id = rows[-1].id


def _packed(components: Sequence[str]) -> str:
    return "".join(f"\n{name}\n" for name in components)


def _row_of(subscriber: Subscriber) -> dict[str, Any]:
    asked = subscriber.asked
    return {
        "address": subscriber.address,
        "language": subscriber.choice.language,
        "components": _packed(subscriber.choice.components),
        "state": subscriber.state.value,
        "source": subscriber.source.value,
        "added_by": subscriber.added_by,
        "created_at": subscriber.created_at,
        "asked": {"language": asked.language, "components": list(asked.components)} if asked else None,
        "asked_at": subscriber.asked_at,
        "nonce": subscriber.nonce,
        "confirmed_at": subscriber.confirmed_at,
        "ended_at": subscriber.ended_at,
        "soft_bounces": subscriber.soft_bounces,
    }


def _subscriber_from(row: AnyRow) -> Subscriber:
    asked = row.asked
    return Subscriber(
        id=row.id,
        address=row.address,
        choice=Choice(language=row.language, components=tuple(filter(None, row.components.split("\n")))),
        state=SubscriberState(row.state),
        source=Source(row.source),
        added_by=row.added_by,
        created_at=row.created_at,
        asked=Choice(language=asked["language"], components=tuple(asked["components"])) if asked else None,
        asked_at=row.asked_at,
        nonce=row.nonce,
        confirmed_at=row.confirmed_at,
        ended_at=row.ended_at,
        soft_bounces=row.soft_bounces,
    )
