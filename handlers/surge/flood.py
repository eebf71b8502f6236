"""Enter, keep up and leave flood mode: hold back cards, give them out by rank, and keep the board.

Cases about an open outage, or in a spike, are gathered by the same means where there are many of them.

Locks are taken in the order cases, flood, held cards, outbox.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from domain.cases.case import Case
from domain.delivery.effect import Lane
from domain.delivery.effects import PostCard
from domain.delivery.flood_effects import PostFloodBoard, PostFloodSummary, UpdateFloodBoard
from domain.records.audit import Action, Entry
from domain.surge.flood import (
    COMPARED_WITHIN,
    GATHER_FROM,
    HEAD_OF_QUEUE,
    MAX_CARDS_AFTER,
    MAX_UNRELATED,
    MAX_WAITING_WHILE_GATHERING,
    MINUTE,
    PULLED,
    RECENT,
    UNDECIDED_FOR,
    Backlog,
    Flood,
    Holding,
    begins,
    is_calm,
    is_over,
    is_urgent,
    next_board_edit,
    room_for_cards,
    share_out,
)
from handlers.cases.cards import give_cards
from storage.unit_of_work import UnitOfWork

#: Above the cards that agents changed, in the same lane: a board takes at most 20 of a minute's 50 edits.
_FIRST = 1e12
#: Whatever was proposed or found since then.
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


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
            flood = _count(uow, flood, group, now)
            _keep_up(uow, flood, now)
        elif new:
            uow.outbox.add_ranked([(PostCard(case.id, channel), case.sort_key) for case in new], now=now)
            _begin_if_flooded(uow, channel, now)


def _begin_if_flooded(uow: UnitOfWork, channel: str, now: datetime) -> None:
    """Begin a flood where too much waits, and withdraw the cards that wait; they are given out by rank."""
    if not begins(_backlog(uow, channel, now), now):
        return
    flood = uow.floods.begin(channel, now=now)
    waiting = _withdraw_cards(uow, channel, now)
    uow.floods.add_arrivals(flood.id, waiting, now=now)
    urgent = sum(count.urgent for count in uow.held_cards.counts(channel))
    uow.floods.save(replace(flood, mentions=waiting, urgent=urgent))
    uow.outbox.add([PostFloodBoard(flood.id, channel)], now=now)
    _keep_up(uow, flood, now)


def _withdraw_cards(uow: UnitOfWork, channel: str, now: datetime) -> int:
    """Hold back the cases whose cards wait to be posted; return how many."""
    waiting = uow.outbox.withdraw_cards(channel)
    uow.held_cards.add_many(waiting, channel, now=now)
    return len(waiting)


def _backlog(uow: UnitOfWork, channel: str, now: datetime) -> Backlog:
    return uow.outbox.backlog(channel, recent_since=now - RECENT)


def _count(uow: UnitOfWork, flood: Flood, arrivals: Iterable[Arrival], now: datetime) -> Flood:
    mentions, urgent = 0, 0
    for arrival in arrivals:
        mentions += arrival.posts
        urgent += arrival.is_new and is_urgent(arrival.case.assessment)
    uow.floods.add_arrivals(flood.id, mentions, now=now)
    counted = replace(flood, mentions=flood.mentions + mentions, urgent=flood.urgent + urgent)
    uow.floods.save(counted)
    return counted


def _keep_up(uow: UnitOfWork, flood: Flood, now: datetime) -> None:
    """Queue the cards that there is room for, by rank, and an edit of the board.

    While only cases about the same are held back, all urgent and grave ones have room. Then come customers
    with whom a conversation goes on.
    """
    channel, gathers = flood.channel, _gathers(flood)
    waiting = _backlog(uow, channel, now).waiting
    urgent_room = MAX_CARDS_AFTER if gathers else room_for_cards(waiting)
    find = uow.held_cards.urgent_or_grave if gathers else uow.held_cards.urgent
    urgent = find(channel, limit=max(urgent_room, 1))
    shared = share_out(urgent, uow.outbox.waiting_cards(channel), urgent_room)
    given = give_cards(uow, shared, now=now)
    waiting += len(given)
    room = _room_while_gathering(waiting) if gathers else room_for_cards(waiting)
    others = uow.held_cards.in_private(channel, limit=room)
    if gathers:
        others += uow.held_cards.wrote_again(channel, limit=room)
    else:
        others += uow.held_cards.at_head(channel, head=HEAD_OF_QUEUE)
    give_cards(uow, list({case.id: case for case in others}.values())[:room], now=now)
    _request_board_edit(uow, flood, urgent_waits=bool(urgent), now=now)


def _room_while_gathering(waiting: int) -> int:
    return max(0, MAX_WAITING_WHILE_GATHERING - waiting)


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
    if flood.is_active and flood.holds is Holding.ALL:
        flood = _end_if_calm(uow, flood, now)
    elif flood.is_active:
        flood = _tend_gathering(uow, flood, now)
    _keep_up(uow, flood, now)
    if not flood.is_active and not uow.held_cards.total(flood.channel):
        uow.floods.save(replace(flood, closed_at=now))


def _end_if_calm(uow: UnitOfWork, flood: Flood, now: datetime) -> Flood:
    """End the flood where it has been calm for long enough; return it as it is now.

    Where many cases of the channel are about the same, those are gathered from then on.
    """
    last_minute = uow.floods.arrivals(flood.id, since=now - MINUTE)
    calm_since = (flood.calm_since or now) if is_calm(last_minute) else None
    current = replace(flood, calm_since=calm_since)
    if is_over(current, now):
        if flood.channel in _channels_to_gather(uow, GATHER_FROM):
            current = replace(current, holds=Holding.OUTAGES)
        else:
            current = _end(uow, current, now)
        uow.outbox.add([PostFloodSummary(flood.id, flood.channel)], now=now)
    if current != flood:
        uow.floods.save(current)
    return current


def _end(uow: UnitOfWork, flood: Flood, now: datetime) -> Flood:
    """Hold back no more cases; return the flood as it is then.

    Few held cases get their cards; more of them would be a second flood, and stay on the board.
    """
    uow.floods.forget_arrivals(flood.id, before=now)
    held = uow.held_cards.by_rank(flood.channel, limit=MAX_CARDS_AFTER + 1)
    if len(held) <= MAX_CARDS_AFTER:
        give_cards(uow, held, now=now)
    return replace(flood, ended_at=now)


def gather_cases(uow: UnitOfWork, *, compared_until: datetime, now: datetime) -> None:
    """Begin to gather cases in channels where many are about the same; give the others their cards.

    All cases that came until `compared_until` were compared with the open outages and spikes.
    """
    channels = _channels_to_gather(uow, GATHER_FROM)
    gathering = {flood.channel for flood in uow.floods.unclosed() if _gathers(flood)}
    active = uow.floods.active(channels | gathering)
    for flood in active.values():
        if _gathers(flood):
            _give_unrelated(uow, flood, until=compared_until, now=now)
            _request_board_edit(uow, flood, urgent_waits=False, now=now)
    for channel in sorted(channels - active.keys()):
        flood = uow.floods.begin(channel, now=now, holds=Holding.OUTAGES)
        uow.outbox.add([PostFloodBoard(flood.id, channel)], now=now)
        _withdraw_cards(uow, channel, now)
        _give_unrelated(uow, flood, until=now, now=now)
        _keep_up(uow, flood, now)


def _channels_to_gather(uow: UnitOfWork, at_least: int) -> frozenset[str]:
    """Return the channels with so many cases about open outages, or in spikes without one."""
    return uow.held_cards.channels_of_outages(at_least) | uow.spikes.cases.channels(at_least)


def _gathers(flood: Flood) -> bool:
    return flood.is_active and flood.holds is Holding.OUTAGES


def _tend_gathering(uow: UnitOfWork, flood: Flood, now: datetime) -> Flood:
    """End the gathering once no outage or spike is open; until then, give cards to cases that are in none."""
    if flood.channel not in _channels_to_gather(uow, 1):
        ended = _end(uow, flood, now)
        uow.floods.save(ended)
        return ended
    return _give_unrelated(uow, flood, until=now - COMPARED_WITHIN, now=now)


def _give_unrelated(uow: UnitOfWork, flood: Flood, *, until: datetime, now: datetime) -> Flood:
    """Give cards to cases that are about no outage and in no spike; where too many came, hold back all.

    What is left of an earlier flood is no new one, and gets cards where nothing newer waits; so does what
    nobody decided to link.
    """
    channel, backlog = flood.channel, _backlog(uow, flood.channel, now)
    since = flood.calm_since or flood.began_at
    new = uow.held_cards.never_related(channel, since=since, until=until, limit=MAX_UNRELATED)
    if begins(replace(backlog, waiting=backlog.waiting + len(new)), now):
        _withdraw_cards(uow, channel, now)
        flood = replace(flood, holds=Holding.ALL, calm_since=None)
        uow.floods.save(flood)
        return flood
    given = give_cards(uow, new[: _room_while_gathering(backlog.waiting)], now=now)
    room = room_for_cards(backlog.waiting + len(given))
    give_cards(uow, _left_over(uow, channel, until, now, room), now=now)
    return flood


def _left_over(uow: UnitOfWork, channel: str, until: datetime, now: datetime, room: int) -> list[Case]:
    """Return the held cases that nothing keeps on the board, by rank.

    Of many that nobody decided about only those at the head of the queue: a card a second for each of them
    would bury the others, as the flood would have.
    """
    found = partial(uow.held_cards.unrelated, channel, until=until)
    undecided = found(proposed_since=now - UNDECIDED_FOR, limit=max(room, MAX_CARDS_AFTER + 1))
    if len(undecided) <= MAX_CARDS_AFTER:
        return undecided[:room]
    at_head = {case.id for case in uow.held_cards.at_head(channel, head=HEAD_OF_QUEUE)}
    unrelated = found(proposed_since=_LONG_AGO, limit=room)
    both = {case.id: case for case in (*unrelated, *(one for one in undecided if one.id in at_head))}
    return list(both.values())[:room]


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
