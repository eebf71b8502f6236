"""Implement `Destination` for a page at Statuspage."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus

from adapters.destinations.components import PageComponents, states_of
from adapters.destinations.statuspage import incidents
from adapters.destinations.statuspage.incidents import Incident
from adapters.destinations.statuspage.profile import PROFILE, STATES, component_state, escaped
from adapters.http_calls import TOTAL_SECONDS, CallFailed, HttpApi, Method, Unreadable
from adapters.http_outcomes import Advice, failed_check, is_gone, read_outcome, reason_of, write_outcome
from domain.delivery.outcomes import Absent, Done, Failed, Finding, Outcome
from domain.diagnostics import CheckLine
from domain.outages.component_states import ComponentStates
from domain.outages.destinations import OutgoingNotice, Preflight, Receipt
from domain.outages.notices import NoticeKind
from domain.outages.outage import OVER, OutageKind

log = logging.getLogger(__name__)

LABEL = PROFILE.label
CLOCK_SKEW = timedelta(minutes=2)  # tolerated between our clock and Statuspage's
PAGE_SIZE = 100
MAX_PAGES = 5

ADVICE: Advice = {
    HTTPStatus.UNAUTHORIZED: "Check STATUSPAGE_API_KEY; make a new key under “API info” in Statuspage",
    HTTPStatus.FORBIDDEN: "The key's user may not manage incidents on this page: change their role in Statuspage",
    HTTPStatus.NOT_FOUND: "Check STATUSPAGE_PAGE_ID",
}
_INCIDENT_GONE = (
    "The incident is no longer on the status page: somebody deleted it there. Announce the outage there anew."
)
_NO_TIMES = "A maintenance on Statuspage needs a start and an end."
_REMEDY = "check STATUSPAGE_API_KEY and STATUSPAGE_PAGE_ID; both are under “API info” in Statuspage"
_KEPT = "Statuspage cannot delete a single update. Correct its text, or delete the incident there."


class Statuspage:
    """One page, over API v1. An incident for each outage, an incident update for each notice.

    The states of components from before the outage are stored in the incident's metadata, and read from there
    before each change.
    """

    def __init__(
        self,
        *,
        api_url: str,
        api_key: str,
        page_id: str,
        component_ids: Mapping[str, str],
        without_id: Sequence[str] = (),
        total_seconds: float = TOTAL_SECONDS,
    ) -> None:
        headers = {"Authorization": f"OAuth {api_key}"}
        self._api = HttpApi(LABEL, f"{api_url}/v1/pages/{page_id}", headers, total_seconds=total_seconds)
        self._components = PageComponents(PROFILE.name, LABEL, component_ids, STATES, without_id)

    async def close(self) -> None:
        """Close the connections."""
        await self._api.close()

    async def preflight(self) -> Preflight:
        """Ask how many subscribe to the page, and whether the key and the components are right."""
        try:
            counts = await self._api.call("GET", "/subscribers/count", query={"state": "active"})
            present = await self._states()
        except CallFailed as failure:
            return Preflight(audience_unit="subscribers", refusal=reason_of(failure, LABEL, ADVICE))
        audience = sum(n for n in counts.values() if isinstance(n, int)) if isinstance(counts, dict) else None
        return Preflight(
            audience=audience,
            audience_unit="subscribers",
            warnings=self._components.warnings(present),
        )

    async def publish(
        self,
        notice: OutgoingNotice,
        *,
        first: Receipt | None,
        latest: Receipt | None,
    ) -> Outcome:
        """Create an incident, or add an update to the one of `first`."""
        try:
            incident_id = await self._incident_of(notice, first)
        except CallFailed as failure:
            return read_outcome(failure, LABEL, ADVICE)
        return await (self._open(notice) if incident_id is None else self._add(notice, incident_id))

    async def find(self, notice: OutgoingNotice, *, first: Receipt | None, since: datetime) -> Finding:
        """Look for the incident by our reference, for an update by its text and status."""
        start = since - CLOCK_SKEW
        try:
            if first is None:
                found = await self._opened_by(notice.reference, start)
                return Absent(lists_at_once=True) if found is None else Done(found.result(notice))
            incident_id = await self._incident_of(notice, first)
            if incident_id is None:
                return Absent(lists_at_once=True)
            incident = await self._incident(incident_id)
        except CallFailed as failure:
            return Absent(lists_at_once=True) if is_gone(failure) else read_outcome(failure, LABEL, ADVICE)
        return (
            Done(incident.result(notice)) if incident.update_of(notice, start) else Absent(lists_at_once=True)
        )

    async def correct(self, notice: OutgoingNotice, *, receipt: Receipt) -> Outcome:
        """Replace the text of an update, without notifying the subscribers again."""
        path = f"/incidents/{_incident_id(receipt)}/incident_updates/{receipt.data.get('update')}"
        body = {"incident_update": {"body": escaped(notice.text), "deliver_notifications": False}}
        try:
            await self._api.call("PATCH", path, body=body)
        except CallFailed as failure:
            return Failed(_INCIDENT_GONE) if is_gone(failure) else _not_taken(failure)
        return Done({"id": receipt.id, "url": receipt.url, "data": dict(receipt.data)})

    async def retract(self, receipt: Receipt, *, latest: Receipt) -> Outcome:
        """Delete an incident with all its updates, after its components were restored."""
        incident_id = _incident_id(receipt)
        if receipt.id != incident_id:
            return Failed(_KEPT)
        try:
            await self._restore(await self._incident(incident_id), states_of(latest.others))
            await self._api.call("DELETE", f"/incidents/{incident_id}")
        except CallFailed as failure:
            return Done({"id": receipt.id}) if is_gone(failure) else _not_taken(failure)
        return Done({"id": receipt.id})

    async def probe(self) -> list[CheckLine]:
        """Check the key, the page and the ids of the components."""
        try:
            page = await self._api.call("GET", "")
            present = await self._states()
        except CallFailed as failure:
            return [failed_check(LABEL, failure, LABEL, ADVICE, _REMEDY)]
        name = page.get("name") if isinstance(page, dict) else None
        return [
            CheckLine(LABEL, ok=True, detail=f"the page “{name}”"),
            self._components.check_line(present),
        ]

    async def _open(self, notice: OutgoingNotice) -> Outcome:
        is_maintenance = notice.outage_kind is OutageKind.MAINTENANCE
        if is_maintenance and (notice.starts_at is None or notice.ends_at is None):
            return Failed(_NO_TIMES)
        try:
            present = await self._states() if self._components.has_any(notice.components) else {}
        except CallFailed as failure:
            return read_outcome(failure, LABEL, ADVICE)
        shown = self._components.named(notice.components, present)
        changes, states = self._changes(notice, present, ComponentStates())
        body = incidents.opening(notice, shown=shown, changes=changes, states=states)
        return await self._write("POST", "/incidents", body, notice)

    async def _add(self, notice: OutgoingNotice, incident_id: str) -> Outcome:
        try:
            incident = await self._incident(incident_id)
            present = await self._states() if incident.states.ours or notice.components else {}
        except CallFailed as failure:
            return Failed(_INCIDENT_GONE) if is_gone(failure) else read_outcome(failure, LABEL, ADVICE)
        shown = self._components.named(notice.components, present)
        is_over = notice.phase in OVER
        left = self._components.no_longer_named(notice.components, present, incident.states)
        try:
            await self._pass_on(replace(incident, states=incident.states if is_over else left), present)
        except CallFailed as failure:
            return read_outcome(failure, LABEL, ADVICE)
        if is_over:
            changes = self._components.restore(incident.states, present, states_of(notice.others))
            states = ComponentStates()
        else:
            changes, states = self._changes(notice, present, incident.states)
        body = incidents.update(notice, incident, shown=shown, changes=changes, states=states)
        return await self._write("PATCH", f"/incidents/{incident_id}", body, notice)

    async def _write(self, method: Method, path: str, body: object, notice: OutgoingNotice) -> Outcome:
        try:
            answer = await self._api.call(method, path, body=body)
            return Done(Incident.parse(answer).result(notice))
        except CallFailed as failure:
            log.info("a notice was not taken: %s", failure, extra={"notice": notice.notice_id})
            return _not_taken(failure)

    async def _pass_on(self, ended: Incident, present: Mapping[str, str]) -> None:
        """Give what components were to the open incidents that changed them after this one."""
        if all(present.get(one) == state for one, state in ended.states.ours.items()):
            return
        listed = await self._api.call("GET", "/incidents", query={"limit": PAGE_SIZE})
        for other in map(Incident.parse, listed):
            states = other.states.inherit(ended.states)
            if other.is_over or other.id == ended.id or states == other.states:
                continue
            stored = incidents.metadata(other.outage_id, other.reference, states)
            body = {"incident": {"deliver_notifications": False, "metadata": stored}}
            await self._api.call("PATCH", f"/incidents/{other.id}", body=body)

    async def _restore(self, incident: Incident, others: Sequence[ComponentStates]) -> None:
        if not incident.states.ours:
            return
        present = await self._states()
        await self._pass_on(incident, present)
        changes = self._components.restore(incident.states, present, others)
        body = {
            "incident": {
                "deliver_notifications": False,
                "metadata": incidents.metadata(incident.outage_id, incident.reference, ComponentStates()),
                **({"components": changes} if changes else {}),
            }
        }
        await self._api.call("PATCH", f"/incidents/{incident.id}", body=body)

    async def _opened_by(self, reference: str, start: datetime) -> Incident | None:
        for page in range(1, MAX_PAGES + 1):
            listed = await self._api.call("GET", "/incidents", query={"limit": PAGE_SIZE, "page": page})
            parsed = [Incident.parse(one) for one in listed]
            found = next(
                (one for one in parsed if one.reference == reference and one.created_at >= start), None
            )
            if found or len(parsed) < PAGE_SIZE or min(one.created_at for one in parsed) < start:
                return found
        raise Unreadable("Statuspage has too many incidents since then to look through")

    async def _incident_of(self, notice: OutgoingNotice, first: Receipt | None) -> str | None:
        """Return the id of the outage's incident; `None` where it has none.

        Without the id of a first notice, such as where a person found it on the page, the newest incidents
        are looked through.
        """
        if first is not None and (known := _incident_id(first)):
            return known
        if notice.kind is NoticeKind.ANNOUNCEMENT:
            return None
        listed = await self._api.call("GET", "/incidents", query={"limit": PAGE_SIZE})
        is_reopening = notice.kind is NoticeKind.REOPENING
        for incident in map(Incident.parse, listed):
            if incident.outage_id == notice.outage_id and (is_reopening or not incident.is_over):
                return incident.id
        return None

    async def _incident(self, incident_id: str) -> Incident:
        return Incident.parse(await self._api.call("GET", f"/incidents/{incident_id}"))

    async def _states(self) -> dict[str, str]:
        """Return the states of all components by id."""
        states: dict[str, str] = {}
        for page in range(1, MAX_PAGES + 1):
            query = {"per_page": PAGE_SIZE, "page": page}
            listed = await self._api.call("GET", "/components", query=query)
            states |= dict(incidents.current_states(listed))
            if len(listed) < PAGE_SIZE:
                break
        return states

    def _changes(
        self, notice: OutgoingNotice, present: Mapping[str, str], states: ComponentStates
    ) -> tuple[dict[str, str], ComponentStates]:
        return self._components.changes(
            component_state(notice), notice.components, present, states, states_of(notice.others)
        )


def _incident_id(receipt: Receipt) -> str:
    return str(receipt.data.get("incident") or receipt.id)


def _not_taken(failure: CallFailed) -> Outcome:
    return write_outcome(failure, LABEL, ADVICE)
