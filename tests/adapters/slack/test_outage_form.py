"""Ask in the form of a notice for what suits how far the outage is."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.slack.boards.outage import render_outage_board
from adapters.slack.modals.outages.form import fault_errors, render_outage_form
from adapters.slack.modals.outages.form_state import form_state, parse_form_state
from domain.outages.form_faults import FieldFault, FormFault, FormField
from domain.outages.notices import NoticeKind
from domain.outages.outage import OutageKind, OutageState, Phase
from tests.adapters.slack.inspection import labels
from tests.adapters.slack.samples import NOW
from tests.adapters.slack.test_outages import CHOICES, a_board, a_form, an_outage


@pytest.mark.parametrize(
    ("kind", "phase", "label"),
    [
        (NoticeKind.UPDATE, Phase.MONITORING, "What to do meanwhile"),
        (NoticeKind.RESOLUTION, Phase.RESOLVED, "What to do now"),
        (NoticeKind.CORRECTION, Phase.RESOLVED, "What to do now"),
    ],
)
def test_a_form_asks_for_no_meanwhile_of_what_is_over(kind: NoticeKind, phase: Phase, label: str) -> None:
    view = render_outage_form(a_form(kind=kind, phase=phase), CHOICES)
    asked = [one["label"]["text"].split(" (")[0] for one in view["blocks"] if one["type"] == "input"]
    assert {one for one in asked if one.startswith("What to do")} == {label}


@pytest.mark.parametrize(
    ("outage_kind", "title", "label", "pressed"),
    [
        (OutageKind.OUTAGE, "Resolve the outage", "What is working again", "Resolve…"),
        (OutageKind.MAINTENANCE, "Finish planned work", "What is done", "Finish…"),
    ],
)
def test_planned_work_is_finished_and_an_outage_resolved(
    outage_kind: OutageKind, title: str, label: str, pressed: str
) -> None:
    form = a_form(kind=NoticeKind.RESOLUTION, outage_kind=outage_kind, phase=Phase.RESOLVED)
    view = render_outage_form(form, CHOICES)
    asked = [one["label"]["text"].split(" (")[0] for one in view["blocks"] if one["type"] == "input"]
    assert view["title"]["text"] == title
    assert label in asked
    assert not {"Starts", "Ends", "Planned end"} & {*asked}
    announced = an_outage(state=OutageState.ANNOUNCED, kind=outage_kind)
    assert pressed in labels(render_outage_board(a_board(outage=announced)))


def test_the_board_of_planned_work_says_that_it_can_be_cancelled_until_it_begins() -> None:
    planned = an_outage(
        state=OutageState.ANNOUNCED, kind=OutageKind.MAINTENANCE, phase=Phase.SCHEDULED, starts_at=NOW
    )
    assert "Finish or cancel…" in labels(render_outage_board(a_board(outage=planned)))


def test_an_update_of_planned_work_offers_the_end_that_was_announced() -> None:
    ends = NOW + timedelta(hours=2)
    form = a_form(kind=NoticeKind.UPDATE, outage_kind=OutageKind.MAINTENANCE, phase=Phase.SCHEDULED)
    view = render_outage_form(replace(form, ends_at=ends, announced_end=ends), CHOICES)
    [asked] = [one for one in view["blocks"] if one.get("block_id") == "outage.ends"]
    assert asked["element"]["initial_date_time"] == int(ends.timestamp())
    assert not [one for one in view["blocks"] if one.get("block_id") == "outage.starts"]
    update = render_outage_form(a_form(kind=NoticeKind.UPDATE), CHOICES)
    assert not [one for one in update["blocks"] if one.get("block_id") == "outage.ends"]


def test_the_form_keeps_the_times_that_were_announced() -> None:
    ends = NOW + timedelta(hours=1)
    form = a_form(kind=NoticeKind.UPDATE, outage_kind=OutageKind.MAINTENANCE, announced_end=ends)
    kept = parse_form_state(form_state(form))
    assert (kept.starts_at, kept.announced_end) == (NOW, ends)
    earlier = json.loads(form_state(form))
    del earlier["starts"], earlier["ends"]
    assert parse_form_state(json.dumps(earlier)).announced_end is None, "it was open during an upgrade"


def test_unknown_components_are_named_at_their_input() -> None:
    fault = FieldFault(FormField.COMPONENTS, FormFault.UNKNOWN, detail="Fax, Telegraph")
    [(block, text)] = fault_errors([fault], a_form()).items()
    assert block in {one.get("block_id") for one in render_outage_form(a_form(), CHOICES)["blocks"]}
    assert text == "Not among the components of the settings any more: Fax, Telegraph. Take it out."
