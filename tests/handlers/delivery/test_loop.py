"""Run the delivery loop: the row records what happened, and nothing is repeated without reconciling."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.delivery.decisions import MAX_CHECKS
from domain.delivery.effects import Alert, DraftReply, Job, UpdateCard
from domain.delivery.outcomes import Absent, Done, Failed, Later, Outcome, Unknown
from handlers.delivery import guarded_calls, loop
from handlers.desk import Desk
from storage.engine import Store
from storage.unit_of_work import UnitOfWork
from tests.handlers.delivery.loops import HELLO, REPLY, never, put, states
from tests.handlers.delivery.performers.scripted import ManualClock, ScriptedPerformer, a_delivery_loop, turn
from tests.handlers.made import NOW, SAM, ConcurrentWriter, a_stored_case, case_of, queued


async def test_a_done_effect_is_settled_with_its_result(store: Store, desk: Desk) -> None:
    put(store, HELLO)
    script = ScriptedPerformer([Done({"ts": "1.2"})])
    assert await turn(a_delivery_loop(desk, script, ManualClock())) == 1
    assert script.recorded == [("done", {"ts": "1.2"})]
    [row] = queued(store)
    assert (row["state"], row["result"]) == ("sent", {"ts": "1.2"})


async def test_a_result_is_recorded_though_others_change_its_case(store: Store, desk: Desk) -> None:
    case = a_stored_case(store)
    other, booked = ConcurrentWriter(store, case.id), []

    def write_meanwhile(uow: UnitOfWork, job: Job) -> None:
        booked.append(job.effect.key)
        read = uow.cases.get(case.id)
        other.start_write()
        uow.cases.save(replace(read, claimed_by=SAM))

    put(store, UpdateCard(case.id))
    assert await turn(a_delivery_loop(desk, ScriptedPerformer(on_record=write_meanwhile), ManualClock())) == 1
    await asyncio.to_thread(other.close)
    assert "sent" in states(store)
    assert len(booked) == 1
    found = case_of(store, case.id)
    assert (found.claimed_by, found.author.followers) == (SAM, case.author.followers + 1)


async def test_a_failed_effect_is_recorded_once_and_not_retried(store: Store, desk: Desk) -> None:
    put(store, HELLO)
    script, clock = ScriptedPerformer([Failed("archived")]), ManualClock()
    delivery = a_delivery_loop(desk, script, clock)
    await turn(delivery)
    clock.advance(days=1)
    assert await turn(delivery) == 0
    assert script.recorded == [("failed", "archived")]
    assert states(store) == ["failed"]


async def test_a_postponed_effect_waits_until_it_is_due(store: Store, desk: Desk) -> None:
    put(store, REPLY)
    script, clock = ScriptedPerformer([Later("busy", wait=timedelta(seconds=30)), Done({})]), ManualClock()
    delivery = a_delivery_loop(desk, script, clock)
    await turn(delivery)
    clock.advance(seconds=29)
    assert await turn(delivery) == 0
    clock.advance(seconds=2)
    assert await turn(delivery) == 1
    assert [what for what, _ in script.recorded] == ["postponed", "done"]


async def test_a_rate_limit_pauses_its_whole_destination(store: Store, desk: Desk) -> None:
    put(store, HELLO, UpdateCard(1), Alert("again", "twice", "C1"))
    script, clock = ScriptedPerformer(), ManualClock()

    async def limited(job: Job) -> Outcome:
        if job.effect == HELLO:
            return Later("429", wait=timedelta(seconds=30), pause_destination=True, counts=False)
        return Done({})

    script.act = limited
    delivery = a_delivery_loop(desk, script, clock)
    await turn(delivery)
    put(store, Alert("third", "3", "C1"), UpdateCard(2))
    clock.advance(seconds=5)
    await turn(delivery)
    assert script.performed[-1] == UpdateCard(2).key
    script.act = None
    clock.advance(seconds=30)
    await turn(delivery)
    assert sorted(script.performed[-2:]) == sorted([HELLO.key, Alert("third", "3", "C1").key])


async def test_an_unsure_reply_is_checked_and_never_resent(store: Store, desk: Desk) -> None:
    put(store, REPLY)
    script, clock = ScriptedPerformer([Unknown("connection lost")]), ManualClock()
    delivery = a_delivery_loop(desk, script, clock)
    await turn(delivery)
    for _ in range(2 * MAX_CHECKS):
        clock.advance(minutes=3)
        await turn(delivery)
    assert script.performed == [REPLY.key]
    assert len(script.lookups) == MAX_CHECKS
    assert {what for what, _ in script.recorded} == {"unsure"}
    [row] = queued(store)
    assert (row["state"], row["due_at"]) == ("unsure", None)


async def test_an_unsure_reply_that_is_found_is_settled(store: Store, desk: Desk) -> None:
    put(store, REPLY)
    script, clock = ScriptedPerformer([Unknown("lost")], [Absent(), Done({"id": "5"})]), ManualClock()
    delivery = a_delivery_loop(desk, script, clock)
    for _ in range(3):
        await turn(delivery)
        clock.advance(minutes=3)
    assert script.recorded == [("unsure", "lost"), ("done", {"id": "5"})]
    assert script.performed == [REPLY.key]


async def test_a_reply_after_an_error_response_is_resent_once_it_is_proven_absent(
    store: Store, desk: Desk
) -> None:
    put(store, REPLY)
    script, clock = ScriptedPerformer([Unknown("HTTP 503", responded=True), Done({"id": "5"})]), ManualClock()
    delivery = a_delivery_loop(desk, script, clock)
    for _ in range(MAX_CHECKS + 2):
        await turn(delivery)
        clock.advance(minutes=3)
    assert len(script.lookups) == MAX_CHECKS
    assert script.performed == [REPLY.key, REPLY.key]
    assert [what for what, _ in script.recorded] == ["unsure", "again", "postponed", "done"]
    assert states(store) == ["sent"]


async def test_an_idempotent_effect_is_retried_without_a_check(store: Store, desk: Desk) -> None:
    put(store, UpdateCard(1))
    script, clock = ScriptedPerformer([Unknown("lost"), Done({})]), ManualClock()
    delivery = a_delivery_loop(desk, script, clock)
    for _ in range(2):
        await turn(delivery)
        clock.advance(minutes=3)
    assert script.lookups == []
    assert states(store) == ["sent"]


async def test_attempts_are_limited(store: Store, desk: Desk) -> None:
    put(store, DraftReply(1, 1))
    script, clock = ScriptedPerformer([Later("busy")] * 9), ManualClock()
    delivery = a_delivery_loop(desk, script, clock)
    for _ in range(9):
        await turn(delivery)
        clock.advance(minutes=15)
    assert len(script.performed) == DraftReply.max_attempts
    assert script.recorded == [("postponed", "busy"), ("failed", "busy (tried 2 times)")]


@pytest.mark.parametrize("fault", [RuntimeError("a fault of ours"), TimeoutError()])
async def test_an_exception_in_a_performer_makes_the_effect_unsure(
    store: Store, desk: Desk, fault: Exception
) -> None:
    put(store, HELLO)
    script, clock = ScriptedPerformer([fault], [Done({"ts": "1"})]), ManualClock()
    delivery = a_delivery_loop(desk, script, clock)
    await turn(delivery)
    assert states(store) == ["unsure"]
    clock.advance(minutes=1)
    await turn(delivery)
    assert states(store) == ["sent"]


async def test_an_exception_in_a_check_is_retried(store: Store, desk: Desk) -> None:
    put(store, HELLO)
    script, clock = (
        ScriptedPerformer([Unknown("lost")], [RuntimeError("a fault of ours"), Done({})]),
        ManualClock(),
    )
    delivery = a_delivery_loop(desk, script, clock)
    for _ in range(3):
        await turn(delivery)
        clock.advance(minutes=3)
    assert script.performed == [HELLO.key]
    assert states(store) == ["sent"]


async def test_an_effect_that_times_out_is_unsure(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guarded_calls, "PERFORM_TIMEOUT", 0.01)
    put(store, HELLO)
    script = ScriptedPerformer(act=never)
    await turn(a_delivery_loop(desk, script, ManualClock()))
    assert script.recorded == [("unsure", "no answer within 0 s")]


async def test_a_result_that_cannot_be_recorded_leaves_the_row_to_its_lease(
    store: Store, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_uow: UnitOfWork, _job: Job) -> None:
        raise LookupError("a fault of ours")

    put(store, HELLO)
    script, clock = ScriptedPerformer([Done({})], [Done({"ts": "1"})], on_record=broken), ManualClock()
    delivery = a_delivery_loop(desk, script, clock)
    await turn(delivery)
    assert states(store) == ["sending"]
    assert "its lease will run out" in caplog.text
    script.on_record = lambda _uow, _job: None
    clock.advance(seconds=91)
    await delivery._recover()
    clock.advance(seconds=10)
    await turn(delivery)
    assert script.performed == [HELLO.key]
    assert states(store) == ["sent"]


async def test_a_sole_worker_recovers_its_rows_at_once_after_a_crash(store: Store, desk: Desk) -> None:
    put(store, HELLO, UpdateCard(1))
    with store.unit_of_work() as uow:
        uow.outbox.claim(now=NOW, lease=loop.LEASE, owner="the dead", limit=9, paces=lambda _name: None)
    clock = ManualClock()
    clock.advance(seconds=2)
    script = ScriptedPerformer(findings=[Done({"ts": "1"})])
    delivery = a_delivery_loop(desk, script, clock, sole_worker=True)
    await delivery._recover()
    assert script.recorded == [("unsure", "the bot was interrupted in the middle of it")]
    clock.advance(seconds=4)
    await turn(delivery)
    assert (script.lookups, script.performed) == ([HELLO.key], [UpdateCard(1).key])
    assert states(store) == ["sent", "sent"]


async def test_a_sole_worker_leaves_what_it_is_performing(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "RECOVER_EVERY", 0.0)
    monkeypatch.setattr(loop, "STOP_TIMEOUT", 0.01)
    put(store, REPLY)
    clock, script = ManualClock(), ScriptedPerformer(act=never)
    delivery = a_delivery_loop(desk, script, clock, sole_worker=True)
    await delivery._recover()
    await delivery.deliver_due()
    clock.advance(seconds=1)
    await delivery._recover()
    assert states(store) == ["sending"]
    await delivery.stop()


async def test_a_copy_leaves_rows_with_another_owners_lease(store: Store, desk: Desk) -> None:
    put(store, HELLO)
    with store.unit_of_work() as uow:
        uow.outbox.claim(now=NOW, lease=loop.LEASE, owner="other", limit=9, paces=lambda _name: None)
    clock, script = ManualClock(), ScriptedPerformer()
    clock.advance(seconds=2)
    delivery = a_delivery_loop(desk, script, clock)
    await delivery._recover()
    assert await turn(delivery) == 0
    assert states(store) == ["sending"]


async def test_a_row_that_was_settled_meanwhile_is_only_logged(
    store: Store, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    put(store, REPLY)
    clock, script = ManualClock(), ScriptedPerformer([Unknown("lost")], [Absent()])
    delivery = a_delivery_loop(desk, script, clock)
    await turn(delivery)
    clock.advance(seconds=5)

    async def find(_job: Job) -> Absent:
        with store.unit_of_work() as uow:
            assert uow.outbox.settle_by_person(REPLY.key, now=NOW, happened=True)
        return Absent()

    script.find = find  # type: ignore[assignment, method-assign]
    caplog.clear()
    caplog.set_level("INFO")
    await turn(delivery)
    assert states(store) == ["sent"]
    assert "lease lost" in caplog.text
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_what_was_claimed_before_the_process_froze_is_left_to_others(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, REPLY)
    script, clock = ScriptedPerformer(), ManualClock()
    monkeypatch.setattr(loop, "LATEST_START", -1.0)
    await turn(a_delivery_loop(desk, script, clock))
    assert (script.performed, states(store)) == ([], ["sending"])


async def test_a_clock_that_is_set_back_stops_nothing(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "RECOVER_EVERY", 0.0)
    script, clock = (
        ScriptedPerformer([Later("busy", timedelta(seconds=30), pause_destination=True)]),
        ManualClock(),
    )
    delivery = a_delivery_loop(desk, script, clock)
    put(store, HELLO)
    await delivery._recover()
    await turn(delivery)
    clock.advance(hours=-2)
    await delivery._recover()
    assert await turn(delivery) == 1
    assert states(store) == ["sent"]


def a_held_performer() -> tuple[ScriptedPerformer, asyncio.Event, asyncio.Event]:
    """Make a performer, the event that it has begun, and the one that lets it end."""
    arrived, go_on = asyncio.Event(), asyncio.Event()

    async def wait(_job: Job) -> Outcome:
        arrived.set()
        await go_on.wait()
        return Done({"id": "1"})

    return ScriptedPerformer(act=wait), arrived, go_on


async def test_a_clock_that_is_set_forward_puts_nothing_in_doubt_that_is_being_performed(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "RECOVER_EVERY", 0.0)
    clock, (script, arrived, go_on) = ManualClock(), a_held_performer()
    delivery = a_delivery_loop(desk, script, clock)
    put(store, REPLY)
    await delivery._recover()
    await delivery.deliver_due()
    await arrived.wait()
    clock.advance(hours=2)
    await delivery._recover()
    assert states(store) == ["sending"]
    go_on.set()
    await delivery.drain()
    assert (script.recorded, states(store)) == ([("done", {"id": "1"})], ["sent"])
    # What was abandoned is recovered all the same.
    put(store, HELLO)
    with store.unit_of_work() as uow:
        uow.outbox.claim(
            now=clock.now(), lease=loop.LEASE, owner="the dead", limit=9, paces=lambda _name: None
        )
    clock.advance(hours=2)
    await delivery._recover()
    assert states(store) == ["sent", "unsure"]


async def test_what_is_performed_for_longer_than_its_lease_is_in_doubt(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "RECOVER_EVERY", 0.0)
    clock, (script, arrived, go_on) = ManualClock(), a_held_performer()
    delivery = a_delivery_loop(desk, script, clock)
    put(store, REPLY)
    await delivery._recover()
    await delivery.deliver_due()
    await arrived.wait()
    clock.advance(hours=2)
    monkeypatch.setattr(loop, "LEASE", timedelta(0))
    await delivery._recover()
    assert states(store) == ["unsure"]
    go_on.set()
    await delivery.drain()
    assert states(store) == ["sent"]
