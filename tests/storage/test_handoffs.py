"""Store hand-offs and find them by nonce, address and due time, on both databases."""

from dataclasses import replace

import pytest

from domain.handoffs.handoff import HandoffState, Proof
from domain.venues import Venue
from storage.engine import Store
from tests.storage.made import (
    DAY,
    NOW,
    SECOND,
    a_case,
    a_file,
    a_handoff,
    a_message,
    stored,
    stored_handoffs,
    stored_private_message,
)


def test_every_field_of_a_handoff_is_stored_and_updated(store: Store) -> None:
    [case] = stored(store)
    message = stored_private_message(store, a_message(case.id))
    [plain] = stored_handoffs(store, a_handoff(case.id))
    full = replace(
        plain,
        state=HandoffState.ARRIVED,
        remind_at=NOW + SECOND,
        message_id=message.id,
        address="ana@example.com",
        arrived_at=NOW + 2 * SECOND,
        ended_at=NOW + 3 * SECOND,
        proof=Proof.AGENT,
        verified_at=NOW + 4 * SECOND,
        verified_by="U1",
        verified_reason="her voice",
        unreachable_at=NOW + 5 * SECOND,
    )
    with store.unit_of_work() as uow:
        assert uow.handoffs.get(plain.id) == plain
        uow.handoffs.save(full)
    with store.unit_of_work() as uow:
        assert uow.handoffs.get(plain.id) == full
        assert uow.handoffs.by_nonce("n1") == full
        assert uow.handoffs.by_nonce("n2") is None


def test_a_missing_handoff_raises_lookup_error(store: Store) -> None:
    [case] = stored(store)
    with store.unit_of_work() as uow:
        for act in (
            lambda: uow.handoffs.get(99),
            lambda: uow.handoffs.save(a_handoff(case.id)),
            lambda: uow.files.get(99),
            lambda: uow.files.save(a_file(case.id, 1)),
        ):
            with pytest.raises(LookupError):
                act()


def test_current_is_the_newest_offered_or_arrived_handoff(store: Store) -> None:
    case, other = stored(store, a_case(), a_case())
    made = stored_handoffs(
        store,
        a_handoff(case.id, "a", state=HandoffState.ARRIVED),
        a_handoff(case.id, "b", state=HandoffState.OFFERED),
        a_handoff(case.id, "c", state=HandoffState.EXPIRED),
        a_handoff(other.id, "d", state=HandoffState.RETURNED),
    )
    with store.unit_of_work() as uow:
        assert uow.handoffs.current(case.id) == made[1]
        assert uow.handoffs.current(other.id) is None
        assert uow.handoffs.of_case(case.id) == made[:3]


def test_by_address_returns_handoffs_of_the_venue_with_recent_cases(store: Store) -> None:
    case, old = stored(store, a_case(), a_case(last_message_at=NOW - DAY))
    first, second, *_ = stored_handoffs(
        store,
        a_handoff(case.id, "a", address="77"),
        a_handoff(case.id, "b", address="77", state=HandoffState.REPLACED),
        a_handoff(case.id, "c", address="77", venue=Venue.DM),
        a_handoff(case.id, "d", address="78"),
        a_handoff(old.id, "e", address="77"),
    )
    with store.unit_of_work() as uow:
        assert uow.handoffs.by_address(Venue.CHAT, "77", since=NOW) == [second, first]


def test_due_returns_offers_to_remind_of_or_to_expire_soonest_first(store: Store) -> None:
    [case] = stored(store)
    over, reminded, *_ = stored_handoffs(
        store,
        a_handoff(case.id, "a", expires_at=NOW),
        a_handoff(case.id, "b", remind_at=NOW),
        a_handoff(case.id, "c", remind_at=NOW + SECOND),
        a_handoff(case.id, "d", expires_at=NOW, state=HandoffState.ARRIVED),
    )
    with store.unit_of_work() as uow:
        assert uow.handoffs.due(NOW, limit=9) == [over, reminded]
        assert uow.handoffs.due(NOW, limit=1) == [over]
