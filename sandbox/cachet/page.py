"""Cachet's state, and its rules on what may be written (cachethq/core, `src/Data/Requests`)."""

import itertools
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sandbox.faults import Faults
from sandbox.ledger import Ledger

API_KEY = "1|sandbox-cachet-key"
COMPONENTS = {1: "Payments", 2: "App", 3: "Deliveries"}
CALLS_A_MINUTE = 300
STATUSES = range(1, 5)
COMPONENT_STATES = range(1, 6)
MAX_NAME = 255

Json = dict[str, Any]


class Invalid(Exception):
    """The request is refused with 422; `errors` are texts by field."""

    def __init__(self, **errors: str) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = {name: [text] for name, text in errors.items()}


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class CachetPage:
    """One installation. Entries are incidents and schedules by kind and id, each with its updates."""

    ledger: Ledger
    faults: Faults
    clock: Callable[[], datetime] = _now
    limit: int = CALLS_A_MINUTE
    components: dict[int, Json] = field(default_factory=dict)
    entries: dict[str, dict[int, Json]] = field(default_factory=dict)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _calls: deque[datetime] = field(default_factory=deque)

    def __post_init__(self) -> None:
        """Create the components."""
        self.components = {
            one: {"id": one, "name": name, "status": 1, "enabled": True} for one, name in COMPONENTS.items()
        }
        self.entries = {"incidents": {}, "schedules": {}}

    def admits_call(self) -> bool:
        """Count a call; false where the limit of a minute is reached."""
        now = self.clock()
        while self._calls and (now - self._calls[0]).total_seconds() >= 60:  # noqa: PLR2004 - seconds
            self._calls.popleft()
        self._calls.append(now)
        return len(self._calls) <= self.limit

    def create(self, kind: str, given: Json) -> Json:
        """Create an incident or schedule; raises Invalid."""
        _require(given, "name", "message", "status" if kind == "incidents" else "scheduled_at")
        self._check(given)
        if kind == "schedules":
            _check_time(given, "scheduled_at", "completed_at")
        entry: Json = {
            "id": next(self._numbers),
            "guid": str(uuid.uuid4()) if kind == "incidents" else None,
            "updates": [],
            "created_at": self.clock(),
            "visible": bool(given.get("visible", False)),
            "notifications": bool(given.get("notifications", False)),
            **{key: given.get(key) for key in ("name", "message", "status", "scheduled_at", "completed_at")},
        }
        self.entries[kind][entry["id"]] = entry
        if kind == "incidents":
            for one in given.get("components", ()):
                self.components[one["id"]]["status"] = one["status"]
        self._record(f"POST {kind}", entry, given)
        return entry

    def change(self, kind: str, number: int, given: Json) -> Json:
        """Change an incident or schedule; raises Invalid and KeyError."""
        entry = self.entries[kind][number]
        self._check(given)
        if kind == "schedules":
            _check_time(given, "scheduled_at", "completed_at")
        known = ("name", "message", "status", "visible", "notifications", "scheduled_at", "completed_at")
        entry |= {key: given[key] for key in known if key in given}
        self._record(f"PUT {kind}/:id", entry, given)
        return entry

    def add_update(self, kind: str, number: int, given: Json) -> Json:
        """Add an update, which sets the status of an incident; raises Invalid and KeyError."""
        entry = self.entries[kind][number]
        _require(given, "message", *(("status",) if kind == "incidents" else ()))
        self._check(given)
        update = {
            "id": next(self._numbers),
            "message": given["message"],
            "status": given.get("status"),
            "created_at": self.clock(),
        }
        entry["updates"].append(update)
        if kind == "incidents":
            entry["status"] = given["status"]
        self._record(f"POST {kind}/:id/updates", entry, given)
        return update

    def update(self, kind: str, number: int, update_id: int) -> Json:
        """Return an update; raises KeyError."""
        updates: dict[int, Json] = {one["id"]: one for one in self.entries[kind][number]["updates"]}
        return updates[update_id]

    def change_update(self, kind: str, number: int, update_id: int, given: Json) -> Json:
        """Change an update; raises Invalid and KeyError."""
        update = self.update(kind, number, update_id)
        self._check(given)
        update |= {key: given[key] for key in ("message", "status") if key in given}
        self._record(f"PUT {kind}/:id/updates/:update", self.entries[kind][number], given)
        return update

    def delete_update(self, kind: str, number: int, update_id: int) -> None:
        """Delete an update; raises KeyError."""
        update = self.update(kind, number, update_id)
        self.entries[kind][number]["updates"].remove(update)
        self._record(f"DELETE {kind}/:id/updates/:update", self.entries[kind][number], {})

    def delete(self, kind: str, number: int) -> None:
        """Delete an incident or schedule; raises KeyError."""
        entry = self.entries[kind].pop(number)
        self._record(f"DELETE {kind}/:id", entry, {})

    def change_component(self, number: int, given: Json) -> Json:
        """Change a component; raises Invalid and KeyError."""
        component = self.components[number]
        if given.get("status", 1) not in COMPONENT_STATES:
            raise Invalid(status="The selected status is invalid.")
        component |= {key: given[key] for key in ("name", "status", "enabled") if key in given}
        self.ledger.record("cachet", "PUT components/:id", component=number, status=component["status"])
        return component

    def _check(self, given: Json) -> None:
        if len(str(given.get("name", ""))) > MAX_NAME:
            raise Invalid(name=f"The name field must not be greater than {MAX_NAME} characters.")
        if "message" in given and not isinstance(given["message"], str):
            raise Invalid(message="The message field must be a string.")
        if "status" in given and given["status"] not in STATUSES:
            raise Invalid(status="The selected status is invalid.")
        for name in ("visible", "notifications"):
            if not isinstance(given.get(name, False), bool):
                raise Invalid(**{name: f"The {name} field must be true or false."})
        for index, one in enumerate(given.get("components", ())):
            if one.get("id") not in self.components:
                raise Invalid(**{f"components.{index}.id": "The selected component is invalid."})
            if one.get("status") not in COMPONENT_STATES:
                raise Invalid(**{f"components.{index}.status": "The selected status is invalid."})

    def _record(self, call: str, entry: Json, given: Json) -> None:
        detail = {"message": given.get("message", ""), "status": entry.get("status")}
        self.ledger.record("cachet", call, entry=entry["id"], name=entry["name"], **detail)


def _require(given: Json, *names: str) -> None:
    missing = [name for name in names if given.get(name) in (None, "")]
    if missing:
        raise Invalid(**{name: f"The {name} field is required." for name in missing})


def _check_time(given: Json, *names: str) -> None:
    for name in names:
        if name in given:
            try:
                datetime.strptime(str(given[name]), "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - as Cachet reads it
            except ValueError:
                raise Invalid(**{name: f"The {name} field must be a valid date."}) from None
