"""Insert many rows with one call: the same rows as one by one, with their ids in order."""

from typing import Any

from sqlalchemy import insert, select

from storage.bulk_insert import insert_rows
from storage.engine import Store
from storage.tables import audit
from tests.storage.made import NOW, a_message, stored_messages


def test_ids_are_in_the_order_of_the_rows(store: Store, case_id: int) -> None:
    names = [str(number) for number in range(250)]
    one = stored_messages(store, a_message(case_id, "first"))
    many = stored_messages(store, *(a_message(case_id, name) for name in names))
    assert [message.external_id for message in many] == names
    assert [message.id for message in many] == sorted({message.id for message in many} - {one[0].id})
    with store.unit_of_work() as uow:
        assert [uow.messages.get(message.id) for message in many] == many


def test_a_row_after_many_has_an_id_of_its_own(store: Store, case_id: int) -> None:
    many = stored_messages(store, *(a_message(case_id, name) for name in "abc"))
    [after] = stored_messages(store, a_message(case_id, "d"))
    assert after.id > many[-1].id


def test_many_rows_are_stored_as_each_of_them_would_be(store: Store, case_id: int) -> None:
    rows: list[dict[str, Any]] = [
        {"at": NOW, "actor": "nul\0", "action": "claimed", "case_id": None, "detail": {"a\0": ["\ud800"]}},
        {"at": NOW, "actor": "", "action": "claimed", "case_id": case_id, "detail": {}},
    ]
    with store.engine.begin() as connection:
        insert_rows(connection, insert(audit), rows)
        for row in rows:
            connection.execute(insert(audit), row)
        columns = [column for column in audit.c if column is not audit.c.id]
        first, second, third, fourth = connection.execute(select(*columns).order_by(audit.c.id)).all()[-4:]
    assert (first, second) == (third, fourth)
    assert first.detail == {"a": ["\ufffd"]}


def test_writers_at_the_same_time_get_different_ids(store: Store, case_id: int) -> None:
    if store.engine.dialect.name == "sqlite":
        return  # one writer at a time: the others wait, see test_engine.py
    drafts = [a_message(case_id, name) for name in "abcdef"]
    with store.unit_of_work() as uow, store.unit_of_work() as other:
        first = uow.messages.add_many(drafts[:3], network="x", account_id="1")
        second = other.messages.add_many(drafts[3:], network="x", account_id="1")
    assert len({message.id for message in first + second}) == 6
