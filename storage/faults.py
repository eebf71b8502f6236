"""Determine from what a driver raised why the database cannot be used."""

import sqlite3

from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from domain.operations.storage_faults import StorageFault

_OF_SQLITE = {
    sqlite3.SQLITE_FULL: StorageFault.FULL,
    sqlite3.SQLITE_BUSY: StorageFault.LOCKED,
    sqlite3.SQLITE_LOCKED: StorageFault.LOCKED,
    sqlite3.SQLITE_CORRUPT: StorageFault.DAMAGED,
    sqlite3.SQLITE_NOTADB: StorageFault.DAMAGED,
    sqlite3.SQLITE_READONLY: StorageFault.READ_ONLY,
    sqlite3.SQLITE_PERM: StorageFault.READ_ONLY,
    sqlite3.SQLITE_IOERR: StorageFault.UNREADABLE,
    sqlite3.SQLITE_CANTOPEN: StorageFault.UNREADABLE,
}
# PostgreSQL's SQLSTATEs, or their first two characters.
_OF_POSTGRES = {
    "53100": StorageFault.FULL,
    "55P03": StorageFault.LOCKED,
    "57014": StorageFault.LOCKED,
    "XX001": StorageFault.DAMAGED,
    "XX002": StorageFault.DAMAGED,
    "25006": StorageFault.READ_ONLY,
    "58": StorageFault.UNREADABLE,
    "53": StorageFault.UNREACHABLE,
    "57": StorageFault.UNREACHABLE,
    "08": StorageFault.UNREACHABLE,
}
_PRIMARY = 0xFF  # of SQLite's extended codes


def fault_of(error: BaseException) -> StorageFault | None:
    """Return why the database cannot be used; `None` where what was to be stored is at fault."""
    if isinstance(error, PoolTimeout):
        return StorageFault.UNREACHABLE
    if not isinstance(error, DBAPIError) or isinstance(error, IntegrityError | ProgrammingError):
        return None
    cause: BaseException | None = error.orig
    if isinstance(cause, sqlite3.Error):
        return _OF_SQLITE.get(getattr(cause, "sqlite_errorcode", 0) & _PRIMARY)
    state = getattr(cause, "sqlstate", None)
    if state is None:  # the connection failed before the server could answer
        return StorageFault.UNREACHABLE if isinstance(error, OperationalError | InterfaceError) else None
    return _OF_POSTGRES.get(state) or _OF_POSTGRES.get(state[:2])
