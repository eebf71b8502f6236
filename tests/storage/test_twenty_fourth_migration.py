"""Upgrade a database to version 24: suggestions may come from an outage, and the others stay."""

from dataclasses import replace

from domain.triage.drafts import Source, Suggestion
from storage.engine import open_store
from tests.storage.made import NOW, a_case, a_message
from tests.storage.revisions import to
from tests.storage.test_schema import differences


def test_suggestions_stay_and_those_of_outages_go_with_the_version(migrated_url: str) -> None:
    store = open_store(migrated_url)
    with store.unit_of_work() as uow:
        [case] = uow.cases.add_many([a_case()])
        [message] = uow.messages.add_many(
            [a_message(case.id)], network=case.network, account_id=case.account_id
        )
        saved = Suggestion(
            case_id=case.id,
            message_id=message.id,
            text="Sorry!",
            language="en",
            source=Source.SAVED_REPLY,
            name="sorry",
            version="3",
            title="Sorry",
            created_at=NOW,
        )
        uow.suggestions.add(saved)
        uow.suggestions.add(replace(saved, source=Source.OUTAGE, name="1"))
    to(store, "0023")
    to(store, "head")
    with store.unit_of_work() as uow:
        left = uow.suggestions.latest(case.id)
        assert isinstance(left, Suggestion)
        assert left == replace(saved, id=left.id)
    with store.engine.connect() as connection:
        assert differences(connection) == []
    store.close()
