"""Store issues in trackers, and which cases are linked to them."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, exists, func, insert, or_, select, union, update

from domain.cases.case import Case
from domain.cases.messages import Delivery, Direction
from domain.cases.waits import EndReason
from domain.trackers.issues import Creation, Issue, IssueState
from domain.triage.situations import Situation
from storage.case_conditions import IS_ACTIVE
from storage.case_rows import case_from
from storage.cause_tables import cause_cases
from storage.dialects import upserts
from storage.response_tables import responses
from storage.tables import cases, messages
from storage.tracker_tables import cause_issues, issue_links, tracker_issues

_i, _l, _c, _m, _k, _j = tracker_issues.c, issue_links.c, cases.c, messages.c, cause_issues.c, cause_cases.c
_r = responses.c
_EXISTING = [one.value for one in Creation if one.exists]
_GET = select(tracker_issues).where(_i.id == bindparam("its_id"))
_LOCKED = _GET.with_for_update()
_BY_ID_THERE = select(tracker_issues).where(
    _i.tracker == bindparam("its_tracker"), _i.external_id == bindparam("id_there")
)
_BY_REFERENCE = select(tracker_issues).where(_i.reference == bindparam("its"))
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
    .where(or_(exists().where(_l.issue_id == _i.id), exists().where(_k.issue_id == _i.id)))
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
_of_its_causes = (
    select(_j.case_id)
    .join(cause_issues, _k.cause_id == _j.cause_id)
    .where(_k.issue_id == bindparam("its_issue"), _j.belongs.is_(True))
)
_linked = select(_l.case_id).where(_l.issue_id == bindparam("its_issue"))
_concerned = _c.id.in_(union(_linked, _of_its_causes))
_UNLINK_CAUSE = delete(cause_issues).where(
    _k.issue_id == bindparam("its_issue"), _k.cause_id == bindparam("its_cause")
)
_CAUSES = select(_k.cause_id).where(_k.issue_id == bindparam("its_issue")).order_by(_k.cause_id)
_OF_CAUSES = (
    select(_k.cause_id, tracker_issues)
    .join(tracker_issues, _i.id == _k.issue_id)
    .where(_k.cause_id.in_(bindparam("causes", expanding=True)))
    .order_by(_i.id)
)
_answered = exists().where(
    and_(
        _m.case_id == _c.id,
        _m.direction == Direction.OUT.value,
        _m.created_at >= bindparam("since", type_=_m.created_at.type),
        or_(_m.delivery.is_(None), _m.delivery != Delivery.FAILED.value),
    )
)
_wrote_since = exists().where(
    _m.case_id == _c.id,
    _m.direction == Direction.IN.value,
    _m.created_at >= bindparam("since", type_=_m.created_at.type),
)
_later = responses.alias("later")
_took_back = exists().where(
    _r.case_id == _c.id,
    _r.end_reason == EndReason.THANKS.value,
    ~exists().where(_later.c.case_id == _r.case_id, _later.c.id > _r.id),
)
#: The newest words are thanks, since then or in place of what was asked: "it works again, thank you". Thanks
#: for our last answer, from before, say nothing of the issue.
_thanked = and_(_c.situation == Situation.PRAISE.value, or_(_wrote_since, _took_back))
_untold = (_concerned, IS_ACTIVE, ~_answered)
_waits = (*_untold, ~_thanked)
_WAITING = select(cases).where(*_waits).order_by(_c.id).limit(bindparam("most"))
_customers = select(_c.network, _c.account_id, _c.author_id).where(*_waits).distinct().subquery()
_COUNT_WAITING = select(
    select(func.count()).where(*_waits).scalar_subquery(),
    select(func.count()).select_from(_customers).scalar_subquery(),
    select(func.count()).where(*_untold, _thanked).scalar_subquery(),
)


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

    def by_reference(self, reference: str) -> Issue | None:
        """Return the issue that has this reference of ours."""
        row = self._connection.execute(_BY_REFERENCE, {"its": reference}).mappings().one_or_none()
        return None if row is None else _issue(row)

    def save(self, issue: Issue) -> None:
        """Write the issue as it is given. Lock it first."""
        self._connection.execute(update(tracker_issues).where(_i.id == issue.id).values(_row_of(issue)))

    def merge(self, issue_id: int, into: int, *, by: str, now: datetime) -> None:
        """Delete an issue that is the same as another one, to which its links go."""
        for case in self.linked_cases(issue_id):
            self.link(into, case.id, by=by, now=now)
        for cause_id in set(self.causes_of(issue_id)) - set(self.causes_of(into)):
            self.link_cause(into, cause_id)
        self._connection.execute(delete(issue_links).where(_l.issue_id == issue_id))
        self._connection.execute(delete(cause_issues).where(_k.issue_id == issue_id))
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

    def link_cause(self, issue_id: int, cause_id: int) -> None:
        """Link a cause to an issue."""
        self._connection.execute(insert(cause_issues).values(cause_id=cause_id, issue_id=issue_id))

    def unlink_cause(self, issue_id: int, cause_id: int) -> bool:
        """Take the link of a cause back; return whether it was there."""
        values = {"its_issue": issue_id, "its_cause": cause_id}
        return bool(self._connection.execute(_UNLINK_CAUSE, values).rowcount)

    def causes_of(self, issue_id: int) -> list[int]:
        """Return the ids of the causes that are linked to the issue, in order."""
        return list(self._connection.scalars(_CAUSES, {"its_issue": issue_id}))

    def of_causes(self, cause_ids: Iterable[int]) -> dict[int, list[Issue]]:
        """Return the issues of these causes, oldest first, by cause."""
        found: dict[int, list[Issue]] = {}
        for row in self._connection.execute(_OF_CAUSES, {"causes": list(cause_ids)}).mappings():
            values = dict(row)
            found.setdefault(values.pop("cause_id"), []).append(_issue(values))
        return found

    def linked_cases(self, issue_id: int) -> list[Case]:
        """Return the cases that are linked to the issue."""
        return [case_from(row) for row in self._connection.execute(_CASES, {"its_issue": issue_id})]

    def waiting_cases(self, issue_id: int, *, since: datetime, limit: int) -> list[Case]:
        """Return the active linked cases and those of its causes in which nothing was sent since then.

        Without those whose customers thanked us.
        """
        values = {"its_issue": issue_id, "since": since, "most": limit}
        return [case_from(row) for row in self._connection.execute(_WAITING, values)]

    def count_waiting(self, issue_id: int, *, since: datetime) -> tuple[int, int, int]:
        """Count all cases that `waiting_cases` is about, their customers, each once, and who thanked us."""
        row = self._connection.execute(_COUNT_WAITING, {"its_issue": issue_id, "since": since}).one()
        return int(row[0]), int(row[1]), int(row[2])

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
