"""Store the cursors of streams, on both databases."""

from dataclasses import replace

from domain.intake.streams import Cursor, SourceFault
from storage.engine import Store
from tests.storage.made import NOW, SECOND


def test_a_cursor_is_created_and_saved(store: Store) -> None:
    cursor = Cursor(
        network="x",
        account_id="1",
        stream="mentions",
        since_id="99",
        read_at=NOW,
        arrived_at=NOW - SECOND,
        pause_reason=SourceFault.OUT_OF_CREDIT,
        paused_until=NOW + SECOND,
        quiet_alerted_at=NOW + 2 * SECOND,
    )
    with store.unit_of_work() as uow:
        assert uow.cursors.get("x", "1", "mentions") == Cursor(network="x", account_id="1", stream="mentions")
        uow.cursors.save(cursor)
        uow.cursors.save(replace(cursor, stream="search", pause_reason=None))
    with store.unit_of_work() as uow:
        assert uow.cursors.get("x", "1", "mentions") == cursor
        uow.cursors.save(replace(cursor, since_id="100"))
        assert uow.cursors.get("x", "1", "mentions").since_id == "100"
        assert uow.cursors.get("x", "1", "search").since_id == "99"
