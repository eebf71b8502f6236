"""Store which cases have no card because their channel was flooded."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, delete, func, or_, select

from domain.cases.case import Case, CaseState
from domain.cases.messages import Direction
from domain.handoffs.handoff import HandoffState
from domain.outages.links import LinkState
from domain.surge.flood import HeldCount, OutageCount
from domain.triage.assessment import Urgency
from domain.triage.situations import Situation
from storage.case_conditions import BY_RANK, IS_ACTIVE, IS_GRAVE, OUTAGE_GOES_ON, UNCLAIMED
from storage.case_rows import case_from
from storage.dialects import upserts
from storage.flood_tables import held_cards
from storage.outage_tables import outage_links, outages
from storage.spike_cases import CASES_OF_SPIKES, NEW_IN_SPIKES, WROTE_AGAIN_IN_SPIKES
from storage.tables import cases, handoffs, messages
from storage.types import AnySelect, UtcDateTime

_h = held_cards.c
_c = cases.c
_l = outage_links.c
_m = messages.c
_a = handoffs.c
_in_channel = _h.channel == bindparam("channel")
_urgent = (_c.urgency >= Urgency.URGENT.value, _c.situation != Situation.SPAM.value)
_held_cases = select(cases).join(held_cards, _h.case_id == _c.id)

_ADD = {
    name: insert.on_conflict_do_nothing(index_elements=[_h.case_id])
    for name, insert in upserts(held_cards).items()
}
_AMONG = select(_h.case_id).where(_h.case_id.in_(bindparam("case_ids", expanding=True)))
#: Also those whose card is on its way: what changes meanwhile, it may not show.
_NOT_HELD = select(_c.id, _c.sort_key, _c.claimed_by).where(
    _c.id.in_(bindparam("case_ids", expanding=True)),
    _c.id.not_in(select(_h.case_id).scalar_subquery()),
)
_REMOVE = (
    delete(held_cards).where(_h.case_id.in_(bindparam("case_ids", expanding=True))).returning(_h.case_id)
)
_REMOVE_CLOSED = delete(held_cards).where(
    _h.channel == bindparam("its_channel"),
    _h.case_id.in_(select(_c.id).where(~IS_ACTIVE).scalar_subquery()),
)
_BY_RANK = _held_cases.where(_in_channel).order_by(*BY_RANK).limit(bindparam("most"))
_urgent_first = (case((and_(*_urgent), 0), else_=1), *BY_RANK)


def _highest_of_each_network(*conditions: ColumnElement[bool]) -> AnySelect:
    place = func.row_number().over(partition_by=_c.network, order_by=_urgent_first)
    placed = (
        select(_c.id, place.label("place"))
        .join(held_cards, _h.case_id == _c.id)
        .where(_in_channel, *conditions)
        .subquery()
    )
    highest = select(placed.c.id).where(placed.c.place <= bindparam("most"))
    return select(cases).where(_c.id.in_(highest)).order_by(*_urgent_first)


_URGENT = _highest_of_each_network(*_urgent)
_URGENT_OR_GRAVE = _highest_of_each_network(or_(and_(*_urgent), IS_GRAVE))
_head = (
    select(_c.id)
    .where(*UNCLAIMED, _c.channel == bindparam("channel"))
    .order_by(*BY_RANK)
    .limit(bindparam("most"))
    .scalar_subquery()
)
_AT_HEAD = _held_cases.where(_c.id.in_(_head)).order_by(*BY_RANK)
_COUNTS = (
    select(
        _c.situation,
        func.count().label("cases"),
        func.sum(case((and_(*_urgent), 1), else_=0)).label("urgent"),
        func.min(_c.waiting_since, type_=UtcDateTime).label("oldest"),
    )
    .join(held_cards, _h.case_id == _c.id)
    .where(_in_channel)
    .group_by(_c.situation)
    .order_by(func.count().desc(), _c.situation)
)
_links = outages.join(outage_links, _l.outage_id == outages.c.id).join(cases, _c.id == _l.case_id)
_about_an_outage = (OUTAGE_GOES_ON, _l.state != LinkState.REFUSED.value, IS_ACTIVE)
_OUTAGE_COUNTS = (
    select(
        outages.c.id,
        outages.c.title,
        func.count().label("cases"),
        func.count(_h.case_id).label("held"),
        func.sum(case((_l.state == LinkState.PROPOSED.value, 1), else_=0)).label("proposed"),
        func.min(_c.waiting_since, type_=UtcDateTime).label("oldest"),
    )
    .select_from(_links.outerjoin(held_cards, _h.case_id == _c.id))
    .where(_c.channel == bindparam("channel"), *_about_an_outage)
    .group_by(outages.c.id, outages.c.title)
    .order_by(func.count(_h.case_id).desc(), func.count().desc(), outages.c.id)
)
_CHANNELS_OF_OUTAGES = (
    select(_c.channel)
    .select_from(_links)
    .where(*_about_an_outage)
    .group_by(_c.channel)
    .having(func.count(_c.id.distinct()) >= bindparam("at_least"))
)
_IN_PRIVATE = (
    _held_cases.where(
        _in_channel, _c.id.in_(select(_a.case_id).where(_a.state == HandoffState.ARRIVED.value))
    )
    .order_by(*BY_RANK)
    .limit(bindparam("most"))
)
#: A link knows the customer's newest message when it was confirmed, else the one for which it was proposed.
_wrote_again = (
    select(_l.case_id)
    .select_from(
        outages.join(outage_links, _l.outage_id == outages.c.id)
        .join(held_cards, _h.case_id == _l.case_id)
        .join(messages, _m.case_id == _l.case_id)
    )
    .where(
        _in_channel, OUTAGE_GOES_ON, _l.state != LinkState.REFUSED.value, _m.direction == Direction.IN.value
    )
    .group_by(_l.case_id)
    .having(func.max(_m.id) > func.max(func.coalesce(_l.newest_message_id, _l.message_id)))
)
_WROTE_AGAIN = (
    _held_cases.where(
        or_(_c.id.in_(_wrote_again.scalar_subquery()), _c.id.in_(WROTE_AGAIN_IN_SPIKES.scalar_subquery()))
    )
    .order_by(*BY_RANK)
    .limit(bindparam("most"))
)
_compared = (
    _held_cases.where(_in_channel, _h.held_at <= bindparam("until", type_=UtcDateTime))
    .order_by(*BY_RANK)
    .limit(bindparam("most"))
)
_belongs = or_(
    _l.state == LinkState.CONFIRMED.value,
    and_(
        _l.state == LinkState.PROPOSED.value,
        _l.proposed_at > bindparam("proposed_since", type_=UtcDateTime),
    ),
)
_UNRELATED = _compared.where(
    _c.id.not_in(select(_c.id).select_from(_links).where(OUTAGE_GOES_ON, _belongs).scalar_subquery()),
    _c.id.not_in(NEW_IN_SPIKES.scalar_subquery()),
)
_NEVER_RELATED = _compared.where(
    _h.held_at >= bindparam("since", type_=UtcDateTime),
    _c.id.not_in(select(_c.id).select_from(_links).where(OUTAGE_GOES_ON).scalar_subquery()),
    _c.id.not_in(CASES_OF_SPIKES.scalar_subquery()),
)
_TOTAL = select(func.count()).select_from(held_cards).where(_in_channel)
_WITHOUT_CARD = (*UNCLAIMED, *_urgent, _c.channel == bindparam("channel"), _c.card_ts.is_(None))
_URGENT_WITHOUT_CARD = select(cases).where(*_WITHOUT_CARD).order_by(*BY_RANK).limit(bindparam("most"))
_URGENT_TOTAL = select(func.count()).select_from(cases).where(*_WITHOUT_CARD)
_ALL_URGENT = (
    select(cases)
    .where(_c.state == CaseState.OPEN.value, *_urgent, _c.channel == bindparam("channel"))
    .order_by(case((_c.claimed_by.is_(None), 0), else_=1), *BY_RANK)
    .limit(bindparam("most"))
)


class ShownCase(NamedTuple):
    """A case that has a card, or whose card is on its way."""

    case_id: int
    sort_key: float
    claimed_by: str | None


class HeldCards:
    """The cases that are held back, by channel."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_many(self, case_ids: Iterable[int], channel: str, *, now: datetime) -> None:
        """Store that these cases are held back."""
        rows = [{"case_id": case_id, "channel": channel, "held_at": now} for case_id in sorted(case_ids)]
        if rows:
            self._connection.execute(_ADD[self._connection.dialect.name], rows)

    def among(self, case_ids: Iterable[int]) -> frozenset[int]:
        """Return which of these cases are held back."""
        ids = sorted(case_ids)
        return frozenset(self._connection.scalars(_AMONG, {"case_ids": ids})) if ids else frozenset()

    def not_held(self, case_ids: Iterable[int]) -> Sequence[ShownCase]:
        """Return those of these cases that are not held back, with what decides whose card is drawn first."""
        ids = sorted(case_ids)
        rows = self._connection.execute(_NOT_HELD.order_by(_c.id), {"case_ids": ids}) if ids else ()
        return [ShownCase(*row) for row in rows]

    def remove(self, case_ids: Sequence[int]) -> frozenset[int]:
        """Delete these cases; return which of them were held back."""
        if not case_ids:
            return frozenset()
        return frozenset(self._connection.scalars(_REMOVE, {"case_ids": sorted(case_ids)}))

    def remove_closed(self, channel: str) -> None:
        """Delete the cases that were closed without ever having a card."""
        self._connection.execute(_REMOVE_CLOSED, {"its_channel": channel})

    def by_rank(self, channel: str, *, limit: int) -> list[Case]:
        """Return the held cases that rank highest."""
        return self._list(_BY_RANK, channel=channel, most=limit)

    def urgent(self, channel: str, *, limit: int) -> list[Case]:
        """Return the urgent ones among the held cases, `limit` of each network, by rank."""
        return self._list(_URGENT, channel=channel, most=limit)

    def urgent_or_grave(self, channel: str, *, limit: int) -> list[Case]:
        """Return the urgent and the grave ones, `limit` of each network: urgent ones first, by rank."""
        return self._list(_URGENT_OR_GRAVE, channel=channel, most=limit)

    def at_head(self, channel: str, *, head: int) -> list[Case]:
        """Return the held cases among the `head` unclaimed cases of the channel that rank highest."""
        return self._list(_AT_HEAD, channel=channel, most=head)

    def counts(self, channel: str) -> list[HeldCount]:
        """Count the held cases of each situation, the largest number first."""
        return [
            HeldCount(
                situation=Situation(row.situation),
                cases=row.cases,
                urgent=int(row.urgent or 0),
                oldest=row.oldest,
            )
            for row in self._connection.execute(_COUNTS, {"channel": channel})
        ]

    def outage_counts(self, channel: str) -> list[OutageCount]:
        """Count the channel's active cases of each open outage, the largest number of held ones first."""
        return [
            OutageCount(
                outage_id=row.id,
                title=row.title,
                cases=row.cases,
                held=row.held,
                proposed=int(row.proposed or 0),
                oldest=row.oldest,
            )
            for row in self._connection.execute(_OUTAGE_COUNTS, {"channel": channel})
        ]

    def channels_of_outages(self, at_least: int) -> frozenset[str]:
        """Return the channels with so many active cases that belong to open outages, or may."""
        return frozenset(self._connection.scalars(_CHANNELS_OF_OUTAGES, {"at_least": at_least}))

    def in_private(self, channel: str, *, limit: int) -> list[Case]:
        """Return the held cases whose customer has arrived in a private venue, by rank."""
        return self._list(_IN_PRIVATE, channel=channel, most=limit)

    def wrote_again(self, channel: str, *, limit: int) -> list[Case]:
        """Return the held cases whose customer wrote since they were found to be about the same, by rank."""
        return self._list(_WROTE_AGAIN, channel=channel, most=limit)

    def unrelated(self, channel: str, *, until: datetime, proposed_since: datetime, limit: int) -> list[Case]:
        """Return the cases held back until then that belong to no open outage or spike, by rank.

        One that is only proposed for a link, or that is in a spike, belongs to it if that was found after
        `proposed_since`.
        """
        values = {"channel": channel, "until": until, "proposed_since": proposed_since, "most": limit}
        return self._list(_UNRELATED, **values)

    def never_related(self, channel: str, *, since: datetime, until: datetime, limit: int) -> list[Case]:
        """Return those held back in this time that never had a link, even proposed, nor a spike, by rank."""
        return self._list(_NEVER_RELATED, channel=channel, since=since, until=until, most=limit)

    def total(self, channel: str) -> int:
        """Count the held cases."""
        return int(self._connection.scalar(_TOTAL, {"channel": channel}) or 0)

    def urgent_without_card(self, channel: str, *, limit: int) -> tuple[list[Case], int]:
        """Return the unclaimed urgent cases whose card is not posted, by rank, and how many there are."""
        found = self._list(_URGENT_WITHOUT_CARD, channel=channel, most=limit)
        total = int(self._connection.scalar(_URGENT_TOTAL, {"channel": channel}) or 0)
        return found, total

    def all_urgent(self, channel: str, *, limit: int) -> list[Case]:
        """Return the open urgent cases of the channel, with a card or without: unclaimed first, by rank."""
        return self._list(_ALL_URGENT, channel=channel, most=limit)

    def _list(self, query: AnySelect, **values: object) -> list[Case]:
        return [case_from(row) for row in self._connection.execute(query, values)]
