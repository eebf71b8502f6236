"""Store outbox rows through their whole life: add, claim, settle, lease, clean up, on both databases."""

from datetime import timedelta

import pytest

from domain.delivery.effects import Alert, DraftReply, NotifyPerson, PostCard, SendPublicReply, UpdateCard
from domain.delivery.thread_effects import PostThread
from storage.engine import Store
from storage.errors import LostLease
from tests.storage.made import NOW, SECOND
from tests.storage.outboxes import LEASE, OutboxCalls, keys

CARD = PostCard(1, "C1")
UPDATE = UpdateCard(1)
THREAD = PostThread(1, "C1")
REPLY = SendPublicReply(7, 1, "x")


@pytest.fixture
def box(store: Store) -> OutboxCalls:
    return OutboxCalls(store)


def test_claim_returns_the_added_effect(box: OutboxCalls) -> None:
    effects = [
        CARD,
        THREAD,
        REPLY,
        DraftReply(3, 4),
        NotifyPerson("U1", "U2", "assigned", 3, "3.2"),
        Alert(text="ünï <!channel>", dedupe_key="o", channel="C9"),
    ]
    box.add(*effects)
    jobs = []
    while taken := box.claim():
        jobs += taken
        for job in taken:
            assert (job.attempts, job.checks, job.generation, job.reconciling) == (1, 0, 1, False)
            assert (job.created_at, job.first_tried_at) == (NOW, NOW)
            box.settle(job)
    assert {job.effect for job in jobs} == set(effects)
    assert box.counts() == {"sent": 6}


def test_claims_are_ordered_by_lane_then_priority_then_age(box: OutboxCalls) -> None:
    box.add(DraftReply(1, 1), PostCard(1, "C1"), now=NOW, priority=9)
    box.add(PostCard(2, "C1"), priority=1)
    box.add(PostCard(3, "C1"), PostCard(4, "C1"), priority=2)
    box.add(SendPublicReply(1, 9, "x"), priority=-5)
    in_order = [
        SendPublicReply(1, 9, "x"),
        PostCard(1, "C1"),
        PostCard(3, "C1"),
        PostCard(4, "C1"),
        PostCard(2, "C1"),
        DraftReply(1, 1),
    ]
    assert keys(box.claim(limit=4)) == [effect.key for effect in in_order[:4]]
    assert keys(box.claim()) == [effect.key for effect in in_order[4:]]


def test_a_claimed_row_is_not_claimed_again(box: OutboxCalls) -> None:
    box.add(CARD)
    assert len(box.claim()) == 1
    assert box.claim() == []
    assert box.counts() == {"sending": 1}


def test_an_effect_added_twice_is_one_row(box: OutboxCalls) -> None:
    box.add(REPLY, REPLY)
    box.add(REPLY, now=NOW + SECOND, priority=5)
    assert box.counts() == {"queued": 1}
    box.settle(box.claim_one())
    box.add(REPLY)
    assert box.counts() == {"sent": 1}
    assert box.claim() == []


def test_has_additions_only_after_an_add(store: Store) -> None:
    with store.unit_of_work() as uow:
        uow.outbox.add([], now=NOW)
        assert not uow.outbox.has_additions
        uow.outbox.add([CARD], now=NOW)
        assert uow.outbox.has_additions


def test_settling_what_is_queued_leaves_nothing_to_send(box: OutboxCalls, store: Store) -> None:
    box.add(CARD)
    box.fail(box.claim_one())
    box.add(THREAD, REPLY)
    with store.unit_of_work() as uow:
        uow.outbox.settle_queued(now=NOW)
    assert box.counts() == {"sent": 2, "failed": 1}
    assert box.claim() == []
    box.add(UPDATE)
    assert len(box.claim()) == 1


def test_postpone_waits_and_counts_as_an_attempt_by_default(box: OutboxCalls) -> None:
    box.add(CARD)
    box.postpone(box.claim_one(), due=NOW + SECOND)
    assert box.claim(NOW) == []
    job = box.claim_one(NOW + SECOND)
    assert (job.attempts, job.first_tried_at, job.note) == (2, NOW, "later")
    box.postpone(job, counts=False)
    assert box.claim_one().attempts == 2


def test_a_check_that_is_put_off_takes_no_attempt_back(box: OutboxCalls) -> None:
    box.add(REPLY)
    box.mark_unsure(box.claim_one())
    box.postpone(box.claim_one(), counts=False)
    assert box.claim_one().attempts == 2


def test_what_a_pause_holds_is_no_attempt(box: OutboxCalls, store: Store) -> None:
    box.add(REPLY)
    job = box.claim_one()
    with store.unit_of_work() as uow:
        uow.outbox.hold([job], now=NOW)
    assert box.claim(NOW + timedelta(days=1)) == []
    with store.unit_of_work() as uow:
        uow.outbox.release_held(now=NOW)
    assert box.claim_one().attempts == 1


def test_a_failed_row_is_not_claimed_again(box: OutboxCalls) -> None:
    box.add(REPLY)
    box.fail(box.claim_one())
    assert box.counts() == {"failed": 1}
    assert box.claim(NOW + timedelta(days=1)) == []
    assert box.row(REPLY.key)["note"] == "no"


def test_an_unsure_row_is_claimed_for_reconciliation(box: OutboxCalls) -> None:
    box.add(REPLY)
    box.mark_unsure(box.claim_one(), due=NOW + SECOND, responded=True)
    assert box.counts() == {"unsure": 1}
    assert box.claim(NOW) == []
    job = box.claim_one(NOW + SECOND)
    assert (job.reconciling, job.responded, job.attempts, job.checks) == (True, True, 1, 1)
    box.mark_unsure(job, due=NOW + 2 * SECOND, responded=False)
    again = box.claim_one(NOW + 2 * SECOND)
    assert (again.reconciling, again.responded, again.attempts, again.checks) == (True, False, 1, 2)
    box.settle(again)
    assert box.counts() == {"sent": 1}


def test_an_effect_that_was_not_found_is_sent_again(box: OutboxCalls) -> None:
    box.add(CARD)
    box.mark_unsure(box.claim_one(), responded=True)
    box.postpone(box.claim_one())
    job = box.claim_one()
    assert (job.reconciling, job.responded, job.attempts, job.checks) == (False, False, 2, 1)


def test_a_row_without_a_due_time_waits_for_a_person(box: OutboxCalls) -> None:
    box.add(REPLY)
    box.mark_unsure(box.claim_one(), due=None)
    assert box.claim(NOW + timedelta(days=9)) == []
    assert box.next_due() is None
    assert not box.by_person("another", happened=True)
    assert box.by_person(REPLY.key, happened=True)
    assert not box.by_person(REPLY.key, happened=False)
    assert box.counts() == {"sent": 1}


def test_a_person_can_settle_an_unsure_row_as_not_performed(box: OutboxCalls) -> None:
    box.add(REPLY)
    box.mark_unsure(box.claim_one(), due=None)
    assert box.by_person(REPLY.key, happened=False)
    assert box.counts() == {"failed": 1}


def test_settling_by_a_person_overrides_a_running_check(box: OutboxCalls) -> None:
    box.add(REPLY)
    box.mark_unsure(box.claim_one())
    look = box.claim_one()
    assert box.by_person(REPLY.key, happened=True)
    with pytest.raises(LostLease):
        box.postpone(look)
    assert box.counts() == {"sent": 1}


def test_a_person_cannot_settle_a_row_that_is_being_sent(box: OutboxCalls) -> None:
    box.add(REPLY)
    box.claim_one()
    assert not box.by_person(REPLY.key, happened=True)


# --- coalescing -------------------------------------------------------------------------------


def test_a_settled_coalescing_row_is_queued_again_from_the_start(box: OutboxCalls) -> None:
    box.add(UPDATE)
    first = box.claim_one()
    box.postpone(first)
    box.settle(box.claim_one())
    box.add(UPDATE, now=NOW + SECOND)
    assert box.claim(NOW) == []
    again = box.claim_one(NOW + SECOND)
    assert (again.generation, again.attempts, again.first_tried_at) == (2, 1, NOW + SECOND)
    assert again.token != first.token
    box.fail(again)
    box.add(UPDATE, now=NOW + 2 * SECOND)
    assert box.claim_one(NOW + 2 * SECOND).generation == 3


def test_a_queued_coalescing_row_only_gets_earlier_and_higher_priority(box: OutboxCalls) -> None:
    box.add(UPDATE, priority=5)
    box.postpone(box.claim_one(), due=NOW + 60 * SECOND)
    box.add(UPDATE, now=NOW + SECOND, priority=1)
    row = box.row(UPDATE.key)
    assert (row["due_at"], row["priority"], row["generation"]) == (NOW + SECOND, 5, 1)
    box.add(UPDATE, now=NOW + 2 * SECOND, priority=7)
    row = box.row(UPDATE.key)
    assert (row["due_at"], row["priority"], row["attempts"]) == (NOW + SECOND, 7, 1)


@pytest.mark.parametrize("end", ["settle", "fail"])
def test_an_effect_added_while_being_sent_is_queued_again_when_it_settles(box: OutboxCalls, end: str) -> None:
    box.add(UPDATE)
    job = box.claim_one()
    box.add(UPDATE, now=NOW + SECOND)
    box.add(UPDATE, now=NOW + SECOND)
    assert box.counts() == {"sending": 1}
    assert box.claim(NOW + SECOND) == []
    getattr(box, end)(job, now=NOW + 2 * SECOND)
    again = box.claim_one(NOW + 2 * SECOND)
    assert (again.generation, again.attempts, again.checks) == (3, 1, 0)
    box.settle(again)
    assert box.counts() == {"sent": 1}


def test_a_check_uses_the_token_of_the_claimed_generation(box: OutboxCalls) -> None:
    box.add(THREAD)
    job = box.claim_one()
    box.mark_unsure(job)
    box.add(THREAD)
    look = box.claim_one()
    assert look.reconciling
    assert look.token == job.token
    box.settle(look)
    assert box.claim_one().token != job.token


def test_a_queued_coalescing_row_takes_the_newest_destination(box: OutboxCalls) -> None:
    box.add(PostThread(1, "C1"))
    box.add(PostThread(1, "C2"))
    job = box.claim_one()
    assert job.effect == PostThread(1, "C2")
    box.add(PostThread(1, "C3"))
    assert box.row(job.effect.key)["destination"] == "slack:post:C2"


# --- leases -----------------------------------------------------------------------------------


def test_an_expired_lease_requeues_repeatable_rows_and_marks_the_rest_unsure(box: OutboxCalls) -> None:
    box.add(UPDATE, REPLY)
    safe, doubtful = sorted(box.claim(), key=lambda job: job.effect.key, reverse=True)
    assert box.recover(NOW + LEASE) == []
    [lost] = box.recover()
    assert lost.effect == REPLY
    assert (lost.id, lost.attempts, lost.reconciling) == (doubtful.id, 1, False)
    assert box.recover() == []
    assert box.counts() == {"queued": 1, "unsure": 1}
    box.mark_unsure(lost, due=NOW)
    again = {job.effect: job for job in box.claim()}
    assert (again[UPDATE].attempts, again[UPDATE].reconciling) == (2, False)
    assert (again[REPLY].attempts, again[REPLY].reconciling) == (1, True)
    with pytest.raises(LostLease):
        box.settle(safe)


def test_an_attempt_of_an_earlier_generation_is_fenced_off(box: OutboxCalls) -> None:
    box.add(UPDATE)
    lost = box.claim_one()
    box.recover()
    second = box.claim_one()
    box.add(UPDATE)
    box.settle(second)
    third = box.claim_one()
    assert (third.attempts, third.generation) == (lost.attempts, lost.generation + 1)
    with pytest.raises(LostLease):
        box.settle(lost)
    box.settle(third)
    assert box.counts() == {"sent": 1}


def test_an_interrupted_check_stays_a_check(box: OutboxCalls) -> None:
    box.add(REPLY)
    box.mark_unsure(box.claim_one(), responded=True)
    box.claim_one()
    [lost] = box.recover()
    assert (lost.reconciling, lost.responded, lost.checks) == (True, True, 1)
    assert box.claim_one().checks == 2


def test_success_is_accepted_after_the_lease_expired(box: OutboxCalls) -> None:
    box.add(REPLY)
    job = box.claim_one()
    box.recover()
    box.settle(job)
    assert box.counts() == {"sent": 1}


def test_success_is_accepted_while_a_check_is_running(box: OutboxCalls) -> None:
    box.add(REPLY)
    job = box.claim_one()
    box.recover()
    look = box.claim_one()
    box.settle(job)
    with pytest.raises(LostLease):
        box.postpone(look)
    assert box.counts() == {"sent": 1}


@pytest.mark.parametrize("word", ["postpone", "fail", "mark_unsure"])
def test_other_outcomes_are_rejected_after_the_lease_was_lost(box: OutboxCalls, word: str) -> None:
    box.add(REPLY)
    job = box.claim_one()
    box.recover()
    box.claim_one()
    with pytest.raises(LostLease):
        getattr(box, word)(job)
    assert box.row(REPLY.key)["reconciling"]


def test_a_settled_row_rejects_further_outcomes(box: OutboxCalls) -> None:
    box.add(REPLY)
    job = box.claim_one()
    box.settle(job)
    for word in (box.settle, box.fail, box.postpone, box.mark_unsure):
        with pytest.raises(LostLease):
            word(job)
    assert box.counts() == {"sent": 1}


def test_starting_to_send_is_recorded(store: Store) -> None:
    box = OutboxCalls(store)
    box.add(REPLY)
    job = box.claim_one()
    box.add(CARD)
    with store.unit_of_work(durable=True) as uow:
        uow.outbox.mark_send_started([job], now=NOW + SECOND)
        uow.outbox.mark_send_started([], now=NOW)
    assert box.row(REPLY.key)["send_started_at"] == NOW + SECOND
    assert box.row(CARD.key)["send_started_at"] is None


# --- rows of another version ------------------------------------------------------------------


def test_an_unknown_effect_fails_with_the_reason(box: OutboxCalls) -> None:
    known = PostCard(2, "C1")
    box.add(UPDATE, REPLY, known)
    _alter(box, UPDATE.key, kind="paint_card")
    _alter(box, REPLY.key, payload={"unheard": "of"})
    assert keys(box.claim()) == [known.key]
    assert box.counts() == {"failed": 2, "sending": 1}
    assert "paint_card" in box.row(UPDATE.key)["note"]


def test_an_unknown_effect_with_an_unsure_outcome_waits_for_a_person(box: OutboxCalls) -> None:
    box.add(REPLY, NotifyPerson("U1", "U2", "assigned", 3, "o"))
    reply, told = box.claim()
    box.mark_unsure(reply)
    _alter(box, REPLY.key, kind="whisper")
    _alter(box, told.effect.key, kind="shout")
    assert box.recover() == []
    assert box.claim() == []
    assert box.counts() == {"unsure": 2}
    assert box.by_person(REPLY.key, happened=True)


def _alter(box: OutboxCalls, key: str, **values: object) -> None:
    from sqlalchemy import update

    from storage.outbox_tables import outbox

    with box.store.engine.begin() as connection:
        connection.execute(update(outbox).where(outbox.c.key == key).values(**values))


# --- housekeeping -----------------------------------------------------------------------------


def test_the_results_of_these_effects_alone_are_deleted(box: OutboxCalls, store: Store) -> None:
    one, other = DraftReply(1, 1), DraftReply(1, 2)
    box.add(one, other)
    for job in box.claim():
        box.settle(job)
    with store.unit_of_work() as uow:
        uow.outbox.delete_results([one])
    assert (box.row(one.key)["result"], box.row(other.key)["result"]) == (None, {"id": "1"})


def test_prune_deletes_only_old_settled_rows_and_their_ids_are_not_reused(box: OutboxCalls) -> None:
    box.add(REPLY, PostCard(2, "C1"), PostCard(3, "C1"))
    reply, sent, waiting = box.claim()
    box.settle(reply, now=NOW - SECOND)
    box.settle(sent, now=NOW)
    with box.store.unit_of_work() as uow:
        assert uow.outbox.prune(before=NOW, limit=10) == 1
        assert uow.outbox.prune(before=NOW + SECOND, limit=0) == 0
    box.fail(waiting)
    with box.store.unit_of_work() as uow:
        assert uow.outbox.prune(before=NOW + SECOND, limit=10) == 2
    assert box.counts() == {}
    box.add(REPLY)
    assert box.claim_one().id > max(job.id for job in (reply, sent, waiting))
