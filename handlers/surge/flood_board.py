"""Read what the board of a flood shows, and record where it is."""

from collections.abc import Sequence
from datetime import datetime

from domain.cases.case import Case
from domain.cases.next_step import ListedCase
from domain.surge.flood import (
    MAX_LISTED,
    MAX_SAMPLES,
    MAX_URGENT_LINES,
    MAX_URGENT_ROWS,
    MINUTE,
    Board,
    BoardView,
)
from storage.unit_of_work import UnitOfWork

_MAX_ROW_MESSAGES = 5  # newest messages of a case, of which the board shows the customer's last


def list_urgent(uow: UnitOfWork, *, flood_id: int) -> list[ListedCase]:
    """List the open urgent cases of the flooded channel, with a card or without; one more than are shown."""
    flood = uow.floods.get(flood_id)
    return [] if flood is None else _list(uow, uow.held_cards.all_urgent(flood.channel, limit=MAX_LISTED + 1))


def view_board(uow: UnitOfWork, *, flood_id: int, now: datetime) -> BoardView | None:
    """Read what the flood's board shows; `None` where there is no such flood."""
    flood = uow.floods.get(flood_id)
    if flood is None:
        return None
    urgent, urgent_total = uow.held_cards.urgent_without_card(
        flood.channel, limit=MAX_URGENT_ROWS + MAX_URGENT_LINES
    )
    shown = {case.id for case in urgent}
    next_held = uow.held_cards.by_rank(flood.channel, limit=len(urgent) + MAX_SAMPLES)
    samples = [case for case in next_held if case.id not in shown][:MAX_SAMPLES]
    listed = _list(uow, [*urgent, *samples])
    spikes = uow.spikes.cases.counts(flood.channel)
    return BoardView(
        flood=flood,
        held=uow.held_cards.counts(flood.channel),
        outages=uow.held_cards.outage_counts(flood.channel),
        spikes=spikes,
        in_spikes=uow.spikes.cases.total(flood.channel),
        open_outages=[one for one in uow.outages.open() if one.has_begun] if spikes else [],
        last_minute=uow.floods.arrivals(flood.id, since=now - MINUTE),
        urgent=listed[: len(urgent)],
        urgent_total=urgent_total,
        samples=listed[len(urgent) :],
        pause=uow.pauses.current(),
    )


def _list(uow: UnitOfWork, cases: Sequence[Case]) -> list[ListedCase]:
    messages = uow.messages.of_cases([case.id for case in cases], limit=_MAX_ROW_MESSAGES)
    return [ListedCase(case=case, messages=messages.get(case.id, ())) for case in cases]


def record_board(
    uow: UnitOfWork, *, flood_id: int, channel: str, ts: str, digest: str, now: datetime
) -> None:
    """Record that the board was posted or edited."""
    uow.floods.save_board(flood_id, Board(channel=channel, ts=ts, digest=digest, edited_at=now))
