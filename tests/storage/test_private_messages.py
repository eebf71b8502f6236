"""Store and find private messages, on both databases."""

from dataclasses import replace

from domain.cases.messages import Delivery, Direction
from domain.venues import Venue
from storage.engine import Store
from tests.storage.made import (
    DAY,
    NOW,
    a_message,
    stored,
    stored_private_message,
)


def test_fields_of_private_messages_are_stored(store: Store) -> None:
    [case] = stored(store)
    said = a_message(
        case.id,
        "<m1>",
        venue=Venue.EMAIL,
        delivered_at=NOW,
        thread_ts="7.1",
        subject="Parcel",
        original="all",
        handoff_id=4,
    )
    kept = stored_private_message(store, said)
    with store.unit_of_work() as uow:
        assert uow.messages.get(kept.id) == kept == replace(said, id=kept.id)


def test_find_our_messages_by_external_id_and_messages_after_an_id(
    store: Store,
) -> None:
    [case] = stored(store)
    ours = a_message(case.id, "<a>", direction=Direction.OUT, delivery=Delivery.SENT)
    first = stored_private_message(store, ours)
    second = stored_private_message(store, replace(ours, external_id="<b>"))
    theirs = stored_private_message(store, a_message(case.id, "<c>", created_at=NOW - DAY))
    with store.unit_of_work() as uow:
        assert uow.messages.ours_by_external_id(["<a>", "<b>", "<c>"]) == [second, first]
        assert uow.messages.ours_by_external_id([]) == []
        assert uow.conversations.messages_since(case.id, 0, first.id, limit=9) == (
            [],
            [second, theirs],
        )
        assert uow.conversations.messages_since(case.id, 0, first.id, limit=1) == (
            [],
            [second],
        )


def test_newest_answer_prefers_one_with_an_unsure_outcome(store: Store) -> None:
    [case] = stored(store)
    ours = a_message(case.id, None, direction=Direction.OUT, delivery=Delivery.UNSURE)
    doubtful = stored_private_message(store, ours)
    newest = stored_private_message(store, replace(ours, delivery=Delivery.SENT, created_at=NOW + DAY))
    with store.unit_of_work() as uow:
        assert uow.messages.latest_reply(case.id) == doubtful
        uow.messages.save(replace(doubtful, delivery=Delivery.FAILED))
        assert uow.messages.latest_reply(case.id) == newest


def test_our_text_since_ignores_private_messages(store: Store) -> None:
    [case] = stored(store)
    ours = a_message(
        case.id, None, direction=Direction.OUT, delivery=Delivery.SENT, text="Hi", venue=Venue.DM
    )
    stored_private_message(store, ours)
    with store.unit_of_work() as uow:
        assert not uow.messages.our_text_since("1", "Hi", NOW - DAY)
    stored_private_message(store, replace(ours, venue=Venue.PUBLIC))
    with store.unit_of_work() as uow:
        assert uow.messages.our_text_since("1", "Hi", NOW - DAY)
