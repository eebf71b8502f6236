"""Publish notices on Cachet: what is written there, and what is known after a restart."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from adapters.destinations.cachet import Cachet
from bot import SystemClock
from domain.delivery.outcomes import Absent, Done, Failed, Later
from domain.outages.destinations import Receipt
from domain.outages.notices import NoticeKind
from domain.outages.outage import OutageKind, Phase
from sandbox import cachet
from sandbox.app import new_app, serving
from sandbox.cachet import CachetPage
from sandbox.faults import Fault, Faults
from sandbox.ledger import Ledger
from tests.adapters.destinations.notices import ANNOUNCEMENT, NOW, POLICY, receipt, resolution, update

SCHEDULED = replace(
    ANNOUNCEMENT,
    outage_kind=OutageKind.MAINTENANCE,
    phase=Phase.SCHEDULED,
    starts_at=NOW + timedelta(hours=1),
    ends_at=NOW + timedelta(hours=2),
)


@asynccontextmanager
async def a_page(key: str = cachet.API_KEY) -> AsyncIterator[tuple[Cachet, CachetPage, str]]:
    page = CachetPage(Ledger(), Faults())
    app = new_app()
    cachet.add_routes(app, page)
    async with serving(app) as where:
        client = a_client(f"{where}/cachet/api", key)
        try:
            yield client, page, f"{where}/cachet/api"
        finally:
            await client.close()


def a_client(address: str, key: str = cachet.API_KEY) -> Cachet:
    return Cachet(
        api_url=address,
        api_key=key,
        component_ids=POLICY.component_ids("cachet"),
        clock=SystemClock(),
    )


async def published(client: Cachet, notice: Any, first: Any = None, latest: Any = None) -> Any:  # noqa: ANN401
    outcome = await client.publish(notice, first=first, latest=latest or first)
    assert isinstance(outcome, Done), outcome
    return receipt(outcome.result)


async def test_an_incident_is_visible_and_notifies() -> None:
    async with a_page() as (client, page, address):
        first = await published(client, ANNOUNCEMENT)
        [incident] = page.entries["incidents"].values()
        assert (incident["visible"], incident["notifications"], incident["status"]) == (True, True, 1)
        assert first.url == f"{address.removesuffix('/api')}/incidents/{incident['guid']}"
        assert {one["name"]: one["status"] for one in page.components.values()} == {
            "Payments": 4,
            "App": 1,
            "Deliveries": 1,
        }
        for phase, status in ((Phase.IDENTIFIED, 2), (Phase.MONITORING, 3), (Phase.RESOLVED, 4)):
            added = await published(client, update(80 + status, f"now {phase}", phase=phase), first)
            assert added.url == first.url
            assert incident["status"] == status


async def test_a_lost_announcement_is_restored_after_a_restart_too() -> None:
    async with a_page() as (client, page, address):
        page.faults.add(Fault("cachet:POST /incidents", "lost-after"))
        await client.publish(ANNOUNCEMENT, first=None, latest=None)
        restarted = a_client(address)
        found = await restarted.find(ANNOUNCEMENT, first=None, since=NOW)
        assert isinstance(found, Done)
        await published(restarted, resolution(), receipt(found.result))
        assert page.components[1]["status"] == 1
        await restarted.close()


async def test_a_maintenance_is_a_schedule_that_ends_with_its_completion() -> None:
    async with a_page() as (client, page, _):
        first = await published(client, SCHEDULED)
        [schedule] = page.entries["schedules"].values()
        assert page.entries["incidents"] == {}
        planned = schedule["completed_at"]
        begun = replace(SCHEDULED, kind=NoticeKind.UPDATE, phase=Phase.IN_PROGRESS, reference="notice-72")
        latest = await published(client, begun, first)
        done = replace(begun, kind=NoticeKind.RESOLUTION, phase=Phase.COMPLETED, reference="notice-73")
        await published(client, done, first, latest)
        assert len(schedule["updates"]) == 2
        assert schedule["completed_at"] < planned
        assert {one["status"] for one in page.components.values()} == {1}
        assert isinstance(await client.retract(first, latest=first), Done)
        assert page.entries["schedules"] == {}


async def test_the_planned_start_of_a_schedule_follows_an_update() -> None:
    async with a_page() as (client, page, _):
        first = await published(client, SCHEDULED)
        [schedule] = page.entries["schedules"].values()
        start, end = (NOW + timedelta(hours=hours) for hours in (4, 6))
        moved = replace(
            SCHEDULED, kind=NoticeKind.UPDATE, starts_at=start, ends_at=end, reference="notice-72"
        )
        latest = await published(client, replace(moved, moves_start=True, moves_end=True), first)
        times = (f"{start:%Y-%m-%d %H:%M:%S}", f"{end:%Y-%m-%d %H:%M:%S}")
        assert (schedule["scheduled_at"], schedule["completed_at"]) == times
        begun = replace(moved, phase=Phase.IN_PROGRESS, starts_at=NOW, reference="notice-73")
        await published(client, replace(begun, moves_start=True), first, latest)
        assert schedule["scheduled_at"] == times[0]


async def test_the_planned_end_of_a_schedule_follows_an_update() -> None:
    async with a_page() as (client, page, _):
        first = await published(client, SCHEDULED)
        [schedule] = page.entries["schedules"].values()
        begun = replace(SCHEDULED, kind=NoticeKind.UPDATE, phase=Phase.IN_PROGRESS, reference="notice-72")
        latest = await published(client, begun, first)
        assert schedule["completed_at"] == f"{SCHEDULED.ends_at:%Y-%m-%d %H:%M:%S}"
        later = replace(begun, ends_at=NOW + timedelta(hours=5), moves_end=True, reference="notice-73")
        await published(client, later, first, latest)
        assert schedule["completed_at"] == f"{later.ends_at:%Y-%m-%d %H:%M:%S}"
        assert schedule["name"] == SCHEDULED.title
        changes = len(page.ledger.of("cachet", "PUT schedules/:id"))
        done = replace(later, kind=NoticeKind.RESOLUTION, phase=Phase.COMPLETED, reference="notice-74")
        await published(client, done, first, latest)
        assert len(page.ledger.of("cachet", "PUT schedules/:id")) == changes + 1, (
            "it ends once, and is not moved"
        )


async def test_a_maintenance_without_times_is_refused_here() -> None:
    async with a_page() as (client, page, _):
        outcome = await client.publish(replace(SCHEDULED, starts_at=None), first=None, latest=None)
        assert isinstance(outcome, Failed)
        assert page.ledger.entries == []


async def test_another_incident_of_the_same_name_is_not_this_one() -> None:
    async with a_page() as (client, page, _):
        await published(client, replace(ANNOUNCEMENT, texts={"en": "Something else."}))
        await published(client, replace(ANNOUNCEMENT, title="Payments fail again"))
        assert isinstance(await client.find(ANNOUNCEMENT, first=None, since=NOW), Absent)
        await published(client, ANNOUNCEMENT)
        assert isinstance(await client.find(ANNOUNCEMENT, first=None, since=NOW), Done)
        assert len(page.entries["incidents"]) == 3


async def test_the_states_survive_a_receipt_without_them() -> None:
    async with a_page() as (client, page, _):
        first = await published(client, ANNOUNCEMENT)
        await published(client, resolution(), first, Receipt(id=""))
        assert page.components[1]["status"] == 1


async def test_refusals_say_what_to_do_and_which_field_it_is() -> None:
    async with a_page("wrong") as (client, _, _):
        outcome = await client.publish(ANNOUNCEMENT, first=None, latest=None)
        assert isinstance(outcome, Failed)
        assert "CACHET_API_KEY" in outcome.reason
    async with a_page() as (client, page, _):
        outcome = await client.publish(replace(ANNOUNCEMENT, title=" "), first=None, latest=None)
        assert isinstance(outcome, Failed)
        assert "name: The name field is required." in outcome.reason
        page.limit = 0
        limited = await client.publish(ANNOUNCEMENT, first=None, latest=None)
        assert isinstance(limited, Later)
        assert limited.wait == timedelta(seconds=60)


async def test_an_incident_that_was_deleted_there_takes_no_update() -> None:
    async with a_page() as (client, page, _):
        first = await published(client, ANNOUNCEMENT)
        page.entries["incidents"].clear()
        outcome = await client.publish(update(), first=first, latest=first)
        assert isinstance(outcome, Failed)
        assert "deleted it there" in outcome.reason
        assert isinstance(await client.find(update(), first=first, since=NOW), Absent)
