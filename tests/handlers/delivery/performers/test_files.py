"""Customers' files through the real performer: in the thread once, wherever the card comes to stand; and marks."""

import pytest

from domain.delivery.effects import MarkMessage
from domain.intake.private_messages import IncomingFile
from handlers.desk import Desk
from storage.engine import Store
from storage.unit_of_work import UnitOfWork
from tests.handlers.delivery.performers.test_cards import FALLBACK, SUPPORT, PostRoom, a_room
from tests.handlers.made import NOW, alerts, cases, do, networks
from tests.handlers.slack.handoff_forms import hears
from tests.handlers.timers.test_mentions import Network

PHOTO = IncomingFile(name="broken.png", media_type="image/png", content=b"12345")


@pytest.fixture
def room(desk: Desk) -> PostRoom:
    return a_room(desk, networks(Network()))


def shared(room: PostRoom) -> list[str]:
    return [text for _, text in room.chat.threads if text.startswith("broken.png")]


async def test_a_customers_file_comes_into_the_thread_once(store: Store, room: PostRoom) -> None:
    hears(store, files=(PHOTO,))
    await room.settle()
    assert shared(room) == ["broken.png: 5 bytes"]
    [case] = cases(store)
    assert {at for at, text in room.chat.threads} == {case.card_ts}
    with store.unit_of_work() as uow:
        ids = [message.id for message in uow.messages.of_case(case.id)]
        [[kept]] = uow.files.of_messages(ids).values()
        assert kept.shared_at is not None
    hears(store, "and another thing", external_id="m2")
    await room.settle()
    assert len(shared(room)) == 1


async def test_a_file_waits_for_a_card_that_finds_its_place_later(store: Store, room: PostRoom) -> None:
    room.chat.archived = {SUPPORT}
    hears(store, files=(PHOTO,))
    await room.settle()
    assert room.chat.cards(FALLBACK)
    assert shared(room) == ["broken.png: 5 bytes"]


async def test_a_file_that_cannot_be_shown_is_told_of(store: Store, room: PostRoom) -> None:
    hears(store)
    await room.settle()
    room.chat.archived = {SUPPORT}
    hears(store, "see", external_id="m2", files=(PHOTO,))
    await room.settle()
    assert [text for text in alerts(store) if "A customer's file cannot be shown in #C0SUPPORT" in text]


async def test_a_mark_is_put_under_the_message(store: Store, room: PostRoom) -> None:
    def ask(uow: UnitOfWork) -> None:
        uow.outbox.add([MarkMessage(SUPPORT, "1.2", "white_check_mark")], now=NOW)

    do(store, ask)
    await room.settle()
    assert room.chat.marks == [(SUPPORT, "1.2", "white_check_mark")]
