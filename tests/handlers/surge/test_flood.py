"""Hold cards back in a flood, give them out by rank, and leave no case behind."""

from datetime import datetime, timedelta

from domain.cases.case import Case
from domain.delivery.effect import Lane
from domain.delivery.effects import Job, PostCard
from domain.delivery.pacing import Pace
from domain.intake.posts import Author
from domain.records.audit import Action
from domain.surge.flood import (
    BOARD_EVERY,
    BOARD_EVERY_IF_URGENT,
    CALM_FOR,
    HEAD_OF_QUEUE,
    MAX_CARDS_AFTER,
    MAX_WAITING,
    PULLED,
    Flood,
)
from domain.triage.assessment import Urgency
from handlers.cases.assignment import claim, claim_next
from handlers.cases.missing_cards import post_missing_cards
from handlers.cases.queue import search_cases
from handlers.cases.resolution import dismiss
from handlers.surge.flood import pull_next, tend_flood
from handlers.surge.flood_board import list_urgent, record_board, view_board
from storage.engine import Store
from storage.unit_of_work import UnitOfWork
from tests.handlers.handoffs.made import incoming_message, ingest_message
from tests.handlers.made import (
    FIRE,
    MINUTE,
    NOW,
    POLICY,
    SAM,
    a_post,
    alerts,
    arrive,
    audit_actions,
    cases,
    do,
    queued,
)

QUESTION = "@acme how do I change my address?"
CHANNEL = POLICY.support_channel
SECOND = timedelta(seconds=1)


def crowd(store: Store, count: int, text: str = QUESTION, *, first: int = 1, now: datetime = NOW) -> None:
    """Let as many people write one post each."""
    arrive(
        store,
        *(
            a_post(
                f"{10_000 + number}",
                f"{text} (no. {number})",
                created_at=now,
                author=Author(id=f"a{number}", handle=f"person{number}", name=f"Person {number}"),
            )
            for number in range(first, first + count)
        ),
        now=now,
    )


def waiting_cards(store: Store) -> list[int]:
    """Return the ids of the cases whose card waits to be posted, the next first."""
    rows = [row for row in queued(store, "post_card") if row["state"] == "queued"]
    rows.sort(key=lambda row: (row["lane"], -row["priority"], row["id"]))
    return [row["payload"]["case_id"] for row in rows]


def floods(store: Store) -> list[Flood]:
    with store.unit_of_work() as uow:
        return uow.floods.unclosed()


def held(store: Store) -> int:
    with store.unit_of_work() as uow:
        return uow.held_cards.total(CHANNEL)


def post_waiting(store: Store, now: datetime = NOW) -> list[int]:
    """Post the cards that wait; return the ids of their cases."""
    posted: list[int] = []
    with store.unit_of_work() as uow:
        for job in uow.outbox.claim(now=now, lease=MINUTE, owner="t", limit=50, paces=_unpaced):
            if isinstance(job.effect, PostCard):
                _post(uow, job, posted, now)
    return posted


def _unpaced(_destination: str) -> Pace | None:
    return None


def _post(uow: UnitOfWork, job: Job, posted: list[int], now: datetime) -> None:
    case_id = job.effect.case
    assert case_id is not None
    uow.outbox.settle(job, now=now, result={})
    uow.cases.record_card_location(case_id, channel=CHANNEL, ts=f"{case_id}.0", digest="d")
    posted.append(case_id)


def case_by(store: Store, author: str) -> Case:
    return next(case for case in cases(store) if case.author.id == author)


def a_flood(store: Store, count: int = 130) -> Flood:
    crowd(store, count)
    [flood] = floods(store)
    return flood


def test_a_burst_is_no_flood(store: Store) -> None:
    crowd(store, 100)
    assert floods(store) == []
    assert len(waiting_cards(store)) == 100


def test_a_flood_withdraws_what_waits_and_posts_the_board(store: Store) -> None:
    crowd(store, 100)
    crowd(store, 30, first=101, now=NOW + 15 * SECOND)
    [flood] = floods(store)
    assert (flood.channel, flood.mentions, flood.board) == (CHANNEL, 130, None)
    assert len(waiting_cards(store)) == MAX_WAITING
    assert held(store) == 130 - MAX_WAITING
    assert [row["payload"]["flood_id"] for row in queued(store, "post_flood_board")] == [flood.id]


def test_what_is_being_sent_is_not_withdrawn(store: Store) -> None:
    crowd(store, 100)
    with store.unit_of_work() as uow:
        sending = uow.outbox.claim(now=NOW, lease=MINUTE, owner="t", limit=2, paces=_unpaced)
    crowd(store, 30, first=101)
    assert held(store) == 130 - MAX_WAITING - len(sending)
    with store.unit_of_work() as uow:
        for job in sending:
            uow.outbox.settle(job, now=NOW, result={})


def test_the_urgent_one_is_posted_next(store: Store) -> None:
    a_flood(store)
    crowd(store, 40, first=1001, now=NOW + MINUTE)
    crowd(store, 1, FIRE, first=5000, now=NOW + MINUTE)
    post_waiting(store)
    [flood] = floods(store)
    do(store, tend_flood, flood_id=flood.id, now=NOW + MINUTE)
    fire = case_by(store, "a5000")
    assert fire.assessment.urgency is Urgency.URGENT
    assert waiting_cards(store)[0] == fire.id
    assert flood.urgent == 1
    assert len(queued(store, "post_flood_board")) == 1, "one board, however much arrives"


def test_the_head_of_the_queue_has_cards_and_no_more(store: Store) -> None:
    flood = a_flood(store)
    posted: list[int] = []
    for turn in range(20):
        posted += post_waiting(store, NOW + turn * SECOND)
        do(store, tend_flood, flood_id=flood.id, now=NOW + turn * SECOND)
    with store.unit_of_work() as uow:
        ranked = [case.id for case in uow.cases.unclaimed(limit=HEAD_OF_QUEUE)]
    assert sorted(posted) == sorted(ranked)
    assert held(store) == 130 - HEAD_OF_QUEUE


def test_a_held_case_that_becomes_urgent_gets_its_card(store: Store) -> None:
    flood = a_flood(store)
    late = case_by(store, "a130")
    assert late.id not in waiting_cards(store)
    post_waiting(store)
    crowd(store, 1, FIRE, first=130, now=NOW + MINUTE)  # known: the same post again
    arrive(
        store,
        a_post("77777", FIRE, created_at=NOW + MINUTE, author=late.author),
        now=NOW + MINUTE,
    )
    assert waiting_cards(store)[0] == late.id
    assert [row["kind"] for row in queued(store) if row["stream"] == f"slack:case:{late.id}"] == ["post_card"]
    assert held(store) == 130 - MAX_WAITING - len(waiting_cards(store))
    assert flood.id == floods(store)[0].id


def test_a_held_case_is_found_and_claimed_and_has_its_card_first(store: Store) -> None:
    a_flood(store)
    with store.unit_of_work() as uow:
        [found] = search_cases(uow, words="person99")
        assert found.case.card_ts is None
    do(store, claim, case_id=found.case.id, user_id=SAM, now=NOW)
    assert waiting_cards(store)[0] == found.case.id
    [card] = [row for row in queued(store, "post_card") if row["payload"]["case_id"] == found.case.id]
    assert card["lane"] == Lane.AGENT
    with store.unit_of_work() as uow:
        assert uow.held_cards.among([found.case.id]) == frozenset()


def test_next_gives_the_highest_rank_whether_it_has_a_card_or_not(store: Store) -> None:
    a_flood(store)
    for _ in range(MAX_WAITING + 1):
        taken = do(store, claim_next, user_id=SAM, now=NOW)
    assert taken is not None
    assert taken.id in waiting_cards(store)[: MAX_WAITING + 1]
    assert all(row["lane"] == Lane.AGENT for row in queued(store, "post_card"))


def test_who_arrives_in_private_gets_their_card_next(store: Store) -> None:
    flood = a_flood(store)
    late = case_by(store, "a130")
    ingest_message(store, incoming_message(author=late.author), now=NOW)
    post_waiting(store)
    do(store, tend_flood, flood_id=flood.id, now=NOW)
    assert late.id in waiting_cards(store)


def test_missing_cards_leaves_held_cases_alone(store: Store) -> None:
    a_flood(store)
    later = NOW + timedelta(hours=1)
    assert do(store, post_missing_cards, policy=POLICY, now=later) == 0
    assert alerts(store) == []


def test_pull_next_gives_the_highest_ranks_ahead_of_all_else(store: Store) -> None:
    flood = a_flood(store)
    with store.unit_of_work() as uow:
        next_held = [case.id for case in uow.held_cards.by_rank(CHANNEL, limit=PULLED)]
    pulled = do(store, pull_next, flood_id=flood.id, user_id=SAM, now=NOW)
    assert [case.id for case in pulled] == next_held
    assert waiting_cards(store)[:PULLED] == next_held
    assert (SAM, Action.CARD_PULLED, 1) in audit_actions(store, next_held[0])
    assert do(store, pull_next, flood_id=flood.id + 1, user_id=SAM, now=NOW) == []


def test_the_board_counts_what_is_held_and_shows_what_is_urgent(store: Store) -> None:
    flood = a_flood(store)
    crowd(store, 5, FIRE, first=5000)
    with store.unit_of_work() as uow:
        view = view_board(uow, flood_id=flood.id, now=NOW)
    assert view is not None
    assert view.urgent_total == len(view.urgent) == 5
    assert view.held_total == held(store)
    assert view.last_minute == 135
    assert [listed.newest is not None for listed in view.samples] == [True] * 3
    assert view.oldest == NOW
    with store.unit_of_work() as uow:
        urgent = list_urgent(uow, flood_id=flood.id)
        assert {one.case.author.id for one in urgent} == {f"a{number}" for number in range(5000, 5005)}
        assert all(one.newest is not None and FIRE in one.newest.text for one in urgent)
        assert view_board(uow, flood_id=flood.id + 1, now=NOW) is None


def test_the_board_is_edited_at_most_every_few_seconds(store: Store) -> None:
    flood = a_flood(store)
    do(store, record_board, flood_id=flood.id, channel=CHANNEL, ts="1.2", digest="d", now=NOW)
    for second in range(3):
        crowd(store, 10, first=1000 + 10 * second, now=NOW + second * SECOND)
    [edit] = queued(store, "update_flood_board")
    assert edit["due_at"] == NOW  # from before the board was posted
    with store.unit_of_work() as uow:
        for _ in ("the board is posted", "and edited"):
            for job in uow.outbox.claim(now=NOW, lease=MINUTE, owner="t", limit=50, paces=_unpaced):
                uow.outbox.settle(job, now=NOW, result={})
    crowd(store, 10, first=2000, now=NOW + SECOND)
    assert queued(store, "update_flood_board")[0]["due_at"] == NOW + BOARD_EVERY
    crowd(store, 1, FIRE, first=3000, now=NOW + SECOND)
    assert queued(store, "update_flood_board")[0]["due_at"] == NOW + BOARD_EVERY_IF_URGENT


def leave(store: Store, flood: Flood) -> None:
    """Let it be calm until the flood is over."""
    after = NOW + timedelta(minutes=2)
    do(store, tend_flood, flood_id=flood.id, now=after)
    assert floods(store)[0].is_active
    do(store, tend_flood, flood_id=flood.id, now=after + CALM_FOR)


def test_it_leaves_when_calm_says_what_happened_and_keeps_the_rest_on_the_board(store: Store) -> None:
    flood = a_flood(store)
    leave(store, flood)
    [ended] = floods(store)
    assert ended.ended_at is not None
    assert [row["payload"]["flood_id"] for row in queued(store, "post_flood_summary")] == [flood.id]
    assert held(store) > MAX_CARDS_AFTER
    crowd(store, 1, first=9000, now=NOW + 10 * MINUTE)
    assert case_by(store, "a9000").id in waiting_cards(store), "cards are posted at once again"


def test_few_that_are_left_get_their_cards_and_the_flood_is_closed(store: Store) -> None:
    flood = a_flood(store)
    for case in cases(store)[MAX_CARDS_AFTER:]:
        do(store, dismiss, case_id=case.id, version=case.version, user_id=SAM, now=NOW)
    leave(store, flood)
    assert held(store) == 0
    assert floods(store) == []


def test_a_second_flood_closes_the_first(store: Store) -> None:
    first = a_flood(store)
    leave(store, first)
    crowd(store, 130, first=2000, now=NOW + timedelta(hours=1))
    [second] = floods(store)
    assert second.id != first.id
    assert second.is_active


def test_calm_must_last(store: Store) -> None:
    flood = a_flood(store)
    after = NOW + 2 * MINUTE
    do(store, tend_flood, flood_id=flood.id, now=after)
    crowd(store, 60, first=1000, now=after + MINUTE)
    do(store, tend_flood, flood_id=flood.id, now=after + MINUTE)
    do(store, tend_flood, flood_id=flood.id, now=after + CALM_FOR)
    assert floods(store)[0].is_active
