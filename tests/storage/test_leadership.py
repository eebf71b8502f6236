"""One of several processes leads, by a lease; one that was frozen writes nothing more as leader."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from sqlalchemy import text

from domain.accounts import Account
from storage import leadership
from storage.engine import Store, open_store
from storage.errors import LostLeadership
from storage.leadership import under_term

ACCOUNT = Account(network="x", id="1", handle="acme", name="Acme")
#: A leader that reads a line in the middle of its work.
LEADER = """
import sys
from domain.accounts import Account
from storage import leadership
from storage.engine import open_store
from storage.errors import LostLeadership
leadership.LEASE, leadership.RENEW_AFTER = 1.0, 0.0
store = open_store(sys.argv[1])
assert store.leadership("polling")
with leadership.under_term(store.term("polling")):
    print("leads", flush=True)
    sys.stdin.readline()
    try:
        with store.unit_of_work() as uow:
            uow.accounts.save(Account(network="x", id="2", handle="late", name="Late"))
    except LostLeadership:
        print("refused", flush=True)
"""


@pytest.fixture
def pair(fresh_postgres: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Store, Store]]:
    """Two stores whose leases are always asked about."""
    monkeypatch.setattr(leadership, "RENEW_AFTER", 0.0)
    with ExitStack() as stack:
        stores = open_store(fresh_postgres), open_store(fresh_postgres)
        for store in stores:
            stack.callback(store.close)
        yield stores


def execute(store: Store, statement: str) -> None:
    with store.engine.begin() as connection:
        connection.execute(text(statement))


def saved(store: Store) -> Account | None:
    with store.unit_of_work() as uow:
        return uow.accounts.get("x")


def test_one_of_two_processes_leads_until_it_closes(pair: tuple[Store, Store]) -> None:
    first, second = pair
    assert first.leadership("polling")
    assert first.leadership("polling")
    assert not second.leadership("polling")
    assert second.leadership("another")
    first.close()
    assert second.leadership("polling")


def test_a_leader_that_cannot_ask_the_database_does_not_lead(
    pair: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = pair
    assert first.leadership("polling")
    execute(second, "ALTER TABLE leaderships RENAME TO away")
    assert not first.leadership("polling")
    assert first.term("polling") is None
    execute(second, "ALTER TABLE away RENAME TO leaderships")
    assert first.leadership("polling")


def test_a_lease_that_ran_out_and_one_longer_than_any_are_taken_over(pair: tuple[Store, Store]) -> None:
    first, second = pair
    assert first.leadership("polling")
    execute(second, "UPDATE leaderships SET expires_at = clock_timestamp() - interval '1 second'")
    assert second.leadership("polling")
    assert not first.leadership("polling")
    execute(second, "UPDATE leaderships SET expires_at = clock_timestamp() + interval '2 hours'")
    assert first.leadership("polling"), "the server's clock was set back"


def test_what_is_written_under_an_old_term_is_refused(pair: tuple[Store, Store]) -> None:
    first, second = pair
    assert first.leadership("polling")
    with under_term(first.term("polling")):
        with first.unit_of_work() as uow:
            uow.accounts.save(ACCOUNT)
        execute(second, "UPDATE leaderships SET expires_at = clock_timestamp() - interval '1 second'")
        assert second.leadership("polling")
        with pytest.raises(LostLeadership), first.unit_of_work() as uow:
            uow.accounts.save(Account(network="x", id="2", handle="late", name="Late"))
        assert saved(first) == ACCOUNT, "reading needs no term"


def test_nobody_takes_over_between_the_check_of_a_term_and_the_commit(pair: tuple[Store, Store]) -> None:
    first, second = pair
    assert first.leadership("polling")
    execute(second, "UPDATE leaderships SET expires_at = clock_timestamp() - interval '1 second'")
    with ThreadPoolExecutor(1) as thread, under_term(first.term("polling")):
        with first.unit_of_work() as uow:
            uow.accounts.save(ACCOUNT)
            first._leadership.require_term(uow._connection)
            taken_over = thread.submit(second.leadership, "polling")
            with pytest.raises(TimeoutError):
                taken_over.result(0.5)
        assert taken_over.result(30), "the lease had run out"
    assert saved(second) == ACCOUNT


def test_a_leader_reads_a_snapshot_while_its_lease_is_renewed(pair: tuple[Store, Store]) -> None:
    first, _ = pair
    assert first.leadership("polling")
    with under_term(first.term("polling")), first.unit_of_work() as uow:
        uow.read_snapshot()
        assert uow.accounts.get("x") is None
        assert first.leadership("polling")


def test_a_frozen_leader_is_replaced_and_writes_nothing_when_it_wakes_up(
    pair: tuple[Store, Store], fresh_postgres: str
) -> None:
    _, second = pair
    arguments = [sys.executable, "-c", LEADER, fresh_postgres]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as frozen:
        assert frozen.stdin is not None
        assert frozen.stdout is not None
        assert frozen.stdout.readline() == "leads\n"
        frozen.send_signal(signal.SIGSTOP)
        while not second.leadership("polling"):
            time.sleep(0.02)
        frozen.send_signal(signal.SIGCONT)
        frozen.stdin.write("go on\n")
        frozen.stdin.flush()
        assert frozen.stdout.readline() == "refused\n"
    assert saved(second) is None


def test_that_nobody_leads_is_known(pair: tuple[Store, Store]) -> None:
    first, second = pair
    assert first.leadership("polling")
    execute(second, "UPDATE leaderships SET expires_at = clock_timestamp() - interval '30 seconds'")
    for expected, then in ((True, "interval '90 seconds'"), (False, "interval '0'")):
        with second.unit_of_work() as uow:
            assert uow.operations.is_led("polling") is expected
        execute(second, f"UPDATE leaderships SET expires_at = clock_timestamp() - {then}")
