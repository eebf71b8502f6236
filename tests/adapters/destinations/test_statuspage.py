"""Publish notices on Statuspage: what is written there, when it is found, and what is told of refusals."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.destinations.statuspage import Statuspage
from domain.delivery.outcomes import Absent, Done, Failed, Later
from domain.outages.notices import NoticeKind
from domain.outages.outage import OutageKind, Phase, Severity
from sandbox import statuspage
from sandbox.app import new_app, serving
from sandbox.faults import Fault, Faults
from sandbox.ledger import Ledger
from sandbox.statuspage import StatusPage
from tests.adapters.destinations.notices import ANNOUNCEMENT, NOW, POLICY, receipt, resolution, update

SCHEDULED = replace(
    ANNOUNCEMENT,
    outage_kind=OutageKind.MAINTENANCE,
    phase=Phase.SCHEDULED,
    severity=Severity.MINOR,
    starts_at=NOW + timedelta(hours=1),
    ends_at=NOW + timedelta(hours=2),
)


@asynccontextmanager
async def a_page(
    key: str = statuspage.API_KEY, page_id: str = statuspage.PAGE_ID
) -> AsyncIterator[tuple[Statuspage, StatusPage]]:
    page = StatusPage(Ledger(), Faults())
    app = new_app()
    statuspage.add_routes(app, page)
    async with serving(app) as where:
        client = Statuspage(
            api_url=f"{where}/statuspage",
            api_key=key,
            page_id=page_id,
            component_ids=POLICY.component_ids("statuspage"),
        )
        try:
            yield client, page
        finally:
            await client.close()


async def published(client: Statuspage, notice: Any, first: Any = None) -> Any:  # noqa: ANN401
    outcome = await client.publish(notice, first=first, latest=first)
    assert isinstance(outcome, Done), outcome
    return receipt(outcome.result)


async def test_subscribers_are_notified_of_notices_but_not_of_corrections() -> None:
    async with a_page() as (client, page):
        first = await published(client, ANNOUNCEMENT)
        await published(client, update(), first)
        await client.correct(update(78, "Two causes."), receipt=first)
        await client.retract(first, latest=first)
        notified = [(entry.call, entry.detail.get("notified")) for entry in page.ledger.of("statuspage")]
        assert notified == [
            ("POST incidents", True),
            ("PATCH incidents/:id", True),
            ("PATCH incident_updates/:id", False),
            ("PATCH incidents/:id", False),
            ("DELETE incidents/:id", None),
        ]


@pytest.mark.parametrize(
    ("severity", "state"),
    [
        (Severity.MINOR, "degraded_performance"),
        (Severity.MAJOR, "partial_outage"),
        (Severity.CRITICAL, "major_outage"),
    ],
)
async def test_only_the_named_components_change_by_severity(severity: Severity, state: str) -> None:
    async with a_page() as (client, page):
        await published(client, replace(ANNOUNCEMENT, severity=severity))
        assert page.states() == {"kz8dq1": state, "m3v7wp": "operational", "t0c5hn": "operational"}
        [incident] = page.incidents.values()
        assert incident["components"] == ["kz8dq1"]


async def test_a_worse_severity_and_another_component_follow_with_an_update() -> None:
    async with a_page() as (client, page):
        first = await published(client, replace(ANNOUNCEMENT, severity=Severity.MINOR))
        worse = replace(update(), severity=Severity.CRITICAL, components=("Payments", "App"))
        await published(client, worse, first)
        assert page.states()["kz8dq1"] == page.states()["m3v7wp"] == "major_outage"
        await published(client, resolution(), first)
        assert set(page.states().values()) == {"operational"}


async def test_a_maintenance_is_scheduled_begins_and_completes() -> None:
    async with a_page() as (client, page):
        first = await published(client, SCHEDULED)
        [incident] = page.incidents.values()
        assert incident["scheduled_for"].endswith("Z")
        assert (incident["status"], set(page.states().values())) == ("scheduled", {"operational"})
        begun = replace(SCHEDULED, kind=NoticeKind.UPDATE, phase=Phase.IN_PROGRESS, reference="notice-72")
        await published(client, begun, first)
        assert page.states()["kz8dq1"] == "under_maintenance"
        done = replace(begun, kind=NoticeKind.RESOLUTION, phase=Phase.COMPLETED, reference="notice-73")
        await published(client, done, first)
        assert (incident["status"], set(page.states().values())) == ("completed", {"operational"})


async def test_the_planned_end_of_a_maintenance_follows_an_update() -> None:
    later = (NOW + timedelta(hours=5)).replace(microsecond=0)
    async with a_page() as (client, page):
        first = await published(client, SCHEDULED)
        [incident] = page.incidents.values()
        planned = incident["scheduled_until"]
        begun = replace(SCHEDULED, kind=NoticeKind.UPDATE, phase=Phase.IN_PROGRESS, reference="notice-72")
        await published(client, begun, first)
        assert incident["scheduled_until"] == planned
        await published(client, replace(begun, ends_at=later, moves_end=True, reference="notice-73"), first)
        assert datetime.fromisoformat(incident["scheduled_until"]) == later
        done = replace(begun, kind=NoticeKind.RESOLUTION, phase=Phase.COMPLETED, reference="notice-74")
        await published(client, replace(done, moves_end=True), first)
        assert datetime.fromisoformat(incident["scheduled_until"]) == later


async def test_the_planned_start_of_a_maintenance_follows_an_update() -> None:
    start, end = (NOW + timedelta(hours=hours) for hours in (4, 6))
    async with a_page() as (client, page):
        first = await published(client, SCHEDULED)
        [incident] = page.incidents.values()
        moved = replace(
            SCHEDULED, kind=NoticeKind.UPDATE, starts_at=start, ends_at=end, reference="notice-72"
        )
        await published(client, replace(moved, moves_start=True, moves_end=True), first)
        assert datetime.fromisoformat(incident["scheduled_for"]) == start.replace(microsecond=0)
        assert datetime.fromisoformat(incident["scheduled_until"]) == end.replace(microsecond=0)
        begun = replace(moved, starts_at=NOW, phase=Phase.IN_PROGRESS, reference="notice-73")
        await published(client, replace(begun, moves_start=True), first)
        assert datetime.fromisoformat(incident["scheduled_for"]) == start.replace(microsecond=0)


async def test_a_maintenance_without_times_is_refused_here() -> None:
    async with a_page() as (client, page):
        outcome = await client.publish(replace(SCHEDULED, ends_at=None), first=None, latest=None)
        assert isinstance(outcome, Failed)
        assert page.ledger.entries == []


async def test_each_refusal_says_what_to_do() -> None:
    for key, page_id, told in (
        ("wrong", statuspage.PAGE_ID, "STATUSPAGE_API_KEY"),
        (statuspage.API_KEY, "other", "STATUSPAGE_PAGE_ID"),
    ):
        async with a_page(key, page_id) as (client, _):
            outcome = await client.publish(ANNOUNCEMENT, first=None, latest=None)
            assert isinstance(outcome, Failed)
            assert told in outcome.reason
            refusal = (await client.preflight()).refusal
            assert refusal is not None
            assert told in refusal
            [line] = await client.probe()
            assert (line.ok, told in line.detail) == (False, True)


@pytest.mark.parametrize("status", [420, 429, 503])
async def test_a_rate_limit_or_fault_of_statuspage_is_not_blamed_on_the_key(status: int) -> None:
    async with a_page() as (client, page):
        page.faults.add(Fault("statuspage:GET *", "status", status=status, times=-1))
        [line] = await client.probe()
    assert line.ok is False
    assert "again in some minutes" in line.remedy
    assert "STATUSPAGE_API_KEY" not in line.remedy


async def test_the_fields_that_were_refused_are_named() -> None:
    async with a_page() as (client, _):
        outcome = await client.publish(replace(ANNOUNCEMENT, title=" "), first=None, latest=None)
        assert isinstance(outcome, Failed)
        assert "Name can't be blank" in outcome.reason


async def test_the_rate_limit_of_the_page_waits() -> None:
    async with a_page() as (client, page):
        page.limit = 1
        outcome = await client.publish(ANNOUNCEMENT, first=None, latest=None)
        assert isinstance(outcome, Later)
        assert (outcome.pause_destination, outcome.counts) == (True, False)
        assert page.incidents == {}


async def test_an_incident_that_was_deleted_there_takes_no_update() -> None:
    async with a_page() as (client, page):
        first = await published(client, ANNOUNCEMENT)
        page.incidents.clear()
        outcome = await client.publish(update(), first=first, latest=first)
        assert isinstance(outcome, Failed)
        assert "deleted it there" in outcome.reason
        assert isinstance(await client.find(update(), first=first, since=NOW), Absent)
        assert isinstance(await client.retract(first, latest=first), Done)


async def test_it_is_found_among_many_and_not_among_the_old() -> None:
    async with a_page() as (client, page):
        page.limit = 1_000
        await published(client, ANNOUNCEMENT)
        later = NOW + timedelta(hours=1)
        assert isinstance(await client.find(ANNOUNCEMENT, first=None, since=later), Absent)
        for number in range(150):
            page.create({"name": f"other {number}", "body": "x"}, "http://page")
        assert isinstance(await client.find(ANNOUNCEMENT, first=None, since=NOW), Done)
        assert isinstance(await client.find(ANNOUNCEMENT, first=None, since=later), Absent)


async def test_the_same_words_said_before_are_not_this_update() -> None:
    async with a_page() as (client, page):
        first = await published(client, ANNOUNCEMENT)
        await published(client, update(), first)
        later = datetime.now(UTC) + timedelta(minutes=10)
        assert isinstance(await client.find(update(90), first=first, since=later), Absent)
        assert isinstance(await client.find(update(90), first=first, since=NOW), Done)
        assert len(page.incidents) == 1


async def test_a_read_that_fails_changes_nothing_and_is_tried_again() -> None:
    async with a_page() as (client, page):
        # aiohttp repeats a lost read once by itself.
        lost = Fault("*components", "lost-before", times=2)
        for fault in (lost, Fault("*components", "status", status=500)):
            page.faults.add(fault)
            assert isinstance(await client.publish(ANNOUNCEMENT, first=None, latest=None), Later)
        page.faults.add(Fault("*components", "status", status=200, body="<html>", content_type="text/html"))
        assert isinstance(await client.publish(ANNOUNCEMENT, first=None, latest=None), Later)
        assert page.ledger.entries == []


async def test_the_subscribers_of_all_kinds_are_counted() -> None:
    async with a_page() as (client, _):
        preflight = await client.preflight()
        assert (preflight.audience, preflight.audience_unit) == (453, "subscribers")


async def test_of_two_outages_the_last_restores_what_was_before_both() -> None:
    async with a_page() as (client, page):
        minor = replace(ANNOUNCEMENT, outage_id=1, reference="notice-1", severity=Severity.MINOR)
        major = replace(ANNOUNCEMENT, outage_id=2, reference="notice-2", severity=Severity.CRITICAL)
        first, second = await published(client, minor), await published(client, major)
        assert page.states()["kz8dq1"] == "major_outage"
        await published(client, replace(resolution(), outage_id=1), first)
        assert page.states()["kz8dq1"] == "major_outage"
        await published(client, replace(resolution(74), outage_id=2), second)
        assert set(page.states().values()) == {"operational"}
