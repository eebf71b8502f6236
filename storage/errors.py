"""Define the errors of the store."""


class StoreError(Exception):
    """The database cannot be used. The text is for the person who starts the bot; it holds no password."""


class StoreInUse(StoreError):
    """Another process uses this SQLite file."""


class SchemaError(StoreError):
    """The database is not at the schema revision that this version needs."""


class LostLease(Exception):
    """The lease was lost to another worker, or the row is settled: nothing was written."""


class StoreBusy(Exception):
    """A transaction cannot begin without waiting."""
