"""Lock outages, then cases, then bulk answers, so that no two use cases wait for each other."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from domain.delivery.effects import SendPublicReply
from domain.delivery.outage_effects import AnswerLinkedCase, UpdateBoard
from domain.outages.bulk_answers import RowState
from domain.outages.outage import OutageState, Severity
from handlers.delivery.claiming import claim_due
from handlers.outages.bulk_answers import answer_row
from handlers.outages.links import confirm_links, propose_links
from handlers.outages.pauses import pause_sending, resume_sending
from storage.engine import Store
from storage.unit_of_work import UnitOfWork
from tests.handlers.context import RULES
from tests.handlers.made import NOW, a_stored_case, case_of, do, networks
from tests.handlers.outages.made import SAM_MAY, a_resolution, sent
from tests.handlers.outages.test_bulk_answers import linked, rows, start
from tests.handlers.outages.test_links import POLICY, WHERE, announced
from tests.storage.outboxes import LEASE

#: Seconds in which the other transaction waits: more than PostgreSQL's `deadlock_timeout`, so that a deadlock
#: is found by the transaction of the test, and not by the other one, which would be repeated.
HEAD_START = 1.3


def test_who_compares_posts_locks_no_case_before_its_outage(store: Store) -> None:
    case = a_stored_case(store)
    outage_id = announced(store)
    do(store, confirm_links, outage_id=outage_id, case_ids=[case.id], actor=SAM_MAY, now=NOW)
    with store.unit_of_work() as uow:
        worse = uow.outages.get(outage_id).changed(severity=Severity.CRITICAL)
        uow.outages.save(worse)

    def compare() -> object:
        return do(store, propose_links, policy=POLICY, encoder="", now=NOW)

    with ThreadPoolExecutor(1) as thread:
        with store.unit_of_work() as uow:
            uow.outages.lock([outage_id])
            compared = thread.submit(compare)
            time.sleep(HEAD_START if store.workers > 1 else 0)
            uow.cases.lock([case.id])
            uow.outages.save(worse.changed(title="Payments"))
        compared.result(30)
    assert case_of(store, case.id).outage_severity == 3


@pytest.mark.parametrize("followed", [20, 0])
def test_who_releases_a_notice_locks_no_bulk_answer_before_its_cases(
    store: Store, monkeypatch: pytest.MonkeyPatch, followed: int
) -> None:
    """Also where its cases are not among those that are re-ranked at once."""
    monkeypatch.setattr("handlers.outages.release.FOLLOWED_AT_ONCE", followed)
    outage_id = linked(store)
    bulk_id = start(store, outage_id)
    row = rows(store, bulk_id)[0]
    resolution = a_resolution(store, outage_id)
    with ThreadPoolExecutor(1) as thread:
        with store.unit_of_work() as uow:
            uow.lock_subject(AnswerLinkedCase(row.id, row.case_id, "x"))
            released = thread.submit(lambda: sent(store, resolution, WHERE))
            time.sleep(HEAD_START if store.workers > 1 else 0)
            answer_row(uow, row_id=row.id, networks=networks(), rules=RULES, now=NOW)
        released.result(30)
    with store.unit_of_work() as uow:
        assert uow.outages.get(outage_id).state is OutageState.RESOLVED
    left = rows(store, bulk_id)
    assert [one.state for one in left] == [RowState.SKIPPED] * 5
    assert left[0].message_id is not None, "it was answered before, and taken back"


def test_who_records_what_became_of_a_board_waits_for_its_outage(store: Store) -> None:
    outage_id = announced(store)
    order: list[str] = []

    def record() -> None:
        with store.unit_of_work() as uow:
            uow.lock_subject(UpdateBoard(outage_id))
            order.append("recorded")

    with ThreadPoolExecutor(1) as thread:
        with store.unit_of_work() as uow:
            uow.outages.lock([outage_id])
            recorded = thread.submit(record)
            time.sleep(HEAD_START if store.workers > 1 else 0)
            order.append("compared")
        recorded.result(30)
    assert order == ["compared", "recorded"]


def test_what_is_held_while_the_pause_ends_is_released_with_it(store: Store) -> None:
    do(store, pause_sending, holds_answers=True, actor=SAM_MAY, now=NOW)
    with store.unit_of_work() as uow:
        uow.outbox.add([SendPublicReply(1, 1, "x")], now=NOW)
    with ThreadPoolExecutor(1) as thread:
        with store.unit_of_work() as uow:
            assert claimed(uow) == []
            resumed = thread.submit(lambda: do(store, resume_sending, actor=SAM_MAY, now=NOW))
            time.sleep(HEAD_START if store.workers > 1 else 0)
            assert not resumed.done(), "who ends the pause waits for who claims"
        assert resumed.result(30) is not None
    with store.unit_of_work() as uow:
        assert "send_reply" in claimed(uow)


def test_what_is_claimed_behind_a_board_while_the_pause_ends_is_released(store: Store) -> None:
    announced(store)
    do(store, pause_sending, holds_answers=True, actor=SAM_MAY, now=NOW)
    with store.unit_of_work() as uow:
        uow.outbox.add([SendPublicReply(1, 1, "x")], now=NOW)
    with ThreadPoolExecutor(1) as thread:
        with store.unit_of_work() as uow:
            board = uow.outbox.claim(now=NOW, lease=LEASE, owner="a", limit=1, paces=unlimited)
            assert [job.effect.kind for job in board] == ["update_board"]
            resumed = thread.submit(lambda: do(store, resume_sending, actor=SAM_MAY, now=NOW))
            time.sleep(HEAD_START if store.workers > 1 else 0)
            assert "send_reply" not in claimed(uow)
        assert resumed.result(30) is not None
    with store.unit_of_work() as uow:
        assert "send_reply" in claimed(uow)


def claimed(uow: UnitOfWork) -> list[str]:
    """Claim all that is due; return the kinds of what is to be performed."""
    jobs = claim_due(uow, now=NOW, lease=LEASE, owner="a", limit=50, paces=unlimited)
    return [job.effect.kind for job in jobs]


def unlimited(destination: str) -> None:
    """Return no rate limit for any destination."""
