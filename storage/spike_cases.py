"""Store the cases of spikes, and count those that are gathered on a board."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, case, delete, func, or_, select

from domain.cases.messages import Direction
from domain.outages.links import LinkState
from domain.outages.outage import OutageState
from domain.surge.flood import SpikeCount
from domain.surge.series import Series
from domain.surge.spikes import SpikeState
from storage.case_conditions import IS_ACTIVE, OUTAGE_GOES_ON
from storage.dialects import upserts
from storage.flood_tables import held_cards
from storage.outage_tables import outage_links, outages
from storage.surge_tables import spike_cases, spikes
from storage.tables import cases, messages
from storage.types import UtcDateTime

_s, _j, _c, _h, _l, _m = spikes.c, spike_cases.c, cases.c, held_cards.c, outage_links.c, messages.c
_members = spike_cases.join(spikes, _s.id == _j.spike_id).outerjoin(outages, outages.c.id == _s.outage_id)
_NOT_ANNOUNCED = (OutageState.DRAFT.value, OutageState.CANCELLED.value)
#: A spike gathers its cases while it is open, until an outage is announced for it and its posts were compared
#: with that.
_gathers = and_(
    _s.state == SpikeState.OPEN.value,
    or_(
        _s.outage_id.is_(None),
        outages.c.state.in_(_NOT_ANNOUNCED),
        func.coalesce(outages.c.matched_message_id, 0) < _s.compared_id,
    ),
)

#: The ids of the cases that a spike gathers; of those that joined it after `proposed_since`; and of those in
#: `channel` whose customer wrote again since.
CASES_OF_SPIKES = select(_j.case_id).select_from(_members).where(_gathers)
NEW_IN_SPIKES = CASES_OF_SPIKES.where(_j.joined_at > bindparam("proposed_since", type_=UtcDateTime))
WROTE_AGAIN_IN_SPIKES = (
    select(_j.case_id)
    .select_from(_members.join(held_cards, _h.case_id == _j.case_id).join(messages, _m.case_id == _j.case_id))
    .where(_gathers, _h.channel == bindparam("channel"), _m.direction == Direction.IN.value)
    .group_by(_j.case_id)
    .having(func.max(_m.id) > func.max(_j.message_id))
)

_ADD = {name: insert.on_conflict_do_nothing() for name, insert in upserts(spike_cases).items()}
_OF_SPIKE = select(_j.case_id).where(_j.spike_id == bindparam("its_spike"))
_REMOVE = delete(spike_cases).where(
    _j.spike_id == bindparam("its_spike"), _j.case_id == bindparam("its_case")
)
_GATHERING = (
    select(_s.id)
    .select_from(spikes.outerjoin(outages, outages.c.id == _s.outage_id))
    .where(_gathers)
    .order_by(_s.id)
)
_linked = (
    select(_l.case_id)
    .select_from(outages.join(outage_links, _l.outage_id == outages.c.id))
    .where(OUTAGE_GOES_ON, _l.state != LinkState.REFUSED.value)
    .correlate(None)
    .scalar_subquery()
)
_active_members = _members.join(cases, _c.id == _j.case_id)
_counted = (_gathers, IS_ACTIVE, _j.case_id.not_in(_linked))
_COUNTS = (
    select(
        _s.id,
        _s.series,
        _s.related,
        case((outages.c.state != OutageState.CANCELLED.value, outages.c.title)).label("title"),
        func.count().label("cases"),
        func.count(_h.case_id).label("held"),
        func.min(_c.waiting_since, type_=UtcDateTime).label("oldest"),
    )
    .select_from(_active_members.outerjoin(held_cards, _h.case_id == _c.id))
    .where(_c.channel == bindparam("channel"), *_counted)
    .group_by(_s.id, outages.c.id)
    .order_by(_s.id)
)
_TOTAL = (
    select(func.count(_c.id.distinct()))
    .select_from(_active_members)
    .where(_c.channel == bindparam("channel"), *_counted)
)
_CHANNELS = (
    select(_c.channel)
    .select_from(_active_members)
    .where(*_counted)
    .group_by(_c.channel)
    .having(func.count(_c.id.distinct()) >= bindparam("at_least"))
)
_PRUNE = delete(spike_cases).where(
    _j.spike_id.in_(select(_s.id).where(_s.found_at < bindparam("before"), _s.state != SpikeState.OPEN.value))
)


class SpikeCases:
    """The cases with a post in a spike."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def gathering(self) -> list[int]:
        """Return the ids of the spikes that are open and for which no outage is announced."""
        return list(self._connection.scalars(_GATHERING))

    def add_many(self, spike_id: int, messages_of: Mapping[int, int], *, now: datetime) -> None:
        """Store that these cases are in the spike, by id with the message for which; known ones stay."""
        rows = [
            {"spike_id": spike_id, "case_id": case_id, "message_id": message_id, "joined_at": now}
            for case_id, message_id in sorted(messages_of.items())
        ]
        if rows:
            self._connection.execute(_ADD[self._connection.dialect.name], rows)

    def of(self, spike_id: int) -> set[int]:
        """Return the ids of the cases that are in the spike."""
        return set(self._connection.scalars(_OF_SPIKE, {"its_spike": spike_id}))

    def keep(self, spike_id: int, case_ids: Collection[int]) -> None:
        """Delete that other cases than these are in the spike."""
        if others := sorted(self.of(spike_id).difference(case_ids)):
            rows = [{"its_spike": spike_id, "its_case": case_id} for case_id in others]
            self._connection.execute(_REMOVE, rows)

    def counts(self, channel: str) -> list[SpikeCount]:
        """Count the channel's active cases of each spike that gathers them."""
        return [
            SpikeCount(
                spike_id=row.id,
                series=next(one for one in map(Series.of, [row.series, *row.related]) if one.is_telling),
                outage_title=row.title,
                cases=row.cases,
                held=row.held,
                oldest=row.oldest,
            )
            for row in self._connection.execute(_COUNTS, {"channel": channel})
        ]

    def total(self, channel: str) -> int:
        """Count the channel's active cases that spikes gather, each once."""
        return int(self._connection.scalar(_TOTAL, {"channel": channel}) or 0)

    def channels(self, at_least: int) -> frozenset[str]:
        """Return the channels with so many active cases that spikes gather."""
        return frozenset(self._connection.scalars(_CHANNELS, {"at_least": at_least}))

    def prune(self, *, before: datetime) -> None:
        """Delete the cases of spikes found before then that are over."""
        self._connection.execute(_PRUNE, {"before": before})
