"""Upgrade a database to version 28: the waits of stored cases are found in their messages."""

from datetime import timedelta

from domain.cases.case import CaseState
from domain.cases.messages import Delivery, Direction
from domain.cases.waits import EndReason, WaitKind
from storage.engine import open_store
from storage.unit_of_work import UnitOfWork
from tests.storage.made import HERE, NOW, a_case, a_handoff, a_message
from tests.storage.revisions import to
from tests.storage.test_schema import differences

MINUTE = timedelta(minutes=1)


def _say(uow: UnitOfWork, case_id: int, minute: int, *, by: str | None = None) -> int:
    """Store a message of the customer, or one that `by` sent; return its id."""
    at = NOW + minute * MINUTE
    message = a_message(case_id, f"{case_id}.{minute}", created_at=at)
    if by is not None:
        ours = {"direction": Direction.OUT, "delivery": Delivery.SENT, "sent_by": by, "sent_at": at}
        message = a_message(case_id, f"{case_id}.{minute}", created_at=NOW, **ours)
    [stored] = uow.messages.add_many([message], network=HERE[0], account_id=HERE[1])
    return stored.id


def test_the_waits_of_stored_cases_are_found_in_their_messages(migrated_url: str) -> None:
    store = open_store(migrated_url)
    due, closed = NOW + 15 * MINUTE, NOW + 40 * MINUTE
    with store.unit_of_work() as uow:
        answered, unanswered, dismissed, silent = uow.cases.add_many(
            [
                a_case(waiting_since=NOW + 8 * MINUTE, first_replied_at=NOW, reply_due=due),
                a_case(waiting_since=NOW, reply_due=due),
                a_case(state=CaseState.DISMISSED, closed_at=closed, waiting_since=NOW),
                a_case(),
            ]
        )
        for case, minutes in ((answered, (0, 2)), (unanswered, (1,)), (dismissed, (10,)), (silent, (0,))):
            for minute in minutes:
                _say(uow, case.id, minute)
            if case is unanswered:
                failed = a_message(case.id, "f", direction=Direction.OUT, delivery=Delivery.FAILED)
                uow.messages.add_many([failed], network=HERE[0], account_id=HERE[1])
        offer_id = _say(uow, answered.id, 5, by="U1")
        uow.handoffs.add(a_handoff(answered.id, message_id=offer_id))
        _say(uow, answered.id, 8)
    to(store, "0027")
    to(store, "head")
    with store.unit_of_work() as uow:
        waits = uow.responses.of_cases([answered.id, unanswered.id, dismissed.id, silent.id])
        first, following = waits[answered.id]
        assert (first.kind, first.asked_at, first.answered_at) == (WaitKind.FIRST, NOW, NOW + 5 * MINUTE)
        assert (first.answered_by, first.by_offer, first.office_seconds) == ("U1", True, 300)
        assert (following.kind, following.is_open, following.due_at) == (WaitKind.NEXT, True, None)
        [wait] = waits[unanswered.id]
        assert (wait.is_open, wait.due_at) == (True, due)
        [wait] = waits[dismissed.id]
        assert (wait.ended_at, wait.end_reason, wait.office_seconds) == (
            closed,
            EndReason.NOT_A_REQUEST,
            1800,
        )
        assert silent.id not in waits
        due_times = {case_id: uow.cases.get(case_id).reply_due for case_id in (answered.id, unanswered.id)}
        assert due_times == {answered.id: None, unanswered.id: due}
    with store.engine.connect() as connection:
        assert differences(connection) == []
    store.close()
