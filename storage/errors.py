"""What keeps the store from being opened: what happened, why, and what to do."""


class StoreError(Exception):
    """The database cannot be used as it is. The text is for the person who starts the bot; it holds no password."""


class StoreInUse(StoreError):
    """Another process works on this SQLite file."""


class SchemaError(StoreError):
    """The database's tables are not those that this version needs."""
