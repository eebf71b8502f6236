"""Collect the pub/sub topics of a transaction, on both databases."""

from storage.engine import Store


def test_a_topic_is_sent_once_in_a_transaction(store: Store) -> None:
    with store.unit_of_work() as uow:
        uow.signals.send("chat:1")
        uow.signals.send("chat:1")
        uow.signals.send("chat:2")
        assert uow.signals.sent == {"chat:1", "chat:2"}
    with store.unit_of_work() as uow:
        assert uow.signals.sent == frozenset()
