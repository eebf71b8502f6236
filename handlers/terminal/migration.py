"""Bring the database to this version's schema."""

import argparse
from datetime import datetime

from adapters.settings import load_database_url
from storage.schema import HEAD, migrate


def run_migration(arguments: argparse.Namespace, _now: datetime) -> list[str]:
    """Migrate the database of the settings; return the lines to print.

    Raises `SettingsError`, and `StoreError` where it cannot be used or a bot uses it.
    """
    migrate(load_database_url(arguments.folder).get_secret_value())
    return [f"The database is at revision {HEAD}."]
