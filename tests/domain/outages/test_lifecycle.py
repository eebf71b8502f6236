"""The life cycle of an outage, and who may approve a notice."""

from dataclasses import replace

import pytest

from domain.outages.lifecycle import (
    Actor,
    NoticeEdited,
    NoticeNotAllowed,
    NoticePending,
    NoticeSettled,
    OwnApproval,
    RightMissing,
    begin_of,
    cancelled,
    phases_for,
    released,
    require_allowed,
    require_approvable,
)
from domain.outages.notices import Notice, NoticeKind, NoticeState, NoticeText, Version
from domain.outages.outage import OutageKind, OutageState, Phase
from domain.outages.policy import Right
from tests.handlers.made import HOUR, NOW
from tests.outages import an_outage

OUTAGE = an_outage(NOW, id=1, components=("Payments",), state=OutageState.DRAFT, lead="U1", opened_by="U1")
NOTICE = Notice(
    id=1,
    outage_id=1,
    kind=NoticeKind.ANNOUNCEMENT,
    phase=Phase.IDENTIFIED,
    state=NoticeState.WAITING,
    versions=(Version(language="en", problem="Payments fail"),),
    texts=(NoticeText(destination="page", language="", text="Payments fail"),),
    authors=("U1",),
    created_at=NOW,
    next_update_due=NOW + HOUR,
)
#: What each state allows; everything else is refused.
ALLOWED = {
    OutageState.DRAFT: {NoticeKind.ANNOUNCEMENT},
    OutageState.ANNOUNCED: {NoticeKind.UPDATE, NoticeKind.RESOLUTION, NoticeKind.CORRECTION},
    OutageState.RESOLVED: {NoticeKind.REOPENING, NoticeKind.CORRECTION},
    OutageState.CANCELLED: set[NoticeKind](),
}


@pytest.mark.parametrize("state", OutageState)
@pytest.mark.parametrize("kind", NoticeKind)
def test_each_state_allows_its_notices(state: OutageState, kind: NoticeKind) -> None:
    outage, notice = replace(OUTAGE, state=state), replace(NOTICE, kind=kind)
    if kind in ALLOWED[state]:
        require_allowed(outage, kind, [])
        assert released(outage, notice, by="U2", now=NOW).version == outage.version + 1
    else:
        with pytest.raises(NoticeNotAllowed):
            require_allowed(outage, kind, [])
        with pytest.raises(NoticeNotAllowed):
            released(outage, notice, by="U2", now=NOW)


@pytest.mark.parametrize("state", NoticeState)
def test_one_notice_at_a_time(state: NoticeState) -> None:
    others = [replace(NOTICE, state=state)]
    if state in {NoticeState.DRAFT, NoticeState.WAITING}:
        with pytest.raises(NoticePending) as caught:
            require_allowed(OUTAGE, NoticeKind.ANNOUNCEMENT, others)
        assert caught.value.notice == others[0]
    else:
        require_allowed(OUTAGE, NoticeKind.ANNOUNCEMENT, others)


def test_an_outage_lives_from_its_announcement_until_it_is_reopened() -> None:
    announced = released(OUTAGE, NOTICE, by="U2", now=NOW)
    assert (announced.state, announced.phase) == (OutageState.ANNOUNCED, Phase.IDENTIFIED)
    assert (announced.announced_at, announced.next_update_due) == (NOW, NOW + HOUR)
    resolution = replace(NOTICE, kind=NoticeKind.RESOLUTION, phase=Phase.RESOLVED)
    over = released(announced, resolution, by="U3", now=NOW + HOUR)
    assert (over.state, over.resolved_by, over.resolved_at) == (OutageState.RESOLVED, "U3", NOW + HOUR)
    assert over.next_update_due is None
    again = released(over, replace(NOTICE, kind=NoticeKind.REOPENING), by="U2", now=NOW + 2 * HOUR)
    assert (again.state, again.resolved_by, again.resolved_at) == (OutageState.ANNOUNCED, None, None)
    assert again.announced_at == NOW


def test_whoever_writes_that_it_is_reopened_leads_it() -> None:
    """Hours may have passed, and who led it may be asleep: the reminders go to the lead."""
    announced = released(OUTAGE, NOTICE, by="U2", now=NOW)
    update = released(announced, replace(NOTICE, kind=NoticeKind.UPDATE, authors=("U9",)), by="U2", now=NOW)
    assert update.lead == announced.lead == OUTAGE.lead
    over = released(announced, replace(NOTICE, kind=NoticeKind.RESOLUTION), by="U3", now=NOW + HOUR)
    reopening = replace(NOTICE, kind=NoticeKind.REOPENING, authors=("U8", "U9"))
    assert released(over, reopening, by="U2", now=NOW + 9 * HOUR).lead == "U8"


def test_a_correction_changes_nothing_but_the_version() -> None:
    announced = released(OUTAGE, NOTICE, by="U2", now=NOW)
    correction = replace(NOTICE, kind=NoticeKind.CORRECTION, phase=Phase.MONITORING, next_update_due=None)
    assert released(announced, correction, by="U2", now=NOW) == announced.changed()


def test_only_what_has_not_left_can_be_cancelled() -> None:
    assert cancelled(OUTAGE).state is OutageState.CANCELLED
    with pytest.raises(NoticeNotAllowed):
        cancelled(released(OUTAGE, NOTICE, by="U2", now=NOW))


def test_nobody_approves_what_they_wrote_or_did_not_see() -> None:
    require_approvable(NOTICE, by="U2", seen=NOTICE.digest)
    with pytest.raises(OwnApproval):
        require_approvable(NOTICE, by="U1", seen=NOTICE.digest)
    with pytest.raises(NoticeEdited):
        require_approvable(NOTICE, by="U2", seen="something else")
    with pytest.raises(NoticeSettled):
        require_approvable(replace(NOTICE, state=NoticeState.APPROVED), by="U2", seen=NOTICE.digest)


@pytest.mark.parametrize(
    "changes",
    [
        {"texts": (NoticeText(destination="page", language="", text="Payments  fail"),)},
        {"texts": (NoticeText(destination="x", language="", text="Payments fail"),)},
        {"texts": (NoticeText(destination="page", language="de", text="Payments fail"),)},
        {"kind": NoticeKind.UPDATE},
        {"phase": Phase.MONITORING},
        {"next_update_due": None},
        {"corrects": 3},
    ],
)
def test_the_digest_covers_everything_that_is_sent(changes: dict[str, object]) -> None:
    assert replace(NOTICE, **changes).digest != NOTICE.digest  # type: ignore[arg-type]


def test_a_right_that_is_missing_is_named() -> None:
    actor = Actor(user_id="U1", rights=frozenset({Right.DRAFT}))
    actor.require(Right.DRAFT)
    with pytest.raises(RightMissing) as caught:
        actor.require(Right.PAUSE)
    assert caught.value.right is Right.PAUSE


@pytest.mark.parametrize(
    ("outage", "notice", "usual"),
    [
        (OutageKind.OUTAGE, NoticeKind.ANNOUNCEMENT, Phase.INVESTIGATING),
        (OutageKind.OUTAGE, NoticeKind.RESOLUTION, Phase.RESOLVED),
        (OutageKind.MAINTENANCE, NoticeKind.ANNOUNCEMENT, Phase.SCHEDULED),
        (OutageKind.MAINTENANCE, NoticeKind.RESOLUTION, Phase.COMPLETED),
    ],
)
def test_the_usual_phase_of_each_notice(outage: OutageKind, notice: NoticeKind, usual: Phase) -> None:
    assert phases_for(outage, notice)[0] is usual


def test_an_outage_begins_when_it_is_announced_and_a_maintenance_as_planned_or_as_is_said() -> None:
    assert begin_of(replace(OUTAGE, announced_at=NOW), []) == NOW
    planned = replace(OUTAGE, kind=OutageKind.MAINTENANCE, announced_at=NOW, starts_at=NOW + 5 * HOUR)
    told = replace(NOTICE, state=NoticeState.APPROVED, phase=Phase.SCHEDULED, approved_at=NOW)
    assert begin_of(planned, [told]) == NOW + 5 * HOUR
    early = replace(told, id=2, phase=Phase.IN_PROGRESS, approved_at=NOW + 4 * HOUR)
    assert begin_of(planned, [told, early]) == NOW + 4 * HOUR
    assert begin_of(planned, [told, replace(early, approved_at=NOW + 6 * HOUR)]) == NOW + 5 * HOUR
