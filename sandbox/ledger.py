"""Append-only record of every call that took effect in the sandbox.

The crash tests count lost and duplicated acts from here, never from the bot's own tables.
"""

import itertools
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One call that took effect; `at` is seconds since the epoch."""

    number: int
    at: float
    system: str
    call: str
    detail: Mapping[str, Any]


@dataclass(slots=True)
class Ledger:
    """The entries in the order in which they took effect. A refused or dropped-before call leaves none."""

    entries: list[Entry] = field(default_factory=list)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def record(self, system: str, call: str, **detail: object) -> Entry:
        """Append a call of `system` ("slack", "x", "mail", "model"), named as the platform documents it."""
        entry = Entry(next(self._numbers), time.time(), system, call, detail)
        self.entries.append(entry)
        return entry

    def of(self, system: str, call: str | None = None) -> list[Entry]:
        """Return the entries of one system, or of one of its calls, oldest first."""
        return [e for e in self.entries if e.system == system and call in (None, e.call)]
