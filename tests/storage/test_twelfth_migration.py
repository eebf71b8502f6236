"""Upgrade a database to version 12: open forms are kept per case and agent."""

from domain.cases.open_forms import OpenForm
from storage.engine import open_store
from tests.storage.made import NOW, a_case
from tests.storage.revisions import to
from tests.storage.test_schema import differences


def test_open_forms_come_and_go_with_the_version(migrated_url: str) -> None:
    store = open_store(migrated_url)
    to(store, "0006")
    to(store, "head")
    with store.unit_of_work() as uow:
        [case] = uow.cases.add_many([a_case()])
        form = OpenForm(case_id=case.id, user_id="U0SAM", active_at=NOW, home="all")
        uow.open_forms.save(form)
    to(store, "0006")
    to(store, "head")
    with store.unit_of_work() as uow:
        assert uow.cases.get(case.id).author == case.author
        assert uow.open_forms.of_case(case.id, since=NOW.replace(year=2020)) == []
    with store.engine.connect() as connection:
        assert differences(connection) == []
    store.close()
