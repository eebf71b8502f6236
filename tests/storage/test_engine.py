"""Open and close a store, elect a leader, commit effects."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from domain.cases.case import CaseState
from storage.engine import Store, open_store
from storage.errors import StoreError, StoreInUse, StoreUnreachable
from storage.reachability import wait_until_reachable
from storage.schema import create_if_empty
from tests.adapters.email.places import closed_port
from tests.source import ROOT
from tests.storage.made import a_case, stored

HOLDER = """
import sys
from storage.engine import open_store
store = open_store(sys.argv[1])
print("open", flush=True)
sys.stdin.read()
"""


def pragma(store: Store, name: str) -> object:
    with store.engine.connect() as connection:
        return connection.scalar(text(f"PRAGMA {name}"))


def test_what_only_reads_cannot_write_and_is_closed_with_the_store(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'a.db'}")
    create_if_empty(store)
    [case] = stored(store)
    with store.unit_of_work_to_read() as uow:
        assert uow.cases.get(case.id) == case
    with pytest.raises(OperationalError, match="readonly"), store.unit_of_work_to_read() as uow:
        uow.cases.save(case)
    store.close()
    assert not (tmp_path / "a.db-wal").exists()


def test_sqlite_pragmas(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'a.db'}")
    assert pragma(store, "journal_mode") == "wal"
    assert pragma(store, "foreign_keys") == 1
    assert pragma(store, "synchronous") == 1
    assert store.workers == 1
    assert store.leadership("polling")
    store.close()


def test_a_server_of_postgresql_that_is_gone_without_a_word_is_noticed(postgres: Store) -> None:
    with postgres.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        set_ = driver.info.get_parameters()
    silence = int(set_["keepalives_idle"]) + int(set_["keepalives_interval"]) * int(set_["keepalives_count"])
    assert max(silence, int(set_["tcp_user_timeout"]) // 1000) <= 30


def test_only_a_durable_commit_is_synchronous_full(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'a.db'}")
    create_if_empty(store)
    seen: list[object] = []

    def look(durable: bool) -> None:
        with store.unit_of_work(durable=durable) as uow:
            seen.append(uow.cases._connection.scalar(text("PRAGMA synchronous")))

    look(durable=True)
    look(durable=False)
    with pytest.raises(ZeroDivisionError), store.unit_of_work(durable=True):
        raise ZeroDivisionError
    look(durable=False)
    assert seen == [2, 1, 1]
    store.close()


def test_a_second_store_on_the_same_file_is_refused_until_the_first_closes(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    store = open_store(url)
    with pytest.raises(StoreInUse, match="in use by another process"):
        open_store(url)
    store.close()
    open_store(url).close()


def test_a_second_process_is_refused_until_the_first_dies(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "open\n"
        with pytest.raises(StoreInUse, match=str(process.pid)):
            open_store(url)
        process.send_signal(signal.SIGKILL)
    open_store(url).close()


def test_a_bot_on_sqlite_loads_no_driver_of_postgresql() -> None:
    told = "import bot, sys; print(sorted({'psycopg', 'alembic', 'sqlalchemy'} & sys.modules.keys()))"
    ran = subprocess.run(
        [sys.executable, "-c", told], check=True, capture_output=True, text=True, cwd=ROOT, timeout=60
    )
    assert ran.stdout.strip() == "['sqlalchemy']"


def test_no_other_user_may_read_the_files(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'private.db'}")
    with store.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (x)")
    modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    store.close()
    assert len(modes) == 4, "the database, its two journals and the lock"
    assert set(modes.values()) == {0o600}, modes


def test_a_server_that_cannot_be_reached_is_waited_for() -> None:
    url = f"postgresql://user:secret@127.0.0.1:{closed_port()}/x"
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            raise KeyboardInterrupt

    with pytest.raises(StoreUnreachable, match=r"at 127\.0\.0\.1:\d+ cannot be reached") as refused:
        open_store(url)
    assert "secret" not in str(refused.value)
    with pytest.raises(KeyboardInterrupt):
        wait_until_reachable(partial(open_store, url), sleep)


def test_memory_needs_no_lock() -> None:
    first, second = open_store("sqlite://"), open_store("sqlite:///:memory:")
    for store in (first, second):
        create_if_empty(store)
        assert stored(store)[0].id == 1
        store.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://root:hunter2@host/db", "mysql"),
        ("no address at all", "DATABASE_URL"),
        ("sqlite:////no/such/folder/a.db", "/no/such/folder"),
        ("postgresql://u@127.0.0.1:1/x?no_such_option=1", "an option, or the value of one, that"),
        ("postgresql://u:hunter2@no-such-host.invalid/x?no_such_option=1", "an option, or"),
        ("postgresql://u:hunter2@127.0.0.1:1/x?sslmode=nonsense", "an option, or"),
        ("postgresql://u:hunter2@127.0.0.1:1/x?port=abc", "an option, or"),
        ("sqlite:///:memory:?timeout=abc", "an option, or"),
        ("sqlite:///:memory:?no_such_option=1", "an option, or"),
    ],
)
def test_an_unusable_database_url_is_explained(url: str, said: str) -> None:
    with pytest.raises(StoreError, match=said) as caught:
        open_store(url)
    assert "hunter2" not in str(caught.value)


def test_committed_data_is_there_after_reopening(database_url: str) -> None:
    store = open_store(database_url)
    [case] = stored(store, a_case(state=CaseState.SNOOZED))
    store.close()
    store = open_store(database_url)
    with store.unit_of_work() as uow:
        assert uow.cases.get(case.id) == case
    store.close()


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_that_cannot_hold_all_that_people_write_is_refused(
    postgres_url: Callable[[str], str], encoding: str
) -> None:
    with psycopg.connect(postgres_url("postgres"), autocommit=True) as connection:
        name = f"test_{encoding.lower()}_{connection.info.backend_pid}"
        made = "TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
        connection.execute(f"CREATE DATABASE {name} ENCODING '{encoding}' {made}".encode())
        try:
            with pytest.raises(StoreError, match=f"in the encoding {encoding}, .*ENCODING 'UTF8'"):
                open_store(postgres_url(name))
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def test_who_writes_waits_only_for_a_moment_while_another_process_empties_the_log(fresh_sqlite: str) -> None:
    """A reader keeps the log from being emptied; whoever tries for long keeps the bot from writing."""
    with closing(open_store(fresh_sqlite)) as bot, ThreadPoolExecutor(max_workers=1) as pool:
        stored(bot, a_case())
        with (
            bot.unit_of_work_to_read() as reading,
            closing(open_store(fresh_sqlite, beside_bot=True)) as beside,
        ):
            assert reading.cases.get(1).id == 1
            stored(bot, a_case())
            emptied, longest = pool.submit(beside.empty_log), 0.0
            while not emptied.done():
                begun = time.monotonic()
                stored(bot, a_case())
                longest = max(longest, time.monotonic() - begun)
                time.sleep(0.05)
            assert not emptied.result()
        assert longest < 2
        assert bot.empty_log()
