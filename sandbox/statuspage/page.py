"""The page's state, and Statuspage's rules on what may be written to it."""

import itertools
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sandbox.faults import Faults
from sandbox.ledger import Ledger

PAGE_ID = "acmepage01"
API_KEY = "sandbox-statuspage-key"
PAGE_NAME = "Acme Status"
COMPONENTS = {"kz8dq1": "Payments", "m3v7wp": "App", "t0c5hn": "Deliveries"}
SUBSCRIBERS = {"email": 412, "sms": 38, "webhook": 3}
CALLS_A_MINUTE = 60

COMPONENT_STATES = (
    "operational",
    "under_maintenance",
    "degraded_performance",
    "partial_outage",
    "major_outage",
)
REALTIME = ("investigating", "identified", "monitoring", "resolved")
SCHEDULED = ("scheduled", "in_progress", "verifying", "completed")
OVER = ("resolved", "completed")
MAX_NAME = 255
MAX_BODY = 25_000

Json = dict[str, Any]


class Invalid(Exception):
    """The request is refused with 422; `errors` says why."""

    def __init__(self, *errors: str) -> None:
        super().__init__("; ".join(errors))
        self.errors = list(errors)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class StatusPage:
    """One page. `clock` tells the time of what is written; `limit` is the calls that a minute allows."""

    ledger: Ledger
    faults: Faults
    clock: Callable[[], datetime] = _now
    limit: int = CALLS_A_MINUTE
    components: dict[str, Json] = field(default_factory=dict)
    incidents: dict[str, Json] = field(default_factory=dict)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _calls: deque[datetime] = field(default_factory=deque)

    def __post_init__(self) -> None:
        """Create the components."""
        self.components = {
            one: {"id": one, "page_id": PAGE_ID, "name": name, "status": "operational", "group": False}
            for one, name in COMPONENTS.items()
        }

    def admits_call(self) -> bool:
        """Count a call; false where the limit over 60 seconds is reached."""
        now = self.clock()
        while self._calls and (now - self._calls[0]).total_seconds() >= 60:  # noqa: PLR2004 - seconds
            self._calls.popleft()
        if len(self._calls) >= self.limit:
            return False
        self._calls.append(now)
        return True

    def states(self) -> dict[str, str]:
        """Return the components' states by id."""
        return {one: component["status"] for one, component in self.components.items()}

    @property
    def resolved(self) -> int:
        """How many incidents are resolved."""
        return sum(one["status"] in OVER for one in self.incidents.values())

    def create(self, given: Json, address: str) -> Json:
        """Create an incident; raises Invalid. `address` is that of the public page."""
        if not str(given.get("name") or "").strip():
            raise Invalid("Name can't be blank")
        is_scheduled = given.get("scheduled_for") is not None
        given = {"status": "scheduled" if is_scheduled else "investigating", "body": ""} | given
        self._check(given, SCHEDULED if is_scheduled else REALTIME)
        _check_times(given)
        number = self._id("inc")
        incident: Json = {
            "id": number,
            "page_id": PAGE_ID,
            "created_at": self._time(),
            "resolved_at": None,
            "impact": "none",
            "shortlink": f"{address}/{number}",
            "scheduled_for": given.get("scheduled_for"),
            "scheduled_until": given.get("scheduled_until"),
            "incident_updates": [],
            "metadata": {},
            "components": [],
        }
        self.incidents[number] = incident
        self._apply(incident, given)
        self._record("POST incidents", incident, given)
        return self.shown(incident)

    def change(self, number: str, given: Json) -> Json:
        """Change an incident, and add an update where there is a text; raises Invalid and KeyError."""
        incident = self.incidents[number]
        is_scheduled = incident["scheduled_for"] is not None
        self._check(given, SCHEDULED if is_scheduled else REALTIME)
        times: Json = {key: given[key] for key in ("scheduled_for", "scheduled_until") if key in given}
        if times and not is_scheduled:
            raise Invalid("Scheduled until is not for a realtime incident")
        _check_times(incident | times)
        incident |= times
        self._apply(incident, given)
        self._record("PATCH incidents/:id", incident, given)
        return self.shown(incident)

    def change_update(self, number: str, update_id: str, given: Json) -> Json:
        """Replace the text of an update; raises Invalid and KeyError."""
        updates = {one["id"]: one for one in self.incidents[number]["incident_updates"]}
        update = updates[update_id]
        _check_text(given)
        update |= {"body": given.get("body", update["body"]), "updated_at": self._time()}
        self.ledger.record(
            "statuspage",
            "PATCH incident_updates/:id",
            incident=number,
            update=update_id,
            body=update["body"],
            notified=bool(given.get("deliver_notifications", False)),
        )
        return dict(update)

    def delete(self, number: str) -> Json:
        """Delete an incident. The components keep their states. Raises KeyError."""
        incident = self.incidents.pop(number)
        self.ledger.record("statuspage", "DELETE incidents/:id", incident=number)
        return self.shown(incident)

    def shown(self, incident: Json) -> Json:
        """Return an incident as the API answers it: its updates newest first, its components as they are."""
        components = [self.components[one] for one in incident["components"]]
        return incident | {
            "incident_updates": [dict(one) for one in reversed(incident["incident_updates"])],
            "components": [dict(one) for one in components],
        }

    def _check(self, given: Json, statuses: tuple[str, ...]) -> None:
        if "status" in given and given["status"] not in statuses:
            raise Invalid(f"Status is invalid; valid values are {', '.join(statuses)}")
        if len(str(given.get("name", ""))) > MAX_NAME:
            raise Invalid(f"Name is too long (maximum is {MAX_NAME} characters)")
        _check_text(given)
        metadata = given.get("metadata", {})
        if not isinstance(metadata, dict) or not all(isinstance(one, dict) for one in metadata.values()):
            raise Invalid("Metadata top level values must be objects")
        components = given.get("components", {})
        if not isinstance(components, dict):
            raise Invalid("components is invalid")
        unknown = [
            one for one in (*components, *given.get("component_ids", ())) if one not in self.components
        ]
        if unknown:
            raise Invalid(f"Component ids are not on this page: {', '.join(map(str, unknown))}")
        if any(state not in COMPONENT_STATES for state in components.values()):
            raise Invalid(f"Component status is invalid; valid values are {', '.join(COMPONENT_STATES)}")

    def _apply(self, incident: Json, given: Json) -> None:
        changes: Mapping[str, str] = given.get("components", {})
        for one, state in changes.items():
            self.components[one]["status"] = state
        named = given.get("component_ids")
        shown = incident["components"] if named is None else list(named)
        incident["components"] = list(dict.fromkeys([*shown, *changes]))
        incident |= {key: given[key] for key in ("name", "status", "metadata") if key in given}
        incident["updated_at"] = self._time()
        incident["resolved_at"] = self._time() if incident["status"] in OVER else None
        if given.get("body"):
            incident["incident_updates"].append(
                {
                    "id": self._id("upd"),
                    "incident_id": incident["id"],
                    "status": incident["status"],
                    "body": given["body"],
                    "created_at": self._time(),
                    "updated_at": self._time(),
                    "deliver_notifications": given.get("deliver_notifications", True),
                }
            )

    def _record(self, call: str, incident: Json, given: Json) -> None:
        self.ledger.record(
            "statuspage",
            call,
            incident=incident["id"],
            name=incident["name"],
            status=incident["status"],
            body=given.get("body", ""),
            components=dict(given.get("components", {})),
            notified=bool(given.get("deliver_notifications", True)),
        )

    def _id(self, kind: str) -> str:
        return f"{kind}{next(self._numbers):09d}"

    def _time(self) -> str:
        return self.clock().isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _check_text(given: Json) -> None:
    if not isinstance(given.get("body", ""), str) or len(given.get("body", "")) > MAX_BODY:
        raise Invalid(f"Body is too long (maximum is {MAX_BODY} characters)")
    if not isinstance(given.get("deliver_notifications", True), bool):
        raise Invalid("deliver_notifications is invalid")


def _check_times(given: Json) -> None:
    """Check the times of a scheduled incident: both are there, in order."""
    if given.get("scheduled_for") is None:
        return
    try:
        begins, ends = (
            datetime.fromisoformat(str(given.get(key))) for key in ("scheduled_for", "scheduled_until")
        )
    except ValueError:
        raise Invalid("Scheduled until can't be blank") from None
    if ends <= begins:
        raise Invalid("Scheduled until must be after scheduled for")
