"""Upgrade a database to version 14: what agents chose for what they alone see is kept."""

from storage.engine import open_store
from tests.storage.revisions import to
from tests.storage.test_schema import differences


def test_preferences_come_and_go_with_the_version(migrated_url: str) -> None:
    store = open_store(migrated_url)
    to(store, "0012")
    to(store, "head")
    with store.unit_of_work() as uow:
        uow.preferences.save_blur_abuse("U0SAM", blurs=True)
    to(store, "0012")
    to(store, "head")
    with store.unit_of_work() as uow:
        assert uow.preferences.blur_abuse("U0SAM") is None
    with store.engine.connect() as connection:
        assert differences(connection) == []
    store.close()
