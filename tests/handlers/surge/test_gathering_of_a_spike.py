"""Gather the cases of a spike on one board before an outage is announced for it."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import delete

from adapters.slack.surge.flood_board import render_board
from domain.cases.case import Case
from domain.delivery.surge_effects import UpdateSpike
from domain.outages.outage import OutageKind, Phase
from domain.surge.flood import (
    COMPARED_WITHIN,
    GATHER_FROM,
    HEAD_OF_QUEUE,
    MAX_CARDS_AFTER,
    MAX_WAITING,
    UNDECIDED_FOR,
    Holding,
    SpikeCount,
)
from domain.surge.series import Series, SeriesKind
from domain.surge.spikes import RETENTION
from handlers.cases.assignment import claim_next
from handlers.outages.links import propose_links
from handlers.outages.notices import withdraw_notice
from handlers.outages.spikes import attribute_spike
from handlers.surge.counting import prune
from handlers.surge.flood import gather_cases, tend_flood
from handlers.surge.flood_board import view_board
from handlers.surge.spike_cases import join_spikes
from handlers.surge.spikes import dismiss_spike
from storage.engine import Store
from storage.outbox_tables import outbox
from tests.handlers.made import FIRE, MINUTE, NOW, PAYMENT, SAM, a_post, arrive, do, queued
from tests.handlers.outages.made import SAM_MAY, an_outage, sent
from tests.handlers.outages.test_links import POLICY, WHERE
from tests.handlers.surge.made import FINDER, NETWORK, customer_posts, detect, spikes_of, watch_of
from tests.handlers.surge.test_flood import (
    CHANNEL,
    QUESTION,
    case_by,
    crowd,
    floods,
    held,
    post_waiting,
    waiting_cards,
)
from tests.handlers.surge.test_gathering import LAWYER

LATER = NOW + 2 * MINUTE
PEOPLE = 20


def compare(store: Store, now: timedelta = timedelta()) -> None:
    """Compare new posts with outages and spikes, as the timer does."""
    do(store, propose_links, policy=POLICY, encoder="", now=NOW + now)
    while do(store, join_spikes, finder=FINDER, now=NOW + now):
        pass
    do(store, gather_cases, compared_until=NOW + now, now=NOW + now)


def spiking(store: Store, *, first: int = 100) -> int:
    """Let many write about payments, each with a card, and three more after the spike was found."""
    arrive(store, *customer_posts(PEOPLE))
    while post_waiting(store):
        pass
    detect(store, watch_of(store))
    [spike] = spikes_of(store)
    compare(store)
    crowd(store, 3, PAYMENT, first=first, now=LATER)
    compare(store, LATER - NOW)
    return spike.id


def give_all(store: Store, later: timedelta) -> None:
    """Give out and post cards until nothing gets one any more."""
    tend(store, later)
    while waiting_cards(store):
        post_waiting(store, LATER + later)
        tend(store, later)


def ids_of(store: Store, *authors: str) -> list[int]:
    return sorted(case_by(store, author).id for author in authors)


def counted(store: Store) -> list[SpikeCount]:
    [flood] = floods(store)
    with store.unit_of_work() as uow:
        view = view_board(uow, flood_id=flood.id, now=LATER)
    assert view is not None
    return list(view.spikes)


def tend(store: Store, after: timedelta) -> None:
    [flood] = floods(store)
    do(store, tend_flood, flood_id=flood.id, now=LATER + after)


def test_further_posts_of_a_spike_wait_on_one_board_and_all_others_get_their_card(store: Store) -> None:
    spike_id = spiking(store)
    assert [(one.channel, one.holds) for one in floods(store)] == [(CHANNEL, Holding.OUTAGES)]
    assert (held(store), waiting_cards(store)) == (3, [])
    crowd(store, 1, FIRE, first=200, now=LATER)
    crowd(store, 1, LAWYER, first=201, now=LATER)
    crowd(store, 1, QUESTION, first=300, now=LATER)
    assert sorted(waiting_cards(store)) == ids_of(store, "a200", "a201"), "urgent and grave ones at once"
    compare(store, LATER - NOW)
    assert sorted(waiting_cards(store)) == ids_of(store, "a200", "a201", "a300")
    [one] = counted(store)
    assert (one.spike_id, one.series.subject, one.outage_title, one.held) == (spike_id, "Payments", None, 3)
    assert one.cases == PEOPLE + 4
    tend(store, COMPARED_WITHIN)
    assert held(store) == 3


def test_the_board_of_a_spike_knows_which_outages_are_open(store: Store) -> None:
    spiking(store)
    [flood] = floods(store)

    def known() -> list[str]:
        with store.unit_of_work() as uow:
            view = view_board(uow, flood_id=flood.id, now=LATER)
        assert view is not None
        return [one.title for one in view.open_outages]

    assert known() == []
    outage, _ = an_outage(store)
    with store.unit_of_work() as uow:
        planned = replace(outage, kind=OutageKind.MAINTENANCE, phase=Phase.SCHEDULED, form_key=None)
        uow.outages.add(replace(planned, title="Planned work"))
    assert known() == [outage.title], "what customers cannot feel yet is no reason for their posts"


def test_a_case_in_two_spikes_is_counted_once(store: Store) -> None:
    spike_id = spiking(store)
    cases = _some_cases(store, 5)
    with store.unit_of_work() as uow:
        first = uow.spikes.get(spike_id)
        assert first is not None
        other = uow.spikes.add(replace(first, series=Series(SeriesKind.SITUATION, "cannot_pay")))
        uow.spikes.cases.add_many(other.id, {case.id: 1 for case in cases}, now=LATER)
    [flood] = floods(store)
    with store.unit_of_work() as uow:
        view = view_board(uow, flood_id=flood.id, now=LATER)
    assert view is not None
    assert [one.cases for one in view.spikes] == [PEOPLE + 3, 5]
    assert view.in_spikes == PEOPLE + 3
    assert render_board(view)["text"] == f"{PEOPLE + 3} people wrote about the same"


def test_few_posts_of_a_spike_have_a_card_each(store: Store) -> None:
    arrive(store, *customer_posts(PEOPLE))
    detect(store, watch_of(store))
    [spike] = spikes_of(store)
    cases = {case.id: 1 for case in _some_cases(store, GATHER_FROM - 1)}
    with store.unit_of_work() as uow:
        uow.spikes.cases.add_many(spike.id, cases, now=NOW)
    do(store, gather_cases, compared_until=NOW, now=NOW)
    assert floods(store) == []


def _some_cases(store: Store, many: int) -> list[Case]:
    return [case_by(store, f"c{1 + number}") for number in range(many)]


def test_they_get_their_cards_once_somebody_says_that_it_is_no_outage(store: Store) -> None:
    spike_id = spiking(store)
    do(store, dismiss_spike, spike_id=spike_id, user_id=SAM, now=LATER)
    tend(store, timedelta())
    assert sorted(waiting_cards(store)) == ids_of(store, "a100", "a101", "a102")
    assert floods(store) == []
    do(store, prune, now=NOW + RETENTION + MINUTE)
    assert spikes_of(store) == []


def test_they_wait_until_the_outage_is_announced_and_then_for_their_links(store: Store) -> None:
    spike_id = spiking(store)
    outage, notice = an_outage(store, "Card payments fail with an error")
    do(
        store,
        attribute_spike,
        spike_id=spike_id,
        outage_id=outage.id,
        finder=FINDER,
        user_id=SAM,
        now=LATER,
    )
    tend(store, timedelta())
    assert [one.outage_title for one in counted(store)] == [outage.title]
    sent(store, notice, WHERE, now=LATER)
    tend(store, MINUTE)
    assert (held(store), waiting_cards(store)) == (3, []), "not compared with it yet"
    compare(store, LATER - NOW + MINUTE)
    tend(store, 2 * MINUTE)
    assert (held(store), waiting_cards(store)) == (3, [])
    assert counted(store) == []
    [flood] = floods(store)
    with store.unit_of_work() as uow:
        [linked] = uow.held_cards.outage_counts(flood.channel)
    assert (linked.held, linked.cases) == (3, PEOPLE + 3)


def test_the_board_asks_for_an_outage_again_once_the_drafted_one_is_cancelled(store: Store) -> None:
    spike_id = spiking(store)
    outage, notice = an_outage(store)
    do(store, attribute_spike, spike_id=spike_id, outage_id=outage.id, finder=FINDER, user_id=SAM, now=LATER)
    assert [one.outage_title for one in counted(store)] == [outage.title]
    with store.engine.begin() as connection:
        connection.execute(delete(outbox).where(outbox.c.kind == UpdateSpike.kind))
    do(store, withdraw_notice, notice_id=notice.id, actor=SAM_MAY, now=LATER)
    assert queued(store, UpdateSpike.kind), "its alert offers to open one, too"
    assert [(one.outage_title, one.held) for one in counted(store)] == [(None, 3)]


def test_they_get_their_cards_where_nobody_decides(store: Store) -> None:
    spiking(store)
    crowd(store, 2, PAYMENT, first=103, now=LATER)
    compare(store, LATER - NOW)
    tend(store, UNDECIDED_FOR - MINUTE)
    assert waiting_cards(store) == []
    tend(store, UNDECIDED_FOR)
    assert len(waiting_cards(store)) == MAX_WAITING


def test_of_many_that_nobody_decides_about_the_head_of_the_queue_has_cards(store: Store) -> None:
    """A card a second for each of them would bury the others for the rest of the night."""
    spiking(store)
    crowd(store, MAX_CARDS_AFTER + 20, PAYMENT, first=200, now=LATER)
    compare(store, LATER - NOW)
    waiting = held(store)
    give_all(store, UNDECIDED_FOR)
    assert held(store) == waiting, "those who wrote before are the head of the queue, and have cards"
    for _ in range(PEOPLE - HEAD_OF_QUEUE + 5):
        do(store, claim_next, user_id=SAM, now=LATER + UNDECIDED_FOR)
    give_all(store, UNDECIDED_FOR + MINUTE)
    assert held(store) == waiting - 5, "the next ones get their cards"


def test_who_writes_again_gets_their_card(store: Store) -> None:
    spiking(store)
    author = case_by(store, "a101").author
    arrive(store, a_post("501", "@acme and what now", created_at=LATER, author=author), now=LATER)
    tend(store, timedelta())
    assert waiting_cards(store) == ids_of(store, "a101")


def test_a_silence_that_is_told_meanwhile_takes_no_case_out_of_a_spike(store: Store) -> None:
    """What another spike brings is taken out of it, and a silence brings nothing."""
    arrive(store, *customer_posts(PEOPLE))
    crowd(store, 1, QUESTION, first=100, now=NOW)
    detect(store, watch_of(store))
    [spike] = spikes_of(store)
    asking = case_by(store, "a100").id
    with store.unit_of_work() as uow:
        uow.spikes.cases.add_many(spike.id, {asking: 1}, now=NOW)
        silence = replace(spike, series=NETWORK, related=(), since=spike.since, found_at=LATER)
        assert uow.spikes.add(silence).id > spike.id
    compare(store, LATER - NOW)
    with store.unit_of_work() as uow:
        assert asking in uow.spikes.cases.of(spike.id)
