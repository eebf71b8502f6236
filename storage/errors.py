"""Define the errors of the store."""

from sqlalchemy.exc import InterfaceError, InternalError, OperationalError

from domain.operations.storage_faults import StorageUnavailable
from storage.faults import fault_of


class StoreError(Exception):
    """The database cannot be used. The text is for the person who starts the bot; it holds no password."""


class StoreInUse(StoreError):
    """Another process uses this SQLite file."""


class StoreUnreachable(StoreError):
    """The database's server cannot be reached now."""


class SchemaError(StoreError):
    """The database is not at the schema revision that this version needs."""


class LostLeadership(Exception):
    """Another copy leads by now: nothing was written."""


class LostLease(Exception):
    """The lease was lost to another worker, or the row is settled: nothing was written."""


def is_storage_fault(error: Exception) -> bool:
    """Return whether the storage failed, whatever was to be stored: a full disk, a damaged or missing file.

    So it did where another copy leads by now. Values that the database refuses are a fault of what was to be
    stored.
    """
    if isinstance(error, StoreError | StorageUnavailable | LostLeadership | OSError):
        return True
    return isinstance(error, OperationalError | InterfaceError | InternalError) or fault_of(error) is not None


class RequestRepeated(Exception):
    """A request of Slack's was handled before: nothing was written."""


class StoreBusy(Exception):
    """A transaction cannot begin without waiting."""
