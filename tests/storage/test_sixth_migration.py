"""Upgrade a database from version 5 to 6: stored messages have no assessment of their own, new ones have."""

from collections.abc import Iterator

import pytest

from domain.triage.assessment import Assessment, Urgency
from domain.triage.situations import Situation
from storage.engine import Store, open_store
from tests.storage.made import HERE, a_case, a_message
from tests.storage.revisions import to
from tests.storage.test_schema import differences

ASSESSED = Assessment("en", Situation.CANNOT_PAY, Urgency.HIGH, ("money at stake", "asks a question"), -0.5)


@pytest.fixture
def old(migrated_url: str) -> Iterator[Store]:
    """A database of version 5 with a case and a post."""
    store = open_store(migrated_url)
    with store.unit_of_work() as uow:
        [case] = uow.cases.add_many([a_case()])
        uow.messages.add_many([a_message(case.id)], network=HERE[0], account_id=HERE[1])
    to(store, "0005")
    yield store
    store.close()


def test_a_stored_message_has_no_assessment_and_a_new_one_keeps_its_own(old: Store) -> None:
    to(old, "head")
    with old.unit_of_work() as uow:
        [stored] = uow.messages.of_case(1)
        assert (stored.text, stored.assessment) == ("I cannot pay", None)
        draft = a_message(1, "902", assessment=ASSESSED)
        [added] = uow.messages.add_many([draft], network=HERE[0], account_id=HERE[1])
    with old.unit_of_work() as uow:
        assert uow.messages.get(added.id).assessment == ASSESSED
    to(old, "0005")
    to(old, "head")
    with old.unit_of_work() as uow:
        assert [message.text for message in uow.messages.of_case(1)] == ["I cannot pay"] * 2
    with old.engine.connect() as connection:
        assert differences(connection) == []
