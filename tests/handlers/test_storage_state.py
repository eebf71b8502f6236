"""A database that fails is told once, and told to work again; what was to be stored is not at fault."""

import logging
from io import StringIO
from pathlib import Path

import pytest
from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from adapters.logs import configure_logging
from domain.accounts import Account
from domain.operations.storage_faults import StorageFault, StorageUnavailable
from handlers.desk import Desk
from handlers.intake.stream_health import save_account
from handlers.operations.marks import try_to_write
from handlers.web.app import web_app
from storage.engine import Store, open_store
from tests.handlers.made import NOW
from tests.storage.test_database_file import damage

ACCOUNT = Account(network="x", id="1", handle="acme", name="A" * 200_000)


def fill(store: Store) -> None:
    """Let the file grow no more."""
    with store.engine.connect() as connection:
        connection.execute(text("PRAGMA max_page_count = 1"))


def make_room(store: Store) -> None:
    with store.engine.connect() as connection:
        connection.execute(text("PRAGMA max_page_count = 4294967294"))


async def test_a_full_disk_is_logged_once_and_its_end_once(
    fresh_sqlite: str, caplog: pytest.LogCaptureFixture
) -> None:
    store = open_store(fresh_sqlite)
    desk = Desk(store)
    fill(store)
    for _ in range(3):
        with pytest.raises(StorageUnavailable):
            await desk.run(save_account, account=ACCOUNT)
    assert desk.storage.fault is StorageFault.FULL
    make_room(store)
    await desk.run(try_to_write, by="me", now=NOW)
    desk.storage.clear()
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]
    desk.close()


async def test_a_locked_file_is_told_from_a_full_disk(fresh_sqlite: str) -> None:
    store, other = open_store(fresh_sqlite), open_store(fresh_sqlite, beside_bot=True)
    desk = Desk(store)
    with store.engine.connect() as connection:
        connection.execute(text("PRAGMA busy_timeout = 1"))
    with other.engine.connect() as connection, connection.begin():
        with pytest.raises(StorageUnavailable):
            await desk.run(save_account, account=ACCOUNT)
        assert desk.storage.fault is StorageFault.LOCKED
    other.close()
    desk.close()


def test_no_traceback_follows_from_a_database_that_is_away() -> None:
    stream = StringIO()
    handler = configure_logging((), (), stream=stream)
    for error in (StorageUnavailable(StorageFault.FULL), ValueError("news")):
        logging.getLogger("test").error("a timer failed", exc_info=error)
    logging.getLogger().removeHandler(handler)
    assert stream.getvalue().count("a timer failed") == 1
    assert "ValueError" in stream.getvalue()


async def test_a_damaged_page_is_told_until_the_next_start(fresh_sqlite: str) -> None:
    path = Path(fresh_sqlite.removeprefix("sqlite:///"))
    damage(path)
    store = open_store(fresh_sqlite)
    desk = Desk(store)
    for _ in range(2):
        with pytest.raises(StorageUnavailable):
            await desk.run(save_account, account=ACCOUNT)
        desk.storage.clear()
        assert desk.storage.fault is StorageFault.DAMAGED
    desk.close()


async def test_a_page_that_needs_the_database_says_to_come_again() -> None:
    async def page(_request: Request) -> Response:
        raise StorageUnavailable(StorageFault.FULL)

    with TestClient(web_app(None, [Route("/page", page)])) as client:
        answer = client.get("/page")
    assert (answer.status_code, "try again" in answer.text) == (503, True)
