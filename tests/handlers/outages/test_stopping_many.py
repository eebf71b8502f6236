"""Stop a bulk answer of many: the press is short, nothing leaves afterwards, and the rest is taken back."""

from functools import partial

import pytest

from adapters.slack.boards.outage_cases import case_blocks
from domain.cases.messages import Delivery
from domain.errors import Refused
from domain.outages.bulk_answers import BulkState, RowState
from domain.records.audit import Action
from handlers.desk import Desk
from handlers.outages import stopping
from handlers.outages.stopping import bulks_to_take_back, take_back_rest
from handlers.outages.views import view_board
from handlers.timers.outage_links import outage_link_timers
from storage.engine import Store
from tests.handlers.context import a_context
from tests.handlers.made import audit_actions, do, networks
from tests.handlers.outages.made import ListDestination, destinations
from tests.handlers.outages.test_bulk_answers import rows, start
from tests.handlers.outages.test_stopping import World


@pytest.fixture(autouse=True)
def _few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "TAKEN_BACK_AT_ONCE", 1)


def board(world: World) -> str:
    moment, where = world.clock.moment, destinations(page=ListDestination())
    view = do(world.store, view_board, outage_id=world.outage_id, destinations=where, now=moment)
    return str(case_blocks(view))


async def test_one_transaction_takes_back_some_and_the_board_says_that_the_rest_is_coming(
    store: Store, desk: Desk
) -> None:
    world = World(store, desk)
    await world.deliver()
    assert world.stop() == 4
    view = world.view()
    assert view.bulk.state is BulkState.ABORTED
    assert (view.progress, view.taking_back) == (
        {Delivery.SENT: 1, Delivery.QUEUED: 3, RowState.SKIPPED: 1},
        3,
    )
    assert "3 being taken back, not sent" in board(world)
    assert "on the way" not in board(world)
    rest = partial(do, store, take_back_rest, bulk_id=world.bulk_id, now=world.clock.moment)
    assert do(store, bulks_to_take_back) == [world.bulk_id]
    assert [rest() for _ in range(4)] == [1, 1, 1, 0]
    assert do(store, bulks_to_take_back) == []
    assert world.view().progress == {Delivery.SENT: 1, RowState.SKIPPED: 4}
    assert "taken back" not in board(world)
    taken = [message.case_id for message in world.answers() if message.delivery is Delivery.FAILED]
    assert len(taken) == 4
    for case_id in taken:
        actions = [action for _, action, _ in audit_actions(store, case_id)]
        assert actions.count(Action.REPLY_CANCELLED) == 1


async def test_nobody_is_left_out_of_a_new_answer_because_the_old_one_is_not_taken_back_yet(
    store: Store, desk: Desk
) -> None:
    world = World(store, desk)
    await world.deliver()
    world.stop()
    with pytest.raises(Refused, match="still being taken back"):
        start(store, world.outage_id, "again")
    while do(store, take_back_rest, bulk_id=world.bulk_id, now=world.clock.moment):
        pass
    again = start(store, world.outage_id, "again")
    assert len(rows(store, again)) == 4


async def test_nothing_leaves_before_it_is_taken_back(store: Store, desk: Desk) -> None:
    world = World(store, desk)
    await world.deliver()
    world.stop()
    await world.until_all_left()
    assert len(world.network.took) == 1
    assert world.view().progress == {Delivery.SENT: 1, RowState.SKIPPED: 4}


async def test_a_timer_takes_back_the_rest(store: Store, desk: Desk) -> None:
    world = World(store, desk)
    await world.deliver()
    world.stop()
    ctx = a_context(desk, clock=world.clock, networks=networks(world.network))
    [timer] = [one for one in outage_link_timers(ctx) if one.name.startswith("take back")]
    await timer.callback()
    assert world.view().progress == {Delivery.SENT: 1, RowState.SKIPPED: 4}
