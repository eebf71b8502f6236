"""Upgrade a database from version 2 to 3: derive `reopened_at` from the audit trail, recompute ranks."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from domain.cases.case import CaseState
from domain.records.audit import Action
from storage.case_rows import row_of
from storage.engine import Store, open_store
from storage.tables import audit, cases
from tests.storage.made import NOW, SECOND, a_case
from tests.storage.older_tables import insert_old
from tests.storage.revisions import to

PROJECT = Path(__file__).parents[2] / "pyproject.toml"
WAITS = {"waiting_since": NOW}
CLOSED_THEN_WROTE = (Action.RESOLVED, Action.CUSTOMER_WROTE)

#: Fields of a case, the actions in its audit trail, and whether it counts as reopened by the customer.
STORIES: list[tuple[dict[str, Any], tuple[Action, ...], bool]] = [
    (WAITS, (Action.CASE_OPENED, Action.CUSTOMER_WROTE), False),
    (WAITS | {"first_replied_at": NOW}, (), True),
    ({"first_replied_at": NOW, "state": CaseState.WAITING}, (), False),
    (WAITS, CLOSED_THEN_WROTE, True),
    (WAITS, (Action.DISMISSED, Action.CUSTOMER_WROTE, Action.CUSTOMER_WROTE), True),
    (WAITS, (Action.RESOLVED, Action.REOPENED, Action.CUSTOMER_WROTE), False),
    (WAITS, (Action.RESOLVED, Action.REPLY_FAILED, Action.CUSTOMER_WROTE), False),
    (WAITS, (Action.RESOLVED, Action.REOPENED, *CLOSED_THEN_WROTE), True),
    (WAITS, (Action.CUSTOMER_WROTE, Action.RESOLVED), False),
    (WAITS | {"state": CaseState.RESOLVED}, (*CLOSED_THEN_WROTE, Action.RESOLVED), False),
]


@pytest.fixture
def old(migrated_url: str) -> Iterator[Store]:
    """A database of version 2 with a case for each entry of `STORIES`."""
    store = open_store(migrated_url)
    to(store, "0002")
    with store.engine.begin() as connection:
        for number, (changes, actions, _) in enumerate(STORIES):
            row = row_of(a_case(**changes)) | {"id": number + 1}
            known = {
                name: value
                for name, value in row.items()
                if name not in {"reopened_at", "ranking_fingerprint"}
            }
            insert_old(connection, cases, known)
            for later, action in enumerate(actions):
                entry = {"actor": "U1", "action": action.value, "case_id": number + 1, "version": 1}
                connection.execute(insert(audit), entry | {"at": NOW + later * SECOND, "detail": {}})
    yield store
    store.close()


def reopened_at_of_all(store: Store) -> list[datetime | None]:
    with store.unit_of_work() as uow:
        return [uow.cases.get(number + 1).reopened_at for number in range(len(STORIES))]


def test_reopened_at_is_derived_and_all_active_cases_are_reranked(old: Store) -> None:
    to(old, "head")
    assert reopened_at_of_all(old) == [NOW if back else None for _, _, back in STORIES]
    with old.engine.connect() as connection:
        assert set(connection.scalars(select(cases.c.ranking_fingerprint))) == {None}
    with old.unit_of_work() as uow:
        assert uow.cases.rerank(limit=100) == len(STORIES) - 1
    to(old, "0002")
    to(old, "head")
    assert reopened_at_of_all(old) == [NOW if back else None for _, _, back in STORIES]
