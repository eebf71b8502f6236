"""Count on the board of a flood how many of the held cases belong to an open outage."""

from handlers.outages.links import confirm_links, propose_links, refresh_linked_cards, undo_links
from handlers.surge.flood_board import view_board
from storage.engine import Store
from tests.handlers.made import MINUTE, NOW, PAYMENT, SAM, do, queued
from tests.handlers.outages.made import SAM_MAY, ListDestination, an_outage, destinations, links_of, sent
from tests.handlers.outages.test_links import POLICY
from tests.handlers.surge.test_flood import crowd, floods, held


def counted(store: Store) -> list[tuple[str, int]]:
    [flood] = floods(store)
    with store.unit_of_work() as uow:
        view = view_board(uow, flood_id=flood.id, now=NOW)
    assert view is not None
    return [(one.title, one.held) for one in view.outages if one.held]


def test_the_board_counts_held_cases_by_outage(store: Store) -> None:
    outage, notice = an_outage(store, "Card payments fail with an error")
    crowd(store, 120, PAYMENT)
    assert counted(store) == []
    sent(store, notice, destinations(page=ListDestination()))
    do(store, propose_links, policy=POLICY, encoder="", now=NOW)
    waiting = held(store)
    assert counted(store) == [("Payments fail", waiting)]
    refused = [case.id for _, case in links_of(store, outage.id) if case.card_ts is None][:7]
    with store.unit_of_work() as uow:
        of_held = len(uow.held_cards.among(refused))
    do(store, undo_links, outage_id=outage.id, case_ids=refused, user_id=SAM, now=NOW)
    assert counted(store)[0][1] < waiting
    assert of_held > 0


def test_the_cards_of_cases_that_are_held_back_are_not_redrawn_with_the_outage(store: Store) -> None:
    """They have none; each of these updates would take a turn of the edits that Slack allows, for nothing."""
    outage, notice = an_outage(store, "Card payments fail with an error")
    crowd(store, 120, PAYMENT)
    sent(store, notice, destinations(page=ListDestination()))
    do(store, propose_links, policy=POLICY, encoder="", now=NOW)
    ids = [case.id for _, case in links_of(store, outage.id)]
    with store.unit_of_work() as uow:
        without_card = uow.held_cards.among(ids)
    assert 0 < len(without_card) < len(ids), "else there is nothing to tell apart"
    do(store, confirm_links, outage_id=outage.id, case_ids=ids, actor=SAM_MAY, now=NOW)
    settle_all(store)
    with store.unit_of_work() as uow:
        held_now, ranks = uow.held_cards.among(ids), {id_: uow.cases.get(id_).sort_key for id_ in ids}
        refresh_linked_cards(uow, uow.outages.get(outage.id), now=NOW)
    rows = [row for row in queued(store, "update_card") if row["state"] == "queued"]
    assert {row["payload"]["case_id"] for row in rows} == set(ids) - held_now
    assert all(row["priority"] == ranks[row["payload"]["case_id"]] for row in rows)


def settle_all(store: Store) -> None:
    """Have all be performed that waits."""
    with store.unit_of_work() as uow:
        while jobs := uow.outbox.claim(now=NOW, lease=MINUTE, owner="t", limit=99, paces=lambda _: None):
            for job in jobs:
                uow.outbox.settle(job, now=NOW, result={})
