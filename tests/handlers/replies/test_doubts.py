"""A message in doubt holds back what is said after it, until a person settles it or goes on without."""

from datetime import timedelta

import pytest

from domain.cases.case import Case
from domain.cases.messages import Delivery, Message
from domain.errors import Refused
from handlers.cases.views import view_case
from handlers.replies import doubts
from handlers.replies.results import record_unsure
from storage.engine import Store
from tests.handlers.handoffs.made import LATER, in_private, private_reply
from tests.handlers.made import HOUR, POLICY, SAM, do, messages, queued, trail


def in_doubt(store: Store) -> tuple[Case, Message, Message]:
    """Return a case with a message in doubt, which a person has to settle, and one that waits behind it."""
    case, _ = in_private(store)
    doubtful = private_reply(store, case, "one")
    with store.unit_of_work() as uow:
        jobs = uow.outbox.claim(now=LATER, lease=HOUR, owner="me", limit=9, paces=lambda _destination: None)
        [job] = [one for one in jobs if one.effect.kind == "send_private"]
        uow.outbox.mark_unsure(job, now=LATER, due=None, reason="the line broke", responded=False)
    do(store, record_unsure, message_id=doubtful.id, reason="the line broke", now=LATER)
    return case, doubtful, private_reply(store, case, "two")


def sendable(store: Store) -> list[int]:
    """Return the messages that may be sent now, in order."""
    with store.unit_of_work() as uow:
        jobs = uow.outbox.claim(now=LATER, lease=HOUR, owner="me", limit=9, paces=lambda _destination: None)
    return [job.effect.payload()["message_id"] for job in jobs if job.effect.kind == "send_private"]


def test_a_message_in_doubt_is_sent_again_before_what_waits_behind_it(store: Store) -> None:
    case, doubtful, waiting = in_doubt(store)
    assert sendable(store) == []
    assert trail(store, case.id)[-1].is_in_thread, "the thread says that it waits"
    view = do(store, view_case, case_id=case.id, now=LATER)
    assert view.waiting_behind_doubt == 1
    do(store, doubts.send_again, message_id=doubtful.id, user_id=SAM, now=LATER)
    assert [(one.id, one.delivery, one.error) for one in messages(store, case.id)[-2:]] == [
        (doubtful.id, Delivery.QUEUED, None),
        (waiting.id, Delivery.QUEUED, None),
    ]
    assert sendable(store) == [doubtful.id]
    with pytest.raises(Refused, match="it is known by now"):
        do(store, doubts.go_on_without, message_id=doubtful.id, user_id=SAM, now=LATER)


def test_the_conversation_goes_on_without_a_message_in_doubt(store: Store) -> None:
    case, doubtful, waiting = in_doubt(store)
    do(store, doubts.go_on_without, message_id=doubtful.id, user_id=SAM, now=LATER)
    assert sendable(store) == [waiting.id]
    assert [row["state"] for row in queued(store, "send_private")] == ["failed", "sending"]
    [left] = [one for one in messages(store, case.id) if one.id == doubtful.id]
    assert (left.delivery, left.error and "nobody knows" in left.error) == (Delivery.FAILED, True)


def test_people_are_reminded_of_a_message_in_doubt(store: Store) -> None:
    case, _, _ = in_doubt(store)
    after = [timedelta(minutes=5), timedelta(minutes=16), timedelta(hours=1), timedelta(hours=5)]
    assert [do(store, doubts.remind_of_doubts, policy=POLICY, now=LATER + passed) for passed in after] == [
        0,
        1,
        0,
        1,
    ]
    told = [row["payload"] for row in queued(store, "tell_person")]
    assert [one["user_id"] for one in told if one["action"] == "reply_doubt_reminded"] == [SAM, SAM]
    assert trail(store, case.id)[-1].detail == {"waiting": 1}
    set_back = LATER + timedelta(hours=1)
    assert do(store, doubts.remind_of_doubts, policy=POLICY, now=set_back) == 1
    assert do(store, doubts.remind_of_doubts, policy=POLICY, now=set_back) == 0
