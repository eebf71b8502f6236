"""Upgrade a database to version 20: of a model's texts the newest of a kind and language is kept."""

from sqlalchemy import text

from storage.engine import open_store
from tests.storage.made import a_case
from tests.storage.revisions import to
from tests.storage.test_schema import differences

_ADD = text(
    "INSERT INTO machine_texts (case_id, message_id, kind, language, source, content, model, prompt, "
    "prompt_version, requested_by, created_at) "
    "VALUES (:case_id, NULL, 'summary', 'en', :source, '{}', 'm', 'p', '1', 'U0SAM', '2026-11-28 12:00:00')"
)


def test_doubled_texts_are_deleted(migrated_url: str) -> None:
    store = open_store(migrated_url)
    with store.unit_of_work() as uow:
        [case] = uow.cases.add_many([a_case()])
    to(store, "0019")
    with store.engine.begin() as connection:
        for source in ("old", "new"):
            connection.execute(_ADD, {"case_id": case.id, "source": source})
    to(store, "head")
    with store.engine.connect() as connection:
        assert [row.source for row in connection.execute(text("SELECT source FROM machine_texts"))] == ["new"]
        assert differences(connection) == []
    store.close()
