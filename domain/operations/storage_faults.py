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

    Told once where it begins: nobody else logs it.
    """

    def __init__(self, fault: StorageFault) -> None:
        super().__init__(fault.value)
        self.fault = fault
