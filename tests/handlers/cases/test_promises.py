"""Keep account of promises: recorded when the answer is sent, reminded of, and kept or broken."""

from datetime import datetime
from functools import partial

import pytest

from domain.cases.case import Case
from domain.cases.promises import DueInPast, Promise, PromiseClosed, PromiseGone, PromiseState
from domain.records.audit import Action
from domain.replies.outgoing_message import BULK_KEY
from domain.venues import Venue
from handlers.cases.assignment import release
from handlers.cases.promises import (
    act_on_promises,
    change_due,
    due_promises,
    has_promises_to_check,
    mark_kept,
    withdraw,
)
from handlers.cases.queue import view_home
from handlers.cases.resolution import resolve
from handlers.replies.results import record_bounced, record_failed, record_sent
from storage.engine import Store
from tests.handlers.cases.test_waits import the_case
from tests.handlers.handoffs.made import in_private, private_reply
from tests.handlers.made import (
    HOUR,
    MINUTE,
    NOW,
    SAM,
    a_stored_case,
    audit_actions,
    do,
    in_parallel,
    notified_people,
)
from tests.handlers.replies.test_results import answered

OPEN, KEPT, BROKEN, WITHDRAWN = PromiseState
SOON = "We'll write to you in 3 hours"
MANAGERS = {"C0LEADS"}


def say(store: Store, text: str, minute: float, key: str = "V1") -> int:
    """Have Sam answer Ana's case, and the answer be sent in that minute; return its id."""
    message = answered(store, the_case(store), key=key, text=text)
    do(store, record_sent, message_id=message.id, result={"id": key}, now=NOW + minute * MINUTE)
    return message.id


def promised(store: Store) -> list[Promise]:
    case = the_case(store)
    with store.unit_of_work() as uow:
        return uow.promises.of_case(case.id)


def states(store: Store) -> list[PromiseState]:
    return [promise.state for promise in promised(store)]


def act(store: Store, at: datetime) -> int:
    return do(store, act_on_promises, managers=MANAGERS, now=at)


def actions(store: Store) -> list[Action]:
    about = {action for action in Action if action.value.startswith("promise")}
    return [action for _, action, _ in audit_actions(store, the_case(store).id) if action in about]


def a_promise(store: Store, text: str = SOON) -> Promise:
    a_stored_case(store)
    say(store, text, 1)
    return promised(store)[0]


def resolved(store: Store, at: datetime) -> Case:
    case = the_case(store)
    return do(store, resolve, case_id=case.id, version=case.version, user_id=SAM, now=at)


def test_a_promise_is_recorded_when_the_answer_is_sent_and_not_before(store: Store) -> None:
    a_stored_case(store)
    message = answered(store, the_case(store), key="V1", text=SOON)
    assert promised(store) == []
    sent_at = NOW + 5 * MINUTE
    do(store, record_sent, message_id=message.id, result={"id": "V1"}, now=sent_at)
    [promise] = promised(store)
    assert (promise.words, promise.made_by, promise.state) == ("in 3 hours", SAM, OPEN)
    assert (promise.made_at, promise.due_at) == (sent_at, sent_at + 3 * HOUR)
    assert promise.check_at == sent_at + 2 * HOUR
    do(store, record_sent, message_id=message.id, result={"id": "V1"}, now=sent_at)
    assert len(promised(store)) == 1
    assert actions(store) == [Action.PROMISED]


def test_what_was_not_sent_or_bounced_and_bulk_answers_promise_nothing(store: Store) -> None:
    a_stored_case(store)
    message = answered(store, the_case(store), key="V1", text=SOON)
    do(store, record_failed, message_id=message.id, reason="refused", now=NOW)
    assert promised(store) == []
    say(store, SOON, 1, key=f"{BULK_KEY}7")
    assert promised(store) == []
    bounced = say(store, SOON, 2, key="V2")
    assert len(promised(store)) == 1
    do(store, record_bounced, message_id=bounced, reason="no such mailbox", now=NOW + 3 * MINUTE)
    assert promised(store) == []


def test_whoever_has_the_case_is_reminded_once_and_told_when_it_is_broken(store: Store) -> None:
    promise = a_promise(store)
    assert the_case(store).claimed_by == SAM
    assert not do(store, has_promises_to_check, now=promise.due_at - HOUR - MINUTE)
    assert do(store, has_promises_to_check, now=promise.due_at - HOUR)
    race = [partial(act, store, promise.due_at - HOUR) for _ in range(3)]
    in_parallel(race)
    assert act(store, promise.due_at - MINUTE) == 0
    assert notified_people(store) == [(SAM, "promise_due_soon")]
    assert act(store, promise.due_at) == 1
    assert act(store, promise.due_at + HOUR) == 0
    assert states(store) == [BROKEN]
    assert sorted(notified_people(store)[1:]) == [("C0LEADS", "promise_broken"), (SAM, "promise_broken")]
    assert actions(store) == [Action.PROMISED, Action.PROMISE_DUE_SOON, Action.PROMISE_BROKEN]


def test_a_short_promise_is_reminded_of_after_half_of_its_time(store: Store) -> None:
    promise = a_promise(store, "We'll write to you in 30 minutes")
    assert promise.check_at == promise.made_at + 15 * MINUTE


def test_an_answer_and_a_resolution_keep_it_whenever_the_case_is_resolved(store: Store) -> None:
    promise = a_promise(store)
    say(store, "Here it is", 60, key="V2")
    assert states(store) == [OPEN]
    assert act(store, promise.due_at) == 1  # the reminder's time has passed with it
    assert (states(store), notified_people(store)[-1]) == ([OPEN], (SAM, "promise_due"))
    resolved(store, promise.due_at + HOUR)
    assert states(store) == [KEPT]
    assert actions(store)[-2:] == [Action.PROMISE_DUE, Action.PROMISE_KEPT]


@pytest.mark.parametrize("answers_late", [True, False])
def test_resolving_alone_or_an_answer_too_late_keeps_nothing(store: Store, answers_late: bool) -> None:
    promise = a_promise(store)
    if answers_late:
        say(store, "Here it is", 1 + 3 * 60 + 1, key="V2")
    resolved(store, NOW + 4 * HOUR)
    assert states(store) == [OPEN]
    assert act(store, promise.due_at) == 1
    assert states(store) == [BROKEN]


def test_a_person_says_that_it_was_kept_or_is_none(store: Store) -> None:
    a_stored_case(store)
    say(store, "We'll send it tomorrow and call you in 3 hours. You'll have it by Friday.", 1)
    first, second, third = promised(store)
    for _ in range(2):
        do(store, mark_kept, promise_id=first.id, user_id=SAM, now=NOW + HOUR)
    do(store, withdraw, promise_id=second.id, user_id=SAM, now=NOW + HOUR)
    assert states(store) == [KEPT, WITHDRAWN, OPEN]
    assert (promised(store)[0].settled_by, promised(store)[0].check_at) == (SAM, None)
    with pytest.raises(PromiseClosed):
        do(store, mark_kept, promise_id=second.id, user_id=SAM, now=NOW)
    with pytest.raises(PromiseGone):
        do(store, mark_kept, promise_id=third.id + 1, user_id=SAM, now=NOW)
    assert actions(store) == [*[Action.PROMISED] * 3, Action.PROMISE_KEPT, Action.PROMISE_WITHDRAWN]


def test_a_broken_one_is_kept_after_all_by_a_persons_word(store: Store) -> None:
    promise = a_promise(store)
    act(store, promise.due_at)
    do(store, mark_kept, promise_id=promise.id, user_id=SAM, now=promise.due_at + HOUR)
    assert states(store) == [KEPT]


def test_another_date_opens_it_again_with_a_new_reminder(store: Store) -> None:
    promise = a_promise(store)
    act(store, promise.due_at)
    due = promise.due_at + 24 * HOUR
    with pytest.raises(DueInPast):
        do(store, change_due, promise_id=promise.id, due=NOW, user_id=SAM, now=NOW)
    do(store, change_due, promise_id=promise.id, due=due, user_id=SAM, now=promise.due_at + HOUR)
    [moved] = promised(store)
    assert (moved.state, moved.due_at, moved.check_at) == (OPEN, due, due - HOUR)
    assert act(store, due - HOUR) == 1


def test_promises_due_are_listed_first_due_first_and_by_holder(store: Store) -> None:
    promise = a_promise(store, "We'll send it tomorrow and call you in 3 hours")
    found = do(store, due_promises)
    assert [one.promise.words for one in found] == ["in 3 hours", "tomorrow"]
    assert [one.case.id for one in do(store, due_promises, holder=SAM, limit=1)] == [promise.case_id]
    assert do(store, due_promises, holder="U0NOBODY") == []
    home = do(store, view_home, user_id=SAM, chosen="all", now=NOW)
    assert [one.words for one, _ in home.promises] == ["in 3 hours", "tomorrow"]


def test_where_nobody_has_the_case_its_channel_is_told(store: Store) -> None:
    promise = a_promise(store)
    do(store, release, case_id=promise.case_id, user_id=SAM, now=NOW)
    act(store, promise.due_at - HOUR)
    assert notified_people(store) == [(the_case(store).channel, "promise_due_soon")]


@pytest.mark.parametrize("venue", [Venue.CHAT, Venue.DM])
def test_what_is_promised_in_private_is_kept_account_of_once_it_is_sent(store: Store, venue: Venue) -> None:
    """A line in the chat is sent with its commit; a direct message once the network has it."""
    case, _ = in_private(store, venue=venue)
    message = private_reply(store, case, f"Hi Ana. {SOON}")
    if venue is Venue.DM:
        assert promised(store) == []
        do(store, record_sent, message_id=message.id, result={"id": "9"}, now=NOW + MINUTE)
    [promise] = promised(store)
    assert (promise.message_id, promise.made_by, promise.words) == (message.id, SAM, "in 3 hours")
    assert actions(store) == [Action.PROMISED]
