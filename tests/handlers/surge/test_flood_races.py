"""Act on a case in the moment in which a flood begins in its channel."""

import time
from concurrent.futures import ThreadPoolExecutor

from handlers.cases.assignment import claim
from handlers.surge.flood import _withdraw_cards
from storage.engine import Store
from tests.handlers.made import NOW, SAM, do
from tests.handlers.outages.test_lock_order import HEAD_START
from tests.handlers.surge.test_flood import CHANNEL, case_by, crowd, held, waiting_cards


def test_a_case_that_is_claimed_while_its_card_is_withdrawn_keeps_it(store: Store) -> None:
    crowd(store, 2)
    case = case_by(store, "a1")
    with ThreadPoolExecutor(1) as thread:
        with store.unit_of_work() as uow:
            assert _withdraw_cards(uow, CHANNEL, NOW) == 2
            claimed = thread.submit(lambda: do(store, claim, case_id=case.id, user_id=SAM, now=NOW))
            time.sleep(HEAD_START if store.workers > 1 else 0)
        claimed.result(30)
    assert (waiting_cards(store), held(store)) == ([case.id], 1)
