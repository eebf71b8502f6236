"""Store the audit trail and read it from a position, on both databases."""

from dataclasses import replace

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
