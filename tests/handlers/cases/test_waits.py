"""Follow a customer's waits for an answer from their first word to the end of the case."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from domain.cases.case import Case
from domain.cases.case_lifecycle import start_waiting
from domain.cases.waits import EndReason, Wait, WaitKind
from domain.errors import StaleCase
from domain.venues import Venue
from handlers.cases.resolution import dismiss, reopen, resolve
from handlers.cases.waits import follow_press
from handlers.handoffs.offer import Offer, make_offer
from handlers.intake.mentions import ingest_posts
from handlers.intake.redaction import redact_post
from handlers.replies.doubts import settle_by_person
from handlers.replies.results import record_bounced, record_failed, record_sent, record_unsure
from storage.engine import Store
from tests.handlers.made import (
    ACME,
    MINUTE,
    NOW,
    POLICY,
    PROFILE,
    SAM,
    THANKS,
    a_classifier,
    a_post,
    a_stored_case,
    arrive,
    cases,
    do,
    messages,
)
from tests.handlers.replies.test_results import answered

FIRST, NEXT = WaitKind.FIRST, WaitKind.NEXT


def the_case(store: Store) -> Case:
    [case] = cases(store)
    return case


def waits(store: Store) -> list[Wait]:
    case = the_case(store)
    with store.unit_of_work() as uow:
        return uow.responses.of_case(case.id)


def shown(store: Store) -> list[tuple[Any, ...]]:
    """Return kind, minute asked, minute answered, minute ended and reason of each wait."""

    def minute(at: datetime | None) -> float | None:
        return None if at is None else (at - NOW) / MINUTE

    return [
        (w.kind, minute(w.asked_at), minute(w.answered_at), minute(w.ended_at), w.end_reason)
        for w in waits(store)
    ]


class Glad:
    """A sentiment scorer for which everybody is glad."""

    def score(self, text: str, language: str) -> float:
        return 0.9 + 0.0 * len(text + language)


def write(store: Store, minute: int, text: str = "@acme it still does not work, why?") -> None:
    """Have Ana write another post in her case; she is glad where she says thanks."""
    at = NOW + minute * MINUTE
    classifier = a_classifier()
    do(
        store,
        ingest_posts,
        account=ACME,
        profile=PROFILE,
        posts=[a_post(f"10{minute}", text, created_at=at, conversation_id="9000")],
        stream="mentions",
        newest_id=None,
        classifier=replace(classifier, sentiment=Glad()) if text == THANKS else classifier,
        now=at,
    )


def sent(store: Store, minute: int, key: str = "V1") -> int:
    """Answer the case; the answer is sent in that minute. Return its id."""
    message = answered(store, the_case(store), key=key, text=f"Hi Ana {key}")
    do(store, record_sent, message_id=message.id, result={"id": key}, now=NOW + minute * MINUTE)
    return message.id


def test_an_answer_ends_the_first_wait_and_later_words_begin_the_next(store: Store) -> None:
    case = a_stored_case(store)
    write(store, 2)
    reply_id = sent(store, 5)
    [first] = waits(store)
    assert first == Wait(
        id=first.id,
        case_id=case.id,
        kind=FIRST,
        asked_message_id=messages(store, case.id)[0].id,
        asked_at=NOW,
        due_at=case.reply_due,
        answered_message_id=reply_id,
        answered_at=NOW + 5 * MINUTE,
        answered_by=SAM,
        venue=Venue.PUBLIC,
        office_seconds=300,
    )
    write(store, 7)
    sent(store, 9, "V2")
    assert shown(store)[1:] == [(NEXT, 7, 9, None, None)]


def test_a_case_has_one_open_wait_at_a_time(store: Store) -> None:
    case = a_stored_case(store)
    with pytest.raises((IntegrityError, StaleCase)), store.unit_of_work() as uow:
        uow.responses.add_many(uow.responses.of_case(case.id))


def test_words_that_came_while_an_answer_was_under_way_wait_for_the_next(sqlite: Store) -> None:
    case = a_stored_case(sqlite)
    message = answered(sqlite, case)
    write(sqlite, 2)
    assert shown(sqlite) == [(FIRST, 0, None, None, None)]
    do(sqlite, record_sent, message_id=message.id, result={"id": "1"}, now=NOW + 5 * MINUTE)
    assert shown(sqlite) == [(FIRST, 0, 5, None, None), (NEXT, 2, None, None, None)]


def test_a_failed_answer_is_none_and_a_bounced_one_was_none(sqlite: Store) -> None:
    case = a_stored_case(sqlite)
    failed = answered(sqlite, case, key="V0")
    do(sqlite, record_failed, message_id=failed.id, reason="no", now=NOW + MINUTE)
    assert shown(sqlite) == [(FIRST, 0, None, None, None)]
    bounced = sent(sqlite, 2)
    write(sqlite, 3)
    do(sqlite, record_bounced, message_id=bounced, reason="full", now=NOW + 4 * MINUTE)
    assert shown(sqlite) == [(FIRST, 0, None, None, None)]
    write(sqlite, 6)
    assert shown(sqlite) == [(FIRST, 0, None, None, None)]


def test_a_bounced_answer_that_nobody_has_written_after_resumes_its_wait(sqlite: Store) -> None:
    a_stored_case(sqlite)
    due = the_case(sqlite).reply_due
    bounced = sent(sqlite, 2)
    assert the_case(sqlite).reply_due is None
    do(sqlite, record_bounced, message_id=bounced, reason="full", now=NOW + 4 * MINUTE)
    write(sqlite, 6)
    assert shown(sqlite) == [(FIRST, 0, None, None, None)]
    assert the_case(sqlite).reply_due == due


def test_a_post_that_is_listed_late_moves_the_wait_to_it(sqlite: Store) -> None:
    a_stored_case(sqlite, now=NOW)
    late = a_post("899", created_at=NOW - 3 * MINUTE, conversation_id="9000")
    arrive(sqlite, late, now=NOW + MINUTE)
    assert shown(sqlite) == [(FIRST, -3, None, None, None)]
    [wait] = waits(sqlite)
    assert wait.asked_message_id == messages(sqlite, wait.case_id)[0].id


def test_reopening_by_new_words_does_not_take_up_old_ones(sqlite: Store) -> None:
    a_stored_case(sqlite)
    do(sqlite, resolve, case_id=1, version=None, user_id=SAM, now=NOW + MINUTE)
    write(sqlite, 5)
    write(sqlite, 6)
    assert shown(sqlite)[1:] == [(NEXT, 5, None, None, None)]


def test_an_answer_that_a_person_saw_on_the_network_counts(sqlite: Store) -> None:
    message = answered(sqlite, a_stored_case(sqlite))
    do(sqlite, record_unsure, message_id=message.id, reason="timeout", now=NOW + MINUTE)
    assert shown(sqlite) == [(FIRST, 0, None, None, None)]
    do(sqlite, settle_by_person, message_id=message.id, sent=True, user_id=SAM, now=NOW + 3 * MINUTE)
    assert shown(sqlite) == [(FIRST, 0, 3, None, None)]


def test_an_answer_that_was_found_counts_by_the_time_of_its_network(sqlite: Store) -> None:
    message = answered(sqlite, a_stored_case(sqlite))
    result = {"id": "1", "at": (NOW + MINUTE).isoformat()}
    do(sqlite, record_sent, message_id=message.id, result=result, now=NOW + 9 * MINUTE)
    assert shown(sqlite) == [(FIRST, 0, 1, None, None)]


def test_thanks_end_a_wait_and_begin_none(sqlite: Store) -> None:
    a_stored_case(sqlite)
    write(sqlite, 2, THANKS)
    assert shown(sqlite) == [(FIRST, 0, None, 2, EndReason.THANKS)]
    write(sqlite, 4)
    assert shown(sqlite)[1:] == [(FIRST, 4, None, None, None)]


def test_words_after_a_closing_are_a_further_question_also_where_nobody_waited_then(sqlite: Store) -> None:
    a_stored_case(sqlite)
    write(sqlite, 2, THANKS)
    do(sqlite, resolve, case_id=1, version=None, user_id=SAM, now=NOW + 3 * MINUTE)
    write(sqlite, 5)
    assert shown(sqlite) == [(FIRST, 0, None, 2, EndReason.THANKS), (NEXT, 5, None, None, None)]


def test_a_deleted_post_ends_its_wait(sqlite: Store) -> None:
    a_stored_case(sqlite)
    post = messages(sqlite, 1)[0]
    do(sqlite, redact_post, message_id=post.id, policy=POLICY, now=NOW + MINUTE)
    assert shown(sqlite) == [(FIRST, 0, None, 1, EndReason.GONE)]


def test_closing_ends_a_wait_and_reopening_resumes_it(sqlite: Store) -> None:
    a_stored_case(sqlite)
    do(sqlite, dismiss, case_id=1, version=None, user_id=SAM, now=NOW + MINUTE)
    assert shown(sqlite) == [(FIRST, 0, None, 1, EndReason.NOT_A_REQUEST)]
    do(sqlite, reopen, case_id=1, user_id=SAM, now=NOW + 2 * MINUTE)
    assert shown(sqlite) == [(FIRST, 0, None, None, None)]
    do(sqlite, resolve, case_id=1, version=None, user_id=SAM, now=NOW + 3 * MINUTE)
    write(sqlite, 5)
    assert shown(sqlite) == [(FIRST, 0, None, 3, EndReason.RESOLVED), (NEXT, 5, None, None, None)]


def test_a_post_that_is_listed_after_a_later_one_was_answered_is_answered_by_the_next(store: Store) -> None:
    a_stored_case(store)
    sent(store, 5)
    arrive(store, a_post("899", created_at=NOW - MINUTE, conversation_id="9000"), now=NOW + 6 * MINUTE)
    assert shown(store) == [(FIRST, 0, 5, None, None), (NEXT, -1, None, None, None)]
    sent(store, 9, "V2")
    assert shown(store)[1:] == [(NEXT, -1, 9, None, None)]


def test_a_case_whose_post_was_deleted_while_it_was_closed_reopens_without_a_wait(sqlite: Store) -> None:
    a_stored_case(sqlite)
    do(sqlite, resolve, case_id=1, version=None, user_id=SAM, now=NOW + MINUTE)
    do(sqlite, redact_post, message_id=messages(sqlite, 1)[0].id, policy=POLICY, now=NOW + 2 * MINUTE)
    do(sqlite, reopen, case_id=1, user_id=SAM, now=NOW + 3 * MINUTE)
    assert shown(sqlite) == [(FIRST, 0, None, 3, EndReason.GONE)]


def test_a_press_waits_on_when_an_answered_post_is_deleted_and_ends_by_thanks(sqlite: Store) -> None:
    a_stored_case(sqlite)
    sent(sqlite, 1)
    with sqlite.unit_of_work() as uow:
        saved = uow.cases.save(start_waiting(uow.cases.get(1), NOW + 2 * MINUTE, uow.service_levels))
        follow_press(uow, saved, now=NOW + 2 * MINUTE)
    do(sqlite, redact_post, message_id=messages(sqlite, 1)[0].id, policy=POLICY, now=NOW + 3 * MINUTE)
    assert shown(sqlite)[1:] == [(NEXT, 2, None, None, None)]
    write(sqlite, 4, "@acme hello? it is still broken")
    write(sqlite, 5, THANKS)
    assert shown(sqlite)[1:] == [(NEXT, 2, None, 5, EndReason.THANKS)]


def test_an_answer_that_was_sent_after_the_case_was_resolved_counts_and_a_failed_one_resumes(
    sqlite: Store,
) -> None:
    message = answered(sqlite, a_stored_case(sqlite))
    do(sqlite, resolve, case_id=1, version=None, user_id=SAM, now=NOW + MINUTE)
    do(sqlite, record_sent, message_id=message.id, result={"id": "1"}, now=NOW + 2 * MINUTE)
    assert shown(sqlite) == [(FIRST, 0, 2, None, None)]
    write(sqlite, 3)
    message = answered(sqlite, the_case(sqlite), key="V2", text="Hello")
    do(sqlite, resolve, case_id=1, version=None, user_id=SAM, now=NOW + 4 * MINUTE)
    do(sqlite, record_failed, message_id=message.id, reason="no", now=NOW + 5 * MINUTE)
    assert shown(sqlite)[1:] == [(NEXT, 3, None, None, None)]


def test_an_offer_that_a_person_sends_is_an_answer_and_marked_as_an_offer(sqlite: Store) -> None:
    case = a_stored_case(sqlite)
    offer = Offer(
        venue=Venue.CHAT,
        via=Venue.PUBLIC,
        text="Come to our chat",
        user_id=SAM,
        nonce="n",
        code="1",
        client_key="V1",
        check_detail={},
    )
    handoff = do(sqlite, make_offer, case, offer, policy=POLICY, now=NOW)
    do(sqlite, record_sent, message_id=handoff.message_id or 0, result={"id": "1"}, now=NOW + MINUTE)
    [wait] = waits(sqlite)
    assert (wait.answered_by, wait.by_offer) == (SAM, True)
