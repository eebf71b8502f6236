"""Store issues in trackers, and which cases are linked to them."""

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, exists, insert, or_, select, update

from domain.cases.case import Case
from domain.cases.messages import Delivery, Direction
from domain.trackers.issues import Creation, Issue, IssueState
from storage.case_rows import case_from
from storage.dialects import upserts
from storage.tables import cases, messages
from storage.tracker_tables import issue_links, tracker_issues

_i, _l, _c, _m = tracker_issues.c, issue_links.c, cases.c, messages.c
_EXISTING = [one.value for one in Creation if one.exists]
_GET = select(tracker_issues).where(_i.id == bindparam("its_id"))
_LOCKED = _GET.with_for_update()
_BY_ID_THERE = select(tracker_issues).where(
    _i.tracker == bindparam("its_tracker"), _i.external_id == bindparam("id_there")
)
_OF_CASE = (
    select(tracker_issues)
    .join(issue_links, _l.issue_id == _i.id)
    .where(_l.case_id == bindparam("its_case"))
    .order_by(_i.id)
)
_FOLLOWED = (
    select(tracker_issues)
    .where(_i.tracker == bindparam("its_tracker"), _i.creation.in_(_EXISTING))
    .where(
        or_(
            _i.state == IssueState.OPEN.value,
            _i.changed_at > bindparam("closed_since", type_=_i.changed_at.type),
        )
    )
    .where(exists().where(_l.issue_id == _i.id))
    .order_by((_i.state == IssueState.OPEN.value).desc(), _i.id.desc())
    .limit(bindparam("most"))
)
_LINK = {
    name: one.on_conflict_do_nothing().returning(_l.case_id) for name, one in upserts(issue_links).items()
}
_UNLINK = delete(issue_links).where(
    _l.issue_id == bindparam("its_issue"), _l.case_id == bindparam("its_case")
)
_CASES = (
    select(cases)
    .join(issue_links, _l.case_id == _c.id)
    .where(_l.issue_id == bindparam("its_issue"))
    .order_by(_c.id)
)
_answered = exists().where(
    and_(
        _m.case_id == _c.id,
        _m.direction == Direction.OUT.value,
        _m.created_at >= bindparam("since", type_=_m.created_at.type),
        or_(_m.delivery.is_(None), _m.delivery != Delivery.FAILED.value),
    )
)
_UNANSWERED = _CASES.where(~_answered)


class Issues:
    """Issues in trackers, and their links to cases."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, issue: Issue) -> Issue:
        """Insert an issue, whose `id` is ignored."""
        inserted = self._connection.execute(insert(tracker_issues).values(_row_of(issue)))
        return replace(issue, id=int((inserted.inserted_primary_key or [0])[0]))

    def get(self, issue_id: int) -> Issue:
        """Return the issue; raises `LookupError`."""
        return self._one(issue_id, lock=False)

    def locked(self, issue_id: int) -> Issue:
        """Return the issue, locked until this transaction ends; raises `LookupError`."""
        return self._one(issue_id, lock=True)

    def at(self, tracker: str, external_id: str) -> Issue | None:
        """Return the issue that has this id in its tracker."""
        values = {"its_tracker": tracker, "id_there": external_id}
        row = self._connection.execute(_BY_ID_THERE, values).mappings().one_or_none()
        return None if row is None else _issue(row)

    def save(self, issue: Issue) -> None:
        """Write the issue as it is given. Lock it first."""
        self._connection.execute(update(tracker_issues).where(_i.id == issue.id).values(_row_of(issue)))

    def delete(self, issue_id: int) -> None:
        """Delete an issue that no case is linked to."""
        self._connection.execute(delete(tracker_issues).where(_i.id == issue_id))

    def of_case(self, case_id: int) -> list[Issue]:
        """Return the issues that the case is linked to, oldest first."""
        return [_issue(row) for row in self._connection.execute(_OF_CASE, {"its_case": case_id}).mappings()]

    def followed(self, tracker: str, *, closed_since: datetime, limit: int) -> list[Issue]:
        """Return the issues that are open, or were closed since then: open ones first, the newest first."""
        values = {"its_tracker": tracker, "closed_since": closed_since, "most": limit}
        return [_issue(row) for row in self._connection.execute(_FOLLOWED, values).mappings()]

    def link(self, issue_id: int, case_id: int, *, by: str, now: datetime) -> bool:
        """Link a case to an issue; return whether it was not yet."""
        values = {"issue_id": issue_id, "case_id": case_id, "linked_by": by, "linked_at": now}
        return self._connection.execute(_LINK[self._connection.dialect.name], values).first() is not None

    def unlink(self, issue_id: int, case_id: int) -> bool:
        """Take a link back; return whether it was there."""
        values = {"its_issue": issue_id, "its_case": case_id}
        return bool(self._connection.execute(_UNLINK, values).rowcount)

    def linked_cases(self, issue_id: int) -> list[Case]:
        """Return the cases that are linked to the issue."""
        return [case_from(row) for row in self._connection.execute(_CASES, {"its_issue": issue_id})]

    def unanswered_cases(self, issue_id: int, *, since: datetime) -> list[Case]:
        """Return those of the linked cases in which nothing was sent to the customer since then."""
        values = {"its_issue": issue_id, "since": since}
        return [case_from(row) for row in self._connection.execute(_UNANSWERED, values)]

    def _one(self, issue_id: int, *, lock: bool) -> Issue:
        query = _LOCKED if lock else _GET
        row = self._connection.execute(query, {"its_id": issue_id}).mappings().one_or_none()
        if row is None:
            raise LookupError(f"there is no issue {issue_id}")
        return _issue(row)


def _issue(row: Any) -> Issue:  # noqa: ANN401 - a row's mapping
    return Issue(**dict(row) | {"creation": Creation(row["creation"]), "state": IssueState(row["state"])})


def _row_of(issue: Issue) -> dict[str, Any]:
    row = asdict(issue)
    del row["id"]
    return row | {"creation": issue.creation.value, "state": issue.state.value}
