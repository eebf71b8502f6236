"""Pub/sub between processes on PostgreSQL: after commit only, and again after a lost connection."""

import queue
from contextlib import suppress

import psycopg
import pytest
from sqlalchemy import event, make_url

from storage.engine import Store, open_store
from storage.notifications import NotificationListener
from storage.postgres import postgres_engine
from tests.adapters.email.places import closed_port

CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN switchboard' AND pid <> pg_backend_pid() "
    "AND datname = current_database()"
)


@pytest.fixture
def received(postgres: Store) -> queue.Queue[str | None]:
    """Collect the topics received, in order; `None` where some may have been missed."""
    topics: queue.Queue[str | None] = queue.Queue()
    postgres.listen(topics.put)
    assert topics.get(timeout=30) is None
    return topics


def send(store: Store, topic: str) -> None:
    """Publish a topic in a transaction of its own."""
    with store.unit_of_work() as uow:
        uow.signals.send(topic)


def test_signals_of_another_process_arrive_after_its_commit(
    received: queue.Queue[str | None], fresh_postgres: str
) -> None:
    other = open_store(fresh_postgres)
    with suppress(RuntimeError), other.unit_of_work() as uow:
        uow.signals.send("chat:0")
        raise RuntimeError
    send(other, "chat:1")
    send(other, "chat:2")
    assert [received.get(timeout=30), received.get(timeout=30)] == ["chat:1", "chat:2"]
    other.close()


def test_a_lost_connection_is_reopened_and_reported(
    received: queue.Queue[str | None],
    postgres: Store,
    fresh_postgres: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with psycopg.connect(fresh_postgres, autocommit=True) as connection:
        assert connection.execute(CUT).fetchall() == [(True,)]
    assert received.get(timeout=30) is None
    assert "PostgreSQL's notifications cannot be received, reconnecting: " in caplog.text
    assert "notifications" in {record.threadName for record in caplog.records}
    assert "PostgreSQL's notifications are received again" in caplog.text
    send(postgres, "chat:3")
    assert received.get(timeout=30) == "chat:3"


def test_a_server_that_is_away_is_logged_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("storage.notifications.RECONNECT_SECONDS", 0.001)
    tries: queue.Queue[None] = queue.Queue()
    engine = postgres_engine(make_url(f"postgresql://nobody@127.0.0.1:{closed_port()}/none"))
    event.listen(engine, "do_connect", lambda *_connect: tries.put(None))
    listener = NotificationListener(engine, lambda _topic: None)
    for _ in range(4):
        tries.get(timeout=30)
    listener.stop()
    assert [record.message.partition(":")[0] for record in caplog.records] == [
        "PostgreSQL's notifications cannot be received, reconnecting"
    ]


def test_sqlite_has_no_other_process_to_listen_to(sqlite: Store) -> None:
    topics: list[str | None] = []
    sqlite.listen(topics.append)
    send(sqlite, "chat:1")
    assert topics == []
