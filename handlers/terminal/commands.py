"""List the commands that need the settings' folder alone, and print lines."""

import argparse
from collections.abc import Callable, Sequence
from datetime import datetime

from handlers.terminal.audit import run_audit
from handlers.terminal.backup import run_backup, run_restore
from handlers.terminal.customers import run_customer
from handlers.terminal.migration import run_migration
from handlers.terminal.subscribers import run_subscribers

Run = Callable[[argparse.Namespace, datetime], Sequence[str]]

#: The name of each, what runs it, and its help.
COMMANDS: Sequence[tuple[str, Run, str]] = (
    ("migrate", run_migration, "bring the database to this version's schema"),
    ("backup", run_backup, "copy the SQLite database, also while a bot runs"),
    ("restore", run_restore, "put a backup in place, so that nothing is sent twice"),
    ("subscribers", run_subscribers, "read the e-mail list from a CSV file, or write it to one"),
    ("audit", run_audit, "write the audit trail to a file"),
    ("customer", run_customer, "write what is stored of one customer to a file, or erase it"),
)
