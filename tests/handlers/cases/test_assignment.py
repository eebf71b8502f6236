"""Claim, assign, release and take over cases: one assignee at most, and everybody concerned is notified."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from adapters.slack.refusal_texts import refusal_text
from domain.cases.case import Case, CaseState
from domain.errors import AlreadyClosed, AssignedToAnother, CaseNotFound, Refused
from domain.records.audit import Action
from handlers.cases.assignment import assign, claim, claim_next, release, take_over
from handlers.cases.resolution import resolve, snooze
from storage.engine import Store
from tests.handlers.made import (
    BEN,
    FIRE,
    HOUR,
    KAI,
    MIA,
    MINUTE,
    NOW,
    SAM,
    THANKS,
    a_stored_case,
    audit_actions,
    case_of,
    do,
    in_parallel,
    queued,
    trail,
)

LATER = NOW + MINUTE


def notifications(store: Store) -> list[tuple[str, str, str]]:
    """Return (user id, audit action, actor) of each queued notification to a person."""
    rows = (row["payload"] for row in queued(store, "tell_person"))
    return [(row["user_id"], row["action"], row["actor"]) for row in rows]


def test_a_claim_sets_assignee_time_and_version_and_redraws_the_card(store: Store) -> None:
    case = a_stored_case(store)
    claimed = do(store, claim, case_id=case.id, user_id=SAM, now=LATER)
    assert (claimed.claimed_by, claimed.claimed_at, claimed.version, claimed.state) == (
        SAM,
        LATER,
        2,
        CaseState.OPEN,
    )
    assert case_of(store, case.id) == claimed
    assert audit_actions(store, case.id)[-1] == (SAM, Action.CLAIMED, 2)
    entry = trail(store, case.id)[-1]
    assert (entry.at, entry.detail) == (LATER, {"to": SAM, "from": None})
    assert {row["kind"] for row in queued(store)} == {"post_card", "update_card", "post_thread"}


def test_a_double_click_claims_once(store: Store) -> None:
    case = a_stored_case(store)
    for _ in range(2):
        do(store, claim, case_id=case.id, user_id=SAM, now=NOW)
    assert case_of(store, case.id).version == 2


def test_of_eight_concurrent_claims_one_wins_and_seven_name_the_assignee(store: Store) -> None:
    case = a_stored_case(store)
    users = [f"U{n}" for n in range(8)]
    ends = in_parallel(
        [lambda user=user: do(store, claim, case_id=case.id, user_id=user, now=NOW) for user in users]  # type: ignore[misc]
    )
    [winner] = [end for end in ends if isinstance(end, Case)]
    losers = [end for end in ends if isinstance(end, AssignedToAnother)]
    assert len(losers) == 7
    assert {loser.assignee for loser in losers} == {winner.claimed_by}
    assert [action for _, action, _ in audit_actions(store, case.id)] == [Action.CASE_OPENED, Action.CLAIMED]


def test_concurrent_claims_of_the_next_case_get_different_ones(store: Store) -> None:
    for number in range(4):
        a_stored_case(store, author=replace(BEN, id=f"50{number}"))
    users = [f"U{n}" for n in range(6)]
    ends = in_parallel([lambda user=user: do(store, claim_next, user_id=user, now=NOW) for user in users])  # type: ignore[misc]
    given = [end.id for end in ends if isinstance(end, Case)]
    assert len(given) == len(set(given)) == 4
    assert ends.count(None) == 2


def test_claim_next_takes_the_highest_ranking_case(store: Store) -> None:
    mild = a_stored_case(store, THANKS)
    grave = a_stored_case(store, FIRE, author=BEN)
    snoozed = a_stored_case(store, FIRE, author=replace(BEN, id="99"))
    do(store, snooze, case_id=snoozed.id, version=None, until=NOW + HOUR, user_id=SAM, now=NOW)
    order = [do(store, claim_next, user_id=SAM, now=NOW) for _ in range(3)]
    assert [case and case.id for case in order] == [grave.id, mild.id, None]


def test_taking_over_notifies_the_former_assignee(store: Store) -> None:
    case = a_stored_case(store)
    do(store, claim, case_id=case.id, user_id=SAM, now=NOW)
    taken = do(store, take_over, case_id=case.id, user_id=MIA, assignee=SAM, now=LATER)
    assert (taken.claimed_by, taken.claimed_at) == (MIA, LATER)
    assert notifications(store) == [(SAM, "taken_over", MIA)]
    assert trail(store, case.id)[-1].detail == {"to": MIA, "from": SAM}
    assert audit_actions(store, case.id)[-1] == (MIA, Action.TAKEN_OVER, 3)


def test_taking_over_from_somebody_whom_the_confirmation_did_not_name_is_refused(store: Store) -> None:
    case = a_stored_case(store)
    do(store, claim, case_id=case.id, user_id=SAM, now=NOW)
    do(store, take_over, case_id=case.id, user_id=KAI, assignee=SAM, now=NOW)
    with pytest.raises(AssignedToAnother) as refused:
        do(store, take_over, case_id=case.id, user_id=MIA, assignee=SAM, now=NOW)
    assert refused.value.assignee == KAI
    assert case_of(store, case.id).claimed_by == KAI


@pytest.mark.parametrize("assignee", [SAM, ""])
def test_taking_over_what_was_released_meanwhile_is_a_claim(store: Store, assignee: str) -> None:
    case = a_stored_case(store)
    taken = do(store, take_over, case_id=case.id, user_id=MIA, assignee=assignee, now=NOW)
    assert taken.claimed_by == MIA
    assert notifications(store) == []
    again = do(store, take_over, case_id=case.id, user_id=MIA, assignee=assignee, now=NOW)
    assert again.version == taken.version


def test_of_two_concurrent_takeovers_one_wins(store: Store) -> None:
    case = a_stored_case(store)
    do(store, claim, case_id=case.id, user_id=SAM, now=NOW)
    ends = in_parallel(
        [
            lambda user=user: do(store, take_over, case_id=case.id, user_id=user, assignee=SAM, now=NOW)  # type: ignore[misc]
            for user in (MIA, KAI)
        ]
    )
    assert sum(isinstance(end, AssignedToAnother) for end in ends) == 1


def test_assigning_notifies_both_assignees_but_not_the_actor(store: Store) -> None:
    case = a_stored_case(store)
    do(store, claim, case_id=case.id, user_id=SAM, now=NOW)
    do(store, assign, case_id=case.id, to=MIA, user_id=KAI, now=NOW)
    assert sorted(notifications(store)) == [(MIA, "assigned", KAI), (SAM, "assigned", KAI)]
    do(store, assign, case_id=case.id, to=KAI, user_id=KAI, now=NOW)
    assert sorted(notifications(store))[1:] == [(MIA, "assigned", KAI), (SAM, "assigned", KAI)]
    before = case_of(store, case.id)
    assert do(store, assign, case_id=case.id, to=KAI, user_id=SAM, now=NOW) == before


def test_assigning_wakes_a_snoozed_case(store: Store) -> None:
    case = a_stored_case(store)
    do(store, snooze, case_id=case.id, version=None, until=NOW + HOUR, user_id=SAM, now=NOW)
    given = do(store, assign, case_id=case.id, to=MIA, user_id=SAM, now=NOW)
    assert (given.state, given.snoozed_until) == (CaseState.OPEN, None)


def test_a_released_case_is_back_in_the_queue(store: Store) -> None:
    case = a_stored_case(store)
    do(store, claim, case_id=case.id, user_id=SAM, now=NOW)
    with pytest.raises(AssignedToAnother):
        do(store, release, case_id=case.id, user_id=MIA, now=NOW)
    free = do(store, release, case_id=case.id, user_id=SAM, now=NOW)
    assert (free.claimed_by, free.claimed_at) == (None, None)
    with pytest.raises(Refused, match="nobody has claimed"):
        do(store, release, case_id=case.id, user_id=SAM, now=NOW)
    again = do(store, claim_next, user_id=MIA, now=NOW)
    assert again is not None
    assert again.id == case.id


def test_a_closed_case_cannot_be_claimed_or_assigned(store: Store) -> None:
    case = a_stored_case(store)
    do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=NOW)
    before = audit_actions(store, case.id)
    acts: list[Callable[[], object]] = [
        lambda: do(store, claim, case_id=case.id, user_id=MIA, now=NOW),
        lambda: do(store, take_over, case_id=case.id, user_id=MIA, assignee=SAM, now=NOW),
        lambda: do(store, assign, case_id=case.id, to=KAI, user_id=MIA, now=NOW),
        lambda: do(store, release, case_id=case.id, user_id=MIA, now=NOW),
    ]
    for act in acts:
        with pytest.raises(AlreadyClosed) as refused:
            act()
        assert (refused.value.state, refused.value.by, refused.value.at) == ("resolved", SAM, NOW)
    assert audit_actions(store, case.id) == before
    assert do(store, claim_next, user_id=MIA, now=NOW) is None


def test_an_unknown_case_is_reported(store: Store) -> None:
    with pytest.raises(CaseNotFound) as refused:
        do(store, claim, case_id=2**62, user_id=SAM, now=NOW)
    assert "not here any more" in refusal_text(refused.value)
