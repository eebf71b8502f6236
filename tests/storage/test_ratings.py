"""Store ratings and count satisfaction, on both databases."""

from dataclasses import replace

from domain.chat.rating import Rating, Satisfaction
from storage.engine import Store
from tests.storage.made import (
    NOW,
    SECOND,
    a_handoff,
    stored,
    stored_handoffs,
)


def test_a_second_rating_replaces_the_first(store: Store) -> None:
    [case] = stored(store)
    [handoff] = stored_handoffs(store, a_handoff(case.id))
    rating = Rating(handoff_id=handoff.id, case_id=case.id, solved=True, comment="", at=NOW)
    later = replace(rating, solved=False, comment="no", at=NOW + SECOND)
    with store.unit_of_work() as uow:
        assert uow.ratings.of_handoff(handoff.id) is None
        uow.ratings.put(rating)
        uow.ratings.put(later)
    with store.unit_of_work() as uow:
        assert uow.ratings.of_handoff(handoff.id) == later


def test_satisfaction_counts_the_last_rating_of_each_chat(store: Store) -> None:
    [case] = stored(store)
    offers = stored_handoffs(store, *(a_handoff(case.id, nonce=f"n{n}") for n in range(4)))
    with store.unit_of_work() as uow:
        assert uow.ratings.satisfaction(since=NOW) == Satisfaction(solved=0, rated=0)
        for offer, at in zip(offers, (NOW - SECOND, NOW, NOW, NOW), strict=True):
            uow.ratings.put(Rating(handoff_id=offer.id, case_id=case.id, solved=True, comment="", at=at))
        uow.ratings.put(
            Rating(handoff_id=offers[3].id, case_id=case.id, solved=False, comment="", at=NOW + SECOND)
        )
        assert uow.ratings.satisfaction(since=NOW) == Satisfaction(solved=2, rated=3)
