"""Count on the board of a flood how many of the held cases belong to an open outage."""

from handlers.outages.links import propose_links, undo_links
from handlers.surge.flood_board import view_board
from storage.engine import Store
from tests.handlers.made import NOW, PAYMENT, SAM, do
from tests.handlers.outages.made import ListDestination, an_outage, destinations, links_of, sent
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
