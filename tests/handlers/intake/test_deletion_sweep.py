"""Look up each stored post once a day and redact those that are deleted."""

from datetime import timedelta
from typing import Any

import pytest

from domain.intake.streams import Stream
from handlers.intake.deletion_sweep import DELETIONS, next_sweep_batch, posts_in_batch, redact_deleted_posts
from storage.engine import Store
from tests.handlers.made import (
    ACME,
    HOUR,
    MINUTE,
    NOW,
    POLICY,
    a_post,
    a_stored_case,
    arrive,
    do,
    messages,
)

WEEK = timedelta(days=7)
SWEEP = Stream(account=ACME, name=DELETIONS, label="X")


def look(store: Store, *, now: Any, upto: int = 1000, gone: tuple[int, ...] = ()) -> list[int]:  # noqa: ANN401 - a moment
    """Run a turn of the sweep over `upto` posts; return the ids that it looked up, or [-1] while paused."""
    batch = do(store, next_sweep_batch, account=ACME, within=WEEK, now=now)
    if batch is None:
        return [-1]
    found = do(store, posts_in_batch, account=ACME, batch=batch, after_id=batch.after_id, limit=upto)
    last = found[-1].id if found else batch.after_id
    removed = [message for message in found if message.id in gone]
    did = do(
        store,
        redact_deleted_posts,
        stream=SWEEP,
        batch=batch,
        up_to_id=last,
        posts=found,
        deleted_ids=frozenset(str(message.external_id) for message in removed),
        policy=POLICY,
        now=now,
    )
    assert did == len(removed)
    return [message.id for message in found]


def test_each_post_is_looked_up_once_a_day_and_a_deleted_one_never_again(store: Store) -> None:
    arrive(store, *(a_post(f"9{n}", conversation_id=f"9{n}") for n in range(5)))
    ids = [message.id for message in messages(store, _only_case(store))]
    assert look(store, now=NOW, upto=2) == ids[:2]
    assert look(store, now=NOW + HOUR, gone=(ids[2],)) == ids[2:]
    assert look(store, now=NOW + 2 * HOUR) == []
    assert look(store, now=NOW + 12 * HOUR) == [i for i in ids if i != ids[2]]
    assert look(store, now=NOW + 8 * 24 * HOUR) == []


def _only_case(store: Store) -> int:
    with store.unit_of_work() as uow:
        [case] = uow.case_search.find([], limit=2)
    return case.id


def test_a_run_takes_its_share_of_what_is_left(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("domain.intake.deletion_sweep.MIN_BATCH_SIZE", 1)
    arrive(store, *(a_post(f"9{n:02}") for n in range(25)))
    batch = do(store, next_sweep_batch, account=ACME, within=WEEK, now=NOW + HOUR)
    assert batch is not None
    assert batch.size == 3


def test_a_run_that_ends_after_midnight_counts_for_the_day_before(store: Store) -> None:
    a_stored_case(store)
    late = NOW.replace(hour=23, minute=59)
    batch = do(store, next_sweep_batch, account=ACME, within=WEEK, now=late)
    assert batch is not None
    [post] = do(store, posts_in_batch, account=ACME, batch=batch, after_id=0, limit=9)
    do(
        store,
        redact_deleted_posts,
        stream=SWEEP,
        batch=batch,
        up_to_id=post.id,
        posts=[post],
        deleted_ids=frozenset(),
        policy=POLICY,
        now=late + 2 * MINUTE,
    )
    assert look(store, now=late + HOUR) == [post.id]
