"""Resolve, dismiss, snooze and reopen cases; a press on an outdated card is refused."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from domain.cases.case import CaseState
from domain.cases.case_assessment import offers_resolve
from domain.cases.case_lifecycle import asked_by_press
from domain.errors import AlreadyClosed, AssignedToAnother, ChangedSince, Refused
from domain.intake.posts import ReplyBlock
from domain.records.audit import SYSTEM, Action
from handlers.cases.assignment import claim, release
from handlers.cases.resolution import WAKE_BATCH, dismiss, reopen, resolve, snooze, wake_due
from handlers.cases.transitions import save_change
from handlers.intake.redaction import redact_post
from storage.engine import Store
from tests.handlers.made import (
    ANA,
    HOUR,
    MIA,
    MINUTE,
    NOW,
    POLICY,
    SAM,
    a_post,
    a_stored_case,
    arrive,
    audit_actions,
    case_of,
    cases,
    do,
    in_parallel,
    messages,
    queued,
    trail,
)

UNTIL = NOW + HOUR
Close = Callable[..., Any]


@pytest.mark.parametrize(
    ("close", "state", "action"),
    [(resolve, CaseState.RESOLVED, Action.RESOLVED), (dismiss, CaseState.DISMISSED, Action.DISMISSED)],
)
def test_closing(store: Store, close: Close, state: CaseState, action: Action) -> None:
    case = a_stored_case(store)
    for _ in range(2):
        do(store, close, case_id=case.id, version=1, user_id=SAM, now=NOW)
    after = case_of(store, case.id)
    assert (after.state, after.closed_by, after.closed_at, after.version) == (state, SAM, NOW, 2)
    assert audit_actions(store, case.id)[-1] == (SAM, action, 2)
    assert len(queued(store, "update_card")) == 1
    with pytest.raises(AlreadyClosed) as refused:
        do(store, close, case_id=case.id, version=2, user_id=MIA, now=NOW)
    assert refused.value.by == SAM


def test_closing_the_other_way_needs_a_reopening(store: Store) -> None:
    case = a_stored_case(store)
    do(store, dismiss, case_id=case.id, version=1, user_id=SAM, now=NOW)
    with pytest.raises(AlreadyClosed):
        do(store, resolve, case_id=case.id, version=1, user_id=SAM, now=NOW)


@pytest.mark.parametrize("put_away", [resolve, dismiss, snooze])
def test_an_outdated_card_shows_what_others_did_and_changes_nothing(store: Store, put_away: Close) -> None:
    case = a_stored_case(store)
    do(store, claim, case_id=case.id, user_id=MIA, now=NOW)
    do(store, release, case_id=case.id, user_id=MIA, now=NOW)
    arrive(store, a_post("901", "@acme and it charged me twice", conversation_id="900"))
    do(store, claim, case_id=case.id, user_id=SAM, now=NOW)
    more = {"until": UNTIL} if put_away is snooze else {}
    with pytest.raises(ChangedSince) as refused:
        do(store, put_away, case_id=case.id, version=1, user_id=SAM, now=NOW, **more)
    assert [(entry.actor, entry.action) for entry in refused.value.entries] == [
        (MIA, Action.CLAIMED),
        (MIA, Action.RELEASED),
        (SYSTEM, Action.CUSTOMER_WROTE),
    ]
    assert case_of(store, case.id).state is CaseState.OPEN


@pytest.mark.parametrize("put_away", [resolve, dismiss, snooze])
def test_ones_own_changes_do_not_outdate_the_card(store: Store, put_away: Close) -> None:
    case = a_stored_case(store)
    do(store, claim, case_id=case.id, user_id=SAM, now=NOW)
    more = {"until": UNTIL} if put_away is snooze else {}
    after = do(store, put_away, case_id=case.id, version=1, user_id=SAM, now=NOW, **more)
    assert after.version == 3


@pytest.mark.parametrize("put_away", [resolve, dismiss, snooze])
def test_somebody_elses_case_cannot_be_closed_or_snoozed(store: Store, put_away: Close) -> None:
    case = a_stored_case(store)
    do(store, claim, case_id=case.id, user_id=MIA, now=NOW)
    more = {"until": UNTIL} if put_away is snooze else {}
    with pytest.raises(AssignedToAnother) as refused:
        do(store, put_away, case_id=case.id, version=2, user_id=SAM, now=NOW, **more)
    assert refused.value.assignee == MIA


def test_a_concurrent_claim_and_resolve_leave_no_half_state(store: Store) -> None:
    case = a_stored_case(store)
    ends = in_parallel(
        [
            lambda: do(store, claim, case_id=case.id, user_id=MIA, now=NOW),
            lambda: do(store, resolve, case_id=case.id, version=1, user_id=SAM, now=NOW),
        ]
    )
    assert sum(isinstance(end, Refused) for end in ends) == 1
    after = case_of(store, case.id)
    assert (after.claimed_by, after.state) in {(MIA, CaseState.OPEN), (None, CaseState.RESOLVED)}
    assert after.version == 2


def test_reopening(store: Store) -> None:
    case = a_stored_case(store)
    do(store, resolve, case_id=case.id, version=1, user_id=SAM, now=NOW)
    for _ in range(2):
        do(store, reopen, case_id=case.id, user_id=MIA, now=NOW)
    after = case_of(store, case.id)
    assert (after.state, after.closed_by, after.closed_at, after.version) == (CaseState.OPEN, None, None, 3)
    assert audit_actions(store, case.id)[-1] == (MIA, Action.REOPENED, 3)


def test_snoozing_and_waking(store: Store) -> None:
    case = a_stored_case(store)
    do(store, snooze, case_id=case.id, version=1, until=UNTIL, user_id=SAM, now=NOW)
    asleep = case_of(store, case.id)
    assert (asleep.state, asleep.snoozed_until) == (CaseState.SNOOZED, UNTIL)
    assert trail(store, case.id)[-1].detail == {"until": UNTIL.isoformat()}
    assert do(store, wake_due, now=UNTIL - MINUTE) == 0
    assert do(store, wake_due, now=UNTIL) == 1
    awake = case_of(store, case.id)
    assert (awake.state, awake.snoozed_until) == (CaseState.OPEN, None)
    assert audit_actions(store, case.id)[-1] == (SYSTEM, Action.WOKEN, 3)
    assert do(store, wake_due, now=UNTIL + HOUR) == 0


def test_a_snooze_keeps_the_holder_and_can_be_moved(store: Store) -> None:
    case = a_stored_case(store)
    do(store, claim, case_id=case.id, user_id=SAM, now=NOW)
    for until in (UNTIL, UNTIL + HOUR):
        do(store, snooze, case_id=case.id, version=None, until=until, user_id=SAM, now=NOW)
    assert do(store, wake_due, now=UNTIL) == 0
    assert do(store, wake_due, now=UNTIL + HOUR) == 1
    assert case_of(store, case.id).claimed_by == SAM


@pytest.mark.parametrize("minutes", [0, -1, -10_000])
def test_a_snooze_ends_in_the_future(store: Store, minutes: int) -> None:
    case = a_stored_case(store)
    with pytest.raises(Refused, match="time has passed"):
        do(
            store,
            snooze,
            case_id=case.id,
            version=1,
            until=NOW + minutes * MINUTE,
            user_id=SAM,
            now=NOW,
        )


def test_snoozed_cases_are_woken_in_batches_and_once_by_two_copies(store: Store) -> None:
    writers = [replace(ANA, id=f"5{n:02}") for n in range(WAKE_BATCH + 5)]
    arrive(store, *[a_post(str(100 + n), author=writer) for n, writer in enumerate(writers)])
    for case in cases(store):
        do(store, snooze, case_id=case.id, version=1, until=UNTIL, user_id=SAM, now=NOW)
    in_parallel([lambda: do(store, wake_due, now=UNTIL)] * 2)
    do(store, wake_due, now=UNTIL)
    assert {(case.state, case.version) for case in cases(store)} == {(CaseState.OPEN, 3)}


def test_nobody_waits_in_a_reopened_case_whose_unanswered_post_was_deleted_meanwhile(store: Store) -> None:
    case = a_stored_case(store)
    do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=NOW + MINUTE)
    [post] = messages(store, case.id)
    do(store, redact_post, message_id=post.id, policy=POLICY, now=NOW + 2 * MINUTE)
    again = do(store, reopen, case_id=case.id, user_id=SAM, now=NOW + 3 * MINUTE)
    assert (again.waiting_since, again.reply_due, again.raised_at) == (None, None, None)
    assert again.reply_block is ReplyBlock.GONE
    assert offers_resolve(again, messages(store, case.id))


def test_what_is_left_of_a_reopened_case_is_still_due(store: Store) -> None:
    case = a_stored_case(store)
    arrive(store, a_post("901", "@acme and it charged me twice", conversation_id="900"))
    do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=NOW + MINUTE)
    first, _ = messages(store, case.id)
    do(store, redact_post, message_id=first.id, policy=POLICY, now=NOW + 2 * MINUTE)
    before = case_of(store, case.id)
    again = do(store, reopen, case_id=case.id, user_id=SAM, now=NOW + 3 * MINUTE)
    assert (again.waiting_since, again.reply_due) == (before.waiting_since, before.reply_due)
    assert again.waiting_since is not None


def test_a_wait_after_an_earlier_deletion_outlives_a_closing(store: Store) -> None:
    """They asked by a press after the post was deleted: that nobody deleted."""
    case = a_stored_case(store)
    [post] = messages(store, case.id)
    do(store, redact_post, message_id=post.id, policy=POLICY, now=NOW)
    with store.unit_of_work() as uow:
        waiting = asked_by_press(uow.cases.get(case.id), NOW + MINUTE, uow.service_levels)
        pressed = save_change(uow, waiting, actor=SYSTEM, action=Action.CUSTOMER_WROTE, now=NOW + MINUTE)
    do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=NOW + 2 * MINUTE)
    again = do(store, reopen, case_id=case.id, user_id=SAM, now=NOW + 3 * MINUTE)
    assert (again.waiting_since, again.reply_due) == (pressed.waiting_since, pressed.reply_due)
    assert again.waiting_since == NOW + MINUTE
