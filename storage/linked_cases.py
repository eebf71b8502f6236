"""Read what many linked cases have at once, in one statement each."""

from collections.abc import Collection, Sequence

from sqlalchemy import (
    BindParameter,
    Connection,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    update,
)

from domain.cases.case import Case, CaseState
from domain.cases.messages import Delivery, Direction
from domain.outages.bulk_answers import BulkPurpose, RowState
from domain.outages.links import LinkState
from domain.outages.outage import OutageState
from storage.case_conditions import IS_ACTIVE, IS_GRAVE
from storage.case_rows import case_from
from storage.outage_tables import bulk_answer_rows, bulk_answers, outage_links, outages
from storage.tables import cases, messages, opt_outs

_c = cases.c
_m = messages.c
_l = outage_links.c
_o = opt_outs.c
_b = bulk_answers.c
_r = bulk_answer_rows.c
_among: BindParameter[Sequence[int]] = bindparam("case_ids", expanding=True)
_NEWEST = (
    select(_m.case_id, func.max(_m.id).label("newest"))
    .where(_m.case_id.in_(_among), _m.direction == Direction.IN.value)
    .group_by(_m.case_id)
)
_is_answer_of = (
    _r.state == RowState.QUEUED.value,
    _b.outage_id == bindparam("outage_id"),
    _b.purpose == bindparam("its_purpose"),
)
_rows_of_answers = bulk_answer_rows.join(bulk_answers, _b.id == _r.bulk_id)
_was_answered = (
    exists()
    .select_from(_rows_of_answers)
    .where(_r.case_id == _l.case_id, *_is_answer_of)
    .correlate(outage_links)
)
_has_opted_out = (
    exists()
    .where(_o.network == _c.network, _o.account_id == _c.account_id, _o.author_id == _c.author_id)
    .correlate(cases)
)
_resolved_before = (_c.state == CaseState.RESOLVED.value) & (
    _c.closed_at
    <= select(outages.c.resolved_at).where(outages.c.id == bindparam("outage_id")).scalar_subquery()
)
#: As `domain.outages.bulk_answers.skip_reason`, so far as the case itself says it.
_is_reachable = and_(
    _c.outage_id == bindparam("outage_id"),
    _c.reply_block.is_(None),
    ~_has_opted_out,
    ~_was_answered,
    ~IS_GRAVE,
)
_CAN_BE_ANSWERED = {
    BulkPurpose.ANSWER: and_(_is_reachable, IS_ACTIVE, _c.waiting_since.is_not(None)),
    BulkPurpose.SOLVED: and_(_is_reachable, or_(IS_ACTIVE, _resolved_before)),
}
_OF_OUTAGE = {
    purpose: select(cases)
    .join(outage_links, _l.case_id == _c.id)
    .where(_l.outage_id == bindparam("outage_id"), _l.state == LinkState.CONFIRMED.value)
    .order_by(
        case(
            (and_(can_be_answered, ~(IS_ACTIVE & _c.claimed_by.is_not(None))), 0),
            (can_be_answered, 1),
            else_=2,
        ),
        _l.certainty.desc(),
        _l.case_id,
    )
    .limit(bindparam("most"))
    for purpose, can_be_answered in _CAN_BE_ANSWERED.items()
}
_UNSETTLED = select(_m.case_id).where(
    _m.case_id.in_(_among),
    _m.direction == Direction.OUT.value,
    _m.delivery.in_([delivery.value for delivery in Delivery if not delivery.is_settled]),
)
_OPTED_OUT = (
    select(_c.id)
    .join(
        opt_outs,
        (_o.network == _c.network) & (_o.account_id == _c.account_id) & (_o.author_id == _c.author_id),
    )
    .where(_c.id.in_(_among))
)
_ANSWERED = select(_r.case_id).select_from(_rows_of_answers).where(_r.case_id.in_(_among), *_is_answer_of)

_others = outages.alias("others")
_is_other_open = and_(_others.c.id != _l.outage_id, _others.c.state == OutageState.ANNOUNCED.value)
#: Whether the case of a link goes with another outage that is open.
GOES_WITH_ANOTHER = (
    exists().where(_c.id == _l.case_id, _others.c.id == _c.outage_id, _is_other_open).correlate(outage_links)
)
_ELSEWHERE = select(_c.id).where(
    _c.id.in_(_among),
    _c.outage_id != bindparam("outage_id"),
    _c.outage_id.in_(select(outages.c.id).where(outages.c.state == OutageState.ANNOUNCED.value)),
)
_RELEASE = (
    update(outage_links)
    .where(
        _l.case_id.in_(_among),
        _l.outage_id != bindparam("its_outage"),
        _l.outage_id.in_(select(outages.c.id).where(outages.c.state == OutageState.ANNOUNCED.value)),
        _l.state == LinkState.CONFIRMED.value,
    )
    .values(state=LinkState.PROPOSED.value, decided_by=None, decided_at=None)
    .returning(_l.outage_id)
)


class LinkedCases:
    """The cases that are linked to an outage, with what decides about them."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def elsewhere(self, outage_id: int, case_ids: Collection[int]) -> set[int]:
        """Return those of the cases that go with another outage, which is open."""
        values = {"outage_id": outage_id, "case_ids": list(case_ids)}
        return set(self._connection.scalars(_ELSEWHERE, values)) if case_ids else set()

    def release(self, outage_id: int, case_ids: Collection[int]) -> set[int]:
        """Undo the links of these cases to other open outages; returns these outages."""
        values = {"its_outage": outage_id, "case_ids": list(case_ids)}
        return set(self._connection.scalars(_RELEASE, values)) if case_ids else set()

    def of_outage(self, outage_id: int, purpose: BulkPurpose, *, limit: int) -> list[Case]:
        """Return the linked cases.

        Those first that can be answered and that nobody has claimed, then claimed ones, then those who are
        left out of this bulk answer; the surest first.
        """
        values = {"outage_id": outage_id, "its_purpose": purpose.value, "most": limit}
        return [case_from(row) for row in self._connection.execute(_OF_OUTAGE[purpose], values)]

    def newest_message_ids(self, case_ids: Collection[int]) -> dict[int, int]:
        """Return the id of the customer's newest message by case."""
        rows = self._connection.execute(_NEWEST, {"case_ids": list(case_ids)})
        return {row.case_id: row.newest for row in rows}

    def unsettled(self, case_ids: Collection[int]) -> frozenset[int]:
        """Return the cases in which an answer of ours is on its way, or nobody knows whether it arrived."""
        return self._ids(_UNSETTLED, case_ids)

    def opted_out(self, case_ids: Collection[int]) -> frozenset[int]:
        """Return the cases of customers who asked for no messages."""
        return self._ids(_OPTED_OUT, case_ids)

    def answered(self, case_ids: Collection[int], outage_id: int, purpose: BulkPurpose) -> frozenset[int]:
        """Return the cases whose customer was answered in bulk for this outage and purpose already."""
        return self._ids(_ANSWERED, case_ids, outage_id=outage_id, its_purpose=purpose.value)

    def _ids(self, query: Select[int], case_ids: Collection[int], **values: object) -> frozenset[int]:
        return frozenset(self._connection.scalars(query, {"case_ids": list(case_ids), **values}))
