"""Implement `Destination` for a status page of Cachet, version 3."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from adapters.destinations.cachet import resources
from adapters.destinations.cachet.profile import (
    FIXED,
    OPERATIONAL,
    PROFILE,
    STATES,
    component_state,
    escaped,
)
from adapters.destinations.cachet.resources import Resource
from adapters.destinations.components import PageComponents, states_of
from adapters.http_calls import TOTAL_SECONDS, CallFailed, HttpApi
from adapters.http_outcomes import Advice, failed_check, is_gone, read_outcome, reason_of, write_outcome
from domain.clock import Clock
from domain.delivery.outcomes import Absent, Done, Failed, Finding, Outcome
from domain.diagnostics import CheckLine
from domain.outages.component_states import ComponentStates
from domain.outages.destinations import OutgoingNotice, Preflight, Receipt
from domain.outages.notices import NoticeKind
from domain.outages.outage import OVER, Phase

log = logging.getLogger(__name__)

LABEL = PROFILE.label
PAGE_SIZE = 100
MAX_PAGES = 5
#: Cachet tells times in its own time zone without naming it.
TIME_ZONES = timedelta(hours=14)

ADVICE: Advice = {
    HTTPStatus.UNAUTHORIZED: "Check CACHET_API_KEY; make a new one under “API keys” in Cachet",
    HTTPStatus.FORBIDDEN: "The key lacks an ability: it has to manage incidents, schedules and components",
    HTTPStatus.NOT_FOUND: "Check CACHET_API_URL, which ends in /api",
}
_GONE = (
    "The incident is no longer on the status page: somebody deleted it there. Announce the outage there anew."
)
_NO_TIMES = "A maintenance on Cachet needs a start and an end."
_REMEDY = "check CACHET_API_URL and CACHET_API_KEY"


class Cachet:
    """One Cachet. An incident for each outage, a schedule for each maintenance, an update for each notice.

    Cachet stores nothing of ours with an incident. The components' states from before an attempt of unknown
    outcome are kept in memory until it is found again; after a restart they are taken for operational.
    """

    def __init__(
        self,
        *,
        api_url: str,
        api_key: str,
        component_ids: Mapping[str, str],
        without_id: Sequence[str] = (),
        clock: Clock,
        total_seconds: float = TOTAL_SECONDS,
    ) -> None:
        headers = {"Authorization": f"Bearer {api_key}"}
        self._api = HttpApi(LABEL, api_url, headers, total_seconds=total_seconds)
        self._page_url = api_url.removesuffix("/api")
        self._components = PageComponents(PROFILE.name, LABEL, component_ids, STATES, without_id)
        self._clock = clock
        self._unsure: dict[str, ComponentStates] = {}

    async def close(self) -> None:
        """Close the connections."""
        await self._api.close()

    async def preflight(self) -> Preflight:
        """Look whether the key and the components are right. Cachet does not tell who subscribes."""
        try:
            present = await self._states()
        except CallFailed as failure:
            return Preflight(refusal=reason_of(failure, LABEL, ADVICE))
        return Preflight(warnings=self._components.warnings(present))

    async def publish(
        self, notice: OutgoingNotice, *, first: Receipt | None, latest: Receipt | None
    ) -> Outcome:
        """Create an incident or schedule, or add an update to that of `first`."""
        try:
            entry_id = await self._entry_of(notice, first)
            if entry_id is None:
                return await self._open(notice)
            url = first.url if first is not None else None
            return await self._add(notice, entry_id, _states_in(latest, first), url)
        except CallFailed as failure:
            return Failed(_GONE) if first and is_gone(failure) else read_outcome(failure, LABEL, ADVICE)

    async def find(self, notice: OutgoingNotice, *, first: Receipt | None, since: datetime) -> Finding:
        """Look for the incident by name and text, for an update by text and phase."""
        try:
            entry_id = await self._entry_of(notice, first)
            kind = resources.kind_of(notice)
            if entry_id is None:
                found = await self._newest(f"/{kind}", notice, since, name=resources.title_of(notice))
                if found is None:
                    return Absent(lists_at_once=True)
                return self._done(notice, kind, found.id, None, found, await self._states_since(notice))
            found = await self._newest(f"/{kind}/{entry_id}/updates", notice, since)
            if found is None:
                return Absent(lists_at_once=True)
            states = self._unsure.get(notice.reference)
            known = await self._states_found(notice, first) if states is None else states
            return self._done(notice, kind, entry_id, found.id, None, known, url=first.url if first else None)
        except CallFailed as failure:
            return Absent(lists_at_once=True) if is_gone(failure) else read_outcome(failure, LABEL, ADVICE)

    async def correct(self, notice: OutgoingNotice, *, receipt: Receipt) -> Outcome:
        """Replace the text of an incident, schedule or update."""
        try:
            await self._api.call("PUT", _path_of(receipt), body={"message": escaped(notice.text)})
        except CallFailed as failure:
            return Failed(_GONE) if is_gone(failure) else write_outcome(failure, LABEL, ADVICE)
        return Done({"id": receipt.id, "url": receipt.url, "data": dict(receipt.data)})

    async def retract(self, receipt: Receipt, *, latest: Receipt) -> Outcome:
        """Delete an update, or an incident or schedule after its components were restored."""
        try:
            if not receipt.data.get("update"):
                states, present = ComponentStates.from_data(latest.data), await self._states()
                await self._change(self._components.restore(states, present, states_of(latest.others)))
            await self._api.call("DELETE", _path_of(receipt))
        except CallFailed as failure:
            gone = is_gone(failure)
            return Done({"id": receipt.id}) if gone else write_outcome(failure, LABEL, ADVICE)
        return Done({"id": receipt.id})

    async def probe(self) -> list[CheckLine]:
        """Check the key and the ids of the components."""
        try:
            present = await self._states()
        except CallFailed as failure:
            return [failed_check(LABEL, failure, LABEL, ADVICE, _REMEDY)]
        return [
            CheckLine(LABEL, ok=True, detail=f"{len(present)} components"),
            self._components.check_line(present),
        ]

    async def _open(self, notice: OutgoingNotice) -> Outcome:
        kind = resources.kind_of(notice)
        if kind == "schedules" and (notice.starts_at is None or notice.ends_at is None):
            return Failed(_NO_TIMES)
        present = await self._present(notice)
        changes, states = self._changes(notice, present, ComponentStates())
        shown = self._components.named(notice.components, present)
        if kind != "schedules":  # an incident sets the states that it states
            shown = {one: changes.get(one, present[one]) for one in states.ours}
        self._unsure[notice.reference] = states
        try:
            answer = await self._api.call("POST", f"/{kind}", body=resources.opening(notice, shown))
            created = resources.one_of(answer)
        except CallFailed as failure:
            return self._not_taken(failure, notice)
        return self._done(notice, kind, created.id, None, created, states)

    async def _add(
        self, notice: OutgoingNotice, entry_id: str, states: ComponentStates, url: str | None
    ) -> Outcome:
        """Change the components, which is idempotent, then add the update, which is not."""
        kind = resources.kind_of(notice)
        present = await self._states() if states.ours or notice.components else {}
        states = states.after_attempt(self._unsure.get(notice.reference, ComponentStates()), present)
        if notice.phase in OVER:
            changes = self._components.restore(states, present, states_of(notice.others))
            states = ComponentStates()
        else:
            changes, states = self._changes(notice, present, states)
        self._unsure[notice.reference] = states
        await self._change(changes)
        changed = (resources.renaming(notice) if notice.former_titles else {}) | resources.moved_times(notice)
        if changed:
            await self._api.call("PUT", f"/{kind}/{entry_id}", body=changed)
        if notice.phase is Phase.COMPLETED:
            body = resources.completion(self._clock.now())
            await self._api.call("PUT", f"/{kind}/{entry_id}", body=body)
        try:
            path = f"/{kind}/{entry_id}/updates"
            added = resources.one_of(await self._api.call("POST", path, body=resources.update(notice)))
        except CallFailed as failure:
            return Failed(_GONE) if is_gone(failure) else self._not_taken(failure, notice)
        return self._done(notice, kind, entry_id, added.id, None, states, url=url)

    async def _change(self, changes: Mapping[str, str]) -> None:
        for component, state in changes.items():
            await self._api.call("PUT", f"/components/{component}", body={"status": int(state)})

    async def _entry_of(self, notice: OutgoingNotice, first: Receipt | None) -> str | None:
        """Return the id of the outage's incident or schedule; `None` where it has none.

        Without the id of a first notice, such as where a person found it on the page, the newest one of the
        outage's name is taken, which is open unless it is reopened.
        """
        if first is not None and (known := first.data.get("entry") or first.id):
            return str(known)
        if notice.kind is NoticeKind.ANNOUNCEMENT:
            return None
        for title in resources.titles_of(notice):
            for one in await self._list(f"/{resources.kind_of(notice)}", name=title):
                if one.status != FIXED or notice.kind is NoticeKind.REOPENING:
                    return one.id
        return None

    async def _newest(
        self, path: str, notice: OutgoingNotice, since: datetime, *, name: str | None = None
    ) -> Resource | None:
        """Return the newest resource with the notice's text and phase, made since then."""
        start = since - TIME_ZONES
        found = [one for one in await self._list(path, name=name) if one.matches(notice)]
        return next((one for one in found if one.created_at >= start), None)

    async def _list(self, path: str, *, name: str | None = None) -> list[Resource]:
        """Return the resources, of that name where one is given, newest first."""
        query: dict[str, str | int] = {"per_page": PAGE_SIZE}
        if name is not None:
            query["filter[name]"] = name
        found = [
            Resource.parse(one) for one in resources.listed(await self._api.call("GET", path, query=query))
        ]
        named = [one for one in found if name is None or one.name == name]
        return sorted(named, key=lambda one: one.created_at, reverse=True)

    async def _states(self) -> dict[str, str]:
        """Return the states of all components by id."""
        states: dict[str, str] = {}
        for page in range(1, MAX_PAGES + 1):
            query = {"per_page": PAGE_SIZE, "page": page}
            current = dict(resources.current_states(await self._api.call("GET", "/components", query=query)))
            states |= current
            if len(current) < PAGE_SIZE:
                break
        return states

    async def _states_since(self, notice: OutgoingNotice) -> ComponentStates:
        """Return the states that an announcement found again has set, and those from before it."""
        if (states := self._unsure.get(notice.reference)) is not None:
            return states
        state = component_state(notice)
        named = self._components.named(notice.components, await self._present(notice))
        ours = {one: now for one, now in named.items() if now == state}
        return ComponentStates(before=dict.fromkeys(ours, OPERATIONAL), ours=ours)

    async def _states_found(self, notice: OutgoingNotice, first: Receipt | None) -> ComponentStates:
        """Return the states after an update that was found again, by what the first notice knew."""
        known = ComponentStates.from_data(first.data if first else {})
        now = await self._states_since(notice)
        return ComponentStates(before={**now.before, **known.before}, ours={**known.ours, **now.ours})

    async def _present(self, notice: OutgoingNotice) -> dict[str, str]:
        return await self._states() if self._components.has_any(notice.components) else {}

    def _changes(
        self, notice: OutgoingNotice, present: Mapping[str, str], states: ComponentStates
    ) -> tuple[dict[str, str], ComponentStates]:
        return self._components.changes(
            component_state(notice), notice.components, present, states, states_of(notice.others)
        )

    def _done(
        self,
        notice: OutgoingNotice,
        kind: str,
        entry_id: str,
        update_id: str | None,
        entry: Resource | None,
        states: ComponentStates,
        *,
        url: str | None = None,
    ) -> Done:
        self._unsure.pop(notice.reference, None)
        data: dict[str, Any] = {"kind": kind, "entry": entry_id, "update": update_id, **states.data}
        page = f"{self._page_url}/incidents/{entry.guid}" if entry is not None and entry.guid else url
        return Done({"id": update_id or entry_id, "url": page, "data": data})

    def _not_taken(self, failure: CallFailed, notice: OutgoingNotice) -> Outcome:
        log.info("a notice was not taken: %s", failure, extra={"notice": notice.notice_id})
        return write_outcome(failure, LABEL, ADVICE)


def _states_in(*receipts: Receipt | None) -> ComponentStates:
    """Return the states by the first receipt that has any; one that a person made up for has none."""
    data = (receipt.data for receipt in receipts if receipt is not None and "ours" in receipt.data)
    return ComponentStates.from_data(next(data, {}))


def _path_of(receipt: Receipt) -> str:
    """Return the path of what a notice became."""
    data = receipt.data
    entry = f"/{data.get('kind', 'incidents')}/{data.get('entry') or receipt.id}"
    return f"{entry}/updates/{data['update']}" if data.get("update") else entry
