"""Store which mails wait because their sender wrote too many at once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, select

from storage.dialects import upserts
from storage.mail_tables import deferred_mails

_m = deferred_mails.c
_ADD = {name: insert.on_conflict_do_nothing() for name, insert in upserts(deferred_mails).items()}
_FIRST = (
    select(func.min(_m.id)).where(_m.account_id == bindparam("its_account")).group_by(_m.sender)
).scalar_subquery()
#: The oldest of each sender.
_OLDEST = select(_m.position, _m.sender).where(_m.id.in_(_FIRST)).order_by(_m.id).limit(bindparam("most"))
_SENDERS = select(_m.sender).distinct().where(_m.account_id == bindparam("its_account"))
_REMOVE = delete(deferred_mails).where(
    _m.account_id == bindparam("its_account"), _m.position == bindparam("its_position")
)


@dataclass(frozen=True, slots=True)
class DeferredMail:
    """A mail that waits in the mailbox, at `position`."""

    position: str
    sender: str


class DeferredMails:
    """The mails that wait, by the mailbox's account."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, account_id: str, mail: DeferredMail, now: datetime) -> None:
        """Have a mail wait; nothing where it does."""
        row = {"account_id": account_id, "position": mail.position, "sender": mail.sender, "deferred_at": now}
        self._connection.execute(_ADD[self._connection.dialect.name], row)

    def oldest(self, account_id: str, *, limit: int) -> list[DeferredMail]:
        """Return the mail of each sender that has waited longest."""
        rows = self._connection.execute(_OLDEST, {"its_account": account_id, "most": limit})
        return [DeferredMail(row.position, row.sender) for row in rows]

    def senders(self, account_id: str) -> frozenset[str]:
        """Return the senders of whom a mail waits."""
        return frozenset(self._connection.scalars(_SENDERS, {"its_account": account_id}))

    def remove(self, account_id: str, position: str) -> None:
        """Have a mail wait no more."""
        self._connection.execute(_REMOVE, {"its_account": account_id, "its_position": position})
