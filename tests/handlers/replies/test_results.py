"""Record results of replies: each one is on the card and in the audit trail, and nothing is sent twice."""

from datetime import timedelta

import pytest

from domain.cases.case import Case, CaseState
from domain.cases.messages import Delivery, Message
from domain.errors import AlreadyClosed, ChangedSince, Refused
from domain.records.audit import SYSTEM, Action
from handlers.cases.assignment import claim, release
from handlers.cases.resolution import resolve, snooze
from handlers.replies.doubts import settle_by_person
from handlers.replies.results import record_failed, record_link, record_resent, record_sent, record_unsure
from handlers.replies.retries import retry_reply
from storage.engine import Store
from tests.handlers.made import (
    HOUR,
    MIA,
    MINUTE,
    NOW,
    SAM,
    a_post,
    a_stored_case,
    accepted,
    an_answer,
    arrive,
    audit_actions,
    case_of,
    do,
    in_parallel,
    queued,
    trail,
)

LATER = NOW + 5 * MINUTE


def answered(
    store: Store, case: Case, *, text: str = "Hi Ana", user_id: str = SAM, key: str = "V1"
) -> Message:
    """Submit an answer; return it while it is queued."""
    return accepted(store, an_answer(store, case, text, user_id=user_id, client_key=key))


def failed(store: Store, case: Case, **how: str) -> Message:
    """Submit an answer whose sending fails."""
    message = answered(store, case, **how)
    do(store, record_failed, message_id=message.id, reason="no credit", now=NOW)
    return message


def message_of(store: Store, message_id: int) -> Message:
    with store.unit_of_work() as uow:
        return uow.messages.get(message_id)


def sends(store: Store) -> list[str]:
    return [row["key"] for row in queued(store, "send_reply")]


def test_a_sent_reply_is_recorded_with_its_link_and_answers_the_case(store: Store) -> None:
    case = a_stored_case(store)
    message = answered(store, case)
    do(store, record_sent, message_id=message.id, result={"id": "55", "url": "https://x/55"}, now=LATER)
    sent, after = message_of(store, message.id), case_of(store, case.id)
    assert (sent.delivery, sent.external_id, sent.url, sent.sent_at) == (
        Delivery.SENT,
        "55",
        "https://x/55",
        LATER,
    )
    assert (after.state, after.first_replied_at, after.waiting_since) == (CaseState.WAITING, LATER, None)
    assert audit_actions(store, case.id)[-2:] == [
        (SAM, Action.REPLY_QUEUED, 2),
        (SYSTEM, Action.REPLY_SENT, 3),
    ]
    assert trail(store, case.id)[-1].message_id == message.id
    assert after.version == 3


def test_sent_while_the_customer_wrote_leaves_the_case_open_and_waiting_since_then(store: Store) -> None:
    case = a_stored_case(store)
    message = answered(store, case)
    wrote = NOW + MINUTE
    arrive(store, a_post("901", "@acme hello?", created_at=wrote), a_post("902", created_at=LATER), now=LATER)
    do(store, record_sent, message_id=message.id, result={"id": "55"}, now=LATER)
    after = case_of(store, case.id)
    assert (after.state, after.waiting_since) == (CaseState.OPEN, wrote)
    assert after.sort_key == pytest.approx(case.sort_key - MINUTE.total_seconds())


def test_the_first_reply_stays_the_first(store: Store) -> None:
    case = a_stored_case(store)
    for number, now in enumerate((NOW, LATER)):
        message = answered(store, case, text=f"Answer {number}", key=str(number))
        do(store, record_sent, message_id=message.id, result={"id": str(number)}, now=now)
    assert case_of(store, case.id).first_replied_at == NOW


def test_a_failed_reply_opens_the_case_and_keeps_the_reason(store: Store) -> None:
    case = a_stored_case(store)
    message = failed(store, case)
    after = message_of(store, message.id)
    assert (after.delivery, after.error) == (Delivery.FAILED, "no credit")
    assert case_of(store, case.id).state is CaseState.OPEN
    assert trail(store, case.id)[-1].detail == {"sent": False, "reason": "no credit"}


@pytest.mark.parametrize("meanwhile", ["resolved", "snoozed"])
def test_a_failed_reply_reopens_a_case_that_was_closed_meanwhile(store: Store, meanwhile: str) -> None:
    case = a_stored_case(store)
    message = answered(store, case)
    if meanwhile == "resolved":
        do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=NOW)
    else:
        do(store, snooze, case_id=case.id, version=None, until=NOW + HOUR, user_id=SAM, now=NOW)
    do(store, record_failed, message_id=message.id, reason="no", now=NOW)
    after = case_of(store, case.id)
    assert (after.state, after.closed_by, after.closed_at, after.snoozed_until) == (
        CaseState.OPEN,
        None,
        None,
        None,
    )


def test_an_unsure_reply_is_audited_once_however_often_it_is_checked(store: Store) -> None:
    case = a_stored_case(store)
    message = answered(store, case)
    for reason in ("lost", "still lost", "still"):
        do(store, record_unsure, message_id=message.id, reason=reason, now=NOW)
    assert [action for _, action, _ in audit_actions(store, case.id)].count(Action.REPLY_UNSURE) == 1
    assert message_of(store, message.id).error == "lost"


def test_a_sent_reply_stays_sent(store: Store) -> None:
    case = a_stored_case(store)
    message = answered(store, case)
    do(store, record_sent, message_id=message.id, result={"id": "55"}, now=NOW)
    before = audit_actions(store, case.id)
    do(store, record_sent, message_id=message.id, result={}, now=LATER)
    do(store, record_failed, message_id=message.id, reason="no", now=LATER)
    do(store, record_unsure, message_id=message.id, reason="lost", now=LATER)
    after = message_of(store, message.id)
    assert (after.delivery, after.external_id) == (Delivery.SENT, "55")
    assert audit_actions(store, case.id) == before


# --- try again --------------------------------------------------------------------------------


def test_two_retries_send_once(store: Store) -> None:
    case = a_stored_case(store)
    message = failed(store, case)
    version = case_of(store, case.id).version
    for user in (MIA, MIA, SAM):
        do(store, retry_reply, message_id=message.id, version=version, user_id=user, now=LATER)
    again = message_of(store, message.id)
    assert (again.delivery, again.error, again.sent_by, again.attempt) == (Delivery.QUEUED, None, MIA, 2)
    assert sends(store) == [f"send_reply:{message.id}:1", f"send_reply:{message.id}:2"]
    assert case_of(store, case.id).state is CaseState.WAITING
    assert audit_actions(store, case.id)[-1] == (MIA, Action.REPLY_RETRIED, 4)
    assert trail(store, case.id)[-1].detail == {"text": "Hi Ana", "rules": "1"}


def test_concurrent_retries_send_once(store: Store) -> None:
    case = a_stored_case(store)
    message = failed(store, case)
    in_parallel(
        [
            lambda user=user: do(  # type: ignore[misc]
                store, retry_reply, message_id=message.id, version=None, user_id=user, now=LATER
            )
            for user in (SAM, MIA, SAM, MIA)
        ]
    )
    assert sends(store) == [f"send_reply:{message.id}:1", f"send_reply:{message.id}:2"]


def test_a_retry_claims_an_unclaimed_case(store: Store) -> None:
    case = a_stored_case(store)
    message = failed(store, case)
    do(store, release, case_id=case.id, user_id=SAM, now=LATER)
    do(store, retry_reply, message_id=message.id, version=None, user_id=MIA, now=LATER)
    after = case_of(store, case.id)
    assert (after.claimed_by, after.claimed_at) == (MIA, LATER)


def test_an_old_answer_is_not_tried_again_after_the_customer_wrote(store: Store) -> None:
    case = a_stored_case(store)
    message = failed(store, case)
    version = case_of(store, case.id).version
    arrive(store, a_post("901", "@acme never mind, it was my bank"))
    with pytest.raises(ChangedSince) as stopped:
        do(store, retry_reply, message_id=message.id, version=version, user_id=SAM, now=LATER)
    assert [entry.action for entry in stopped.value.entries] == [Action.CUSTOMER_WROTE]
    assert len(sends(store)) == 1
    now_seen = case_of(store, case.id).version
    do(store, retry_reply, message_id=message.id, version=now_seen, user_id=SAM, now=LATER)
    assert len(sends(store)) == 2


def test_a_failed_answer_that_was_replaced_is_not_sent_beside_the_new_one(store: Store) -> None:
    case = a_stored_case(store)
    message = failed(store, case)
    newer = answered(store, case, text="Hi Ana, better", key="V2")
    do(store, record_sent, message_id=newer.id, result={"id": "55"}, now=LATER)
    with pytest.raises(Refused, match="newer answer"):
        do(store, retry_reply, message_id=message.id, version=None, user_id=SAM, now=LATER)
    assert len(sends(store)) == 2


def test_a_closed_case_is_not_answered_by_trying_again(store: Store) -> None:
    case = a_stored_case(store)
    message = failed(store, case)
    do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=LATER)
    with pytest.raises(AlreadyClosed):
        do(store, retry_reply, message_id=message.id, version=None, user_id=SAM, now=LATER)


@pytest.mark.parametrize("use_case", [retry_reply, settle_by_person])
def test_a_button_for_an_answer_that_is_not_there_is_refused_in_words(store: Store, use_case: object) -> None:
    more: dict[str, object] = {"version": 1} if use_case is retry_reply else {"sent": True}
    with pytest.raises(Refused, match="not here any more"):
        do(store, use_case, message_id=999, user_id=SAM, now=NOW, **more)  # type: ignore[arg-type]


# --- settled by a person ----------------------------------------------------------------------


def unsure(store: Store, case: Case) -> Message:
    """Submit an answer of unknown outcome, its row held for a person."""
    message = answered(store, case)
    with store.unit_of_work() as uow:
        [job] = [
            job
            for job in uow.outbox.claim(now=NOW, lease=MINUTE, owner="me", limit=50, paces=lambda _name: None)
            if job.effect.kind == "send_reply"
        ]
        uow.outbox.mark_unsure(job, now=NOW, due=None, reason="lost", responded=False)
    do(store, record_unsure, message_id=message.id, reason="lost", now=NOW)
    return message


def test_settled_as_sent(store: Store) -> None:
    case = a_stored_case(store)
    message = unsure(store, case)
    do(store, settle_by_person, message_id=message.id, sent=True, user_id=MIA, now=LATER)
    assert message_of(store, message.id).delivery is Delivery.SENT
    after = case_of(store, case.id)
    assert (after.state, after.first_replied_at) == (CaseState.WAITING, LATER)
    assert [row["state"] for row in queued(store, "send_reply")] == ["sent"]
    entry = trail(store, case.id)[-1]
    assert (entry.actor, entry.action, entry.detail["sent"]) == (MIA, Action.REPLY_SETTLED_BY_PERSON, True)


def test_a_reply_settled_as_sent_gets_its_link_looked_up(store: Store) -> None:
    case = a_stored_case(store)
    message = unsure(store, case)
    do(store, settle_by_person, message_id=message.id, sent=True, user_id=MIA, now=LATER)
    [row] = queued(store, "link_reply")
    assert row["payload"] == {"message_id": message.id, "case_id": case.id, "network": "x"}
    version = case_of(store, case.id).version
    for found in ("55", "66"):
        do(
            store,
            record_link,
            message_id=message.id,
            result={"id": found, "url": f"https://x/{found}"},
            now=LATER,
        )
    linked = message_of(store, message.id)
    assert (linked.external_id, linked.url, linked.sent_at) == ("55", "https://x/55", LATER)
    assert case_of(store, case.id).version == version
    assert [action for _, action, _ in audit_actions(store, case.id)].count(Action.REPLY_LINKED) == 1


def test_an_attempt_that_ends_after_it_was_settled_adds_the_link(store: Store) -> None:
    message = unsure(store, a_stored_case(store))
    do(store, settle_by_person, message_id=message.id, sent=True, user_id=MIA, now=LATER)
    do(store, record_sent, message_id=message.id, result={"id": "55", "url": "https://x/55"}, now=LATER)
    assert message_of(store, message.id).url == "https://x/55"


def test_what_is_not_known_to_be_sent_gets_no_link(store: Store) -> None:
    message = unsure(store, a_stored_case(store))
    do(store, record_link, message_id=message.id, result={"id": "55", "url": "https://x/55"}, now=LATER)
    assert message_of(store, message.id).url is None


def test_settled_as_not_sent_can_be_tried_again(store: Store) -> None:
    case = a_stored_case(store)
    message = unsure(store, case)
    do(store, settle_by_person, message_id=message.id, sent=False, user_id=MIA, now=LATER)
    assert message_of(store, message.id).delivery is Delivery.FAILED
    assert case_of(store, case.id).state is CaseState.OPEN
    assert [row["state"] for row in queued(store, "send_reply")] == ["failed"]
    do(store, retry_reply, message_id=message.id, version=None, user_id=MIA, now=LATER)
    assert [row["state"] for row in queued(store, "send_reply")] == ["failed", "queued"]


def test_settling_what_is_settled_is_refused(store: Store) -> None:
    case = a_stored_case(store)
    message = unsure(store, case)
    do(store, settle_by_person, message_id=message.id, sent=True, user_id=MIA, now=LATER)
    with pytest.raises(Refused, match="known by now"):
        do(store, settle_by_person, message_id=message.id, sent=False, user_id=SAM, now=LATER)


def test_of_two_concurrent_opposite_settlements_one_counts(store: Store) -> None:
    case = a_stored_case(store)
    message = unsure(store, case)
    ends = in_parallel(
        [
            lambda sent=sent: do(  # type: ignore[misc]
                store, settle_by_person, message_id=message.id, sent=sent, user_id=SAM, now=LATER
            )
            for sent in (True, False)
        ]
    )
    assert sum(isinstance(end, Refused) for end in ends) == 1
    row = queued(store, "send_reply")[0]["state"]
    assert message_of(store, message.id).delivery == row


@pytest.fixture
def sent_again(store: Store) -> Message:
    """An answer that X failed with an error, that several reconciliations did not find, and that is queued
    again; the card still says unsure.
    """
    message = unsure(store, a_stored_case(store))
    with store.unit_of_work() as uow:
        uow.outbox.settle_by_person(f"send_reply:{message.id}:1", now=NOW, happened=False)
    do(store, record_resent, message_id=message.id, now=NOW)
    return message_of(store, message.id)


def test_a_resent_reply_is_queued_again(store: Store, sent_again: Message) -> None:
    assert sent_again.delivery is Delivery.QUEUED
    do(store, record_resent, message_id=sent_again.id, now=LATER)
    actions = [action for _, action, _ in audit_actions(store, sent_again.case_id)]
    assert actions[-2:] == [Action.REPLY_UNSURE, Action.REPLY_SENT_AGAIN]
    do(store, record_unsure, message_id=sent_again.id, reason="lost again", now=LATER)
    assert message_of(store, sent_again.id).delivery is Delivery.UNSURE


def test_settling_as_not_sent_is_refused_while_it_is_resent(store: Store, sent_again: Message) -> None:
    """Otherwise the row would be sent beside the agent's next answer."""
    with pytest.raises(Refused, match="sent again right now"):
        do(store, settle_by_person, message_id=sent_again.id, sent=False, user_id=SAM, now=LATER)
    assert message_of(store, sent_again.id).delivery is Delivery.QUEUED


def test_settling_a_queued_reply_is_refused(store: Store) -> None:
    message = answered(store, a_stored_case(store))
    with pytest.raises(Refused, match="known by now"):
        do(store, settle_by_person, message_id=message.id, sent=True, user_id=SAM, now=LATER)


def test_settling_as_sent_counts_while_it_is_resent(store: Store, sent_again: Message) -> None:
    do(store, settle_by_person, message_id=sent_again.id, sent=True, user_id=SAM, now=LATER)
    assert message_of(store, sent_again.id).delivery is Delivery.SENT


def test_a_second_answer_after_a_claim_by_another_keeps_the_holder(store: Store) -> None:
    case = a_stored_case(store)
    do(store, claim, case_id=case.id, user_id=SAM, now=NOW)
    answered(store, case)
    after = case_of(store, case.id)
    assert (after.claimed_by, after.claimed_at) == (SAM, NOW)
    assert after.last_message_at == NOW + timedelta(0)
