"""Store floods, their boards and arrivals, and the cases that are held back, on both databases."""

from dataclasses import replace
from datetime import timedelta

from domain.cases.case import Case, CaseState
from domain.delivery.effect import Lane
from domain.delivery.effects import PostCard, UpdateCard
from domain.delivery.thread_effects import PostThread
from domain.outages.folding import is_grave
from domain.surge.flood import Backlog, Board, HeldCount
from domain.triage.assessment import Assessment, Urgency
from domain.triage.situations import Reason, Situation
from storage.engine import Store
from tests.handlers.made import in_parallel, queued
from tests.storage.made import NOW, SECOND, a_case

CHANNEL = "C1"


def assessed(urgency: Urgency, situation: Situation = Situation.QUESTION) -> Assessment:
    return Assessment("en", situation, urgency, (), 0.0)


def stored(store: Store, *cases: Case) -> list[Case]:
    with store.unit_of_work() as uow:
        return uow.cases.add_many(cases)


def test_a_channel_has_one_flood_at_a_time(store: Store) -> None:
    def begin() -> int:
        with store.unit_of_work() as uow:
            return uow.floods.begin(CHANNEL, now=NOW).id

    assert len(set(in_parallel([begin] * 3))) == 1
    with store.unit_of_work() as uow:
        other = uow.floods.begin("C2", now=NOW)
        assert set(uow.floods.active([CHANNEL, "C2", "C3"])) == {CHANNEL, "C2"}
        assert uow.floods.active([]) == {}
        uow.floods.save(replace(other, ended_at=NOW, mentions=3))
        assert set(uow.floods.active([CHANNEL, "C2"])) == {CHANNEL}
        assert len(uow.floods.unclosed()) == 2
        assert uow.floods.begin("C2", now=NOW).id != other.id
        closed = uow.floods.get(other.id)
        assert closed is not None
        assert (closed.closed_at, closed.mentions) == (NOW, 3)


def test_the_board_is_stored_apart_from_the_flood(store: Store) -> None:
    with store.unit_of_work() as uow:
        flood = uow.floods.begin(CHANNEL, now=NOW)
        board = Board(channel="C9", ts="1.2", digest="d", edited_at=NOW)
        uow.floods.save_board(flood.id, board)
        uow.floods.save(replace(flood, urgent=2))
        uow.floods.save_board(flood.id, replace(board, digest="e"))
        found = uow.floods.lock(flood.id)
        assert found == replace(flood, urgent=2, board=replace(board, digest="e"))
        assert uow.floods.get(flood.id + 1) is None


def test_arrivals_are_summed_up_over_a_window(store: Store) -> None:
    with store.unit_of_work() as uow:
        flood = uow.floods.begin(CHANNEL, now=NOW)
        for second, posts in ((0, 5), (0, 7), (30, 2), (61, 1)):
            uow.floods.add_arrivals(flood.id, posts, now=NOW + second * SECOND)
        assert uow.floods.arrivals(flood.id, since=NOW - SECOND) == 15
        assert uow.floods.arrivals(flood.id, since=NOW + SECOND) == 3
        uow.floods.forget_arrivals(flood.id, before=NOW + 30 * SECOND)
        assert uow.floods.arrivals(flood.id, since=NOW - SECOND) == 1


def test_held_cases_are_counted_and_listed_by_rank(store: Store) -> None:
    waits = {"waiting_since": NOW}
    low, urgent, spam, closed, other = stored(
        store,
        a_case(assessment=assessed(Urgency.LOW), **waits),
        a_case(assessment=assessed(Urgency.URGENT, Situation.CANNOT_PAY), waiting_since=NOW + SECOND),
        a_case(assessment=assessed(Urgency.URGENT, Situation.SPAM), **waits),
        a_case(assessment=assessed(Urgency.LOW), state=CaseState.RESOLVED, **waits),
        a_case(assessment=assessed(Urgency.URGENT), channel="C2", **waits),
    )
    with store.unit_of_work() as uow:
        held = uow.held_cards
        held.add_many([low.id, urgent.id, spam.id, closed.id], CHANNEL, now=NOW)
        held.add_many([low.id], CHANNEL, now=NOW)
        held.add_many([other.id], "C2", now=NOW)
        assert held.total(CHANNEL) == 4
        held.remove_closed(CHANNEL)
        assert held.total(CHANNEL) == 3
        assert [case.id for case in held.by_rank(CHANNEL, limit=9)] == [urgent.id, low.id, spam.id]
        assert [case.id for case in held.urgent(CHANNEL, limit=9)] == [urgent.id]
        assert [case.id for case in held.at_head(CHANNEL, head=2)] == [urgent.id, low.id]
        assert held.counts(CHANNEL) == [
            HeldCount(situation=Situation.CANNOT_PAY, cases=1, urgent=1, oldest=NOW + SECOND),
            HeldCount(situation=Situation.QUESTION, cases=1, urgent=0, oldest=NOW),
            HeldCount(situation=Situation.SPAM, cases=1, urgent=0, oldest=NOW),
        ]
        assert held.among([low.id, closed.id]) == {low.id}
        assert held.among([]) == frozenset()
        assert held.remove([low.id, closed.id]) == {low.id}
        assert held.remove([]) == frozenset()
        assert uow.cases.without_card(NOW + timedelta(days=1), limit=9) == [low]


GRAVE_OR_NOT = (
    (Situation.CANNOT_PAY, (Reason.MONEY, Reason.VULNERABLE)),
    (Situation.CANNOT_PAY, (Reason.LEGAL_THREAT,)),
    (Situation.CANNOT_PAY, (f'quotes "{Reason.LEGAL_THREAT}"',)),
    (Situation.CANNOT_PAY, (Reason.SAFETY,)),
    (Situation.SAFETY_OR_LEGAL, ()),
    (Situation.CANNOT_PAY, (Reason.MONEY, Reason.TIME_IS_SHORT, "safety first")),
    (Situation.CANNOT_PAY, ()),
)


def test_grave_cases_come_after_the_urgent_ones(store: Store) -> None:
    assessments = [
        Assessment("en", situation, Urgency.HIGH, tuple(reasons), 0.0) for situation, reasons in GRAVE_OR_NOT
    ]
    urgent = assessed(Urgency.URGENT)
    found = stored(store, *(a_case(assessment=one, waiting_since=NOW) for one in [*assessments, urgent]))
    with store.unit_of_work() as uow:
        uow.held_cards.add_many([case.id for case in found], CHANNEL, now=NOW)
        assert uow.held_cards.urgent(CHANNEL, limit=9) == [found[-1]]
        first, *others = uow.held_cards.urgent_or_grave(CHANNEL, limit=9)
    assert first.assessment == urgent
    assert sorted(case.id for case in others) == [case.id for case in found if is_grave(case.assessment)]
    assert len(others) == 4


def test_urgent_cases_without_a_card_are_those_that_nobody_has(store: Store) -> None:
    first, second, taken, shown = stored(
        store,
        *(a_case(assessment=assessed(Urgency.URGENT), waiting_since=NOW + n * SECOND) for n in range(2)),
        a_case(assessment=assessed(Urgency.URGENT), claimed_by="U1", claimed_at=NOW),
        a_case(assessment=assessed(Urgency.URGENT), waiting_since=NOW + 9 * SECOND),
    )
    with store.unit_of_work() as uow:
        uow.cases.record_card_location(shown.id, channel=CHANNEL, ts="1.1", digest="d")
        found, total = uow.held_cards.urgent_without_card(CHANNEL, limit=1)
        assert ([case.id for case in found], total) == ([first.id], 2)
        everything = [case.id for case in uow.held_cards.all_urgent(CHANNEL, limit=9)]
        assert everything == [first.id, second.id, shown.id, taken.id]


def test_waiting_cards_are_withdrawn_with_what_follows_but_not_what_is_being_sent(store: Store) -> None:
    with store.unit_of_work() as uow:
        uow.outbox.add([PostCard(1, CHANNEL)], now=NOW - 40 * SECOND)
        uow.outbox.claim(now=NOW, lease=SECOND, owner="me", limit=1, paces=lambda _: None)
        uow.outbox.add([PostCard(2, CHANNEL)], now=NOW - 40 * SECOND)
        uow.outbox.add([PostCard(3, CHANNEL), PostThread(3, CHANNEL), UpdateCard(3), UpdateCard(4)], now=NOW)
        uow.outbox.add([PostCard(5, CHANNEL, again=10), PostCard(6, "C2")], now=NOW)
        backlog = uow.outbox.backlog(CHANNEL, recent_since=NOW - 30 * SECOND)
        assert backlog == Backlog(waiting=3, recent=2, oldest=NOW - 40 * SECOND)
        assert uow.outbox.backlog("C3", recent_since=NOW) == Backlog()
        assert uow.outbox.withdraw_cards(CHANNEL) == {2, 3}
        assert uow.outbox.withdraw_cards("C3") == frozenset()
    assert [row["key"] for row in queued(store)] == [
        "post_card:1:C1:0",
        "post_thread:3",  # does nothing while there is no card
        "update_card:4",
        "post_card:5:C1:10",
        "post_card:6:C2:0",
    ]


def test_a_card_that_an_agent_asked_for_is_not_withdrawn(store: Store) -> None:
    with store.unit_of_work() as uow:
        uow.outbox.add([PostCard(1, CHANNEL)], now=NOW)
        uow.outbox.add([PostCard(2, CHANNEL)], now=NOW, lane=Lane.AGENT)
        assert uow.outbox.withdraw_cards(CHANNEL) == {1}
    assert [row["key"] for row in queued(store)] == ["post_card:2:C1:0"]


def test_what_waits_keeps_the_better_lane(store: Store) -> None:
    def lanes() -> list[int]:
        return [row["lane"] for row in queued(store)]

    with store.unit_of_work() as uow:
        uow.outbox.add([UpdateCard(1), PostThread(1, CHANNEL)], now=NOW)
    assert lanes() == [Lane.CARD, Lane.BULK]
    with store.unit_of_work() as uow:
        uow.outbox.add([UpdateCard(1), PostThread(1, CHANNEL)], now=NOW, lane=Lane.AGENT)
    assert lanes() == [Lane.AGENT, Lane.AGENT]
    with store.unit_of_work() as uow:
        uow.outbox.add([UpdateCard(1)], now=NOW)
    assert lanes()[0] == Lane.AGENT
    with store.unit_of_work() as uow:
        [job] = uow.outbox.claim(now=NOW, lease=SECOND, owner="me", limit=1, paces=lambda _: None)
        uow.outbox.settle(job, now=NOW, result={})
        uow.outbox.add([UpdateCard(1)], now=NOW)
    assert lanes()[0] == Lane.CARD, "settled: the next update is the machine's alone"


def test_an_update_wanted_while_one_is_sent_goes_in_the_better_lane(store: Store) -> None:
    with store.unit_of_work() as uow:
        uow.outbox.add([UpdateCard(1)], now=NOW)
        [job] = uow.outbox.claim(now=NOW, lease=SECOND, owner="me", limit=1, paces=lambda _: None)
        uow.outbox.add([UpdateCard(1)], now=NOW, lane=Lane.AGENT)
        uow.outbox.settle(job, now=NOW, result={})
    [row] = queued(store)
    assert (row["state"], row["lane"]) == ("queued", Lane.AGENT)


def test_prioritising_a_stream_moves_what_waits_in_it(store: Store) -> None:
    with store.unit_of_work() as uow:
        uow.outbox.add([PostCard(1, CHANNEL), UpdateCard(1), PostCard(2, CHANNEL)], now=NOW)
        uow.outbox.prioritise("slack:case:1")
    assert [row["lane"] for row in queued(store)] == [Lane.AGENT, Lane.AGENT, Lane.CARD]
