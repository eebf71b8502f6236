"""Build and parse Cachet's resources (JSON:API)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from adapters.destinations.cachet.profile import MAX_TITLE_LENGTH, STATUS_BY_PHASE, escaped
from adapters.http_calls import Unreadable
from domain.outages.destinations import OutgoingNotice
from domain.outages.outage import OVER, OutageKind, Phase

_TIME = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """An incident, a schedule, or an update of one. `status` is that of incidents and their updates.

    `created_at` is by Cachet's clock in its time zone, which the API does not tell.
    """

    id: str
    name: str
    message: str
    status: int | None
    guid: str | None
    created_at: datetime

    @classmethod
    def parse(cls, given: Any) -> "Resource":  # noqa: ANN401 - as the API answers
        """Parse one resource; raises Unreadable."""
        try:
            attributes = given["attributes"]
            status = attributes.get("status")
            created = datetime.strptime(attributes["created"]["string"], _TIME).replace(tzinfo=UTC)
            return cls(
                id=str(given["id"]),
                name=str(attributes.get("name") or ""),
                message=str(attributes.get("message") or ""),
                status=status.get("value") if isinstance(status, dict) else None,
                guid=str(attributes["guid"]) if attributes.get("guid") else None,
                created_at=created,
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            raise Unreadable("Cachet answered with a resource that cannot be read") from None

    def matches(self, notice: OutgoingNotice) -> bool:
        """Return whether it has the notice's text and phase."""
        is_phase = self.status in {None, STATUS_BY_PHASE.get(notice.phase)}
        return is_phase and self.message.strip() == escaped(notice.text)


def kind_of(notice: OutgoingNotice) -> str:
    """Return what the outage is in Cachet: its path in the API."""
    return "schedules" if notice.outage_kind is OutageKind.MAINTENANCE else "incidents"


def title_of(notice: OutgoingNotice) -> str:
    """Return the name under which the outage is on the page."""
    return titles_of(notice)[0]


def titles_of(notice: OutgoingNotice) -> list[str]:
    """Return the names under which the outage is on the page or was, the newest first."""
    titles = (notice.title, *notice.former_titles)
    return list(dict.fromkeys(" ".join(title.split())[:MAX_TITLE_LENGTH] for title in titles))


def opening(notice: OutgoingNotice, shown: Mapping[str, str]) -> dict[str, Any]:
    """Return the body that creates an incident or a schedule. `shown` are its components' states by id."""
    body: dict[str, Any] = {"name": title_of(notice), "message": escaped(notice.text)}
    if shown:
        # Before 3.0 was released, the two fields of a component had other names.
        body["components"] = [
            {"id": int(one), "status": int(state), "component_id": int(one), "component_status": int(state)}
            for one, state in shown.items()
        ]
    if notice.outage_kind is OutageKind.MAINTENANCE and notice.starts_at and notice.ends_at:
        return body | {"scheduled_at": _text(notice.starts_at), "completed_at": _text(notice.ends_at)}
    return body | {"status": STATUS_BY_PHASE[notice.phase], "visible": True, "notifications": True}


def renaming(notice: OutgoingNotice) -> dict[str, Any]:
    """Return the body that gives an incident or a schedule the outage's name."""
    return {"name": title_of(notice)}


def update(notice: OutgoingNotice) -> dict[str, Any]:
    """Return the body that adds an update."""
    status = STATUS_BY_PHASE.get(notice.phase)
    return {"message": escaped(notice.text)} | ({} if status is None else {"status": status})


def moved_times(notice: OutgoingNotice) -> dict[str, Any]:
    """Return the body that moves the planned start and end of a schedule; without those that stay."""
    body = {}
    if notice.moves_start and notice.starts_at is not None and notice.phase is Phase.SCHEDULED:
        body["scheduled_at"] = _text(notice.starts_at)
    if notice.moves_end and notice.ends_at is not None and notice.phase not in OVER:
        body["completed_at"] = _text(notice.ends_at)
    return body


def completion(moment: datetime) -> dict[str, Any]:
    """Return the body that ends a schedule now."""
    return {"completed_at": _text(moment)}


def one_of(answer: object) -> Resource:
    """Parse an answer that holds one resource; raises Unreadable."""
    return Resource.parse(answer.get("data") if isinstance(answer, dict) else None)


def listed(answer: object) -> list[Any]:
    """Return the resources of a list, not parsed; raises Unreadable."""
    data = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(data, list):
        raise Unreadable("Cachet answered with something else than a list")
    return data


def current_states(answer: object) -> Iterator[tuple[str, str]]:
    """Iterate over the id and state of each component of a list; raises Unreadable."""
    for one in listed(answer):
        try:
            status = one["attributes"]["status"]
            state = status["value"] if isinstance(status, dict) else status
            yield str(one["id"]), str(int(state))
        except (KeyError, TypeError, ValueError):
            raise Unreadable("Cachet answered with components that cannot be read") from None


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(_TIME)
