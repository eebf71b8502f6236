"""Back up the database, and make a restored one safe to start."""

import argparse
from contextlib import closing
from datetime import datetime
from functools import partial

from adapters.settings import load_database_url
from adapters.slack.wording import count_of
from domain.errors import UnusableFile
from handlers.operations.restored import Restored, mark_restored
from storage.backup import back_up, restore, sqlite_file
from storage.database_file import record_backup
from storage.engine import Store, open_store
from storage.schema import check_at_head


def run_backup(arguments: argparse.Namespace, now: datetime) -> list[str]:
    """Run `backup`; return the lines to print. Raises `SettingsError`, `StoreError`, `UnusableFile`."""
    database = sqlite_file(load_database_url(arguments.folder).get_secret_value())
    if database is None:
        raise UnusableFile(
            "DATABASE_URL is PostgreSQL: its own pg_dump makes the backup, as docs/operations.md says."
        )
    back_up(database, arguments.file, partial(_mark, now=now))
    record_backup(database, arguments.file, now)
    return [f"The database is copied to {arguments.file}. Keep it safe: it has all that customers wrote."]


def run_restore(arguments: argparse.Namespace, now: datetime) -> list[str]:
    """Run `restore`; return the lines to print. Raises `SettingsError`, `StoreError`, `UnusableFile`."""
    url = load_database_url(arguments.folder).get_secret_value()
    database, lines = sqlite_file(url), []
    if arguments.file is not None:
        if database is None:
            raise UnusableFile(
                "DATABASE_URL is PostgreSQL: restore with its own pg_restore, then run this without a file."
            )
        kept = restore(database, arguments.file)
        lines.append(f"{arguments.file} is the database now.")
        if kept is not None:
            lines.append(f"The one before is in {kept}. Delete it when you need it no more.")
    with closing(open_store(url, must_exist=True)) as store:
        check_at_head(store)
        return [*lines, _restored_text(_mark(store, now=now))]


def _mark(store: Store, *, now: datetime) -> Restored:
    with store.unit_of_work(durable=True) as uow:
        return mark_restored(uow, now=now)


def _restored_text(restored: Restored) -> str:
    return (
        f"{count_of(restored.unsure, 'message', 'messages')} may have been sent since the backup, and will be looked "
        f"for before anything is sent. Ended: {count_of(restored.mailings, 'mailing', 'mailings')} and "
        f"{count_of(restored.bulk_answers, 'bulk answer', 'bulk answers')} that were under way."
    )
