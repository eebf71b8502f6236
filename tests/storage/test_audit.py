"""Store the audit trail and read it from a position, on both databases."""

from dataclasses import replace
from datetime import timedelta

from domain.records.audit import SYSTEM, Action, Entry
from storage.engine import Store
from tests.storage.made import NOW, a_case, a_message, stored, stored_messages


def test_entries_are_read_after_a_given_id(store: Store, case_id: int) -> None:
    other = stored(store, a_case())[0].id
    [message] = stored_messages(store, a_message(case_id))
    entry = Entry(at=NOW, actor=SYSTEM, action=Action.CASE_OPENED, case_id=case_id, version=1)
    claimed = replace(
        entry,
        action=Action.CLAIMED,
        actor="U1",
        version=2,
        message_id=message.id,
        detail={"to": "U1", "from": None, "seen": [1, 2]},
    )
    about_nothing = replace(entry, case_id=None, version=None, action=Action.ROUTE_FAILED)
    with store.unit_of_work() as uow:
        uow.audit.add_many([])
        uow.audit.add_many([entry, replace(entry, case_id=other), claimed, about_nothing])
        trail = uow.audit.of_case(case_id)
        assert [replace(found, id=0) for found in trail] == [entry, claimed]
        assert uow.audit.of_case(case_id, after=trail[0].id) == [trail[1]]
        assert uow.audit.of_case(case_id, limit=1) == [trail[0]]
        assert uow.audit.since_version(case_id, 1) == [trail[1]]
        assert uow.audit.since_version(case_id, 2) == []


def test_what_the_bot_did_is_counted_by_the_hour_and_left_out_of_what_people_did(
    store: Store, case_id: int
) -> None:
    made = [
        Entry(at=NOW + late, actor=actor, action=action, case_id=case_id, version=None)
        for late, actor, action in (
            (timedelta(), SYSTEM, Action.CASE_OPENED),
            (timedelta(), "U0SAM", Action.CLAIMED),
            (timedelta(minutes=59), SYSTEM, Action.CUSTOMER_WROTE),
            (timedelta(minutes=61), SYSTEM, Action.CUSTOMER_WROTE),
            (timedelta(minutes=62), "U0MIA", Action.NOTE_ADDED),
        )
    ]
    with store.unit_of_work() as uow:
        uow.audit.add_many(made)
    with store.unit_of_work() as uow:
        acts = uow.audit.page_by_people(before=2**62, limit=5)
        assert [entry.actor for entry in acts] == ["U0SAM", "U0MIA"]
        assert uow.audit.page_by_people(before=acts[1].id, limit=5) == acts[:1]
        hour = NOW.replace(minute=0, second=0, microsecond=0)
        hours = sorted(uow.audit.automatic(since=acts[0].id, before=acts[1].id))
        assert hours == [
            (hour, Action.CUSTOMER_WROTE, 1),
            (hour + timedelta(hours=1), Action.CUSTOMER_WROTE, 1),
        ]
        assert sum(count for *_, count in uow.audit.automatic(since=0, before=2**62)) == 3
