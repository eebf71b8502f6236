"""Upgrade a database from the version before 9: stored cases stay, and choices can be added."""

from collections.abc import Iterator

import pytest

from domain.knowledge.reply_choices import ReplyChoice
from storage.engine import Store, open_store
from tests.storage.made import HERE, NOW, a_case, a_message
from tests.storage.revisions import to
from tests.storage.test_schema import differences


@pytest.fixture
def old(migrated_url: str) -> Iterator[Store]:
    """A database of the version before, with a case and a post."""
    store = open_store(migrated_url)
    with store.unit_of_work() as uow:
        [case] = uow.cases.add_many([a_case()])
        uow.messages.add_many([a_message(case.id)], network=HERE[0], account_id=HERE[1])
    to(store, "0009")
    to(store, "-1")
    yield store
    store.close()


def test_choices_can_be_added_to_stored_cases_and_go_with_a_downgrade(old: Store) -> None:
    to(old, "head")
    with old.unit_of_work() as uow:
        [message] = uow.messages.of_case(1)
        choice = ReplyChoice(
            case_id=1,
            message_id=message.id,
            answer_id=message.id,
            suggested="",
            chosen="late",
            is_edited=False,
            created_at=NOW,
            sent_at=NOW,
        )
        uow.reply_choices.add(choice)
    with old.engine.connect() as connection:
        assert differences(connection) == []
    to(old, "0009")
    to(old, "-1")
    to(old, "head")
    with old.unit_of_work() as uow:
        assert uow.reply_choices.sent(limit=9) == []
        assert len(uow.messages.of_case(1)) == 1
