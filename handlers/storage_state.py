"""Keep whether the database can be used, and tell the log where that changes."""

import logging
import time

from domain.operations.storage_faults import StorageFault, StorageUnavailable
from storage.faults import fault_of

#: How long a lock that was seen is believed: longer than two tries to write wait for one (`storage.sqlite`).
LOCK_SECONDS = 12.0

log = logging.getLogger(__name__)


class StorageState:
    """Why the database cannot be used, as what was tried last has shown; `fault` is `None` where it can."""

    def __init__(self) -> None:
        self.fault: StorageFault | None = None
        self._since = 0.0
        self._noted_at = 0.0

    @property
    def is_locked(self) -> bool:
        """Whether another program was seen to hold the database within the last seconds."""
        return self.fault is StorageFault.LOCKED and time.monotonic() - self._noted_at < LOCK_SECONDS

    def raise_if_fault(self, error: Exception) -> None:
        """Raise `StorageUnavailable` where the error is a fault of the database; else do nothing."""
        if (fault := fault_of(error)) is not None:
            self.note(fault)
            raise StorageUnavailable(fault) from error

    def note(self, fault: StorageFault) -> None:
        """Record a fault; logged once, and again where another one takes its place."""
        if self.fault is None:
            self._since = time.monotonic()
        if fault is not self.fault:
            log.error(
                "the database cannot be used (%s): what arrives waits, and nothing is sent", fault.value
            )
        self.fault = fault
        self._noted_at = time.monotonic()

    def clear(self) -> None:
        """Record that something was written. A database that is damaged stays so until the next start."""
        if self.fault is None or self.fault is StorageFault.DAMAGED:
            return
        log.warning("the database works again, after %.0f s", time.monotonic() - self._since)
        self.fault = None
