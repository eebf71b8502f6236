"""What is queued for an erased customer is not sent, and what else is under way goes on and ends."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from domain.cases.case import CaseState
from domain.cases.messages import Delivery, Direction
from domain.delivery.effects import Alert, NotifyPerson
from domain.errors import Refused
from domain.outages.bulk_answers import BulkState, RowState, SkipReason
from domain.records.erasure import CustomerName
from domain.records.retention import Retention
from handlers.cases.resolution import reopen, resolve
from handlers.desk import Desk
from handlers.outages.bulk_answers import answer_row
from handlers.records.customers import AnswersUnderWay, erase_customer
from handlers.timers.records import expire_content
from storage.engine import Store
from storage.outbox_tables import outbox
from tests.handlers.context import RULES, a_context
from tests.handlers.delivery.performers.scripted import ManualClock
from tests.handlers.made import NOW, POLICY, SAM, a_stored_case, case_of, do, messages, networks, queued
from tests.handlers.outages.test_bulk_answers import PEOPLE, answer, linked, rows, start
from tests.storage.made import a_message


def erase(store: Store, author_id: str) -> None:
    do(store, erase_customer, name=CustomerName("x", author_id), by="root", now=NOW)


async def test_a_bulk_answer_skips_an_erased_customer_and_ends(store: Store, desk: Desk) -> None:
    outage_id = linked(store, PEOPLE[:2])
    bulk_id = start(store, outage_id)
    erase(store, PEOPLE[1].id)
    await answer(desk, ManualClock())
    answered, skipped = rows(store, bulk_id)
    assert (answered.state, skipped.state) == (RowState.QUEUED, RowState.SKIPPED)
    assert (skipped.reason, skipped.text) == (SkipReason.CLOSED, "")
    with store.unit_of_work() as uow:
        assert uow.bulk_answers.get(bulk_id).state is BulkState.DONE


def test_an_answer_that_was_queued_counts_as_not_sent(sqlite: Store) -> None:
    bulk_id = start(sqlite, linked(sqlite, PEOPLE[:1]))
    [row] = rows(sqlite, bulk_id)
    do(sqlite, answer_row, row_id=row.id, networks=networks(), rules=RULES, now=NOW)
    erase(sqlite, PEOPLE[0].id)
    [_, ours] = messages(sqlite, row.case_id)
    assert (ours.text, ours.delivery) == ("", Delivery.FAILED)
    assert not queued(sqlite, "send_linked_answer")
    with sqlite.unit_of_work() as uow:
        assert uow.bulk_answers.progress(bulk_id) == {"failed": 1}


def test_a_row_that_was_read_before_does_not_bring_its_text_back(sqlite: Store) -> None:
    bulk_id = start(sqlite, linked(sqlite, PEOPLE[:1]))
    [row] = rows(sqlite, bulk_id)
    erase(sqlite, PEOPLE[0].id)
    with sqlite.unit_of_work() as uow:
        uow.bulk_answers.save_row(replace(row, state=RowState.SKIPPED, reason=SkipReason.CLOSED))
    assert [one.text for one in rows(sqlite, bulk_id)] == [""]


def test_an_alert_that_names_them_is_not_sent_empty(sqlite: Store) -> None:
    a_stored_case(sqlite, author=PEOPLE[0])
    alerts = [
        Alert(f"@{PEOPLE[0].handle}, whom you watch, has written.", "a", "C9"),
        Alert("Else", "b", "C9"),
    ]
    with sqlite.unit_of_work() as uow:
        uow.outbox.add(alerts, now=NOW)
    erase(sqlite, PEOPLE[0].id)
    assert [row["payload"]["text"] for row in queued(sqlite, "alert")] == ["Else"]


async def test_retention_leaves_the_words_of_an_answer_that_is_still_to_be_sent(
    desk: Desk, store: Store
) -> None:
    case = a_stored_case(store)
    waiting, sent = (
        a_message(case.id, None, direction=Direction.OUT, text=text, author_id="1", delivery=delivery)
        for text, delivery in (("Held by a pause", Delivery.QUEUED), ("Sent", Delivery.SENT))
    )
    with store.unit_of_work() as uow:
        uow.messages.add_many([waiting, sent], network="x", account_id="1")
    do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=NOW)
    ctx = a_context(
        desk,
        policy=replace(POLICY, retention=Retention(posts=timedelta(days=1))),
        clock=ManualClock(NOW + timedelta(days=9)),
    )
    await expire_content(ctx)
    assert [message.text for message in messages(store, case.id)] == ["", "Held by a pause", ""]


def test_the_case_of_an_erased_customer_is_not_reopened(sqlite: Store) -> None:
    case = a_stored_case(sqlite, author=PEOPLE[0])
    erase(sqlite, PEOPLE[0].id)
    with pytest.raises(Refused, match="was erased"):
        do(sqlite, reopen, case_id=case.id, user_id=SAM, now=NOW)
    assert case_of(sqlite, case.id).state is CaseState.DISMISSED


def test_a_notification_that_is_being_sent_is_waited_for(sqlite: Store) -> None:
    case = a_stored_case(sqlite, author=PEOPLE[0])
    with sqlite.unit_of_work() as uow:
        uow.outbox.add([NotifyPerson(SAM, "U0MIA", "taken_over", case.id, "1")], now=NOW)
    with sqlite.engine.begin() as connection:
        is_notification = outbox.c.kind == NotifyPerson.kind
        sending = {"state": "sending", "lease_until": NOW, "due_at": None}
        connection.execute(update(outbox).where(is_notification).values(sending))
    with pytest.raises(AnswersUnderWay):
        erase(sqlite, PEOPLE[0].id)
