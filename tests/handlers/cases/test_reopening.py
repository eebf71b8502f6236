"""Raise the rank of a case whose customer writes again after an answer or a resolution, until we answer."""

from handlers.cases.resolution import reopen, resolve
from handlers.replies.results import record_sent
from storage.engine import Store
from tests.handlers.made import FIRE, HOUR, MINUTE, NOW, SAM, a_post, arrive, case_of, cases, do
from tests.handlers.replies.test_results import answered

AGAIN = "@acme hello? anybody?"


def test_a_second_post_does_not_lower_the_rank_of_a_reopened_case(store: Store) -> None:
    """Resolved without an answer, then two posts in sequence."""
    arrive(store, a_post())
    [case] = cases(store)
    do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=NOW)
    back = NOW + HOUR
    arrive(store, a_post("901", AGAIN, conversation_id="900", created_at=back), now=back)
    once = case_of(store, case.id)
    arrive(store, a_post("902", AGAIN, created_at=back + MINUTE), now=back + MINUTE)
    twice = case_of(store, case.id)
    assert once.sort_key == case.sort_key - 3600 + 20 * 60
    assert (twice.sort_key, twice.reopened_at) == (once.sort_key, back)
    arrive(
        store, a_post("901", FIRE, revision_id="903", conversation_id="900", created_at=back), now=back + HOUR
    )
    assert case_of(store, case.id).sort_key > twice.sort_key + 20 * 60


def test_a_case_stays_reopened_until_nothing_is_unanswered(store: Store) -> None:
    arrive(store, a_post())
    [case] = cases(store)
    do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=NOW)
    back = NOW + HOUR
    arrive(store, a_post("901", AGAIN, conversation_id="900", created_at=back), now=back)
    do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=back)
    do(store, reopen, case_id=case.id, user_id=SAM, now=back)
    assert case_of(store, case.id).reopened_at == back
    first = answered(store, case_of(store, case.id), key="1")
    arrive(store, a_post("902", AGAIN, created_at=back + MINUTE), now=back + MINUTE)
    do(store, record_sent, message_id=first.id, result={"id": "5"}, now=back + MINUTE)
    assert case_of(store, case.id).reopened_at == back
    second = answered(store, case_of(store, case.id), key="2")
    do(store, record_sent, message_id=second.id, result={"id": "6"}, now=back + HOUR)
    assert case_of(store, case.id).reopened_at is None


def test_a_case_that_an_agent_reopens_ranks_as_before(store: Store) -> None:
    arrive(store, a_post())
    [case] = cases(store)
    do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=NOW)
    do(store, reopen, case_id=case.id, user_id=SAM, now=NOW)
    arrive(store, a_post("901", AGAIN, created_at=NOW + MINUTE), now=NOW + MINUTE)
    after = case_of(store, case.id)
    assert (after.reopened_at, after.sort_key) == (None, case.sort_key)
