"""Enter, keep up and leave flood mode: hold back cards, give them out by rank, and keep the board.

Locks are taken in the order cases, flood, held cards, outbox.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.cases.case import Case
from domain.cases.next_step import ListedCase
from domain.delivery.effect import Lane
from domain.delivery.effects import PostCard
from domain.delivery.flood_effects import PostFloodBoard, PostFloodSummary, UpdateFloodBoard
from domain.records.audit import Action, Entry
from domain.surge.flood import (
    HEAD_OF_QUEUE,
    MAX_CARDS_AFTER,
    MAX_LISTED,
    MAX_SAMPLES,
    MAX_URGENT_LINES,
    MAX_URGENT_ROWS,
    MINUTE,
    PULLED,
    RECENT,
    Backlog,
    Board,
    BoardView,
    Flood,
    begins,
    is_calm,
    is_over,
    is_urgent,
    next_board_edit,
    room_for_cards,
)
from handlers.cases.cards import give_cards
from storage.unit_of_work import UnitOfWork

#: Above the cards that agents changed, in the same lane: a board takes at most 20 of a minute's 50 edits.
_FIRST = 1e12
_MAX_ROW_MESSAGES = 5  # newest messages of a case, of which the board shows the customer's last


@dataclass(frozen=True, slots=True)
class Arrival:
    """A case in which posts arrived: how many, and whether they opened it."""

    case: Case
    posts: int
    is_new: bool


def admit_cards(uow: UnitOfWork, arrivals: Sequence[Arrival], *, now: datetime) -> None:
    """Queue the cards of new cases or, where their channel is flooded, hold them back.

    Begins a flood where that makes more wait than the channel can take.
    """
    by_channel: dict[str, list[Arrival]] = {}
    for arrival in arrivals:
        by_channel.setdefault(arrival.case.channel, []).append(arrival)
    floods = uow.floods.active(by_channel)
    for channel, group in sorted(by_channel.items()):
        new = [arrival.case for arrival in group if arrival.is_new]
        flood = floods.get(channel)
        if flood is not None:
            uow.held_cards.add_many([case.id for case in new], channel, now=now)
            _count(uow, flood, group, now)
            _keep_up(uow, flood, now)
        elif new:
            uow.outbox.add_ranked([(PostCard(case.id, channel), case.sort_key) for case in new], now=now)
            _begin_if_flooded(uow, channel, now)


def _begin_if_flooded(uow: UnitOfWork, channel: str, now: datetime) -> None:
    """Begin a flood where too much waits, and withdraw the cards that wait; they are given out by rank."""
    if not begins(_backlog(uow, channel, now), now):
        return
    flood = uow.floods.begin(channel, now=now)
    waiting = uow.outbox.withdraw_cards(channel)
    uow.held_cards.add_many(waiting, channel, now=now)
    uow.floods.add_arrivals(flood.id, len(waiting), now=now)
    urgent = sum(count.urgent for count in uow.held_cards.counts(channel))
    uow.floods.save(replace(flood, mentions=len(waiting), urgent=urgent))
    uow.outbox.add([PostFloodBoard(flood.id, channel)], now=now)
    _keep_up(uow, flood, now)


def _backlog(uow: UnitOfWork, channel: str, now: datetime) -> Backlog:
    return uow.outbox.backlog(channel, recent_since=now - RECENT)


def _count(uow: UnitOfWork, flood: Flood, arrivals: Iterable[Arrival], now: datetime) -> None:
    mentions, urgent = 0, 0
    for arrival in arrivals:
        mentions += arrival.posts
        urgent += arrival.is_new and is_urgent(arrival.case.assessment)
    uow.floods.add_arrivals(flood.id, mentions, now=now)
    uow.floods.save(replace(flood, mentions=flood.mentions + mentions, urgent=flood.urgent + urgent))


def _keep_up(uow: UnitOfWork, flood: Flood, now: datetime) -> None:
    """Queue the cards that there is room for, by rank, and an edit of the board."""
    room = room_for_cards(_backlog(uow, flood.channel, now).waiting)
    urgent = uow.held_cards.urgent(flood.channel, limit=max(room, 1))
    chosen = urgent[:room]
    if len(chosen) < room:
        known = {case.id for case in chosen}
        head = uow.held_cards.at_head(flood.channel, head=HEAD_OF_QUEUE)
        chosen += [case for case in head if case.id not in known][: room - len(chosen)]
    give_cards(uow, chosen, now=now)
    _request_board_edit(uow, flood, urgent_waits=bool(urgent), now=now)


def _request_board_edit(uow: UnitOfWork, flood: Flood, *, urgent_waits: bool, now: datetime) -> None:
    due = next_board_edit(flood, urgent_waits=urgent_waits, now=now)
    uow.outbox.add([UpdateFloodBoard(flood.id)], now=due, priority=_FIRST)


def active_floods(uow: UnitOfWork) -> list[int]:
    """Return the ids of the floods that last."""
    return [flood.id for flood in uow.floods.unclosed() if flood.is_active]


def ended_floods(uow: UnitOfWork) -> list[int]:
    """Return the ids of the floods that are over and of which cases are still held back."""
    return [flood.id for flood in uow.floods.unclosed() if not flood.is_active]


def tend_flood(uow: UnitOfWork, *, flood_id: int, now: datetime) -> None:
    """Give out cards as there is room, end the flood when it is calm, and close it when none is held back."""
    flood = uow.floods.lock(flood_id)
    if flood is None or flood.closed_at is not None:
        return
    uow.held_cards.remove_closed(flood.channel)
    if flood.is_active:
        flood = _end_if_calm(uow, flood, now)
    _keep_up(uow, flood, now)
    if not flood.is_active and not uow.held_cards.total(flood.channel):
        uow.floods.save(replace(flood, closed_at=now))


def _end_if_calm(uow: UnitOfWork, flood: Flood, now: datetime) -> Flood:
    """End the flood where it has been calm for long enough; return it as it is now.

    Few held cases get their cards; more of them would be a second flood, and stay on the board.
    """
    last_minute = uow.floods.arrivals(flood.id, since=now - MINUTE)
    calm_since = (flood.calm_since or now) if is_calm(last_minute) else None
    current = replace(flood, calm_since=calm_since)
    if is_over(current, now):
        current = replace(current, ended_at=now)
        uow.floods.forget_arrivals(flood.id, before=now)
        held = uow.held_cards.by_rank(flood.channel, limit=MAX_CARDS_AFTER + 1)
        if len(held) <= MAX_CARDS_AFTER:
            give_cards(uow, held, now=now)
        uow.outbox.add([PostFloodSummary(flood.id, flood.channel)], now=now)
    if current != flood:
        uow.floods.save(current)
    return current


def pull_next(uow: UnitOfWork, *, flood_id: int, user_id: str, now: datetime) -> list[Case]:
    """Give the held cases that rank highest their cards, ahead of all others; return these cases."""
    flood = uow.floods.lock(flood_id)
    if flood is None:
        return []
    chosen = uow.held_cards.by_rank(flood.channel, limit=PULLED)
    given = give_cards(uow, chosen, now=now, lane=Lane.AGENT)
    uow.audit.add_many(
        [
            Entry(at=now, actor=user_id, action=Action.CARD_PULLED, case_id=case.id, version=case.version)
            for case in given
        ]
    )
    _request_board_edit(uow, flood, urgent_waits=True, now=now)
    return given


def list_urgent(uow: UnitOfWork, *, flood_id: int) -> list[Case]:
    """List the open urgent cases of the flooded channel, with a card or without."""
    flood = uow.floods.get(flood_id)
    return [] if flood is None else uow.held_cards.all_urgent(flood.channel, limit=MAX_LISTED)


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
    messages = uow.messages.of_cases([*shown, *(case.id for case in samples)], limit=_MAX_ROW_MESSAGES)

    def listed(cases: Iterable[Case]) -> list[ListedCase]:
        return [ListedCase(case=case, messages=messages.get(case.id, ())) for case in cases]

    return BoardView(
        flood=flood,
        held=uow.held_cards.counts(flood.channel),
        outages=uow.held_cards.outage_counts(flood.channel),
        last_minute=uow.floods.arrivals(flood.id, since=now - MINUTE),
        urgent=listed(urgent),
        urgent_total=urgent_total,
        samples=listed(samples),
    )


def record_board(
    uow: UnitOfWork, *, flood_id: int, channel: str, ts: str, digest: str, now: datetime
) -> None:
    """Record that the board was posted or edited."""
    uow.floods.save_board(flood_id, Board(channel=channel, ts=ts, digest=digest, edited_at=now))
