"""Store who is away and who was given a case last, and read what agents have."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, exists, func, select

from domain.cases.case import Case, CaseState
from domain.cases.rota import Workload
from domain.records.audit import Action
from storage.agent_tables import agents
from storage.case_conditions import IS_ACTIVE
from storage.case_rows import case_from
from storage.dialects import upserts
from storage.tables import audit, cases, open_forms

_a, _c, _e, _f = agents.c, cases.c, audit.c, open_forms.c
_SAVE = {
    field: {
        name: insert.on_conflict_do_update(index_elements=[_a.user_id], set_={field: insert.excluded[field]})
        for name, insert in upserts(agents).items()
    }
    for field in ("assigned_at", "away_until")
}
_AWAY_UNTIL = select(_a.away_until).where(_a.user_id == bindparam("its_user"))
_AWAY = select(_a.user_id).where(_a.away_until > bindparam("now"))
_KNOWN = select(agents).where(_a.user_id.in_(bindparam("users", expanding=True)))
_OPEN_CASES = (
    select(_c.claimed_by, func.count())
    .where(_c.state == CaseState.OPEN.value, _c.claimed_by.in_(bindparam("users", expanding=True)))
    .group_by(_c.claimed_by)
)
_HOLDERS = select(_c.claimed_by).where(IS_ACTIVE, _c.claimed_by.is_not(None)).distinct()
_CLAIMS_OF = (
    select(cases)
    .where(IS_ACTIVE, _c.claimed_by == bindparam("its_user"))
    .order_by(_c.id)
    .limit(bindparam("most"))
)
_acted = (
    exists()
    .where(_e.case_id == _c.id, _e.actor == _c.claimed_by, _e.at > bindparam("before"))
    .correlate(cases)
)
_is_writing = (
    exists()
    .where(and_(_f.case_id == _c.id, _f.user_id == _c.claimed_by, _f.active_at > bindparam("before")))
    .correlate(cases)
)
_STALE = (
    select(cases)
    .where(
        _c.state == CaseState.OPEN.value,
        _c.claimed_by.is_not(None),
        _c.claimed_at <= bindparam("before"),
        _c.waiting_since <= bindparam("before"),
        ~_acted,
        ~_is_writing,
    )
    .order_by(_c.id)
    .limit(bindparam("most"))
)
_LET_GO = select(_e.case_id, _e.actor, _e.action, _e.detail).where(
    _e.case_id.in_(bindparam("case_ids", expanding=True)),
    _e.action.in_([Action.RELEASED.value, Action.CLAIM_RETURNED.value]),
)


class Agents:
    """The agents in the rota, and what is claimed."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def workloads(self, user_ids: Collection[str]) -> list[Workload]:
        """Return what each of these agents has, by user id."""
        users = {"users": sorted(user_ids)}
        known = {row.user_id: row for row in self._connection.execute(_KNOWN, users)}
        counts = {row[0]: int(row[1]) for row in self._connection.execute(_OPEN_CASES, users)}
        return [
            Workload(
                user_id=user_id,
                open_cases=counts.get(user_id, 0),
                assigned_at=known[user_id].assigned_at if user_id in known else None,
                away_until=known[user_id].away_until if user_id in known else None,
            )
            for user_id in users["users"]
        ]

    def away_until(self, user_id: str) -> datetime | None:
        """Return until when somebody said that they are away; it may have passed."""
        moment: datetime | None = self._connection.scalar(_AWAY_UNTIL, {"its_user": user_id})
        return moment

    def away(self, now: datetime) -> frozenset[str]:
        """Return who is away."""
        return frozenset(self._connection.scalars(_AWAY, {"now": now}))

    def save_away(self, user_id: str, until: datetime | None) -> None:
        """Store until when somebody is away; `None` where they are back."""
        self._save("away_until", user_id, until)

    def save_assigned(self, user_id: str, at: datetime) -> None:
        """Store when somebody was given a case."""
        self._save("assigned_at", user_id, at)

    def holders(self) -> frozenset[str]:
        """Return who has an active case."""
        return frozenset(self._connection.scalars(_HOLDERS))

    def let_go(self, case_ids: Iterable[int]) -> dict[int, set[str]]:
        """Return, by case, who has released it or lost it to the queue."""
        found: dict[int, set[str]] = {}
        for row in self._connection.execute(_LET_GO, {"case_ids": list(case_ids)}):
            # Only where somebody else let go of it does the entry say from whom.
            found.setdefault(row.case_id, set()).add(str(row.detail.get("from") or row.actor))
        return found

    def claims_of(self, user_ids: Iterable[str], *, limit: int) -> list[Case]:
        """Return active cases of these agents."""
        return [
            case_from(row)
            for user_id in user_ids
            for row in self._connection.execute(_CLAIMS_OF, {"its_user": user_id, "most": limit})
        ]

    def stale_claims(self, before: datetime, *, limit: int) -> list[Case]:
        """Return open cases whose customer has waited, and whose holder has done nothing, since `before`."""
        rows = self._connection.execute(_STALE, {"before": before, "most": limit})
        return [case_from(row) for row in rows]

    def _save(self, field: str, user_id: str, moment: datetime | None) -> None:
        statement = _SAVE[field][self._connection.dialect.name]
        self._connection.execute(statement, {"user_id": user_id, field: moment})
