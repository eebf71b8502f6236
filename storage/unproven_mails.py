"""Store mails that nobody has proven to be the customer's: apart, so that nothing takes them for theirs."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)

from domain.cases.case import CLOSED
from domain.cases.files import FileFault
from domain.intake.private_messages import IncomingFile
from domain.intake.unproven_mails import Doubt, UnprovenMail, Verdict
from storage.audit_tables import legal_holds
from storage.bulk_insert import BulkInsert
from storage.tables import cases
from storage.types import AnyRow
from storage.unproven_mail_tables import unproven_files, unproven_mails

_u, _f, _c = unproven_mails.c, unproven_files.c, cases.c
_INSERT = BulkInsert(unproven_mails)
_INSERT_FILES = insert(unproven_files)
_GET = select(unproven_mails).where(_u.id.in_(bindparam("ids", expanding=True))).order_by(_u.id)
_FILES_OF = select(unproven_files).where(_f.mail_id.in_(bindparam("ids", expanding=True))).order_by(_f.id)
_LISTED_FILES = (
    select(*(column for column in _f if column.name != "content"), literal(b"").label("content"))
    .where(_f.mail_id.in_(bindparam("ids", expanding=True)))
    .order_by(_f.id)
)
_OLDEST_WAITING = (
    select(func.min(_u.id).label("mail_id"), _u.case_id)
    .where(_u.verdict == Verdict.WAITING.value)
    .group_by(_u.case_id)
    .subquery()
)
_ALL_WAITING = (
    select(_u.id, _u.case_id, _u.at).join(_OLDEST_WAITING, _u.id == _OLDEST_WAITING.c.mail_id).order_by(_u.id)
)
_VOUCHED = (
    select(_u.address)
    .distinct()
    .where(_u.case_id == bindparam("its_case"), _u.verdict == Verdict.CUSTOMER.value)
)
_IS_KNOWN = select(_u.id).where(
    _u.network == bindparam("network"),
    _u.account_id == bindparam("account_id"),
    _u.external_id == bindparam("external_id"),
)
_NEWEST_WAITING = (
    select(unproven_mails)
    .where(_u.verdict == Verdict.WAITING.value)
    .order_by(_u.id.desc())
    .limit(bindparam("most"))
)
_WAITING = select(func.count()).where(
    _u.case_id == bindparam("its_case"), _u.verdict == Verdict.WAITING.value
)
_DECIDE = (
    update(unproven_mails)
    .where(_u.id == bindparam("mail_id"), _u.verdict == Verdict.WAITING.value)
    .values(verdict=bindparam("said"), decided_by=bindparam("by"), decided_at=bindparam("now"))
)
_EXPIRED = (
    select(_u.id, _u.case_id)
    .join(cases, _c.id == _u.case_id)
    .where(_u.at < bindparam("before", type_=_u.at.type), _c.state.in_([state.value for state in CLOSED]))
    .where(~select(legal_holds.c.case_id).where(legal_holds.c.case_id == _u.case_id).exists())
    .order_by(_u.id)
    .limit(bindparam("most"))
)


class UnprovenMails:
    """The mails of all cases that stand apart from them, with their files."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, mail: UnprovenMail) -> UnprovenMail:
        """Insert a mail (its `id` is ignored) with its files, and return it with its id."""
        [mail_id] = _INSERT.add(self._connection, [_row_of(mail)])
        if mail.files:
            rows = [
                asdict(file) | {"mail_id": mail_id, "case_id": mail.case_id, "refused": file.refused}
                for file in mail.files
            ]
            self._connection.execute(_INSERT_FILES, rows)
        return replace(mail, id=mail_id)

    def is_known(self, network: str, account_id: str, external_id: str) -> bool:
        """Return whether this mail is stored (deduplication)."""
        values = {"network": network, "account_id": account_id, "external_id": external_id}
        return self._connection.scalar(_IS_KNOWN, values) is not None

    def get(self, mail_id: int) -> UnprovenMail | None:
        """Return a mail with the contents of its files; `None` where it was erased."""
        return next(iter(self._list(_FILES_OF, [mail_id])), None)

    def listed(self, mail_ids: Collection[int]) -> dict[int, UnprovenMail]:
        """Return those of these mails that are stored, by id, without the contents of their files."""
        return {mail.id: mail for mail in self._list(_LISTED_FILES, mail_ids)}

    def newest_waiting(self, *, limit: int) -> list[UnprovenMail]:
        """Return the mails of all cases about which nobody has decided, newest first, without their files."""
        rows = self._connection.execute(_NEWEST_WAITING, {"most": limit})
        return [_mail_from(row, ()) for row in rows]

    def count_waiting(self, case_id: int) -> int:
        """Count the case's mails of which nobody has said what they are."""
        return int(self._connection.scalar(_WAITING, {"its_case": case_id}) or 0)

    def all_waiting(self) -> list[tuple[int, int, datetime]]:
        """Return of each case the mail that has waited longest for a person's word: id, case, arrival."""
        return [(row.id, row.case_id, row.at) for row in self._connection.execute(_ALL_WAITING)]

    def vouched_addresses(self, case_id: int) -> list[str]:
        """Return the addresses from which the customer wrote, as a person said, in this case."""
        return list(self._connection.scalars(_VOUCHED, {"its_case": case_id}))

    def decide(self, mail_id: int, verdict: Verdict, *, by: str, now: datetime) -> bool:
        """Store what a person says of a mail; return whether nobody had said anything before."""
        values = {"mail_id": mail_id, "said": verdict.value, "by": by, "now": now}
        return self._connection.execute(_DECIDE, values).rowcount == 1

    def expired(self, before: datetime, *, limit: int) -> list[tuple[int, int]]:
        """Return the oldest mails from before a time, with their cases: closed ones, under no legal hold."""
        rows = self._connection.execute(_EXPIRED, {"before": before, "most": limit})
        return [(row.id, row.case_id) for row in rows]

    def delete(self, mail_ids: Iterable[int]) -> None:
        """Delete mails and their files."""
        ids = list(mail_ids)
        if ids:
            for statement in deletions(_u.id.in_(ids)):
                self._connection.execute(statement)

    def _list(self, files: Executable, mail_ids: Collection[int]) -> list[UnprovenMail]:
        if not mail_ids:
            return []
        found: dict[int, list[IncomingFile]] = {}
        for row in self._connection.execute(files, {"ids": list(mail_ids)}):
            found.setdefault(row.mail_id, []).append(_file_from(row))
        rows = self._connection.execute(_GET, {"ids": list(mail_ids)})
        return [_mail_from(row, tuple(found.get(row.id, ()))) for row in rows]


def deletions(which: ColumnElement[bool]) -> list[Executable]:
    """Return what deletes the mails that meet a condition, their files first."""
    ids = select(_u.id).where(which)
    return [
        delete(unproven_files).where(_f.mail_id.in_(ids)),
        delete(unproven_mails).where(which),
    ]


def _row_of(mail: UnprovenMail) -> dict[str, Any]:
    row = {name: getattr(mail, name) for name in _u.keys() if name != "id"}  # noqa: SIM118 - of columns
    return row | {"doubt": mail.doubt.value, "verdict": mail.verdict.value}


def _mail_from(row: AnyRow, files: tuple[IncomingFile, ...]) -> UnprovenMail:
    values = row._asdict() | {"doubt": Doubt(row.doubt), "verdict": Verdict(row.verdict)}
    return UnprovenMail(**values, files=files)


def _file_from(row: AnyRow) -> IncomingFile:
    is_fault = row.refused in set(FileFault)
    return IncomingFile(
        name=row.name,
        media_type=row.media_type,
        content=row.content,
        refused=FileFault(row.refused) if is_fault else row.refused,
    )
