"""Start and stop a rehearsal: who may, one at a time, what is kept."""

from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.errors import Refused
from domain.outages.lifecycle import Actor
from domain.outages.policy import Right
from domain.outages.rehearsal import EndReason, Rehearsal, Score
from handlers.outages.rehearsals import (
    RehearsalRunning,
    current_rehearsal,
    record_begun,
    record_end,
    record_seen,
    recorded_floods,
    start_rehearsal,
    stop_rehearsal,
    view_rehearsal,
)
from handlers.outages.reviews import load_review
from storage.engine import Store
from storage.outbox_tables import outbox
from storage.tables import audit
from tests.handlers.context import NOTICE_WORDS
from tests.handlers.made import ANA, BEN, MIA, NOW, SAM, a_post, arrive, do
from tests.handlers.outages.made import (
    MIA_MAY,
    OUTAGE_POLICY,
    SAM_MAY,
    ListDestination,
    an_outage,
    destinations,
)

ASKED = Rehearsal(channel="C0DRILL", posts=60, minutes=10, started_by=SAM, asked_at=NOW)
LATER = NOW + timedelta(minutes=5)


def test_one_at_a_time(store: Store) -> None:
    started = do(store, start_rehearsal, ASKED, actor=SAM_MAY, now=NOW)
    with pytest.raises(RehearsalRunning) as refused:
        do(store, start_rehearsal, replace(ASKED, started_by=MIA), actor=MIA_MAY, now=LATER)
    assert refused.value.rehearsal.id == started.id
    with pytest.raises(RehearsalRunning):
        do(store, recorded_floods, now=LATER)
    do(store, record_end, rehearsal_id=started.id, reason=EndReason.TIME_UP, score=Score(), now=LATER)
    assert do(store, current_rehearsal) is None
    assert do(store, start_rehearsal, ASKED, actor=MIA_MAY, now=LATER).id > started.id


def test_only_who_may_announce_starts_and_stops(store: Store) -> None:
    drafter = Actor(user_id=MIA, rights=frozenset({Right.DRAFT}))
    with pytest.raises(Refused):
        do(store, start_rehearsal, ASKED, actor=drafter, now=NOW)
    do(store, start_rehearsal, ASKED, actor=SAM_MAY, now=NOW)
    with pytest.raises(Refused):
        do(store, stop_rehearsal, actor=drafter, now=NOW)


def test_a_stop_is_kept_with_a_name_and_told_where_none_goes_on(store: Store) -> None:
    with pytest.raises(Refused, match="no rehearsal is going on"):
        do(store, stop_rehearsal, actor=SAM_MAY, now=NOW)
    do(store, start_rehearsal, ASKED, actor=SAM_MAY, now=NOW)
    do(store, stop_rehearsal, actor=MIA_MAY, now=LATER)
    do(store, stop_rehearsal, actor=SAM_MAY, now=LATER)
    running = do(store, current_rehearsal)
    assert running is not None
    assert running.stop_asked_by == MIA


@pytest.mark.parametrize("is_begun", [False, True])
def test_a_stop_is_not_lost_to_the_bot_that_writes_at_the_same_moment(store: Store, is_begun: bool) -> None:
    started = do(store, start_rehearsal, ASKED, actor=SAM_MAY, now=NOW)
    if is_begun:
        do(store, record_begun, rehearsal_id=started.id, now=NOW)

    def write() -> None:
        do(store, record_begun, rehearsal_id=started.id, now=LATER)
        do(store, record_seen, now=LATER)

    with ThreadPoolExecutor(1) as threads:
        with store.unit_of_work() as uow:
            stop_rehearsal(uow, actor=MIA_MAY, now=LATER)
            writing = threads.submit(write)
            wait([writing], timeout=0.3)
        writing.result()
    after = do(store, current_rehearsal)
    assert after is not None
    assert (after.stop_asked_by, after.seen_at) == (MIA, LATER)


def test_the_trail_has_who_and_the_score_and_each_message_is_posted_once(store: Store) -> None:
    started = do(store, start_rehearsal, ASKED, actor=SAM_MAY, now=NOW)
    do(store, record_begun, rehearsal_id=started.id, now=NOW)
    do(store, record_begun, rehearsal_id=started.id, now=LATER)
    score = Score(posts=60, noticed=80.0, urgent=5, urgent_answered=2)
    for _ in range(2):
        do(store, record_end, rehearsal_id=started.id, reason=EndReason.COMPLETE, score=score, now=LATER)
    with store.engine.connect() as connection:
        columns = (audit.c.actor, audit.c.action, audit.c.detail)
        trail = connection.execute(select(*columns).order_by(audit.c.id)).all()
        posted = connection.scalars(select(outbox.c.key).order_by(outbox.c.id)).all()
    assert [(row.actor, row.action) for row in trail] == [
        (SAM, "rehearsal_started"),
        ("system", "rehearsal_ended"),
    ]
    assert trail[1].detail["score"]["noticed"] == 80.0
    assert posted == [f"post_rehearsal:{started.id}:start", f"post_rehearsal:{started.id}:score"]


def test_it_is_compared_with_the_last_that_was_scored(store: Store) -> None:
    def played(reason: EndReason, score: Score | None) -> int:
        started = do(store, start_rehearsal, ASKED, actor=SAM_MAY, now=NOW)
        do(store, record_end, rehearsal_id=started.id, reason=reason, score=score, now=NOW)
        return started.id

    first = played(EndReason.COMPLETE, Score(noticed=120.0))
    played(EndReason.LOST, None)
    third, last = do(store, view_rehearsal, rehearsal_id=played(EndReason.STOPPED, Score(noticed=60.0)))
    assert last is not None
    assert (last.id, last.score, third.score) == (first, Score(noticed=120.0), Score(noticed=60.0))


def test_a_gap_delays_it(store: Store) -> None:
    started = do(store, start_rehearsal, ASKED, actor=SAM_MAY, now=NOW)
    do(store, record_begun, rehearsal_id=started.id, now=NOW)
    do(store, record_seen, now=NOW + timedelta(seconds=20))
    seen = do(store, record_seen, now=NOW + timedelta(hours=1))
    assert seen is not None
    assert seen.delay == timedelta(minutes=59, seconds=40)


def test_recorded_posts_are_replayed_without_names(store: Store) -> None:
    early = a_post("1", "the zebra app eats my payment", created_at=NOW - timedelta(hours=2))
    late = [
        a_post("2", "payment fails", author=ANA, created_at=NOW),
        a_post("3", "payment fails too", author=BEN, created_at=NOW + timedelta(seconds=30)),
        a_post("4", "still fails", author=ANA, created_at=NOW + timedelta(seconds=60)),
    ]
    arrive(store, early, *late, now=LATER)
    recorded = replace(ASKED, recorded_from=NOW - timedelta(minutes=5))
    assert do(store, start_rehearsal, recorded, actor=SAM_MAY, now=LATER).posts == 3
    with store.unit_of_work() as uow:
        found = uow.rehearsals.recorded(NOW - timedelta(minutes=5), limit=60)
    assert [(post.author, post.at) for post in found] == [
        ("customer_1", 0),
        ("customer_2", 30),
        ("customer_1", 60),
    ]
    assert ANA.handle not in str(found)


def test_a_time_without_posts_is_refused(store: Store) -> None:
    recorded = replace(ASKED, recorded_from=NOW)
    with pytest.raises(Refused, match="no post of that time"):
        do(store, start_rehearsal, recorded, actor=SAM_MAY, now=NOW)


def test_the_review_of_a_real_notice_knows_of_the_rehearsal(store: Store) -> None:
    _, notice = an_outage(store)

    def reviewed() -> str | None:
        return do(
            store,
            load_review,
            notice_id=notice.id,
            destinations=destinations(page=ListDestination()),
            policy=OUTAGE_POLICY,
            words=NOTICE_WORDS,
            names=(),
            preflights={},
            now=NOW,
        ).rehearsal_channel

    assert reviewed() is None
    do(store, start_rehearsal, ASKED, actor=SAM_MAY, now=NOW)
    assert reviewed() == "C0DRILL"
