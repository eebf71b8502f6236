"""Chain the audit trail on both databases; refuse changes of it but erasure."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from domain.records.audit import SYSTEM, Action, Entry
from domain.records.chain import Break, ChainFault
from handlers.records.chain import chain_entries, verify_chain
from storage.engine import Store
from tests.storage.made import DAY, NOW


def written(store: Store, *details: dict[str, Any]) -> list[int]:
    """Store an entry with each detail; return their ids."""
    entries = [
        Entry(at=NOW, actor=SYSTEM, action=Action.CUSTOMER_EDITED, case_id=None, version=None, detail=detail)
        for detail in details
    ]
    with store.unit_of_work() as uow:
        uow.audit.add_many(entries)
        return [entry.id for entry in uow.audit.page(case_id=None, before=2**62, limit=len(entries))]


def chained(store: Store) -> int:
    """Chain what is not; return how many."""
    with store.unit_of_work() as uow:
        return chain_entries(uow)


def run(store: Store, sql: str) -> None:
    with store.engine.begin() as connection:
        connection.execute(text(sql))


def test_entries_are_chained_once_and_stay_sound_when_they_are_erased(store: Store) -> None:
    first, second = written(
        store, {"before": "é \ud800", "n": 1.0, "b": None}, {"z": 1, "a": {"y": 1, "b": [2]}}
    )
    assert (chained(store), chained(store)) == (2, 0)
    [third] = written(store, {"before": "never chained"})
    with store.unit_of_work() as uow:
        uow.audit.erase([first, third], now=NOW + DAY)
    check, unchained = verify_chain(store)
    assert (check.fault, check.erased, check.head.position, unchained) == (None, 1, 2, 1)
    assert chained(store) == 1
    with store.unit_of_work() as uow:
        links = uow.records.chain.links(after=0, limit=9)
    assert [(link.audit_id, link.salt is None) for link, _ in links] == [
        (first, True),
        (second, False),
        (third, False),
    ]
    assert [entry.erased_at for _, entry in links if entry] == [NOW + DAY, None, NOW + DAY]
    check, _ = verify_chain(store)
    assert (check.fault, check.erased, check.head.position) == (None, 2, 3)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit SET actor = 'U0SAM'",
        "UPDATE audit SET detail = '{}'",
        "UPDATE audit SET erased_at = '2026-11-21T12:00:00.000000+00:00'",
        "UPDATE audit SET position = NULL",
        "UPDATE audit SET position = 1 + position",
        "DELETE FROM audit",
        "UPDATE audit_links SET chain_hash = 'x'",
        "UPDATE audit_links SET position = position + 5, salt = NULL",
        "DELETE FROM audit_links",
    ],
)
def test_the_database_refuses_to_change_the_trail(store: Store, change: str) -> None:
    written(store, {"a": 1})
    chained(store)
    with pytest.raises(DBAPIError, match="is append-only"):
        run(store, change)


def test_an_entry_that_is_committed_late_is_chained_after_those_that_came_before(postgres: Store) -> None:
    slow = postgres.engine.connect()
    slow.execute(
        text(
            "INSERT INTO audit (at, actor, action, detail) "
            "VALUES ('2026-11-21T12:00Z', 'system', 'case_opened', '{}')"
        )
    )
    [later] = written(postgres, {"a": 1})
    assert chained(postgres) == 1
    slow.commit()
    slow.close()
    assert chained(postgres) == 1
    with postgres.unit_of_work() as uow:
        assert [link.audit_id for link, _ in uow.records.chain.links(after=0, limit=9)] == [later, later - 1]
    assert verify_chain(postgres)[0].fault is None


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("UPDATE audit SET actor = 'U0SAM' WHERE id = {0}", ChainFault.ENTRY_CHANGED),
        ("DELETE FROM audit WHERE id = {0}", ChainFault.ENTRY_MISSING),
        ("DELETE FROM audit_links WHERE audit_id = {0}", ChainFault.LINK_MISSING),
        ("DELETE FROM audit_links WHERE audit_id >= {0}", ChainFault.CUT_OFF),
    ],
)
def test_a_change_by_somebody_who_removed_the_triggers_is_found(
    store: Store, change: str, fault: ChainFault
) -> None:
    _, changed, _ = written(store, {"a": 1}, {"a": 2}, {"a": 3})
    chained(store)
    with store.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            for trigger in ("audit_updates", "audit_deletes", "audit_links_deletes"):
                connection.execute(text(f"DROP TRIGGER {trigger}"))
        connection.execute(text(change.format(changed)))
    check, _ = verify_chain(store)
    named = changed if fault in {ChainFault.ENTRY_CHANGED, ChainFault.ENTRY_MISSING} else None
    at = NOW if fault is ChainFault.ENTRY_CHANGED else None
    assert check.fault == Break(fault, 2, named, at, NOW)


def test_an_entry_that_claims_a_place_in_the_chain_and_has_no_link_is_found(store: Store) -> None:
    written(store, {"a": 1}, {"a": 2})
    chained(store)
    run(
        store,
        "INSERT INTO audit (at, actor, action, detail, position) "
        "VALUES ('2026-11-21T12:00:00.000000+00:00', 'U0MIA', 'resolved', '{}', 2)",
    )
    check, unchained = verify_chain(store)
    assert check.fault is not None
    assert (check.fault.fault, check.fault.position, unchained) == (ChainFault.NOT_LINKED, 2, 0)
