"""Store the customers' waits for a person's answer."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, literal_column, select, update

from domain.cases.case import CaseState
from domain.cases.waits import EndReason, Wait, WaitKind
from domain.triage.situations import Situation
from domain.venues import Venue
from storage.bulk_insert import BulkInsert
from storage.response_tables import responses
from storage.tables import cases
from storage.types import AnyRow

_r = responses.c
_SAME = tuple(field.name for field in fields(Wait) if field.name not in {"id", "kind", "venue", "end_reason"})
_same_of = attrgetter(*_SAME)
#: What a wait may have when it begins, but for its kind.
_OF_NEW = (
    "case_id",
    "asked_message_id",
    "asked_at",
    "due_at",
    "policy",
    "by_offer",
    "resolution_due_at",
    "resolution_policy",
    "resolution_warned_at",
    "resolution_breached_at",
    "check_at",
)
_new_of = attrgetter(*_OF_NEW)

_INSERT = BulkInsert(responses)
_SAVE = update(responses).where(_r.id == bindparam("wait_id"))
_DELETE = delete(responses).where(_r.id == bindparam("wait_id"))
_MARK = _SAVE.where(_r.check_at == bindparam("read_check_at"))
_TO_CHECK = (
    select(responses)
    .where(_r.check_at <= bindparam("now"))
    .order_by(_r.check_at, _r.id)
    .limit(bindparam("most"))
)
_has_no_policy = (_r.answered_at.is_(None), _r.ended_at.is_(None), _r.policy.is_(None))
_DROP_DUE_OF_SPAM = (
    update(cases)
    .where(
        cases.c.state == literal_column(f"'{CaseState.OPEN}'"),  # as in the condition of the index
        cases.c.reply_due.is_not(None),
        cases.c.situation == Situation.SPAM.value,
        exists().where(_r.case_id == cases.c.id, *_has_no_policy),
    )
    .values(reply_due=None)
    .returning(cases.c.id)
)
_DROP_TARGETS = (
    update(responses)
    .where(_r.case_id.in_(bindparam("case_ids", expanding=True)), *_has_no_policy)
    .values(due_at=None)
)
_OF_CASES = select(responses).where(_r.case_id.in_(bindparam("case_ids", expanding=True))).order_by(_r.id)


class Responses:
    """The waits of all cases; whoever writes one has saved or locked its case in the same transaction."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_many(self, waits: Sequence[Wait]) -> None:
        """Insert waits; their `id` is ignored."""
        if waits:
            row_of = _row_of_new if all(map(_is_new, waits)) else _row_of
            _INSERT.add(self._connection, [row_of(wait) for wait in waits])

    def save(self, wait: Wait) -> None:
        """Update a wait; raises `LookupError` where it is not stored."""
        if self._connection.execute(_SAVE, _row_of(wait) | {"wait_id": wait.id}).rowcount != 1:
            raise LookupError(f"there is no wait {wait.id}")

    def to_check(self, now: datetime, *, limit: int) -> list[Wait]:
        """Return the waits whose `check_at` has come, soonest first."""
        rows = self._connection.execute(_TO_CHECK, {"now": now, "most": limit})
        return [_wait_from(row) for row in rows]

    def mark_checked(self, read: Wait, checked: Wait) -> bool:
        """Update a wait unless its `check_at` was changed since it was `read`; return whether it was not."""
        values = _row_of(checked) | {"wait_id": read.id, "read_check_at": read.check_at}
        return self._connection.execute(_MARK, values).rowcount == 1

    def delete(self, wait_id: int) -> None:
        """Delete a wait."""
        self._connection.execute(_DELETE, {"wait_id": wait_id})

    def drop_targets_of_spam(self) -> list[int]:
        """Drop the due times of open spam for which no service level has a target; return its cases' ids.

        Spam that earlier versions stored has them. Versions stay.
        """
        of_cases = self._connection.execute(_DROP_DUE_OF_SPAM).scalars().all()
        if of_cases:
            self._connection.execute(_DROP_TARGETS, {"case_ids": of_cases})
        return list(of_cases)

    def of_case(self, case_id: int) -> list[Wait]:
        """Return the case's waits in the order in which they began, so that an open one is the last.

        Not in that of `asked_at`: a network may list a post after we have answered a later one.
        """
        return self.of_cases([case_id]).get(case_id, [])

    def of_cases(self, case_ids: Iterable[int]) -> dict[int, list[Wait]]:
        """Return the waits of each of these cases that has any, by case, each as `of_case`."""
        found: dict[int, list[Wait]] = {}
        for row in self._connection.execute(_OF_CASES, {"case_ids": list(case_ids)}):
            found.setdefault(row.case_id, []).append(_wait_from(row))
        return found


def _row_of(wait: Wait) -> dict[str, Any]:
    return dict(zip(_SAME, _same_of(wait), strict=True)) | {
        "kind": wait.kind.value,
        "venue": wait.venue.value if wait.venue else None,
        "end_reason": wait.end_reason.value if wait.end_reason else None,
    }


def _is_new(wait: Wait) -> bool:
    return wait.until is None and wait.warned_at is None and wait.breached_at is None


def _row_of_new(wait: Wait) -> dict[str, Any]:
    """Return the columns of a wait that just began: half as many, which is what intake inserts."""
    return dict(zip(_OF_NEW, _new_of(wait), strict=True)) | {"kind": wait.kind.value}


def _wait_from(row: AnyRow) -> Wait:
    return Wait(
        id=row.id,
        kind=WaitKind(row.kind),
        venue=Venue(row.venue) if row.venue else None,
        end_reason=EndReason(row.end_reason) if row.end_reason else None,
        **dict(zip(_SAME, _same_of(row), strict=True)),
    )
