"""Lock a SQLite file for one process, with an exclusive lock of the operating system beside it."""

import fcntl
import os
from pathlib import Path

from storage.errors import StoreInUse

#: Nobody else on the machine may read what customers wrote.
OWNER_ONLY = 0o600


def create_private(database: Path) -> None:
    """Create the file for its owner alone where it is missing; SQLite gives its journals the same mode."""
    os.close(os.open(database, os.O_RDONLY | os.O_CREAT, OWNER_ONLY))


class FileLock:
    """An exclusive lock, held until `release` or until the process ends in any way.

    Raises `StoreInUse` where another process holds it.
    """

    def __init__(self, database: Path) -> None:
        path = database.with_name(f"{database.name}.lock")
        self._file = os.fdopen(os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, OWNER_ONLY), "a+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.seek(0)
            holder = self._file.read(20).strip() or "unknown"
            self._file.close()
            raise StoreInUse(
                f"{database} is in use by another process (number {holder}). Two bots on one SQLite file would do the "
                "same work twice. Stop the other one, or set DATABASE_URL to a PostgreSQL database, which any number may share."
            ) from None
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()

    def release(self) -> None:
        """Release the lock. The file is kept: deleting it could let two processes in at once."""
        self._file.close()
