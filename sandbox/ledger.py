"""What the outside world really saw: an append-only record of every act, kept on the other side of the wire.

The crash tests count from here, never from the bot's own tables.
"""

import itertools
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One act that took effect in the pretend world; `at` is seconds since the epoch."""

    number: int
    at: float
    system: str
    call: str
    detail: Mapping[str, Any]


@dataclass(slots=True)
class Ledger:
    """Entries in the order in which they took effect. A refused or dropped-before call leaves none."""

    entries: list[Entry] = field(default_factory=list)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def record(self, system: str, call: str, **detail: object) -> Entry:
        """Add an act of `system` ("slack", "x", "model"), named by its `call` as in the platform's documents."""
        entry = Entry(next(self._numbers), time.time(), system, call, detail)
        self.entries.append(entry)
        return entry

    def of(self, system: str, call: str | None = None) -> list[Entry]:
        """The entries of one system, or of one of its calls, oldest first."""
        return [e for e in self.entries if e.system == system and call in (None, e.call)]
