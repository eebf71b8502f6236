"""Keep whether the database can be used, and tell the log where that changes."""

import logging
import time

from domain.operations.storage_faults import StorageFault, StorageUnavailable
from storage.faults import fault_of

log = logging.getLogger(__name__)


class StorageState:
    """Why the database cannot be used, as what was tried last has shown; `fault` is `None` where it can."""

    def __init__(self) -> None:
        self.fault: StorageFault | None = None
        self._since = 0.0

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

    def clear(self) -> None:
        """Record that something was written. A database that is damaged stays so until the next start."""
        if self.fault is None or self.fault is StorageFault.DAMAGED:
            return
        log.warning("the database works again, after %.0f s", time.monotonic() - self._since)
        self.fault = None
