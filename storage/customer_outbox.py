"""Find and clear the rows of the outbox that are about a customer."""

from collections.abc import Collection, Sequence

from sqlalchemy import BindParameter, Connection, bindparam, delete, select, union, update

from domain.delivery.cause_effects import PostCauseFixed
from domain.delivery.effects import Alert, NotifyPerson
from domain.delivery.outage_effects import AnswerLinkedCase
from domain.delivery.tracker_effects import PostIssueChange
from storage.cause_tables import cause_cases
from storage.outbox_tables import QUEUED, SENDING, UNSURE, outbox
from storage.tracker_tables import cause_issues, issue_links

_o, _l, _j, _k = outbox.c, issue_links.c, cause_cases.c, cause_issues.c
_ids: BindParameter[int] = bindparam("ids", expanding=True)
_its_case = _o.payload["case_id"].as_integer().in_(_ids)
# Not the rows of bulk answers: each of them is skipped when it is due, and the last one ends its bulk answer.
_DROP_QUEUED = delete(outbox).where(_its_case, _o.state == QUEUED, _o.kind != AnswerLinkedCase.kind)
_UNDER_WAY = select(_o.id).where(
    _its_case, _o.state.in_([SENDING, UNSURE]), _o.kind.in_(bindparam("kinds", expanding=True))
)
_NOTIFICATIONS = select(_o.result).where(_its_case, _o.kind == NotifyPerson.kind, _o.result.is_not(None))
_its_causes = select(_j.cause_id).where(_j.case_id.in_(_ids))
_its_issues = union(
    select(_l.issue_id).where(_l.case_id.in_(_ids)), select(_k.issue_id).where(_k.cause_id.in_(_its_causes))
)
_ISSUE_NEWS = select(_o.result).where(
    _o.kind == PostIssueChange.kind,
    _o.payload["issue_id"].as_integer().in_(_its_issues),
    _o.result.is_not(None),
)
_FIXED_CAUSES = select(_o.result).where(
    _o.kind == PostCauseFixed.kind,
    _o.payload["cause_id"].as_integer().in_(_its_causes),
    _o.result.is_not(None),
)
_ALERTS = select(_o.id, _o.state, _o.payload, _o.result).where(_o.kind == Alert.kind)
_DROP_ALERT = delete(outbox).where(_o.id == bindparam("its_id"))
_CLEAR = update(outbox).where(_its_case).values(result=None, note=None)
_CLEAR_ALERT = (
    update(outbox)
    .where(_o.id == bindparam("its_id"))
    .values(payload=bindparam("its_payload", type_=_o.payload.type), result=None, note=None)
)


class CustomerOutbox:
    """The rows of the outbox that are about the cases of a customer, or name them."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def drop_queued(self, case_ids: Collection[int]) -> int:
        """Delete what is queued for these cases, but rows of bulk answers; return how many rows."""
        return self._connection.execute(_DROP_QUEUED, {"ids": list(case_ids)}).rowcount

    def is_under_way(self, case_ids: Collection[int], kinds: Sequence[str]) -> bool:
        """Return whether effects of these kinds are being sent for these cases, or may have been."""
        values = {"ids": list(case_ids), "kinds": list(kinds)}
        return self._connection.execute(_UNDER_WAY, values).first() is not None

    def forget_results(self, case_ids: Collection[int]) -> None:
        """Erase what the rows of these cases hold: results, such as drafts, and notes."""
        self._connection.execute(_CLEAR, {"ids": list(case_ids)})

    def clear(self, case_ids: Collection[int], names: Collection[str]) -> list[tuple[str, str]]:
        """Erase what the rows hold; return the messages, by channel and ts, that tell of the customer.

        These are notifications about their cases, news of issues and of fixed causes that list who waits, and
        alerts with one of their names.
        """
        ids = {"ids": list(case_ids)}
        messages = [
            one
            for query in (_NOTIFICATIONS, _ISSUE_NEWS, _FIXED_CAUSES)
            for one in self._connection.scalars(query, ids)
        ]
        self.forget_results(case_ids)
        for row in self._connection.execute(_ALERTS).all():
            text = str(row.payload.get("text")).casefold()
            if not any(name.casefold() in text for name in names):
                continue
            if row.state == QUEUED:
                self._connection.execute(_DROP_ALERT, {"its_id": row.id})
            else:
                messages.append(row.result or {})
                payload = {**row.payload, "text": ""}
                self._connection.execute(_CLEAR_ALERT, {"its_id": row.id, "its_payload": payload})
        return [(str(one["channel"]), str(one["ts"])) for one in messages if "ts" in one]
