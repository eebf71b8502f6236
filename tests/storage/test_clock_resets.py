"""A clock that is set back makes nothing wait longer than it was meant to, on both databases."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from domain.delivery.effects import PostCard, SendPublicReply
from storage.engine import Store
from storage.outbox_conditions import HELD
from storage.subscriber_tables import mailings, notice_mails
from tests.handlers.records.marked import insert_row
from tests.storage.made import NOW, SECOND
from tests.storage.outboxes import LEASE, OutboxCalls, keys
from tests.storage.test_pacing import posts

BACK = NOW - timedelta(hours=2)
#: When a mail is tried again that was tried at `BACK`.
RETRIED = BACK + timedelta(minutes=15)


@pytest.fixture
def box(store: Store) -> OutboxCalls:
    return OutboxCalls(store)


def end_future_waits(store: Store) -> int:
    with store.unit_of_work() as uow:
        return uow.clock_resets.end_future(now=BACK, lease=LEASE, longest_mail_wait=timedelta(minutes=16))


def test_what_is_queued_and_the_pace_of_its_destination_do_not_wait_for_the_old_time(
    box: OutboxCalls, store: Store
) -> None:
    box.add(PostCard(1, "C1"), PostCard(2, "C1"))
    box.settle(box.claim(paces=posts)[0])
    assert box.claim(BACK, paces=posts) == []
    assert end_future_waits(store) == 2
    assert keys(box.claim(BACK, paces=posts)) == [PostCard(2, "C1").key]
    assert box.claim(BACK + 0.5 * SECOND, paces=posts) == []


def test_a_pause_and_a_retry_that_began_later_than_now_are_over(box: OutboxCalls, store: Store) -> None:
    box.add(PostCard(1, "C1"), now=BACK - LEASE)
    box.postpone(box.claim_one(), due=NOW + LEASE)
    box.pause(PostCard(1, "C1").destination, until=NOW + LEASE)
    assert end_future_waits(store) == 2
    assert keys(box.claim(BACK)) == [PostCard(1, "C1").key]


def test_a_check_that_began_later_than_now_is_due(box: OutboxCalls, store: Store) -> None:
    box.add(SendPublicReply(1, 1, "x"), now=BACK - LEASE)
    box.mark_unsure(box.claim_one(), due=NOW + LEASE)
    assert end_future_waits(store) == 1
    assert box.claim_one(BACK).reconciling


def test_a_check_and_a_retry_that_began_before_now_keep_their_wait(box: OutboxCalls, store: Store) -> None:
    box.add(PostCard(1, "C1"), SendPublicReply(1, 1, "x"), now=BACK - LEASE)
    for job in box.claim(BACK - SECOND):
        box.postpone(job, now=BACK - SECOND, due=BACK + 3 * LEASE)
    box.pause("x:reply", now=BACK - SECOND, until=BACK + LEASE)
    assert end_future_waits(store) == 0
    assert box.claim(BACK) == []


def test_a_lease_that_began_before_now_keeps_its_end(box: OutboxCalls, store: Store) -> None:
    box.add(SendPublicReply(1, 1, "x"), now=BACK - LEASE)
    box.claim_one(BACK - LEASE / 2)
    assert end_future_waits(store) == 0
    assert len(box.recover(BACK + LEASE / 2 + SECOND)) == 1


def test_a_lease_of_a_worker_that_died_ends_as_if_it_began_now(box: OutboxCalls, store: Store) -> None:
    box.add(PostCard(1, "C1"), now=BACK)
    box.claim_one(NOW)
    assert end_future_waits(store) == 1
    assert (box.recover(BACK + LEASE - SECOND), len(box.recover(BACK + LEASE + SECOND))) == ([], 1)


def test_what_a_pause_of_all_sending_holds_stays_held(box: OutboxCalls, store: Store) -> None:
    box.add(PostCard(1, "C1"))
    job = box.claim_one()
    with store.unit_of_work() as uow:
        uow.outbox.hold([job], now=NOW)
    assert end_future_waits(store) == 0
    assert box.row(job.effect.key)["due_at"] == HELD


@pytest.mark.parametrize(("due", "then"), [(NOW, BACK), (RETRIED, RETRIED)])
def test_mails_to_the_list_wait_no_longer_than_their_own_time(
    store: Store, due: datetime, then: datetime
) -> None:
    refers: dict[str, int] = {}
    insert_row(store, mailings, refers, text="a", started_at=BACK, finished_at=None)
    insert_row(store, notice_mails, refers, text="a", state="queued", due_at=due)
    assert end_future_waits(store) == (due != then)
    with store.engine.connect() as connection:
        assert connection.scalar(select(notice_mails.c.due_at)) == then
