"""Build and parse Statuspage's incidents."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from adapters.destinations.statuspage.profile import MAX_TITLE_LENGTH, escaped
from adapters.http_calls import Unreadable
from domain.outages.component_states import ComponentStates
from domain.outages.destinations import OutgoingNotice
from domain.outages.outage import OVER, OutageKind, Phase

_KEY = "switchboard"  # of the incident's metadata, whose values must be objects


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """An update of an incident."""

    id: str
    status: str
    body: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """An incident as the page has it; the updates newest first.

    `reference` is the notice that opened it, `outage_id` the outage, and `states` are the components' states
    by its last change: these are from the metadata that we store there.
    """

    id: str
    url: str | None
    created_at: datetime
    is_over: bool
    reference: str | None
    outage_id: int | None
    states: ComponentStates
    updates: tuple[Update, ...]

    @classmethod
    def parse(cls, given: object) -> "Incident":
        """Parse an incident of the API; raises Unreadable."""
        try:
            return cls._parse(given)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise Unreadable("Statuspage answered with an incident that cannot be read") from None

    @classmethod
    def _parse(cls, given: Any) -> "Incident":  # noqa: ANN401 - as the API answers
        ours = (given.get("metadata") or {}).get(_KEY) or {}
        updates = [
            Update(
                id=str(one["id"]),
                status=str(one["status"]),
                body=str(one.get("body") or ""),
                created_at=_time(one["created_at"]),
            )
            for one in given.get("incident_updates") or ()
        ]
        reference = ours.get("reference")
        url = given.get("shortlink")
        return cls(
            id=str(given["id"]),
            url=url if isinstance(url, str) and url.startswith(("https://", "http://")) else None,
            created_at=_time(given["created_at"]),
            is_over=given.get("status") in OVER,
            reference=reference if isinstance(reference, str) else None,
            outage_id=outage if isinstance(outage := ours.get("outage"), int) else None,
            states=ComponentStates.from_data(ours),
            updates=tuple(sorted(updates, key=lambda one: one.created_at, reverse=True)),
        )

    def update_of(self, notice: OutgoingNotice, since: datetime | None = None) -> Update | None:
        """Return the newest update with the notice's text and phase, made since then."""
        for update in self.updates:
            if since is not None and update.created_at < since:
                return None
            if (update.status, update.body.strip()) == (notice.phase.value, escaped(notice.text)):
                return update
        return None

    def result(self, notice: OutgoingNotice) -> dict[str, Any]:
        """Return what a receipt of the notice keeps."""
        found = self.update_of(notice) or next(iter(self.updates), None)
        update_id = found.id if found else ""
        return {
            "id": self.id if self.reference == notice.reference else update_id,
            "url": self.url,
            "data": {"incident": self.id, "update": update_id, **self.states.data},
        }


def metadata(outage_id: int | None, reference: str | None, states: ComponentStates) -> dict[str, Any]:
    """Return the metadata by which we find the incident again, and restore its components."""
    return {_KEY: {"outage": outage_id, "reference": reference, **states.data}}


def opening(
    notice: OutgoingNotice, *, shown: Mapping[str, str], changes: Mapping[str, str], states: ComponentStates
) -> dict[str, Any]:
    """Return the body that creates an incident. `shown` are the components that it names, by id."""
    incident: dict[str, Any] = {
        "name": _name(notice),
        **_update(notice, changes, metadata(notice.outage_id, notice.reference, states)),
        "component_ids": list(shown),
    }
    if notice.outage_kind is OutageKind.MAINTENANCE and notice.starts_at and notice.ends_at:
        # The phases come from us, so nothing there changes by itself.
        incident |= {
            "scheduled_for": _text(notice.starts_at),
            "scheduled_until": _text(notice.ends_at),
            "scheduled_remind_prior": True,
            "scheduled_auto_in_progress": False,
            "scheduled_auto_completed": False,
            "auto_transition_to_maintenance_state": False,
            "auto_transition_to_operational_state": False,
        }
    return {"incident": incident}


def update(
    notice: OutgoingNotice,
    incident: Incident,
    *,
    shown: Mapping[str, str],
    changes: Mapping[str, str],
    states: ComponentStates,
) -> dict[str, Any]:
    """Return the body that adds an update to an incident, with the name and the times where these changed."""
    body = _update(notice, changes, metadata(notice.outage_id, incident.reference, states))
    body |= {"component_ids": list(shown)} if shown or incident.states.ours else {}
    if notice.moves_start and notice.starts_at is not None and notice.phase is Phase.SCHEDULED:
        body |= {"scheduled_for": _text(notice.starts_at)}
    if notice.moves_end and notice.ends_at is not None and notice.phase not in OVER:
        body |= {"scheduled_until": _text(notice.ends_at)}
    return {"incident": body | ({"name": _name(notice)} if notice.former_titles else {})}


def _name(notice: OutgoingNotice) -> str:
    return " ".join(notice.title.split())[:MAX_TITLE_LENGTH]


def _update(notice: OutgoingNotice, changes: Mapping[str, str], stored: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "status": notice.phase.value,
        "body": escaped(notice.text),
        "deliver_notifications": True,
        "metadata": dict(stored),
        **({"components": dict(changes)} if changes else {}),
    }


def current_states(listed: list[Any] | dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Iterate over the id and state of each component of the API's list; raises Unreadable."""
    for one in listed:
        if not isinstance(one, dict) or not isinstance(one.get("id"), str):
            raise Unreadable("Statuspage answered with components that cannot be read")
        if not one.get("group"):
            yield one["id"], str(one.get("status"))


def _time(text: str) -> datetime:
    parsed = datetime.fromisoformat(text)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
