"""What waits for a person's word is not late for want of a network, and anything else is."""

from datetime import datetime

from domain.delivery.effects import SendPublicReply
from storage.engine import Store
from tests.storage.made import NOW, SECOND
from tests.storage.outboxes import OutboxCalls


def oldest_due(store: Store) -> list[datetime | None]:
    """Return since when something has been due, for each lane that has rows."""
    with store.unit_of_work() as uow:
        return [one.oldest_due for one in uow.operations.lanes(NOW + 9 * SECOND) if one.rows]


def test_what_waits_behind_a_message_in_doubt_is_not_late(store: Store) -> None:
    box = OutboxCalls(store)
    box.add(SendPublicReply(7, 1, "x"))
    box.mark_unsure(box.claim_one(), due=None)
    box.add(SendPublicReply(8, 1, "x"))
    assert oldest_due(store) == [None]
    box.add(SendPublicReply(9, 2, "x"), now=NOW + SECOND)
    assert oldest_due(store) == [NOW + SECOND]
