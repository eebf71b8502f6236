"""Deliver customers' files once to the thread by the real performer, even if the card moves; and marks."""

import pytest

from domain.delivery.thread_effects import AddReaction
from domain.intake.private_messages import IncomingFile
from handlers.desk import Desk
from storage.engine import Store
from storage.unit_of_work import UnitOfWork
from tests.handlers.delivery.performers.test_cards import FALLBACK, SUPPORT, DeliveryHarness, a_harness
from tests.handlers.made import NOW, alerts, cases, do, networks
from tests.handlers.slack.handoff_forms import ingest_direct_message
from tests.handlers.timers.test_mentions import Network

PHOTO = IncomingFile(name="broken.png", media_type="image/png", content=b"12345")


@pytest.fixture
def harness(desk: Desk) -> DeliveryHarness:
    return a_harness(desk, networks(Network()))


def shared(harness: DeliveryHarness) -> list[str]:
    return [text for _, text in harness.chat.threads if text.startswith("broken.png")]


async def test_a_customers_file_comes_into_the_thread_once(store: Store, harness: DeliveryHarness) -> None:
    ingest_direct_message(store, files=(PHOTO,))
    await harness.settle()
    assert shared(harness) == ["broken.png: 5 bytes"]
    [case] = cases(store)
    assert {at for at, text in harness.chat.threads} == {case.card_ts}
    with store.unit_of_work() as uow:
        ids = [message.id for message in uow.messages.of_case(case.id)]
        [[kept]] = uow.files.of_messages(ids).values()
        assert kept.shared_at is not None
    ingest_direct_message(store, "and another thing", external_id="m2")
    await harness.settle()
    assert len(shared(harness)) == 1


async def test_a_file_waits_for_a_card_that_finds_its_place_later(
    store: Store, harness: DeliveryHarness
) -> None:
    harness.chat.archived = {SUPPORT}
    ingest_direct_message(store, files=(PHOTO,))
    await harness.settle()
    assert harness.chat.cards(FALLBACK)
    assert shared(harness) == ["broken.png: 5 bytes"]


async def test_a_file_that_cannot_be_shown_is_told_of(store: Store, harness: DeliveryHarness) -> None:
    ingest_direct_message(store)
    await harness.settle()
    harness.chat.archived = {SUPPORT}
    ingest_direct_message(store, "see", external_id="m2", files=(PHOTO,))
    await harness.settle()
    assert [text for text in alerts(store) if "A customer's file cannot be shown in #C0SUPPORT" in text]


async def test_a_mark_is_put_under_the_message(store: Store, harness: DeliveryHarness) -> None:
    def ask(uow: UnitOfWork) -> None:
        uow.outbox.add([AddReaction(SUPPORT, "1.2", "white_check_mark")], now=NOW)

    do(store, ask)
    await harness.settle()
    assert harness.chat.marks == [(SUPPORT, "1.2", "white_check_mark")]
