"""Re-rank stored cases whose rank comes from other ranking rules."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from domain.cases.case import Case
from domain.triage.ranking import rules_fingerprint
from handlers.cases import ranking
from handlers.cases.assignment import claim
from handlers.cases.ranking import drop_due_times_of_spam, rerank_cases
from handlers.cases.resolution import dismiss, reopen, resolve
from storage.engine import Store
from storage.response_tables import responses
from storage.tables import cases as table
from storage.unit_of_work import UnitOfWork
from tests.handlers.made import (
    ANA,
    BEN,
    FIRE,
    NOW,
    PAYMENT,
    SAM,
    THANKS,
    a_post,
    arrive,
    case_of,
    cases,
    do,
    in_parallel,
    queued,
)

MINUTE = timedelta(minutes=1)


def three_cases(store: Store) -> list[Case]:
    for number, (text, author) in enumerate([(FIRE, ANA), (PAYMENT, BEN), (THANKS, replace(ANA, id="99"))]):
        arrive(store, a_post(str(900 + number), text, author=author))
    return cases(store)


@pytest.fixture
def ranked_by_others(store: Store) -> list[Case]:
    """Three cases ranked by other rules, the mildest first; the third has no fingerprint of rules."""
    for number, case in enumerate(three_cases(store)):
        old = {"sort_key": float(number), "ranking_fingerprint": "others" if number < 2 else None}
        forge(store, case.id, **old)
    return cases(store)


def forge(store: Store, case_id: int, **columns: object) -> None:
    with store.engine.begin() as connection:
        connection.execute(update(table).where(table.c.id == case_id).values(**columns))


def places(store: Store) -> dict[int, tuple[float, str | None]]:
    """Return the stored (rank, fingerprint of the rules) by case id."""
    with store.engine.connect() as connection:
        rows = connection.execute(select(table.c.id, table.c.sort_key, table.c.ranking_fingerprint)).all()
    return {row.id: (row.sort_key, row.ranking_fingerprint) for row in rows}


def by_present_rules(store: Store, ids: list[int]) -> dict[int, tuple[float, str | None]]:
    return {one: (case_of(store, one).sort_key, rules_fingerprint()) for one in ids}


def first_ids(store: Store) -> list[int]:
    with store.unit_of_work() as uow:
        return [case.id for case in uow.cases.unclaimed(limit=9)]


def test_cases_ranked_by_other_rules_are_reranked_once(store: Store, ranked_by_others: list[Case]) -> None:
    ids = [case.id for case in ranked_by_others]
    assert first_ids(store) == ids[::-1]
    assert do(store, rerank_cases) == 3
    assert first_ids(store) == ids
    assert places(store) == by_present_rules(store, ids)
    assert [case.version for case in cases(store)] == [1, 1, 1]
    assert do(store, rerank_cases) == 0


def test_reranking_is_done_in_batches(
    store: Store, ranked_by_others: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranking, "RERANK_BATCH", 2)
    assert [do(store, rerank_cases) for _ in range(3)] == [2, 1, 0]
    assert places(store) == by_present_rules(store, [case.id for case in ranked_by_others])


def test_several_copies_may_rerank_at_once(store: Store, ranked_by_others: list[Case]) -> None:
    in_parallel([lambda: do(store, rerank_cases)] * 4)
    assert places(store) == by_present_rules(store, [case.id for case in ranked_by_others])


@pytest.mark.parametrize("close", [resolve, dismiss])
def test_a_closed_case_is_ranked_by_the_present_rules_when_it_comes_back(
    store: Store, close: Callable[..., Case]
) -> None:
    arrive(store, a_post())
    [case] = cases(store)
    do(store, close, case_id=case.id, version=None, user_id=SAM, now=NOW)
    forge(store, case.id, sort_key=3.0, ranking_fingerprint="others")
    assert do(store, rerank_cases) == 0
    assert places(store) == {case.id: (3.0, "others")}
    do(store, reopen, case_id=case.id, user_id=SAM, now=NOW)
    assert places(store) == by_present_rules(store, [case.id])


def test_any_change_reranks_the_case_by_the_present_rules(store: Store, ranked_by_others: list[Case]) -> None:
    do(store, claim, case_id=ranked_by_others[0].id, user_id=SAM, now=NOW)
    [first, *others] = [case.id for case in ranked_by_others]
    assert {first: places(store)[first]} == by_present_rules(store, [first])
    assert [places(store)[one][0] for one in others] == [1.0, 2.0]


def test_reranking_does_not_undo_a_concurrent_change(store: Store, ranked_by_others: list[Case]) -> None:
    first = ranked_by_others[0].id

    def change_twice(uow: UnitOfWork) -> None:
        saved = uow.cases.save(replace(uow.cases.get(first), waiting_since=NOW - 90 * MINUTE))
        uow.cases.save(replace(saved, claimed_by=SAM))

    do(store, change_twice)
    do(store, rerank_cases)
    assert (case_of(store, first).version, case_of(store, first).claimed_by) == (3, SAM)
    assert places(store) == by_present_rules(store, [case.id for case in ranked_by_others])


def test_due_times_that_earlier_versions_gave_to_spam_are_dropped(store: Store) -> None:
    """One of a policy that names spam stays, and that of everything else."""
    old, named, other = (case.id for case in three_cases(store))
    due = NOW + timedelta(hours=1)
    for case_id in (old, named):
        forge(store, case_id, situation="spam", reply_due=due)
    with store.engine.begin() as connection:
        connection.execute(update(responses).values(due_at=due, policy=None))
        connection.execute(update(responses).where(responses.c.case_id == named).values(policy="scams"))
    assert do(store, drop_due_times_of_spam, now=NOW) == 1
    assert do(store, drop_due_times_of_spam, now=NOW) == 0
    with store.unit_of_work() as uow:
        assert [uow.cases.get(one).reply_due is None for one in (old, named, other)] == [True, False, False]
        waits = uow.responses.of_cases([old, named, other])
    assert [waits[one][0].due_at for one in (old, named, other)] == [None, due, due]
    assert {row["payload"]["case_id"] for row in queued(store, "update_card")} == {old}
