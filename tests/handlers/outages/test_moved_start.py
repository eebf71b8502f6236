"""Move the start of planned work by an update: everything that tells of it follows, once that has left."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from adapters.slack.dates import DateStyle, date_mrkdwn
from adapters.slack.modals.outages.form import FormChoices, fault_errors, render_outage_form
from adapters.slack.modals.outages.form_state import form_state, parse_form_state
from adapters.slack.modals.outages.review import render_review
from adapters.slack.outages.ids import OutageBlock
from adapters.slack.outages.timeline import render_timeline
from domain.outages.form_faults import FormFault, FormField
from domain.outages.notices import Notice, NoticeKind
from domain.outages.outage import Phase
from domain.outages.timeline import timeline_of
from handlers.outages.dispatches import load_dispatch
from handlers.outages.drafting import load_form, save_form
from handlers.outages.reviews import load_review
from handlers.outages.views import view_trail
from storage.engine import Store
from tests.adapters.slack.inspection import check_view, said
from tests.handlers.made import HOUR, MINUTE, NOW, SAM, do
from tests.handlers.outages.made import MIA_MAY, OUTAGE_POLICY, SAM_MAY
from tests.handlers.outages.test_drafting import RULES, WHERE, announced, texts_of
from tests.handlers.outages.test_moved_end import END, START, faults, moved, outage_of, planned, update_form
from tests.handlers.outages.test_reminders import reminded

LATER, LATER_END = START + 3 * HOUR, END + 3 * HOUR


def postponed(store: Store, outage_id: int) -> Notice:
    """Draft an update by which the work starts and ends three hours later."""
    return moved(store, outage_id, starts_at=LATER, ends_at=LATER_END)


def test_an_update_offers_the_start_until_the_work_has_begun(store: Store) -> None:
    outage_id = planned(store)
    form = update_form(store, outage_id)
    assert (form.asks_start, form.starts_at, form.moves_start) == (True, START, False)
    assert not update_form(store, outage_id, NoticeKind.RESOLUTION).moves_start
    announced(store, moved(store, outage_id, phase=Phase.IN_PROGRESS))
    assert not update_form(store, outage_id).asks_start


@pytest.mark.parametrize("asks", [True, False])
def test_the_form_has_the_start_where_it_may_move(store: Store, *, asks: bool) -> None:
    form = replace(update_form(store, planned(store)), asks_start=asks)
    view = render_outage_form(form, FormChoices())
    check_view(view)
    assert (OutageBlock.STARTS in {one.get("block_id") for one in view["blocks"]}) is asks
    kept = parse_form_state(form_state(form))
    assert (kept.asks_start, kept.announced_start, kept.starts_at) == (asks, START, START)


def test_a_new_start_is_told_and_holds_once_the_update_has_left(store: Store) -> None:
    outage_id = planned(store)
    notice = postponed(store, outage_id)
    assert all("16:00 UTC 17:00 UTC" in text for text in texts_of(notice))
    assert outage_of(store, outage_id).starts_at == START, "nothing has left"
    announced(store, notice)
    assert (outage_of(store, outage_id).starts_at, outage_of(store, outage_id).ends_at) == (LATER, LATER_END)


def test_whoever_approves_it_sees_that_the_start_moves(store: Store) -> None:
    notice = postponed(store, planned(store))
    assert notice.facts is not None
    other = replace(notice, facts=replace(notice.facts, starts_at=LATER + HOUR))
    assert other.digest != notice.digest, "nobody approves another start than they saw"
    review = do(
        store,
        load_review,
        notice_id=notice.id,
        destinations=WHERE,
        policy=OUTAGE_POLICY,
        words=RULES.words,
        names=(),
        preflights={},
        now=NOW,
    )
    told = said(render_review(review, MIA_MAY, external_id="v"))
    before, after = (date_mrkdwn(one, DateStyle.DAY_AND_CLOCK) for one in (START, LATER))
    assert f"*Changes the planned start:* {before} → {after}" in told
    assert f"From {after} until" in told
    assert not review.warnings, "the times are those of the form"


def test_a_draft_keeps_the_start_that_was_chosen(store: Store) -> None:
    form = do(store, load_form, notice_id=postponed(store, planned(store)).id)
    assert (form.starts_at, form.announced_start, form.moves_start) == (LATER, START, True)
    again = do(
        store,
        save_form,
        replace(form, starts_at=START, ends_at=END),
        rules=RULES,
        actor=SAM_MAY,
        now=NOW,
    )
    announced(store, again)
    assert outage_of(store, again.outage_id).starts_at == START


def test_destinations_and_reminders_follow(store: Store) -> None:
    outage_id = planned(store)
    announced(store, postponed(store, outage_id))
    later = do(store, save_form, update_form(store, outage_id), rules=RULES, actor=SAM_MAY, now=NOW + MINUTE)
    announced(store, later)
    with store.unit_of_work() as uow:
        page = [one.id for one in uow.publications.of_outage(outage_id) if one.destination == "page"]
        sent = [load_dispatch(uow, publication_id=one).notice for one in page]
    assert [(one.starts_at, one.moves_start) for one in sent] == [
        (START, False),
        (LATER, True),
        (LATER, True),
    ]
    assert reminded(store, START + MINUTE) == []
    assert (SAM, "starts in 4 minutes") in [
        (channel, text.partition("” ")[2].partition(".")[0])
        for channel, text in reminded(store, LATER - 4 * MINUTE)
    ]


def test_the_time_line_says_who_moved_it(store: Store) -> None:
    outage_id = planned(store)
    announced(store, postponed(store, outage_id))
    trail = do(store, view_trail, outage_id=outage_id, now=NOW)
    events = timeline_of(trail.entries, trail.notices)
    text = render_timeline(trail.outage, events, names={SAM: "Sam"}, destinations=WHERE, zone=UTC)
    assert f"the planned start from {START:%Y-%m-%d %H:%M} UTC to {LATER:%Y-%m-%d %H:%M} UTC" in text


@pytest.mark.parametrize(
    ("starts_at", "phase", "now", "fault"),
    [
        (LATER, Phase.SCHEDULED, NOW, None),
        (LATER, Phase.SCHEDULED, START + MINUTE, None),  # it did not begin as planned
        (START - MINUTE, Phase.SCHEDULED, START - MINUTE, FormFault.PAST),
        (LATER, Phase.IN_PROGRESS, NOW, FormFault.BEGUN),
        (START, Phase.IN_PROGRESS, START + MINUTE, None),
    ],
)
def test_a_new_start_is_to_come_and_of_work_that_has_not_begun(
    store: Store, starts_at: datetime, phase: Phase, now: datetime, fault: FormFault | None
) -> None:
    form = replace(update_form(store, planned(store)), starts_at=starts_at, ends_at=LATER_END, phase=phase)
    found = faults(form, now)
    assert [(one.field, one.fault) for one in found] == ([(FormField.STARTS, fault)] if fault else [])
    assert all(fault_errors(found, form).values())


def test_a_start_that_moves_behind_the_end_is_a_fault(store: Store) -> None:
    form = replace(update_form(store, planned(store)), starts_at=LATER)
    assert [(one.field, one.fault) for one in faults(form, NOW)] == [
        (FormField.ENDS, FormFault.NOT_AFTER_START)
    ]
