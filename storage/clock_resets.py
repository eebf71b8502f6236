"""End the waits that began in the future, because the clock was set back since."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, Update, bindparam, func, null, or_, select, update

from domain.operations.clocks import SKEW
from domain.outages.subscribers import MailState
from storage.outbox_claims import lock_claims
from storage.outbox_conditions import HELD, UNSETTLED, is_in
from storage.outbox_tables import QUEUED, SENDING, UNSURE, destinations, outbox
from storage.subscriber_tables import mailings, notice_mails
from storage.types import UtcDateTime

_o, _d, _m = outbox.c, destinations.c, notice_mails.c
_now, _ahead, _latest, _until = (
    bindparam(name, type_=UtcDateTime) for name in ("now", "ahead", "latest", "until")
)
_FREE_DESTINATIONS = (
    update(destinations)
    .where(_d.paced_at > _ahead)
    .values(next_at=null(), free_at=null(), paused_until=null(), paced_at=null())
)
_MAKE_DUE = (
    update(outbox)
    .where(
        UNSETTLED,
        or_(is_in(QUEUED), is_in(UNSURE)),
        _o.due_at > _ahead,
        _o.due_at < bindparam("held", HELD, type_=UtcDateTime),
        func.coalesce(_o.waits_since, _o.created_at) > _ahead,
    )
    .values(due_at=_now, waits_since=_now)
)
_SHORTEN_LEASES = update(outbox).where(is_in(SENDING), _o.lease_until > _latest).values(lease_until=_until)
_under_way = select(mailings.c.publication_id).where(mailings.c.finished_at.is_(None))
_MAKE_MAILS_DUE = (
    update(notice_mails)
    .where(_m.publication_id.in_(_under_way), _m.state == MailState.QUEUED.value, _m.due_at > _latest)
    .values(due_at=_now)
)


class ClockResets:
    """What waits by the clock: the outbox, its destinations, and the mails to the e-mail list."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def end_future(self, *, now: datetime, lease: timedelta, longest_mail_wait: timedelta) -> int:
        """End the waits that began after `now`, or are longer than any; return how many.

        What is being sent keeps its lease, for at most `lease` from now. What a pause of all sending holds
        stays held.
        """
        lock_claims(self._connection)
        ahead = now + SKEW
        statements: list[tuple[Update, Mapping[str, datetime]]] = [
            (_FREE_DESTINATIONS, {"ahead": ahead}),
            (_MAKE_DUE, {"ahead": ahead, "now": now}),
            (_SHORTEN_LEASES, {"latest": ahead + lease, "until": now + lease}),
            (_MAKE_MAILS_DUE, {"latest": ahead + longest_mail_wait, "now": now}),
        ]
        return sum(self._connection.execute(statement, values).rowcount for statement, values in statements)
