"""Reopen a closed case by a post in one of its conversations, or open a new one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.cases.case import CaseState
from handlers.cases.assignment import claim
from handlers.cases.resolution import dismiss, resolve
from storage.engine import Store
from tests.handlers.made import (
    ANA,
    BEN,
    HOUR,
    MINUTE,
    NOW,
    SAM,
    a_post,
    arrive,
    case_of,
    cases,
    do,
)

DAY = timedelta(days=1)
AGAIN = "@acme hello? anybody?"


def test_a_reply_in_its_conversation_reopens_a_resolved_case_unclaimed(store: Store) -> None:
    arrive(store, a_post())
    [case] = cases(store)
    do(store, claim, case_id=case.id, user_id=SAM, now=NOW)
    do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=NOW)
    back = NOW + 10 * DAY
    arrive(
        store,
        a_post("901", AGAIN, conversation_id="900", created_at=back),
        a_post("902", AGAIN, conversation_id="900", created_at=back + MINUTE),
        now=back + HOUR,
    )
    [after] = cases(store)
    assert (after.state, after.closed_by, after.closed_at) == (CaseState.OPEN, None, None)
    assert (after.waiting_since, after.reply_due) == (back, back + HOUR)
    assert after.claimed_by is None
    with store.unit_of_work() as uow:
        assert [found.id for found in uow.cases.unclaimed(limit=5)] == [after.id]
    fresh = replace(ANA, id="502")
    arrive(store, a_post("903", author=fresh, created_at=back), now=back + HOUR)
    other = cases(store)[-1]
    assert after.sort_key == other.sort_key + 20 * 60


def test_a_new_conversation_after_a_resolved_case_is_a_new_case(store: Store) -> None:
    arrive(store, a_post())
    [case] = cases(store)
    do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=NOW)
    arrive(store, a_post("901", AGAIN))
    assert [found.state for found in cases(store)] == [CaseState.RESOLVED, CaseState.OPEN]


def test_a_resolved_case_is_not_reopened_by_a_bystander_or_by_a_post_elsewhere(
    store: Store,
) -> None:
    arrive(store, a_post())
    [case] = cases(store)
    do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=NOW)
    arrive(
        store,
        a_post("901", "@acme same here", author=BEN, conversation_id="900"),
        a_post("902", "@acme where is my parcel"),
    )
    assert case_of(store, case.id).state is CaseState.RESOLVED
    assert len(cases(store)) == 3


@pytest.mark.parametrize("talk", ["900", "901", "777"])
def test_a_reply_in_any_of_its_conversations_reopens_a_resolved_case(store: Store, talk: str) -> None:
    """It began with two posts of its author's; then came one in another author's conversation."""
    arrive(store, a_post(), a_post("901", AGAIN), a_post("902", AGAIN, conversation_id="777"))
    [case] = cases(store)
    assert case.conversation_id == "777"
    do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=NOW)
    arrive(store, a_post("903", AGAIN, conversation_id=talk))
    assert [found.state for found in cases(store)] == [CaseState.OPEN]
    arrive(store, a_post("904", "@acme same here", author=BEN, conversation_id=talk))
    assert [found.author.id for found in cases(store)] == [ANA.id, BEN.id]


def test_a_reply_to_one_of_its_posts_reopens_no_dismissed_and_no_old_case(
    store: Store,
) -> None:
    arrive(store, a_post(), a_post("901", AGAIN))
    [case] = cases(store)
    do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=NOW)
    late = NOW + 15 * DAY
    arrive(store, a_post("902", AGAIN, conversation_id="900", created_at=late), now=late)
    assert len(cases(store)) == 2
    again = cases(store)[-1]
    do(store, dismiss, case_id=again.id, version=None, user_id=SAM, now=late)
    arrive(store, a_post("903", AGAIN, conversation_id="902", created_at=late), now=late)
    assert len(cases(store)) == 3


def test_a_dismissed_case_stays_dismissed(store: Store) -> None:
    arrive(store, a_post())
    [case] = cases(store)
    do(store, dismiss, case_id=case.id, version=None, user_id=SAM, now=NOW)
    arrive(store, a_post("901", AGAIN, conversation_id="900"))
    assert [found.state for found in cases(store)] == [CaseState.DISMISSED, CaseState.OPEN]


def test_a_reply_after_the_window_is_a_new_case(store: Store) -> None:
    arrive(store, a_post())
    [case] = cases(store)
    do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=NOW)
    late = NOW + 15 * DAY
    arrive(store, a_post("901", AGAIN, conversation_id="900", created_at=late), now=late)
    assert len(cases(store)) == 2
