"""Compute when the next update is due, find faults in the form, and begin further notices."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from domain.outages.current_notices import CurrentNotice, current_notices
from domain.outages.form_faults import FieldFault, FormFault, FormField
from domain.outages.forms import (
    AS_WRITTEN,
    MAX_TITLE_LENGTH,
    MAX_WORDS_LENGTH,
    NO_UPDATE,
    OutageForm,
    form_of,
    further_form,
)
from domain.outages.notices import Notice, NoticeKind, NoticeState, NoticeText, Version
from domain.outages.outage import OutageKind, Phase
from tests.outages import an_outage

NOW = datetime(2026, 11, 29, 22, 50, tzinfo=UTC)
ZONE = timezone(timedelta(hours=1))  # 23:50 there
FORM = OutageForm(title="Payments fail", versions=(Version(language="en", problem="Paying fails."),))
OUTAGE = an_outage(NOW, phase=Phase.IDENTIFIED, next_update_due=NOW + timedelta(minutes=30))
NOTICE = Notice(
    id=3,
    outage_id=7,
    kind=NoticeKind.ANNOUNCEMENT,
    phase=Phase.INVESTIGATING,
    state=NoticeState.APPROVED,
    versions=(Version(language="en", problem="Paying fails."), Version(language="de", problem="Geht nicht.")),
    texts=(NoticeText(destination="page", language="", text="Paying fails."),),
    authors=("U0KAI",),
    created_at=NOW,
    next_update_due=NOW + timedelta(minutes=30),
)
CURRENT = CurrentNotice(notice=NOTICE, newest=NOTICE)


@pytest.mark.parametrize(
    ("now", "due_at", "minutes"),
    [
        ("00:40", "02:50", 10),  # before the clock is put back
        ("00:40", "02:20", 40),  # the second 02:20 of the night
        ("01:40", "02:50", 10),  # after it was
        ("01:40", "03:10", 30),
    ],
)
def test_a_time_in_the_night_in_which_the_clock_is_put_back_is_the_next_one(
    now: str, due_at: str, minutes: int
) -> None:
    at = datetime.fromisoformat(f"2026-10-25T{now}+00:00")
    form = replace(FORM, due="30", due_at=due_at)
    assert form.next_update_due(at, ZoneInfo("Europe/Berlin")) == at + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("changes", "due"),
    [
        ({"due": "30"}, NOW + timedelta(minutes=30)),
        ({"due": NO_UPDATE}, None),
        ({"due": AS_WRITTEN, "planned": NOW + timedelta(minutes=5)}, NOW + timedelta(minutes=5)),
        ({"due": "30", "due_at": "23:55"}, NOW + timedelta(minutes=5)),
        ({"due_at": "00:20"}, NOW + timedelta(minutes=30)),  # tomorrow, by the writer's clock
    ],
)
def test_when_the_next_update_is_due(changes: dict[str, object], due: datetime | None) -> None:
    form = replace(FORM, **changes)  # type: ignore[arg-type] # any of the fields
    assert form.next_update_due(NOW, ZONE) == due
    assert form.faults(components=[], now=NOW, zone=ZONE) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"due_at": "23:50"}, FormField.DUE_AT),
        ({"due_at": "12:00"}, FormField.DUE_AT),
        ({"due": AS_WRITTEN, "planned": NOW}, FormField.DUE),
    ],
)
def test_a_time_that_has_passed_is_a_fault(changes: dict[str, object], field: FormField) -> None:
    form = replace(FORM, **changes)  # type: ignore[arg-type] # any of the fields
    assert form.faults(components=[], now=NOW, zone=ZONE) == [FieldFault(field, FormFault.PAST)]


def test_a_resolution_promises_nothing() -> None:
    form = replace(FORM, kind=NoticeKind.RESOLUTION, due_at="12:00")
    assert form.faults(components=[], now=NOW, zone=ZONE) == []


def test_a_further_notice_has_the_languages_and_destinations_of_the_newest() -> None:
    given = {"connected": ("page", "posts"), "due": "30", "now": NOW}
    update = further_form(OUTAGE, CURRENT, NoticeKind.UPDATE, **given)  # type: ignore[arg-type]
    assert [(one.language, one.problem) for one in update.versions] == [("en", ""), ("de", "")]
    assert (update.destinations, update.phase, update.due) == (("page",), Phase.IDENTIFIED, "30")
    resolution = further_form(OUTAGE, CURRENT, NoticeKind.RESOLUTION, **given)  # type: ignore[arg-type]
    assert resolution.phase is Phase.RESOLVED


@pytest.mark.parametrize(
    ("minutes", "phase", "due"), [(1, Phase.SCHEDULED, NO_UPDATE), (0, Phase.IN_PROGRESS, "30")]
)
def test_planned_work_whose_start_has_passed_has_begun(minutes: int, phase: Phase, due: str) -> None:
    planned = replace(
        OUTAGE,
        kind=OutageKind.MAINTENANCE,
        phase=Phase.SCHEDULED,
        starts_at=NOW + timedelta(minutes=minutes),
        ends_at=NOW + timedelta(hours=1),
    )
    given = {"connected": ("page",), "due": "30", "now": NOW}
    update = further_form(planned, CURRENT, NoticeKind.UPDATE, **given)  # type: ignore[arg-type]
    assert (update.phase, update.due) == (phase, due)
    resolution = further_form(planned, CURRENT, NoticeKind.RESOLUTION, **given)  # type: ignore[arg-type]
    assert resolution.phase is Phase.COMPLETED


def test_whoever_was_told_before_in_a_language_or_place_is_told_on_and_that_it_is_over() -> None:
    texts = (NoticeText(destination="posts", language="en", text="Some pay."),)
    english = (Version(language="en", problem="Some pay."),)
    update = replace(NOTICE, id=5, kind=NoticeKind.UPDATE, versions=english, texts=texts)
    current, *earlier = current_notices([NOTICE, update])
    given = {"connected": ("page", "posts"), "due": "30", "now": NOW, "earlier": [CURRENT.newest]}
    for kind, places in {NoticeKind.UPDATE: ("posts",), NoticeKind.RESOLUTION: ("posts", "page")}.items():
        form = further_form(OUTAGE, current, kind, **given)  # type: ignore[arg-type]
        assert [one.language for one in form.versions] == ["en", "de"]
        assert form.destinations == places
    assert [one.notice.id for one in earlier] == [NOTICE.id]


@pytest.mark.parametrize("minutes", [29, 30])
def test_a_correction_begins_with_what_it_corrects(minutes: int) -> None:
    now = NOW + timedelta(minutes=minutes)
    form = further_form(OUTAGE, CURRENT, NoticeKind.CORRECTION, connected=("posts",), due="30", now=now)
    assert (form.versions, form.corrects, form.phase) == (NOTICE.versions, 3, Phase.INVESTIGATING)
    assert form.destinations == ("posts",), "the page is no longer connected"
    assert form.planned == (NOTICE.next_update_due if minutes < 30 else None)
    other = replace(OUTAGE, next_update_due=NOW + timedelta(hours=1))
    form = further_form(other, CURRENT, NoticeKind.CORRECTION, connected=("posts",), due="30", now=now)
    assert form.planned is None, "a later notice promised another time"


def test_an_update_goes_where_the_notice_went_and_not_only_its_correction() -> None:
    texts = (NoticeText(destination="posts", language="", text="Some pay."),)
    correction = replace(NOTICE, id=4, kind=NoticeKind.CORRECTION, corrects=3, texts=texts)
    [current] = current_notices([NOTICE, correction])
    assert (current.notice, current.newest, current.is_corrected) == (NOTICE, correction, True)
    given = {"connected": ("page", "posts"), "due": "30", "now": NOW}
    form = further_form(OUTAGE, current, NoticeKind.UPDATE, **given)  # type: ignore[arg-type]
    assert form.destinations == ("page",)


def test_the_form_of_a_draft_is_what_made_it() -> None:
    form = form_of(OUTAGE, NOTICE)
    assert (form.notice_id, form.version, form.due, form.planned) == (
        3,
        1,
        AS_WRITTEN,
        NOTICE.next_update_due,
    )
    assert (form.versions, form.destinations) == (NOTICE.versions, ("page",))


def test_components_that_the_settings_have_no_more_are_one_fault_that_names_them_all() -> None:
    form = replace(FORM, components=("Payments", "Fax", "Telegraph"))
    faults = form.faults(components={"Payments"}, now=NOW, zone=ZONE)
    assert faults == [FieldFault(FormField.COMPONENTS, FormFault.UNKNOWN, detail="Fax, Telegraph")]
    assert form.faults(components=form.components, now=NOW, zone=ZONE) == []
    correction = replace(form, kind=NoticeKind.CORRECTION)
    assert correction.faults(components=(), now=NOW, zone=ZONE) == [], "it states none"


@pytest.mark.parametrize(("more", "is_fault"), [(0, False), (1, True)])
def test_texts_may_be_as_long_as_slack_takes(more: int, *, is_fault: bool) -> None:
    form = replace(FORM, title="t" * (MAX_TITLE_LENGTH + more))
    titles = form.faults(components=[], now=NOW, zone=ZONE)
    assert [one.fault for one in titles] == ([FormFault.TOO_LONG] if is_fault else [])
    words = "w" * (MAX_WORDS_LENGTH + more)
    form = replace(FORM, versions=(Version(language="en", problem=words, workaround=words),))
    faults = form.faults(components=[], now=NOW, zone=ZONE)
    assert [one.field for one in faults] == ([FormField.PROBLEM, FormField.WORKAROUND] if is_fault else [])


@pytest.mark.parametrize(
    ("ends_in", "fault"),
    [
        (timedelta(), FormFault.PAST),
        (timedelta(hours=1), FormFault.NOT_AFTER_START),
        (timedelta(hours=1, seconds=1), None),
    ],
)
def test_planned_work_ends_later_than_now_and_than_it_starts(
    ends_in: timedelta, fault: FormFault | None
) -> None:
    form = replace(
        FORM,
        outage_kind=OutageKind.MAINTENANCE,
        phase=Phase.SCHEDULED,
        starts_at=NOW + timedelta(hours=1),
        ends_at=NOW + ends_in,
    )
    faults = form.faults(components=[], now=NOW, zone=ZONE)
    assert faults == ([FieldFault(FormField.ENDS, fault)] if fault else [])
