"""Define why the database cannot be used."""

from enum import StrEnum


class StorageFault(StrEnum):
    """Why the database cannot be used."""

    FULL = "full"
    LOCKED = "locked"
    DAMAGED = "damaged"
    READ_ONLY = "read only"
    UNREACHABLE = "unreachable"
    UNREADABLE = "unreadable"
    MISSING = "its file is gone"
    REPLACED = "its file is another one"

    @property
    def is_final(self) -> bool:
        """Whether going on would lose what is written: the file at its place is not ours."""
        return self in {StorageFault.MISSING, StorageFault.REPLACED}


class StorageUnavailable(Exception):
    """The database failed, whatever was to be read or written; nothing was stored.

    Logged once, where it begins (`handlers/storage_state.py`): whoever catches it does not log it.
    """

    def __init__(self, fault: StorageFault) -> None:
        super().__init__(fault.value)
        self.fault = fault
