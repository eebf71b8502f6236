"""Mark mails as sent, and the next ones as being sent: by one statement on PostgreSQL, by two on SQLite.

A mailing waits for this with every few mails. The ids are one parameter, an array or a JSON list, so that the
statement is rendered once.
"""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    Text,
    Update,
    bindparam,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy import any_ as any_of

from domain.outages.subscribers import MailState
from storage.dialects import is_sqlite
from storage.late_transactions import ALONE
from storage.outage_tables import pauses
from storage.subscriber_tables import notice_mails

_m = notice_mails.c


def _in_list(name: str) -> ColumnElement[bool]:
    listed = func.json_each(bindparam(name, type_=Text)).table_valued("value")
    return _m.id.in_(select(listed.c.value))


def _in_array(name: str) -> ColumnElement[bool]:
    return _m.id == any_of(bindparam(name, type_=ARRAY(BigInteger)))


def _sent(is_one: ColumnElement[bool]) -> Update:
    """Return the statement that records mails as sent: not those of which a bounce was quicker."""
    is_unknown = or_(_m.state == MailState.SENDING.value, _m.state == MailState.UNSURE.value)
    return (
        update(notice_mails)
        .where(is_one, is_unknown)
        .values(state=MailState.SENT.value, reason=None, sent_at=bindparam("now"))
    )


def _begun(is_one: ColumnElement[bool]) -> Update:
    """Return the statement that marks mails that nobody else is sending, unless all sending is paused."""
    is_paused = exists().where(pauses.c.in_force == 1)
    return (
        update(notice_mails)
        .where(is_one, _m.state == MailState.QUEUED.value, ~is_paused)
        .values(state=MailState.SENDING.value, attempts=_m.attempts + 1)
    )


_SENT = _sent(_in_list("sent"))
_BEGIN = _begun(_in_list("next")).returning(_m.id)
_BOTH = _begun(_in_array("next")).returning(_m.id).add_cte(_sent(_in_array("sent")).cte("sent"))


def mark(connection: Connection, *, sent: Sequence[int], following: Sequence[int], now: datetime) -> set[int]:
    """Record mails as sent, and mark the following ones as being sent; return those that may be sent.

    That is none while all sending is paused. Commit it durably before anything is sent.
    """
    if not is_sqlite(connection):
        both = {"sent": list(sent), "next": list(following), "now": now}
        return set(connection.scalars(_BOTH, both, execution_options=ALONE))
    if sent:
        connection.execute(_SENT, {"sent": json.dumps(list(sent)), "now": now})
    return set(connection.scalars(_BEGIN, {"next": json.dumps(list(following))})) if following else set()
