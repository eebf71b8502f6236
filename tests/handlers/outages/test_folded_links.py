"""Fold cards as cases are linked, and unfold them by a claim, a new message and an undone link."""

from domain.cases.case import Case
from domain.delivery.effect import Lane
from domain.intake.posts import Author
from domain.outages.folding import is_folded
from handlers.cases.assignment import claim, release
from handlers.desk import Desk
from handlers.outages.links import undo_links
from storage.engine import Store
from tests.handlers.delivery.performers.test_cards import SUPPORT, a_harness, case_with_card
from tests.handlers.made import (
    MIA,
    NOW,
    a_post,
    a_stored_case,
    arrive,
    card_view,
    case_of,
    cases,
    do,
    networks,
    queued,
)
from tests.handlers.outages.test_links import WHERE, announced, confirm
from tests.handlers.surge.test_flood import a_flood, held, post_waiting
from tests.handlers.timers.test_mentions import Network


def folded(store: Store, case: Case) -> bool:
    return is_folded(card_view(store, case_of(store, case.id)))


def test_a_confirmed_link_folds_the_card_until_somebody_claims_it(store: Store) -> None:
    case = a_stored_case(store)
    outage_id = announced(store)
    assert not folded(store, case)
    confirm(store, outage_id, case)
    assert folded(store, case)
    do(store, claim, case_id=case.id, user_id=MIA, now=NOW)
    assert not folded(store, case)
    do(store, release, case_id=case.id, user_id=MIA, now=NOW)
    assert folded(store, case)


def test_a_new_message_unfolds_it_until_it_is_linked_again(store: Store) -> None:
    case = a_stored_case(store)
    outage_id = announced(store)
    confirm(store, outage_id, case)
    # Written before the link was confirmed, and read after it.
    arrive(store, a_post("9999", "@acme it still fails", author=case.author, created_at=NOW))
    assert not folded(store, case)
    do(store, undo_links, outage_id=outage_id, case_ids=[case.id], user_id=MIA, now=NOW)
    assert not folded(store, case)
    confirm(store, outage_id, case)
    assert folded(store, case)


async def test_a_folded_card_waits_for_its_suggestion_until_it_is_whole(store: Store, desk: Desk) -> None:
    harness = a_harness(desk, networks(Network()), destinations=WHERE)
    case = await case_with_card(store, harness)
    confirm(store, announced(store), case)
    await harness.settle()
    shown = str(harness.chat.messages[SUPPORT, str(case.card_ts)])
    assert "case.details" in shown
    assert "case.answer" not in shown
    with store.unit_of_work() as uow:
        assert uow.suggestions.latest(case.id) is None
    do(store, claim, case_id=case.id, user_id=MIA, now=NOW)
    await harness.settle()
    assert "case.answer" in str(harness.chat.messages[SUPPORT, str(case.card_ts)])
    with store.unit_of_work() as uow:
        assert uow.suggestions.latest(case.id) is not None


def test_updates_of_many_linked_cards_wait_behind_those_that_agents_look_at(store: Store) -> None:
    for number in range(3):
        a_stored_case(store, author=Author(id=f"b{number}", handle=f"b{number}", name="B", followers=1))
    first, *rest = cases(store)
    post_waiting(store)
    outage_id = announced(store)
    confirm(store, outage_id, *rest)
    confirm(store, outage_id, first)
    lanes = {row["payload"]["case_id"]: row["lane"] for row in queued(store, "update_card")}
    assert lanes[first.id] == Lane.AGENT
    assert all(lanes[case.id] > Lane.AGENT for case in rest)


def test_many_links_give_no_card_to_cases_that_a_flood_holds_back(store: Store) -> None:
    a_flood(store)
    outage_id = announced(store)
    everybody = [case.id for case in cases(store)]
    with store.unit_of_work() as uow:
        ids = sorted(uow.held_cards.among(everybody))[:3]
    before = held(store)
    confirm(store, outage_id, *(case_of(store, case_id) for case_id in ids))
    assert held(store) == before
    do(store, undo_links, outage_id=outage_id, case_ids=ids, user_id=MIA, now=NOW)
    assert held(store) == before
    do(store, claim, case_id=ids[0], user_id=MIA, now=NOW)
    assert held(store) == before - 1
