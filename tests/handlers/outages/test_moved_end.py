"""Move the end of planned work by an update: everything that tells of it follows, once the update leaves."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.slack.boards.outage import render_outage_board
from adapters.slack.dates import DateStyle, date_mrkdwn
from adapters.slack.modals.outages.review import render_review
from adapters.slack.outages.timeline import render_timeline
from domain.outages.form_faults import FieldFault, FormFault, FormField
from domain.outages.forms import OutageForm
from domain.outages.notices import Notice, NoticeKind, Version
from domain.outages.outage import Outage, OutageKind, Phase, Severity
from domain.outages.timeline import timeline_of
from handlers.outages.dispatches import load_dispatch
from handlers.outages.drafting import begin_form, load_form, save_form
from handlers.outages.reviews import load_review
from handlers.outages.views import view_board, view_trail
from storage.engine import Store
from tests.adapters.slack.inspection import said
from tests.handlers.made import HOUR, MINUTE, NOW, SAM, do
from tests.handlers.outages.made import MIA_MAY, OUTAGE_POLICY, SAM_MAY
from tests.handlers.outages.test_drafting import RULES, WHERE, announced, texts_of
from tests.handlers.outages.test_reminders import reminded

START, END = NOW + HOUR, NOW + 2 * HOUR
LATER = END + 3 * HOUR
FORM = OutageForm(
    outage_kind=OutageKind.MAINTENANCE,
    title="New database",
    versions=(Version(language="en", problem="We move."),),
    severity=Severity.MINOR,
    phase=Phase.SCHEDULED,
    starts_at=START,
    ends_at=END,
    destinations=("page", "posts"),
    key="planned-1",
)


def planned(store: Store) -> int:
    """Announce planned work; return the id of its outage."""
    notice = do(store, save_form, FORM, rules=RULES, actor=SAM_MAY, now=NOW)
    announced(store, notice)
    return int(notice.outage_id)


def update_form(store: Store, outage_id: int, kind: NoticeKind = NoticeKind.UPDATE) -> OutageForm:
    form: OutageForm = do(
        store, begin_form, outage_id=outage_id, kind=kind, destinations=WHERE, due="none", now=NOW
    )
    return replace(form, versions=(Version(language="en", problem="It takes longer."),))


def moved(store: Store, outage_id: int, **changes: Any) -> Notice:  # noqa: ANN401 - any of the form's fields
    """Draft an update by which the work ends later."""
    form = replace(update_form(store, outage_id), **{"ends_at": LATER, **changes})
    notice: Notice = do(store, save_form, form, rules=RULES, actor=SAM_MAY, now=NOW)
    return notice


def outage_of(store: Store, outage_id: int) -> Outage:
    with store.unit_of_work() as uow:
        return uow.outages.get(outage_id)


def faults(form: OutageForm, now: datetime) -> list[FieldFault]:
    return form.faults(components=[], now=now, zone=UTC)


def test_an_update_of_planned_work_offers_its_end_and_no_other_notice_does(store: Store) -> None:
    outage_id = planned(store)
    form = update_form(store, outage_id)
    assert (form.asks_end, form.ends_at, form.moves_end) == (True, END, False)
    assert not update_form(store, outage_id, NoticeKind.RESOLUTION).asks_end
    assert not replace(form, outage_kind=OutageKind.OUTAGE).asks_end


def test_a_new_end_is_told_and_holds_once_the_update_has_left(store: Store) -> None:
    outage_id = planned(store)
    notice = moved(store, outage_id)
    assert all("13:00 UTC 17:00 UTC" in text for text in texts_of(notice))
    assert outage_of(store, outage_id).ends_at == END, "nothing has left"
    announced(store, notice)
    assert outage_of(store, outage_id).ends_at == LATER
    board = said(render_outage_board(do(store, view_board, outage_id=outage_id, destinations=WHERE, now=NOW)))
    assert f"until {date_mrkdwn(LATER, DateStyle.DAY_AND_CLOCK)}" in board


def test_an_update_that_leaves_the_end_says_nothing_of_it(store: Store) -> None:
    outage_id = planned(store)
    notice = moved(store, outage_id, ends_at=END)
    assert texts_of(notice)[0] == "It takes longer."
    announced(store, notice)
    assert outage_of(store, outage_id).ends_at == END


def test_whoever_approves_it_sees_that_the_end_moves(store: Store) -> None:
    notice = moved(store, planned(store))
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
    before, after = (date_mrkdwn(one, DateStyle.DAY_AND_CLOCK) for one in (END, LATER))
    assert f"*Changes the planned end:* {before} → {after}" in told
    assert f"until {after}" in told
    assert not review.warnings, "the time is that of the form"


def test_an_approver_does_not_approve_another_end_than_they_saw(store: Store) -> None:
    notice = moved(store, planned(store))
    facts = notice.facts
    assert facts is not None
    other = replace(notice, facts=replace(facts, ends_at=LATER + HOUR))
    assert other.digest != notice.digest


def test_a_draft_keeps_the_end_that_was_chosen(store: Store) -> None:
    notice = moved(store, planned(store))
    form = do(store, load_form, notice_id=notice.id)
    assert (form.ends_at, form.announced_end, form.moves_end) == (LATER, END, True)
    again = do(store, save_form, replace(form, ends_at=END), rules=RULES, actor=SAM_MAY, now=NOW)
    assert texts_of(again)[0] == "It takes longer."
    announced(store, again)
    assert outage_of(store, again.outage_id).ends_at == END


def test_the_reminders_follow(store: Store) -> None:
    outage_id = planned(store)
    announced(store, moved(store, outage_id, phase=Phase.IN_PROGRESS))
    assert reminded(store, END + 30 * MINUTE) == []
    assert (SAM, "ends in 4 minutes") in [
        (channel, text.partition("” ")[2].partition(".")[0])
        for channel, text in reminded(store, LATER - 4 * MINUTE)
    ]


def test_destinations_are_told_which_end_holds(store: Store) -> None:
    outage_id = planned(store)
    announced(store, moved(store, outage_id))
    later = do(store, save_form, update_form(store, outage_id), rules=RULES, actor=SAM_MAY, now=NOW + MINUTE)
    announced(store, later)
    with store.unit_of_work() as uow:
        page = [one.id for one in uow.publications.of_outage(outage_id) if one.destination == "page"]
        sent = [load_dispatch(uow, publication_id=one).notice for one in page]
    assert [(one.ends_at, one.moves_end) for one in sent] == [(END, False), (LATER, True), (LATER, True)]


def test_the_correction_of_a_notice_from_before_does_not_move_the_end_back(store: Store) -> None:
    outage_id = planned(store)
    with store.unit_of_work() as uow:
        [first] = uow.notices.of_outage(outage_id)
    announced(store, moved(store, outage_id))
    form = do(
        store,
        begin_form,
        outage_id=outage_id,
        kind=NoticeKind.CORRECTION,
        corrects=first.id,
        destinations=WHERE,
        due="none",
        now=NOW,
    )
    form = replace(form, versions=(Version(language="en", problem="We move a database."),))
    correction = do(store, save_form, form, rules=RULES, actor=SAM_MAY, now=NOW)
    announced(store, correction)
    with store.unit_of_work() as uow:
        [corrected] = [
            load_dispatch(uow, publication_id=one.id).notice
            for one in uow.publications.of_outage(outage_id)
            if (one.notice_id, one.destination) == (correction.id, "page")
        ]
    assert not corrected.moves_end
    assert outage_of(store, outage_id).ends_at == LATER


def test_the_time_line_says_who_moved_it(store: Store) -> None:
    outage_id = planned(store)
    announced(store, moved(store, outage_id))
    trail = do(store, view_trail, outage_id=outage_id, now=NOW)
    text = render_timeline(
        trail.outage,
        timeline_of(trail.entries, trail.notices),
        names={SAM: "Sam"},
        destinations=WHERE,
        zone=UTC,
    )
    assert f"Sam changed the planned end from {END:%Y-%m-%d %H:%M} UTC to {LATER:%Y-%m-%d %H:%M} UTC." in text


@pytest.mark.parametrize(
    ("ends_at", "now", "fault"),
    [
        (END, END + HOUR, None),  # late, and nobody knows how long it takes
        (END + HOUR, END + 2 * HOUR, FormFault.PAST),
        (START, NOW, FormFault.NOT_AFTER_START),
        (START + MINUTE, NOW, None),
    ],
)
def test_a_new_end_is_to_come_and_after_the_start(
    store: Store, ends_at: datetime, now: datetime, fault: FormFault | None
) -> None:
    form = replace(update_form(store, planned(store)), ends_at=ends_at)
    assert [one.fault for one in faults(form, now)] == ([fault] if fault else [])
    assert all(one.field is FormField.ENDS for one in faults(form, now))


def test_notices_of_earlier_versions_get_the_end_that_they_told_of(store: Store) -> None:
    outage_id = planned(store)
    with store.unit_of_work() as uow:
        [first] = uow.notices.of_outage(outage_id)
        assert first.facts is not None
        uow.notices.save(replace(first, facts=replace(first.facts, ends_at=None), version=first.version + 1))
    announced(store, moved(store, outage_id))
    with store.unit_of_work() as uow:
        first, second = uow.notices.of_outage(outage_id)
    assert first.facts is not None
    assert second.facts is not None
    assert (first.facts.ends_at, second.facts.ends_at) == (END, LATER)


def test_a_moved_end_is_stored_to_the_second(store: Store) -> None:
    exact = LATER + timedelta(seconds=7)
    notice = moved(store, planned(store), ends_at=exact)
    with store.unit_of_work() as uow:
        kept = uow.notices.get(notice.id)
    assert kept.facts is not None
    assert kept.facts.ends_at == exact
    assert kept.digest == notice.digest


@pytest.mark.parametrize(
    ("phase", "now", "begins"),
    [
        (Phase.SCHEDULED, START - MINUTE, "Cancelled: It takes longer."),
        (Phase.SCHEDULED, START + MINUTE, "Done: It takes longer."),
        (Phase.IN_PROGRESS, START - MINUTE, "Done: It takes longer."),
    ],
    ids=["before it starts", "it started, and nobody said so", "it started early"],
)
def test_what_ends_before_it_began_is_cancelled(
    store: Store, phase: Phase, now: datetime, begins: str
) -> None:
    outage_id = planned(store)
    with store.unit_of_work() as uow:
        uow.outages.save(uow.outages.get(outage_id).changed(phase=phase))
    form = update_form(store, outage_id, NoticeKind.RESOLUTION)
    notice = do(store, save_form, form, rules=RULES, actor=SAM_MAY, now=now)
    texts = texts_of(notice)
    assert texts
    assert [text for text in texts if not text.startswith(begins)] == []
