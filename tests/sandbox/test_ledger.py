"""The ledger of calls that took effect."""

from sandbox.ledger import Ledger


def test_entries_are_numbered_in_order_and_found_by_system_and_call() -> None:
    ledger = Ledger()
    ledger.record("x", "POST /2/tweets", text="a")
    ledger.record("slack", "chat.postMessage", text="b")
    ledger.record("x", "DELETE /2/tweets/:id", id="1")
    assert [e.number for e in ledger.entries] == [1, 2, 3]
    assert [e.detail for e in ledger.of("x")] == [{"text": "a"}, {"id": "1"}]
    assert [e.detail for e in ledger.of("x", "POST /2/tweets")] == [{"text": "a"}]
    assert ledger.of("model") == []
