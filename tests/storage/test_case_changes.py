"""Write a case, its audit entry and its effects together: by few round trips, all or nothing."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from tempfile import TemporaryFile
from typing import Any

import pytest
from sqlalchemy import event, select

from domain.cases.case import Case
from domain.chat.session import ChatSession
from domain.delivery.effects import UpdateCard
from domain.delivery.thread_effects import PostThread
from domain.errors import StaleCase
from domain.handoffs.handoff import HandoffState
from domain.records.audit import Action, Entry
from domain.venues import Venue
from handlers.cases.assignment import claim
from handlers.chat.session import view_chat
from storage.engine import Store
from storage.outbox_tables import outbox
from storage.unit_of_work import UnitOfWork
from tests.storage.made import NOW, a_handoff, a_message, stored, stored_handoffs, stored_private_message

SAM = "U0SAM"


@contextmanager
def round_trips(store: Store) -> Generator[list[int]]:
    """Count the turns from sending to receiving, by libpq's own trace of the protocol; PostgreSQL only.

    Without the one turn more by which the driver prepares a statement that a connection sends for the sixth
    time: the tests before this one have used these connections.
    """
    counted: list[int] = []
    with TemporaryFile("w+b") as trace:

        def begin(connection: Any, record: Any, _proxy: object) -> None:  # noqa: ANN401 - the driver's
            record.info["prepare_threshold"] = connection.prepare_threshold
            connection.prepare_threshold = None
            connection.pgconn.trace(trace.fileno())

        def end(connection: Any, record: Any) -> None:  # noqa: ANN401
            connection.pgconn.untrace()
            connection.prepare_threshold = record.info.pop("prepare_threshold")

        event.listen(store.engine, "checkout", begin)
        event.listen(store.engine, "checkin", end)
        try:
            yield counted
        finally:
            event.remove(store.engine, "checkout", begin)
            event.remove(store.engine, "checkin", end)
        trace.seek(0)
        sides = [line.split(b"\t")[1] for line in trace if line.count(b"\t") > 1]
    counted.append(sum(now == b"F" and then == b"B" for now, then in pairwise(sides)))


def an_entry(case: Case) -> Entry:
    return Entry(
        at=NOW,
        actor=SAM,
        action=Action.CLAIMED,
        case_id=case.id,
        version=case.version + 1,
        detail={"to": SAM},
    )


def saved(uow: UnitOfWork, case: Case) -> Case:
    return uow.case_changes.save(replace(case, claimed_by=SAM, claimed_at=NOW), an_entry(case))


def change(store: Store, case: Case, error: Exception | None = None) -> None:
    """Change a case with an effect, then commit, or fail."""
    with store.unit_of_work() as uow:
        saved(uow, case)
        uow.outbox.add([UpdateCard(case.id)], now=NOW)
        if error is not None:
            raise error


def kinds(store: Store) -> list[str]:
    with store.engine.connect() as connection:
        return list(connection.scalars(select(outbox.c.kind).order_by(outbox.c.id)))


def with_card(store: Store) -> Case:
    [case] = stored(store)
    with store.unit_of_work() as uow:
        uow.cases.record_card_location(case.id, channel="C1", ts="1.2", digest="d")
        return uow.cases.get(case.id)


def test_a_claim_takes_two_round_trips(postgres: Store) -> None:
    case = with_card(postgres)
    with round_trips(postgres) as counted, postgres.unit_of_work() as uow:
        claim(uow, case_id=case.id, user_id=SAM, now=NOW)
    assert counted == [2]
    assert kinds(postgres) == ["update_card", "post_thread"]
    with postgres.unit_of_work() as uow:
        claimed = uow.cases.get(case.id)
        [entry] = uow.audit.of_case(case.id)
    assert (claimed.claimed_by, claimed.version) == (SAM, case.version + 1)
    assert (entry.actor, entry.version, entry.detail) == (SAM, claimed.version, {"to": SAM, "from": None})


def test_a_look_of_the_chat_page_takes_two_round_trips(postgres: Store) -> None:
    [case] = stored(postgres)
    [handoff] = stored_handoffs(postgres, a_handoff(case.id, venue=Venue.CHAT, state=HandoffState.ARRIVED))
    session = ChatSession(id=0, handoff_id=handoff.id, secret_hash="ab", created_at=NOW, last_seen_at=NOW)
    with postgres.unit_of_work() as uow:
        uow.chat_sessions.add(session)
    message = stored_private_message(postgres, a_message(case.id, "<a>", handoff_id=handoff.id))
    with round_trips(postgres) as counted, postgres.unit_of_work() as uow:
        view = view_chat(uow, secret_hash="ab", now=NOW, after=message.id)
    assert (view.case.id, view.messages) == (case.id, [])
    assert counted == [2]


def test_reading_alone_takes_no_transaction_and_writing_does(postgres: Store) -> None:
    [case] = stored(postgres)
    with round_trips(postgres) as counted, postgres.unit_of_work() as uow:
        uow.cases.get(case.id)
        uow.cases.counts()
    assert counted == [2]
    with round_trips(postgres) as counted, postgres.unit_of_work() as uow:
        uow.cases.lock([case.id])
        uow.cases.get(case.id)
    assert counted == [4]


def test_all_or_nothing_of_a_change_is_written(store: Store) -> None:
    [case] = stored(store)
    with store.unit_of_work() as uow:
        uow.cases.save(uow.cases.get(case.id))
    with pytest.raises(StaleCase) as stale:
        change(store, case)
    assert stale.value.case_id == case.id
    assert kinds(store) == []
    with store.unit_of_work() as uow:
        assert uow.audit.of_case(case.id) == []


def test_nothing_is_written_after_an_error(store: Store) -> None:
    [case] = stored(store)
    with pytest.raises(LookupError):
        change(store, case, LookupError())
    with store.unit_of_work() as uow:
        assert uow.cases.get(case.id) == case
        assert uow.audit.of_case(case.id) == []


@pytest.mark.parametrize(
    "then",
    [
        lambda uow, case: uow.cases.get(case.id),
        lambda uow, _case: uow.signals.send("topic"),
        lambda uow, case: uow.audit.add_many([replace(an_entry(case), action=Action.RELEASED)]),
        lambda uow, case: saved(uow, uow.cases.get(case.id)),
        lambda uow, case: uow.outbox.add([UpdateCard(case.id)], now=NOW),
    ],
)
def test_whatever_follows_sees_the_change_and_keeps_it(
    store: Store, then: Callable[[UnitOfWork, Case], object]
) -> None:
    [case] = stored(store)
    with store.unit_of_work() as uow:
        changed = saved(uow, case)
        uow.outbox.add([UpdateCard(case.id), PostThread(case.id, "C1")], now=NOW, priority=3.0)
        then(uow, case)
        assert uow.cases.get(case.id).claimed_by == SAM
    with store.unit_of_work() as uow:
        assert uow.cases.get(case.id).version >= changed.version
        assert uow.audit.of_case(case.id)[0].version == changed.version
    assert kinds(store) == ["update_card", "post_thread"]


def test_effects_with_a_change_are_stored_as_those_without(store: Store) -> None:
    """Also what is queued already: it is moved to the better lane and priority."""
    [case] = stored(store)
    rows = []
    for number, with_change in enumerate((False, True)):
        with store.unit_of_work() as uow:
            uow.outbox.add([UpdateCard(case.id)], now=NOW, priority=1.0)
        with store.unit_of_work() as uow:
            if with_change:
                saved(uow, uow.cases.get(case.id))
            uow.outbox.add([UpdateCard(case.id), PostThread(case.id, "“C1”\u2028")], now=NOW, priority=5.0)
        with store.engine.begin() as connection:
            found = connection.execute(select(outbox).order_by(outbox.c.key)).mappings()
            rows.append([{name: value for name, value in row.items() if name != "id"} for row in found])
            connection.execute(outbox.delete())
        assert len(rows[number]) == 2
    assert rows[0] == rows[1]
