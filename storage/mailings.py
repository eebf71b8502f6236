"""Store mailings of notices to subscribers: how far each is, and one row for each mail."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, exists, func, insert, or_, select, update

from domain.outages.subscribers import Mailing, MailResult, MailState, NoticeMail, SubscriberState
from storage.bulk_insert import BulkInsert
from storage.dialects import is_sqlite
from storage.mail_marks import mark
from storage.subscriber_tables import mailings, notice_mails, subscribers
from storage.subscribers import heard, wants
from storage.types import AnyRow

_g, _m, _s = mailings.c, notice_mails.c, subscribers.c
_START = insert(mailings)
_GET = select(mailings).where(_g.publication_id == bindparam("its_id"))
_SAVE = update(mailings).where(_g.publication_id == bindparam("its_id"))
_ADD = BulkInsert(notice_mails)
_EARLIER = select(_g.publication_id).where(
    _g.outage_id == bindparam("outage_id"), _g.publication_id < bindparam("its_id")
)
_INTERRUPTED = (
    update(notice_mails)
    .where(_m.publication_id == bindparam("its_id"), _m.state == MailState.SENDING.value)
    .values(state=MailState.UNSURE.value, sent_at=bindparam("now"))
)
_UNFINISHED = select(mailings).where(_g.finished_at.is_(None)).order_by(_g.publication_id)
_GIVEN_UP = (
    update(notice_mails)
    .where(
        _m.publication_id == bindparam("its_id"),
        _m.state.in_([MailState.QUEUED.value, MailState.SENDING.value]),
    )
    .values(state=MailState.UNSURE.value, sent_at=bindparam("now"))
)
_waits = (_m.publication_id == bindparam("its_id"), _m.state == MailState.QUEUED.value)
_DROPPED = (
    update(notice_mails)
    .where(
        *_waits,
        exists().where(_s.id == _m.subscriber_id, _s.state != SubscriberState.CONFIRMED.value),
    )
    .values(state=MailState.DROPPED.value)
)
_TAKEN_BACK = (
    update(notice_mails).where(*_waits).values(state=MailState.DROPPED.value, reason=bindparam("its_reason"))
)
_QUEUED = (
    select(_m.id, _m.subscriber_id, _m.message_id, _m.attempts, _s.address, _s.language)
    .join(subscribers, _m.subscriber_id == _s.id)
    .where(*_waits, _m.due_at <= bindparam("now"))
    .order_by(_m.id)
    .limit(bindparam("most"))
)
_NEXT_DUE = select(func.min(_m.due_at)).where(*_waits)
_THREADS = (
    select(_m.subscriber_id, _m.message_id)
    .where(
        _m.publication_id.in_(_EARLIER),
        _m.subscriber_id.in_(bindparam("subscriber_ids", expanding=True)),
        _m.state.in_([MailState.SENT.value, MailState.UNSURE.value]),
    )
    .order_by(_m.id)
)
#: An attempt's result is recorded where it is not known yet: a bounce may have been quicker.
_FINISH = (
    update(notice_mails)
    .where(
        _m.id.in_(bindparam("mail_ids", expanding=True)),
        or_(_m.state == MailState.SENDING.value, _m.state == MailState.UNSURE.value),
    )
    .values(
        state=bindparam("its_state"),
        reason=bindparam("its_reason"),
        due_at=bindparam("due"),
        sent_at=bindparam("at"),
    )
)
_BY_MESSAGE_ID = select(_m.id, _m.subscriber_id, _m.publication_id).where(
    _m.message_id.in_(bindparam("message_ids", expanding=True))
)
_BOUNCED = (
    update(notice_mails)
    .where(_m.id == bindparam("mail_id"), _m.state != MailState.BOUNCED.value)
    .values(state=MailState.BOUNCED.value, reason=bindparam("its_reason"))
)
_COUNTS = select(_m.state, func.count()).where(_m.publication_id == bindparam("its_id")).group_by(_m.state)


class Mailings:
    """The mailings. Whoever changes one holds its row's lock, by `lock`."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def start(self, mailing: Mailing) -> None:
        """Insert a mailing."""
        self._connection.execute(_START, _row_of(mailing) | {"publication_id": mailing.publication_id})

    def find(self, publication_id: int) -> Mailing | None:
        """Return the mailing of a publication, and lock it."""
        query = _GET if is_sqlite(self._connection) else _GET.with_for_update()
        row = self._connection.execute(query, {"its_id": publication_id}).one_or_none()
        return _mailing_from(row) if row is not None else None

    def lock(self, publication_id: int) -> Mailing:
        """Return the mailing of a publication, and lock it; raises `LookupError`."""
        mailing = self.find(publication_id)
        if mailing is None:
            raise LookupError(f"there is no mailing of publication {publication_id}")
        return mailing

    def save(self, mailing: Mailing) -> None:
        """Update a mailing."""
        self._connection.execute(_SAVE, _row_of(mailing) | {"its_id": mailing.publication_id})

    def settle_interrupted(self, publication_id: int, now: datetime) -> None:
        """Mark as unsure what was being sent when its sender died."""
        self._connection.execute(_INTERRUPTED, {"its_id": publication_id, "now": now})

    def give_up_all(self, now: datetime) -> int:
        """End all mailings: what waits is unsure, and nobody else is mailed. Returns how many they were.

        The next batch of each finds nobody, and finishes it.
        """
        unfinished = [_mailing_from(row) for row in self._connection.execute(_UNFINISHED)]
        for mailing in unfinished:
            self._connection.execute(_GIVEN_UP, {"its_id": mailing.publication_id, "now": now})
            self.save(replace(mailing, position=mailing.last_id))
        return len(unfinished)

    def drop_ended(self, publication_id: int) -> None:
        """Drop the mails that wait for subscribers who left meanwhile."""
        self._connection.execute(_DROPPED, {"its_id": publication_id})

    def drop_queued(self, publication_id: int, reason: str) -> int:
        """Drop all mails that wait; return how many."""
        return self._connection.execute(
            _TAKEN_BACK, {"its_id": publication_id, "its_reason": reason}
        ).rowcount

    def add(
        self, mailing: Mailing, limit: int, message_id_of: Callable[[int, int], str], now: datetime
    ) -> int:
        """Queue a mail for each of the next subscribers; return the id of the last one.

        Without any left, that is the mailing's `last_id`.
        """
        query = (
            select(_s.id)
            .where(wants(mailing.components), _s.id > mailing.position, _s.id <= mailing.last_id)
            .order_by(_s.id)
            .limit(limit)
        )
        if mailing.heard_only:
            query = query.where(heard(mailing.outage_id, before=mailing.publication_id))
        found = list(self._connection.scalars(query))
        if found:
            _ADD.add(
                self._connection,
                [
                    {
                        "publication_id": mailing.publication_id,
                        "subscriber_id": subscriber_id,
                        "message_id": message_id_of(mailing.publication_id, subscriber_id),
                        "state": MailState.QUEUED.value,
                        "attempts": 0,
                        "due_at": now,
                    }
                    for subscriber_id in found
                ],
            )
        return found[-1] if len(found) == limit else mailing.last_id

    def queued(self, mailing: Mailing, limit: int, now: datetime) -> list[NoticeMail]:
        """Return the mails that are due."""
        rows = self._connection.execute(
            _QUEUED, {"its_id": mailing.publication_id, "most": limit, "now": now}
        ).all()
        threads = self._threads(mailing, [row.subscriber_id for row in rows])
        return [
            NoticeMail(
                id=row.id,
                subscriber_id=row.subscriber_id,
                address=row.address,
                language=row.language,
                message_id=row.message_id,
                attempts=row.attempts,
                thread=threads.get(row.subscriber_id),
            )
            for row in rows
        ]

    def next_due(self, publication_id: int) -> datetime | None:
        """Return when the first of the waiting mails is due; `None` where none waits."""
        found: datetime | None = self._connection.scalar(_NEXT_DUE, {"its_id": publication_id})
        return found

    def begin(self, mail_ids: Sequence[int], *, sent: Sequence[int] = (), now: datetime) -> set[int]:
        """Mark mails as being sent, and those before as `sent`; return those that nobody else is sending.

        That is none while all sending is paused. Commit durably before they are sent.
        """
        return mark(self._connection, sent=sent, following=mail_ids, now=now)

    def finish(self, results: Iterable[MailResult], now: datetime) -> None:
        """Record what became of mails that were being sent; one statement for all with the same result."""
        alike: dict[tuple[MailState, str | None, datetime | None], list[int]] = {}
        for result in results:
            alike.setdefault((result.state, result.reason, result.due_at), []).append(result.mail_id)
        for (state, reason, due_at), mail_ids in alike.items():
            values = {
                "mail_ids": mail_ids,
                "its_state": state.value,
                "its_reason": reason,
                "due": due_at or now,
                "at": None if state is MailState.QUEUED else now,
            }
            self._connection.execute(_FINISH, values)

    def requeue(self, mail_id: int, due_at: datetime, reason: str) -> None:
        """Have a mail that was not begun tried again later."""
        self._connection.execute(
            update(notice_mails)
            .where(_m.id == mail_id, _m.state == MailState.QUEUED.value)
            .values(due_at=due_at, reason=reason, attempts=_m.attempts + 1)
        )

    def refuse(self, mail_id: int, reason: str) -> None:
        """Record that the mail server refused a mail before its content was sent."""
        self._connection.execute(
            update(notice_mails)
            .where(_m.id == mail_id, _m.state == MailState.QUEUED.value)
            .values(state=MailState.REFUSED.value, reason=reason)
        )

    def by_message_id(self, message_ids: Iterable[str]) -> list[tuple[int, int, int]]:
        """Return the id, subscriber and publication of mails with one of these Message-IDs."""
        rows = self._connection.execute(_BY_MESSAGE_ID, {"message_ids": list(message_ids)})
        return [(row.id, row.subscriber_id, row.publication_id) for row in rows]

    def record_bounced(self, mail_id: int, reason: str) -> bool:
        """Record that a mail came back; return whether that is new."""
        return self._connection.execute(_BOUNCED, {"mail_id": mail_id, "its_reason": reason}).rowcount == 1

    def counts(self, publication_id: int) -> dict[MailState, int]:
        """Count the mails of a publication by state."""
        rows = self._connection.execute(_COUNTS, {"its_id": publication_id})
        return {MailState(state): int(count) for state, count in rows}

    def _threads(self, mailing: Mailing, subscriber_ids: Sequence[int]) -> dict[int, str]:
        """Return the Message-ID of each subscriber's first mail of the outage."""
        rows = self._connection.execute(
            _THREADS,
            {
                "outage_id": mailing.outage_id,
                "its_id": mailing.publication_id,
                "subscriber_ids": list(subscriber_ids),
            },
        )
        first: dict[int, str] = {}
        for subscriber_id, message_id in rows:
            first.setdefault(subscriber_id, message_id)
        return first


def _row_of(mailing: Mailing) -> dict[str, Any]:
    return {
        "outage_id": mailing.outage_id,
        "components": list(mailing.components),
        "total": mailing.total,
        "position": mailing.position,
        "last_id": mailing.last_id,
        "started_at": mailing.started_at,
        "finished_at": mailing.finished_at,
    }


def _mailing_from(row: AnyRow) -> Mailing:
    return Mailing(
        publication_id=row.publication_id,
        outage_id=row.outage_id,
        components=tuple(row.components),
        total=row.total,
        position=row.position,
        last_id=row.last_id,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )
