"""Cancel an answer that waits to be sent: it does not leave, and its words stay."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from domain.cases.messages import Delivery
from domain.errors import Refused
from domain.records.audit import Action
from handlers.outages.pauses import pause_sending, resume_sending
from handlers.replies.cancellation import cancel_reply
from handlers.replies.results import record_resent, record_unsure
from handlers.replies.retries import retry_reply
from storage.engine import Store
from storage.unit_of_work import UnitOfWork
from tests.handlers.handoffs.made import in_private, private_reply
from tests.handlers.made import HOUR, SAM, a_stored_case, audit_actions, case_of, do, messages
from tests.handlers.outages.made import SAM_MAY
from tests.handlers.replies.test_results import LATER, answered

ANSWERS = {"send_reply", "send_private"}


def sendable(store: Store) -> list[int]:
    """Claim what may be sent now; return the ids of the messages, in order."""
    with store.unit_of_work() as uow:
        return claimed(uow)


def claimed(uow: UnitOfWork) -> list[int]:
    jobs = uow.outbox.claim(now=LATER, lease=HOUR, owner="me", limit=9, paces=lambda _destination: None)
    return [job.effect.payload()["message_id"] for job in jobs if job.effect.kind in ANSWERS]


def test_a_cancelled_answer_does_not_leave_and_its_case_is_back_in_the_queue(store: Store) -> None:
    case = a_stored_case(store)
    waiting = answered(store, case, text="Hi Anna")
    do(store, cancel_reply, message_id=waiting.id, user_id=SAM, now=LATER)
    assert sendable(store) == []
    [kept] = [one for one in messages(store, case.id) if one.id == waiting.id]
    assert (kept.delivery, kept.text) == (Delivery.FAILED, "Hi Anna")
    assert kept.error == "it was cancelled before it left"
    after = case_of(store, case.id)
    assert (after.state.is_active, after.waiting_since) == (True, case.waiting_since)
    assert after.claimed_by == SAM
    do(store, cancel_reply, message_id=waiting.id, user_id=SAM, now=LATER)
    told = [(actor, action) for actor, action, _ in audit_actions(store, case.id)]
    assert told.count((SAM, Action.REPLY_CANCELLED)) == 1


def test_a_cancelled_answer_can_be_sent_after_all(store: Store) -> None:
    case = a_stored_case(store)
    waiting = answered(store, case)
    cancelled = do(store, cancel_reply, message_id=waiting.id, user_id=SAM, now=LATER)
    do(store, retry_reply, message_id=waiting.id, version=cancelled.version, user_id=SAM, now=LATER)
    assert sendable(store) == [waiting.id]


def test_what_waits_behind_it_goes_out(store: Store) -> None:
    case, _ = in_private(store)
    first, second = private_reply(store, case, "one"), private_reply(store, case, "two")
    do(store, cancel_reply, message_id=first.id, user_id=SAM, now=LATER)
    left = sendable(store)
    assert (first.id in left, second.id in left) == (False, True)


def test_what_a_pause_holds_can_be_cancelled_and_stays_so_when_it_ends(store: Store) -> None:
    case = a_stored_case(store)
    waiting = answered(store, case)
    do(store, pause_sending, holds_answers=True, actor=SAM_MAY, now=LATER)
    do(store, cancel_reply, message_id=waiting.id, user_id=SAM, now=LATER)
    do(store, resume_sending, actor=SAM_MAY, now=LATER)
    assert sendable(store) == []


def test_what_is_being_sent_is_not_cancelled(store: Store) -> None:
    case = a_stored_case(store)
    waiting = answered(store, case)
    assert sendable(store) == [waiting.id]
    with pytest.raises(Refused, match="being sent right now, or has left"):
        do(store, cancel_reply, message_id=waiting.id, user_id=SAM, now=LATER)
    assert messages(store, case.id)[-1].delivery is Delivery.QUEUED


def test_what_is_claimed_in_the_same_moment_is_not_cancelled(store: Store) -> None:
    case = a_stored_case(store)
    waiting = answered(store, case)
    with ThreadPoolExecutor(1) as thread:
        with store.unit_of_work() as uow:
            assert claimed(uow) == [waiting.id]
            cancelled = thread.submit(
                lambda: do(store, cancel_reply, message_id=waiting.id, user_id=SAM, now=LATER)
            )
            time.sleep(0.3 if store.workers > 1 else 0)
        with pytest.raises(Refused, match="being sent right now"):
            cancelled.result(30)
    assert messages(store, case.id)[-1].delivery is Delivery.QUEUED


def test_what_may_have_arrived_is_not_cancelled(store: Store) -> None:
    case = a_stored_case(store)
    waiting = answered(store, case)
    do(store, record_unsure, message_id=waiting.id, reason="the line broke", now=LATER)
    with pytest.raises(Refused, match="Nothing was cancelled"):
        do(store, cancel_reply, message_id=waiting.id, user_id=SAM, now=LATER)
    do(store, record_resent, message_id=waiting.id, now=LATER)
    with pytest.raises(Refused, match="Nothing was cancelled"):
        do(store, cancel_reply, message_id=waiting.id, user_id=SAM, now=LATER)
