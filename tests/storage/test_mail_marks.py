"""Mark mails as being sent together with what became of those before: at once, and never while paused."""

from collections import Counter
from collections.abc import Sequence

import pytest
from sqlalchemy import select

from domain.outages.subscribers import MailResult, MailState
from handlers.outages.mailings import begin_mails, next_batch, start_mailing
from storage.engine import Store
from storage.subscriber_tables import notice_mails
from tests.storage.test_case_changes import round_trips
from tests.storage.test_subscribers import NOW, a_publication, a_subscriber, message_id_of


@pytest.fixture
def mails(store: Store) -> list[int]:
    return queued(store)


def queued(store: Store) -> list[int]:
    """Return the ids of four queued mails of a mailing."""
    with store.unit_of_work() as uow:
        uow.subscribers.add_many([a_subscriber(f"s{number}") for number in range(4)])
    publication = a_publication(store)
    with store.unit_of_work() as uow:
        start_mailing(uow, publication, now=NOW)
        batch = next_batch(uow, publication_id=publication.id, limit=4, message_id_of=message_id_of, now=NOW)
    return [mail.id for mail in batch.mails]


def begun(store: Store, following: Sequence[int], results: Sequence[MailResult] = ()) -> set[int] | None:
    with store.unit_of_work(durable=True) as uow:
        return begin_mails(uow, mail_ids=following, results=results, refusals=[], now=NOW)


def is_sent(mail_id: int) -> MailResult:
    return MailResult(mail_id=mail_id, state=MailState.SENT)


def counts(store: Store) -> dict[MailState, int]:
    with store.engine.connect() as connection:
        return Counter(map(MailState, connection.scalars(select(notice_mails.c.state))))


def test_what_was_sent_is_recorded_with_the_mark_of_what_follows(store: Store, mails: list[int]) -> None:
    assert begun(store, mails[:2]) == set(mails[:2])
    refused = MailResult(mail_id=mails[1], state=MailState.REFUSED, reason="no")
    assert begun(store, mails[1:3], [is_sent(mails[0]), refused]) == {mails[2]}
    assert counts(store) == {
        MailState.SENT: 1,
        MailState.REFUSED: 1,
        MailState.SENDING: 1,
        MailState.QUEUED: 1,
    }


def test_while_sending_is_paused_nothing_is_marked_and_what_was_sent_is_recorded(
    store: Store, mails: list[int]
) -> None:
    begun(store, mails[:2])
    with store.unit_of_work() as uow:
        uow.pauses.start(by="U1", at=NOW, holds_answers=False)
    assert begun(store, mails[2:], [is_sent(one) for one in mails[:2]]) is None
    assert counts(store) == {MailState.SENT: 2, MailState.QUEUED: 2}
    with store.unit_of_work() as uow:
        uow.pauses.end(by="U1", at=NOW)
    assert begun(store, mails[2:]) == set(mails[2:])


def test_what_another_copy_sends_is_left_to_it_and_not_taken_for_a_pause(
    store: Store, mails: list[int]
) -> None:
    assert begun(store, mails) == set(mails)
    assert begun(store, mails) == set()
    assert begun(store, []) == set()


def test_a_bounce_that_was_quicker_stays(store: Store, mails: list[int]) -> None:
    begun(store, mails[:1])
    with store.unit_of_work() as uow:
        uow.mailings.record_bounced(mails[0], "gone")
    begun(store, mails[1:], [is_sent(mails[0])])
    assert counts(store) == {MailState.BOUNCED: 1, MailState.SENDING: 3}


def test_it_takes_one_round_trip(postgres: Store) -> None:
    mails = queued(postgres)
    begun(postgres, mails[:2])
    with round_trips(postgres) as counted:
        assert begun(postgres, mails[2:], [is_sent(one) for one in mails[:2]]) == set(mails[2:])
    assert counted == [1]
    assert counts(postgres) == {MailState.SENT: 2, MailState.SENDING: 2}
