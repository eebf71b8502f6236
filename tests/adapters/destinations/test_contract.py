"""Hold every destination to the contract of `domain.outages.destinations.Destination`."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.destinations.registry import DESTINATIONS, connect_destinations
from domain.delivery.outcomes import Absent, Done, Failed, Later, Unknown
from domain.networks import Networks
from domain.outages.destinations import OutgoingNotice, Receipt
from domain.outages.outage import Severity
from sandbox.faults import Fault
from tests.adapters.destinations.notices import ANNOUNCEMENT, NOW, receipt, reopening, resolution, update
from tests.adapters.destinations.stand_ins import STAND_INS, StandIn, a_context

every_destination = pytest.mark.parametrize("name", list(STAND_INS))
every_status_page = pytest.mark.parametrize(
    "name", [name for name, entry in DESTINATIONS.items() if entry.profile.has_components]
)
OWN_PAGES = {
    "feed": "https://help.example.com/feed/outages.atom",
    "chat_banner": "https://help.example.com/chat",
}
NOWHERE = "http://127.0.0.1:9"


async def published(
    there: StandIn, notice: OutgoingNotice, first: Receipt | None = None, latest: Receipt | None = None
) -> Receipt:
    """Publish a notice, and return its receipt."""
    outcome = await there.client.publish(notice, first=first, latest=latest or first)
    assert isinstance(outcome, Done), outcome
    assert json.loads(json.dumps(outcome.result)) == outcome.result
    assert outcome.result.keys() == {"id", "url", "data"}
    return receipt(outcome.result)


def test_every_registered_destination_has_a_stand_in() -> None:
    assert set(DESTINATIONS) <= set(STAND_INS) | set(OWN_PAGES) | {"email_list"}


@pytest.mark.parametrize("name", sorted(OWN_PAGES))
async def test_a_page_of_ours_needs_no_other_side(name: str) -> None:
    there = connect_destinations({name: None}, a_context(), Networks({}))[name]
    first = await there.client.publish(ANNOUNCEMENT, first=None, latest=None)
    assert isinstance(first, Done)
    assert first.result == {"id": "notice-71", "url": OWN_PAGES[name], "data": {}}
    assert there.profile.is_idempotent
    kept = receipt(first.result)
    corrected = await there.client.correct(ANNOUNCEMENT, receipt=kept)
    assert isinstance(corrected, Done)
    assert corrected.result["id"] == kept.id
    assert isinstance(await there.client.retract(kept, latest=kept), Done)
    assert (await there.client.preflight()).refusal is None
    [line] = await there.client.probe()
    assert (line.ok, line.detail) == (True, OWN_PAGES[name])
    assert name not in connect_destinations({name: None}, a_context(public_url=None), Networks({}))


@every_destination
async def test_an_outage_is_announced_updated_resolved_and_reopened(name: str) -> None:
    async with STAND_INS[name]() as there:
        first = await published(there, ANNOUNCEMENT)
        latest = await published(there, update(), first)
        latest = await published(there, resolution(), first, latest)
        last = await published(there, reopening(), first, latest)
        told = [ANNOUNCEMENT.text, update().text, resolution().text, reopening().text]
        assert there.shown() == told
        assert first.id
        assert last.id
        assert first.url is None or first.url.startswith("http")


@every_destination
async def test_an_update_opens_an_entry_where_the_first_notice_never_arrived(name: str) -> None:
    async with STAND_INS[name]() as there:
        first = await published(there, update())
        await published(there, resolution(), first)
        assert there.shown() == [update().text, resolution().text]


@every_destination
@pytest.mark.parametrize("is_update", [False, True])
async def test_a_lost_answer_is_found_again_and_nothing_is_there_twice(name: str, is_update: bool) -> None:
    async with STAND_INS[name]() as there:
        first = await published(there, ANNOUNCEMENT) if is_update else None
        notice = update() if is_update else ANNOUNCEMENT
        there.faults.add(Fault(there.update_call if is_update else there.call, "lost-after"))
        outcome = await there.client.publish(notice, first=first, latest=first)
        assert isinstance(outcome, Later if there.profile.is_idempotent else Unknown)
        found = await there.client.find(notice, first=first, since=NOW - timedelta(minutes=1))
        assert isinstance(found, Done), found
        assert there.shown()[-1] == notice.text
        assert there.shown().count(notice.text) == 1
        opened = first or receipt(found.result)
        await published(there, resolution(), opened, receipt(found.result))
        assert there.shown()[-1] == resolution().text


@every_destination
async def test_an_update_finds_its_place_where_only_a_person_saw_the_first_notice(name: str) -> None:
    async with STAND_INS[name]() as there:
        await published(there, ANNOUNCEMENT)
        await published(there, update(), Receipt(id=""))
        assert there.shown() == [ANNOUNCEMENT.text, update().text]
        if there.entries is not None:
            assert there.entries() == 1


@every_destination
@pytest.mark.parametrize("is_update", [False, True])
async def test_what_never_arrived_is_not_found(name: str, is_update: bool) -> None:
    async with STAND_INS[name]() as there:
        first = await published(there, ANNOUNCEMENT) if is_update else None
        notice = update() if is_update else ANNOUNCEMENT
        there.faults.add(Fault(there.update_call if is_update else there.call, "lost-before"))
        outcome = await there.client.publish(notice, first=first, latest=first)
        assert isinstance(outcome, Later if there.profile.is_idempotent else Unknown)
        if not there.profile.is_idempotent:
            found = await there.client.find(notice, first=first, since=NOW - timedelta(minutes=1))
            assert isinstance(found, Absent)
        await published(there, notice, first)
        assert there.shown().count(notice.text) == 1


REFUSALS: dict[int, type] = {
    302: Failed,
    400: Failed,
    401: Failed,
    403: Failed,
    404: Failed,
    422: Failed,
    429: Later,
    500: Unknown,
    503: Unknown,
}


@every_destination
@pytest.mark.parametrize("status", list(REFUSALS))
async def test_each_refusal_has_its_outcome(name: str, status: int, caplog: pytest.LogCaptureFixture) -> None:
    async with STAND_INS[name]() as there:
        if not there.answers_by_status and status < 429:
            return
        body = '{"message": "no such luck", "errors": {"name": ["is wrong"]}}'
        headers = {"Retry-After": "7", "Location": "https://elsewhere.example/"}
        there.faults.add(Fault(there.call, "status", status=status, body=body, headers=headers))
        outcome = await there.client.publish(ANNOUNCEMENT, first=None, latest=None)
        expected = REFUSALS[status]
        repeats = there.profile.is_idempotent and expected is Unknown
        assert isinstance(outcome, Later if repeats else expected), outcome
        assert there.shown() == []
        if status == 429:
            assert isinstance(outcome, Later)
            assert (outcome.wait, outcome.pause_destination) == (timedelta(seconds=7), True)
        if isinstance(outcome, Unknown):
            assert outcome.responded
        assert not any(secret in str(outcome) + caplog.text for secret in there.secrets)
        await published(there, ANNOUNCEMENT)


@every_destination
@pytest.mark.parametrize("status", [401, 404, 418, 422, 500])
async def test_a_refusal_says_whose_it_is_and_with_which_status(name: str, status: int) -> None:
    """On-call reads it on the board, where nothing else tells what to look up."""
    async with STAND_INS[name]() as there:
        if not there.answers_by_status:
            return
        there.faults.add(Fault(there.call, "status", status=status, body="<html>", content_type="text/html"))
        outcome = await there.client.publish(ANNOUNCEMENT, first=None, latest=None)
        assert isinstance(outcome, Failed | Later | Unknown)
        assert there.profile.label.casefold() in outcome.reason.casefold()
        assert f"HTTP {status}" in outcome.reason


@every_destination
async def test_a_success_that_is_a_web_page_is_no_proof(name: str) -> None:
    async with STAND_INS[name]() as there:
        page = Fault(there.call, "status", status=200, body="<html>Welcome</html>", content_type="text/html")
        there.faults.add(page)
        outcome = await there.client.publish(ANNOUNCEMENT, first=None, latest=None)
        if there.profile.is_idempotent:
            assert isinstance(outcome, Done)
        else:
            assert isinstance(outcome, Unknown)


@every_destination
async def test_one_that_never_answers_ends_at_the_timeout(name: str) -> None:
    async with STAND_INS[name]() as there:
        there.faults.add(Fault(there.call, "slow", seconds=4))
        outcome = await there.client.publish(ANNOUNCEMENT, first=None, latest=None)
        assert isinstance(outcome, Later if there.profile.is_idempotent else Unknown)


@every_destination
async def test_where_nothing_listens_it_is_tried_again(name: str) -> None:
    async with STAND_INS[name](NOWHERE) as there:
        assert isinstance(await there.client.publish(ANNOUNCEMENT, first=None, latest=None), Later)
        if not there.profile.is_idempotent:
            found = await there.client.find(ANNOUNCEMENT, first=None, since=NOW)
            assert isinstance(found, Later)
        preflight = await there.client.preflight()
        assert preflight.refusal
        assert any(line.ok is False for line in await there.client.probe())
        told = f"{preflight.refusal} {await there.client.probe()}"
        assert not any(secret in told for secret in there.secrets)


@every_destination
async def test_preflight_and_probe_change_nothing(name: str) -> None:
    async with STAND_INS[name]() as there:
        preflight = await there.client.preflight()
        assert preflight.refusal is None
        assert preflight.audience is None or (preflight.audience > 0 and preflight.audience_unit)
        assert await there.client.probe()
        assert there.shown() == []


@every_destination
async def test_a_text_is_replaced_where_it_can_be(name: str) -> None:
    async with STAND_INS[name]() as there:
        if not there.profile.corrects:
            return
        first = await published(there, ANNOUNCEMENT)
        latest = await published(there, update(), first)
        corrected = update(78, "We found two causes.")
        for _ in range(2):
            assert isinstance(await there.client.correct(corrected, receipt=latest), Done)
        assert there.shown() == [ANNOUNCEMENT.text, corrected.text]
        opening = update(79, "Some card payments fail.")
        assert isinstance(await there.client.correct(opening, receipt=first), Done)
        assert there.shown() == [opening.text, corrected.text]


@every_destination
async def test_what_was_published_is_deleted_where_it_can_be(name: str) -> None:
    async with STAND_INS[name]() as there:
        if not there.profile.retracts:
            return
        first = await published(there, ANNOUNCEMENT)
        latest = await published(there, update(), first)
        outcome = await there.client.retract(latest, latest=latest)
        if there.profile.keeps_updates:
            assert isinstance(outcome, Failed)
            assert there.shown() == [ANNOUNCEMENT.text, update().text]
        else:
            assert isinstance(outcome, Done)
            assert there.shown() == [ANNOUNCEMENT.text]
        for _ in range(2):
            assert isinstance(await there.client.retract(first, latest=first), Done)
        assert there.shown() == []


@every_status_page
async def test_the_components_are_restored_once(name: str) -> None:
    async with STAND_INS[name]() as there:
        assert there.set_state is not None
        before = dict(there.states())
        first = await published(there, ANNOUNCEMENT)
        changed = {one for one, state in there.states().items() if state != before[one]}
        assert changed == {"Payments"}
        latest = await published(there, update(), first)
        latest = await published(there, resolution(), first, latest)
        assert there.states() == before
        there.set_state("Payments", there.other_state)
        await published(there, resolution(75, "It still works."), first, latest)
        assert there.states() == before | {"Payments": there.other_state}


@every_status_page
async def test_components_follow_what_an_update_names(name: str) -> None:
    async with STAND_INS[name]() as there:
        before = dict(there.states())
        first = await published(there, ANNOUNCEMENT)
        down = there.states()["Payments"]
        other = update(components=("App",), title="The app fails", former_titles=(ANNOUNCEMENT.title,))
        latest = await published(there, other, first)
        assert there.states() == before | {"App": down}, "who is named goes down, who is left out goes back"
        both = update(79, "Both again.", severity=Severity.MINOR, components=("App", "Payments"))
        latest = await published(there, both, first, latest)
        states = there.states()
        assert states["App"] == states["Payments"] not in {down, before["App"]}, "both are as bad as it says"
        await published(there, replace(resolution(), components=("App",)), first, latest)
        assert there.states() == before


@every_status_page
async def test_a_component_that_was_taken_out_goes_back_once(name: str) -> None:
    async with STAND_INS[name]() as there:
        assert there.set_state is not None
        before = dict(there.states())
        first = await published(there, ANNOUNCEMENT)
        latest = await published(there, update(components=("App",)), first)
        there.set_state("Payments", there.other_state)
        latest = await published(there, update(79, "Still.", components=("App",)), first, latest)
        await published(there, resolution(), first, latest)
        assert there.states() == before | {"Payments": there.other_state}


@every_status_page
async def test_a_component_named_by_an_update_that_was_lost_goes_back(name: str) -> None:
    async with STAND_INS[name]() as there:
        before = dict(there.states())
        first = await published(there, ANNOUNCEMENT)
        more = update(components=("App", "Payments"))
        there.faults.add(Fault(there.update_call, "status"))
        await there.client.publish(more, first=first, latest=first)
        latest = await published(there, more, first)
        await published(there, resolution(), first, latest)
        assert there.states() == before


@every_destination
async def test_the_name_of_the_outage_follows_an_update(name: str) -> None:
    async with STAND_INS[name]() as there:
        if there.names is None:
            return
        first = await published(there, ANNOUNCEMENT)
        renamed = update(title="Cards fail", former_titles=(ANNOUNCEMENT.title,))
        await published(there, renamed, first)
        assert there.names() == ["Cards fail"]
        again = update(79, "Found.", title="All fail", former_titles=("Cards fail", ANNOUNCEMENT.title))
        seen_by_a_person = Receipt(id="")
        await published(there, again, seen_by_a_person)
        assert there.names() == ["All fail"], "it is found under its former name"


@every_status_page
async def test_the_components_go_down_again_with_the_outage(name: str) -> None:
    async with STAND_INS[name]() as there:
        before = dict(there.states())
        first = await published(there, ANNOUNCEMENT)
        down = dict(there.states())
        latest = await published(there, resolution(), first)
        latest = await published(there, reopening(), first, latest)
        assert there.states() == down
        await published(there, resolution(76, "Repaired for good."), first, latest)
        assert there.states() == before


@every_status_page
async def test_a_component_that_somebody_else_changed_is_left_alone(name: str) -> None:
    async with STAND_INS[name]() as there:
        assert there.set_state is not None
        first = await published(there, ANNOUNCEMENT)
        there.set_state("Payments", there.other_state)
        latest = await published(there, update(), first)
        await published(there, resolution(), first, latest)
        assert there.states()["Payments"] == there.other_state


@every_status_page
async def test_deleting_the_first_notice_restores_the_components(name: str) -> None:
    async with STAND_INS[name]() as there:
        before = dict(there.states())
        first = await published(there, ANNOUNCEMENT)
        assert there.states() != before
        latest = await published(there, update(components=("App", "Payments")), first)
        await there.client.retract(first, latest=latest)
        assert there.states() == before


@every_status_page
async def test_the_components_are_restored_after_a_lost_announcement_too(name: str) -> None:
    async with STAND_INS[name]() as there:
        before = dict(there.states())
        there.faults.add(Fault(there.call, "lost-after"))
        await there.client.publish(ANNOUNCEMENT, first=None, latest=None)
        found = await there.client.find(ANNOUNCEMENT, first=None, since=NOW)
        assert isinstance(found, Done)
        assert there.states() != before
        await published(there, resolution(), receipt(found.result))
        assert there.states() == before


@every_status_page
async def test_unknown_components_are_named_and_left_out(name: str) -> None:
    async with STAND_INS[name]() as there:
        warnings = (await there.client.preflight()).warnings
        assert any("Fax" in one for one in warnings)
        [wrong] = [line for line in await there.client.probe() if line.ok is False]
        assert "Fax" in wrong.detail
        before = dict(there.states())
        await published(there, replace(ANNOUNCEMENT, components=("Fax", "Nothing")))
        assert there.states() == before


@every_destination
async def test_a_text_cannot_become_markup(name: str) -> None:
    async with STAND_INS[name]() as there:
        text = "Pay <script>alert(1)</script> & <!channel> <b>now</b>"
        await published(there, replace(ANNOUNCEMENT, texts={"en": text}))
        assert there.shown() == [text]
