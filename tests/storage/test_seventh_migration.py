"""Upgrade a database from version 6 to 7: what is stored stays, and nobody has said anything of it."""

from domain.knowledge.desk_examples import ExamplesState
from domain.triage.assessment import Assessment, Urgency
from domain.triage.situations import Situation
from storage.engine import open_store
from tests.storage.made import HERE, a_case, a_message
from tests.storage.revisions import to
from tests.storage.test_schema import differences

ASSESSED = Assessment("en", Situation.CANNOT_PAY, Urgency.HIGH, (), -0.5)


def test_stored_messages_keep_their_assessment_and_nothing_is_taught(migrated_url: str) -> None:
    store = open_store(migrated_url)
    with store.unit_of_work() as uow:
        [case] = uow.cases.add_many([a_case()])
        draft = a_message(case.id, assessment=ASSESSED)
        [message] = uow.messages.add_many([draft], network=HERE[0], account_id=HERE[1])
    to(store, "0006")
    to(store, "head")
    with store.unit_of_work() as uow:
        assert uow.messages.get(message.id).assessment == ASSESSED
        assert uow.vectors.of_messages([message.id], encoder="a 1") == {}
        assert uow.examples.state() == ExamplesState()
        assert uow.trainings.latest() is None
    with store.engine.connect() as connection:
        assert differences(connection) == []
    store.close()
