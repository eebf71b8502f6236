"""What keeps the store from being opened: what happened, why, and what to do."""


class StoreError(Exception):
    """The database cannot be used as it is. The text is for the person who starts the bot; it holds no password."""


class StoreInUse(StoreError):
    """Another process works on this SQLite file."""


class SchemaError(StoreError):
    """The database's tables are not those that this version needs."""


class LostLease(Exception):
    """The row is another try's by now, or settled: what this try has to say comes too late and was not written."""


class StoreBusy(Exception):
    """The store cannot begin a transaction at once."""
