"""Draft, change, submit, approve and withdraw notices."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest

from domain.errors import Refused
from domain.outages.lifecycle import (
    Actor,
    ApprovalNeeded,
    NoticeEdited,
    NoticePending,
    NoticeSettled,
    OwnApproval,
    RightMissing,
)
from domain.outages.notices import NoticeKind, NoticeState, PublicationState
from domain.outages.outage import OutageState, Phase
from domain.outages.policy import OutagePolicy, Right
from domain.records.audit import Action
from handlers.desk import Desk
from handlers.outages.lead import hand_over_lead
from handlers.outages.notices import (
    approve_notice,
    draft_notice,
    edit_notice,
    submit_notice,
    withdraw_notice,
)
from handlers.outages.reviews import submit_seen
from handlers.outages.trail import post_missing_boards
from storage.engine import Store
from tests.handlers.made import HOUR, KAI, MIA, NOW, SAM, do, in_parallel, queued
from tests.handlers.outages.made import (
    ANYTHING,
    MIA_MAY,
    OUTAGE_POLICY,
    SAM_MAY,
    ListDestination,
    a_notice,
    an_outage,
    content,
    deliver,
    destinations,
    sent,
    submitted,
    texts,
)

R = TypeVar("R")


def calling(store: Store, use_case: Callable[..., R], **given: object) -> Callable[..., R]:
    """Return the use case, to be called with further arguments."""
    return lambda **more: do(store, use_case, **given, **more)


def actions(store: Store, outage_id: int) -> list[tuple[str, Action]]:
    with store.unit_of_work() as uow:
        return [(entry.actor, entry.action) for entry in uow.audit.of_outage(outage_id)]


def states(store: Store, outage_id: int) -> list[tuple[str, str, PublicationState]]:
    with store.unit_of_work() as uow:
        return [(one.destination, one.language, one.state) for one in uow.publications.of_outage(outage_id)]


def test_a_draft_sends_nothing_but_its_board(store: Store) -> None:
    outage, notice = an_outage(store)
    assert (outage.state, outage.lead, notice.state) == (OutageState.DRAFT, SAM, NoticeState.DRAFT)
    assert {row["kind"] for row in queued(store)} == {"post_board", "update_board"}
    assert actions(store, outage.id) == [(SAM, Action.OUTAGE_OPENED), (SAM, Action.NOTICE_DRAFTED)]


async def test_a_second_person_sends_it_to_each_destination(store: Store, desk: Desk) -> None:
    page, posts = ListDestination(), ListDestination()
    where = destinations(page=page, posts=posts)
    both = (*texts("Payments fail", "page"), *texts("Payments fail", "posts", languages=("en", "de")))
    outage, notice = an_outage(store, texts=both, next_update_due=NOW + HOUR)
    approved = sent(store, notice, where)
    assert (approved.approved_by, approved.approved_digest) == (MIA, notice.digest)
    await deliver(desk, where)
    assert page.published == [("Payments fail", None, None)]
    assert sorted(posts.published) == [("Payments fail de", None, None), ("Payments fail en", None, None)]
    assert states(store, outage.id) == [
        ("page", "", PublicationState.SENT),
        ("posts", "en", PublicationState.SENT),
        ("posts", "de", PublicationState.SENT),
    ]
    with store.unit_of_work() as uow:
        announced = uow.outages.get(outage.id)
    assert (announced.state, announced.next_update_due) == (OutageState.ANNOUNCED, NOW + HOUR)


async def test_updates_and_the_resolution_follow_the_first_notice(store: Store, desk: Desk) -> None:
    page = ListDestination()
    where = destinations(page=page)
    outage, notice = an_outage(store)
    sent(store, notice, where)
    for kind, text in ((NoticeKind.UPDATE, "Still"), (NoticeKind.RESOLUTION, "Over")):
        phase = Phase.RESOLVED if kind is NoticeKind.RESOLUTION else Phase.MONITORING
        following = a_notice(store, outage.id, kind, content(text, phase=phase))
        sent(store, following, where)
    await deliver(desk, where)
    assert page.published == [("Payments fail", None, None), ("Still", "p1", "p1"), ("Over", "p1", "p2")]
    with store.unit_of_work() as uow:
        assert uow.outages.get(outage.id).state is OutageState.RESOLVED


def test_nobody_approves_their_own_words_nor_what_they_changed(store: Store) -> None:
    where = destinations(page=ListDestination())
    _, notice = an_outage(store)
    approve = calling(store, approve_notice, notice_id=notice.id, destinations=where, now=NOW)
    with pytest.raises(OwnApproval):
        approve(seen=notice.digest, actor=SAM_MAY)
    with pytest.raises(ApprovalNeeded):
        approve(seen=notice.digest, actor=MIA_MAY)
    changed = do(
        store,
        edit_notice,
        notice_id=notice.id,
        version=notice.version,
        content=content("Payments fail in Spain"),
        actor=MIA_MAY,
        now=NOW,
    )
    do(
        store,
        submit_notice,
        notice_id=notice.id,
        seen=changed.digest,
        destinations=where,
        policy=OUTAGE_POLICY,
        actor=SAM_MAY,
        now=NOW,
    )
    for author in (SAM_MAY, MIA_MAY):
        with pytest.raises(OwnApproval):
            approve(seen=changed.digest, actor=author)
    third = Actor(user_id=KAI, rights=ANYTHING)
    assert approve(seen=changed.digest, actor=third).approved_by == KAI


def test_an_edit_after_it_was_submitted_needs_a_new_approval(store: Store) -> None:
    where = destinations(page=ListDestination())
    _, notice = an_outage(store)
    submitted(store, notice, where)
    edited = do(
        store,
        edit_notice,
        notice_id=notice.id,
        version=notice.version + 1,
        content=content("Other words"),
        actor=SAM_MAY,
        now=NOW,
    )
    assert edited.state is NoticeState.DRAFT
    with pytest.raises(NoticeEdited):
        do(
            store,
            approve_notice,
            notice_id=notice.id,
            seen=notice.digest,
            destinations=where,
            actor=MIA_MAY,
            now=NOW,
        )
    assert queued(store, "send_notice") == []


def test_of_two_approvers_one_is_told_that_the_other_was_first(store: Store) -> None:
    where = destinations(page=ListDestination())
    outage, notice = an_outage(store)
    submitted(store, notice, where)
    approvals = [
        calling(
            store,
            approve_notice,
            notice_id=notice.id,
            seen=notice.digest,
            destinations=where,
            actor=Actor(user_id=user, rights=ANYTHING),
            now=NOW,
        )
        for user in (MIA, KAI)
    ]
    results = in_parallel(approvals)
    assert sum(isinstance(result, Exception) for result in results) == 1
    assert len(queued(store, "send_notice")) == 1
    assert len(states(store, outage.id)) == 1


def test_without_approval_the_announcer_sends(store: Store) -> None:
    where = destinations(page=ListDestination())
    _, notice = an_outage(store)
    gone = do(
        store,
        submit_notice,
        notice_id=notice.id,
        seen=notice.digest,
        destinations=where,
        policy=OutagePolicy(needs_approval=False),
        actor=SAM_MAY,
        now=NOW,
    )
    assert gone.state is NoticeState.APPROVED
    assert len(queued(store, "send_notice")) == 1


def test_who_may_only_draft_may_not_send(store: Store) -> None:
    _, notice = an_outage(store)
    drafter = Actor(user_id=SAM, rights=frozenset({Right.DRAFT}))
    with pytest.raises(RightMissing):
        submitted(store, notice, destinations(), actor=drafter)


def test_a_second_notice_waits_for_the_first(store: Store) -> None:
    where = destinations(page=ListDestination())
    outage, notice = an_outage(store)
    sent(store, notice, where)
    update = calling(store, draft_notice, outage_id=outage.id, kind=NoticeKind.UPDATE, actor=SAM_MAY, now=NOW)
    first = update(content=content("One"))
    with pytest.raises(NoticePending):
        update(content=content("Two"))
    do(store, withdraw_notice, notice_id=first.id, actor=SAM_MAY, now=NOW)
    assert update(content=content("Two")).state is NoticeState.DRAFT


def test_withdrawing_the_announcement_cancels_the_outage(store: Store) -> None:
    outage, notice = an_outage(store)
    do(store, withdraw_notice, notice_id=notice.id, actor=SAM_MAY, now=NOW)
    with store.unit_of_work() as uow:
        assert uow.outages.get(outage.id).state is OutageState.CANCELLED
    with pytest.raises(NoticeSettled):
        do(store, withdraw_notice, notice_id=notice.id, actor=SAM_MAY, now=NOW)


def test_an_edit_of_an_older_version_is_refused(store: Store) -> None:
    _, notice = an_outage(store)
    edit = calling(store, edit_notice, notice_id=notice.id, version=notice.version, actor=SAM_MAY, now=NOW)
    edit(content=content("One"))
    with pytest.raises(Refused, match="somebody else changed this notice"):
        edit(content=content("Two"))


def test_the_lead_is_handed_over(store: Store) -> None:
    outage, _ = an_outage(store)
    assert (
        do(store, hand_over_lead, outage_id=outage.id, to=MIA, actor=SAM_MAY, by_name="Sam", now=NOW).lead
        == MIA
    )
    assert (SAM, Action.OUTAGE_LED) in actions(store, outage.id)


def test_who_may_not_draft_hands_over_no_lead(store: Store) -> None:
    outage, _ = an_outage(store)
    nobody = Actor(user_id=MIA, rights=frozenset())
    with pytest.raises(RightMissing):
        do(store, hand_over_lead, outage_id=outage.id, to=MIA, actor=nobody, by_name="Mia", now=NOW)


def test_whoever_reopens_an_outage_leads_it_and_the_trail_says_so(store: Store) -> None:
    where = destinations(page=ListDestination())
    outage, notice = an_outage(store)
    sent(store, notice, where)
    drafting = calling(store, draft_notice, outage_id=outage.id)
    over = content("It works again.", phase=Phase.RESOLVED)
    sent(store, drafting(kind=NoticeKind.RESOLUTION, content=over, actor=SAM_MAY, now=NOW), where)
    again = drafting(kind=NoticeKind.REOPENING, content=content("It is back."), actor=MIA_MAY, now=NOW)
    release = calling(
        store, approve_notice, notice_id=again.id, seen=again.digest, destinations=where, now=NOW
    )
    submitted(store, again, where, actor=MIA_MAY)
    release(actor=SAM_MAY)
    with store.unit_of_work() as uow:
        assert uow.outages.get(outage.id).lead == MIA
    assert (MIA, Action.OUTAGE_LED) in actions(store, outage.id)


def test_what_promises_a_time_that_has_passed_is_not_sent(store: Store) -> None:
    due = NOW + timedelta(minutes=30)
    where = destinations(page=ListDestination())
    _, notice = an_outage(store, next_update_due=due)
    seen = {"notice_id": notice.id, "seen": notice.digest, "destinations": where}
    submit = calling(store, submit_notice, **seen, policy=OUTAGE_POLICY, actor=SAM_MAY)
    approve = calling(store, approve_notice, **seen, actor=MIA_MAY)
    with pytest.raises(Refused, match="has passed"):
        submit(now=due)
    submit(now=NOW)
    with pytest.raises(Refused, match="has passed"):
        approve(now=due)
    approve(now=NOW)


def test_a_draft_whose_outage_was_changed_since_it_was_shown_is_not_sent(store: Store) -> None:
    where = destinations(page=ListDestination())
    _, notice = an_outage(store)
    do(
        store, edit_notice, notice_id=notice.id, version=1, content=content(), actor=MIA_MAY, now=NOW
    )  # as a change of the title or severity does, which the digest leaves out
    with pytest.raises(NoticeEdited):
        do(
            store,
            submit_seen,
            notice_id=notice.id,
            version=1,
            seen=notice.digest,
            destinations=where,
            policy=replace(OUTAGE_POLICY, needs_approval=False),
            actor=SAM_MAY,
            now=NOW,
        )


def test_the_list_has_boards_posted_that_are_missing(store: Store) -> None:
    outage, _ = an_outage(store)

    def listed(after: timedelta) -> int:
        do(store, post_missing_boards, channel="C0ONCALL", now=NOW + after)
        return len(queued(store, "post_board"))

    assert listed(timedelta(seconds=10)) == 1
    assert listed(timedelta(minutes=2)) == 2
    with store.unit_of_work() as uow:
        uow.outages.record_board(outage.id, channel="C0ONCALL", ts="1.2", digest="")
    assert listed(timedelta(minutes=4)) == 2
