"""Create an issue for a cause: its cases wait for it, and its state follows."""

import pytest
from sqlalchemy import update

from domain.causes.cause import Cause, CauseEdit, CauseState
from domain.delivery.cause_effects import PostCauseFixed
from domain.delivery.tracker_effects import PostIssueChange
from domain.records.audit import SYSTEM, Action
from domain.records.erasure import CustomerName
from domain.trackers.issues import Creation, IssueState, IssueSubject, WordsErased
from handlers.cases.resolution import resolve
from handlers.causes.tracking import create_cause, decide_membership
from handlers.intake.redaction import redact_post
from handlers.records.customers import erase_customer
from handlers.trackers.following import followed_ids, view_news
from handlers.trackers.issues import (
    IssueRequest,
    create_issue,
    issues_of_causes,
    link_issue,
    record_created,
    record_not_created,
)
from handlers.trackers.proposals import subject_words
from storage.engine import Store
from storage.outbox_tables import outbox
from tests.handlers.made import (
    BEN,
    MIA,
    MINUTE,
    NOW,
    POLICY,
    SAM,
    a_stored_case,
    case_of,
    do,
    messages,
    queued,
)
from tests.handlers.outages.test_races import meanwhile
from tests.handlers.trackers.made import URL, asked_for, read, seen, stored

RESULT = {"id": "acme/app#1", "key": "acme/app#1", "url": URL}


def a_cause(store: Store) -> Cause:
    edit = CauseEdit(name="Payments eaten", owner=MIA, state=CauseState.OPEN, phrases=("payment",))
    return do(store, create_cause, edit=edit, user_id=SAM, now=NOW)


def state_of(store: Store, cause: Cause) -> CauseState:
    with store.unit_of_work() as uow:
        return uow.causes.get(cause.id).state


def test_a_cause_follows_its_issue_and_its_cases_wait_for_it(store: Store) -> None:
    direct, of_cause = a_stored_case(store), a_stored_case(store, author=BEN)
    cause = a_cause(store)
    decide = {"cause_id": cause.id, "belongs": True, "user_id": SAM, "now": NOW}
    do(store, decide_membership, case_id=of_cause.id, **decide)  # type: ignore[arg-type]
    words = do(store, subject_words, subject=IssueSubject(cause_id=cause.id))
    assert (words.name, [case.id for case, _ in words.texts]) == ("Payments eaten", [of_cause.id])
    issue = asked_for(store, direct, subject=IssueSubject(cause_id=cause.id))
    [row] = queued(store, "create_issue")
    assert row["payload"]["case_id"] is None
    do(store, record_created, issue_id=issue.id, case_id=None, result=RESULT, now=NOW)
    linked = {"tracker": "github", "reference": "r", "user_id": SAM, "now": NOW}
    do(store, link_issue, subject=IssueSubject(case_id=direct.id), found=seen(IssueState.OPEN), **linked)  # type: ignore[arg-type]
    assert do(store, followed_ids, tracker="github", now=NOW) == ["acme/app#1"]
    read(store, seen(IssueState.DROPPED, "not planned"), now=NOW + MINUTE)
    assert state_of(store, cause) is CauseState.OPEN  # a person decides
    for issue_state, cause_state in (
        (IssueState.FIXED, CauseState.FIXED),
        (IssueState.OPEN, CauseState.OPEN),
    ):
        read(store, seen(issue_state), now=NOW + 2 * MINUTE)
        assert state_of(store, cause) is cause_state
    read(store, seen(IssueState.FIXED), now=NOW + 3 * MINUTE)
    news = do(store, view_news, issue_id=issue.id)
    assert ([row.case.id for row in news.rows], news.people) == ([direct.id, of_cause.id], 2)
    with store.unit_of_work() as uow:
        entries = uow.audit.page(case_id=None, before=10**9, limit=50)
    told = [entry for entry in entries if entry.action is Action.CAUSE_CHANGED]
    assert {(entry.actor, entry.detail["reason"]) for entry in told} == {(SYSTEM, "acme/app#1")}


def test_an_issue_of_a_cause_that_is_known_already_becomes_one_with_it(store: Store) -> None:
    case, cause = a_stored_case(store), a_cause(store)
    issue = asked_for(store, case, subject=IssueSubject(cause_id=cause.id))
    failed = {"issue_id": issue.id, "case_id": None, "reason": "lost", "now": NOW}
    do(store, record_not_created, **failed, is_unsure=True)  # type: ignore[arg-type]
    linked = {"tracker": "github", "reference": "r", "user_id": SAM, "now": NOW}
    subject = IssueSubject(case_id=case.id)
    found = do(store, link_issue, subject=subject, found=seen(IssueState.OPEN), **linked)  # type: ignore[arg-type]
    do(store, record_created, issue_id=issue.id, case_id=None, result=RESULT, now=NOW)
    [one] = do(store, issues_of_causes, cause_ids=[cause.id])[cause.id]
    assert (one.id, one.creation) == (found.id, Creation.LINKED)


def test_words_of_an_erased_customer_leave_causes_with_their_messages(store: Store) -> None:
    case, cause = a_stored_case(store), a_cause(store)
    do(store, decide_membership, cause_id=cause.id, case_id=case.id, belongs=True, user_id=SAM, now=NOW)
    issue = asked_for(store, case, subject=IssueSubject(cause_id=cause.id), title=cause.name)
    posted = {
        "1.1": PostIssueChange(issue.id, 1, "C1"),
        "2.2": PostCauseFixed(cause.id, 2, MIA),
        "3.3": PostCauseFixed(cause.id + 1, 2, MIA),
    }
    with store.unit_of_work() as uow:
        uow.outbox.add(list(posted.values()), now=NOW)
    with store.engine.begin() as connection:
        for ts, effect in posted.items():
            told = {"channel": "C1", "ts": ts}
            connection.execute(update(outbox).where(outbox.c.key == effect.key).values(result=told))
    do(store, erase_customer, name=CustomerName("x", "anaruiz"), by="root", now=NOW + MINUTE)
    left = stored(store, issue.id)
    assert (left.title, left.text, left.creation) == (cause.name, "", Creation.QUEUED)
    assert {row["payload"]["ts"] for row in queued(store, "delete_message")} == {"1.1", "2.2"}


def test_words_that_are_redacted_while_their_issue_is_asked_for_go_to_no_tracker(store: Store) -> None:
    case, cause = a_stored_case(store), a_cause(store)
    [message] = messages(store, case.id)
    with meanwhile(store) as (uow, other):
        redact_post(uow, message_id=message.id, policy=POLICY, now=NOW)
        asked = other(
            create_issue,
            IssueRequest(
                subject=IssueSubject(cause_id=cause.id),
                tracker="github",
                project="acme/app",
                title="It eats payments",
                text=f"> {message.text}",
                thread_url=None,
                reference="r",
                erasures=0,
            ),
            user_id=SAM,
            now=NOW,
        )
    with pytest.raises(WordsErased):
        asked.result(30)
    assert queued(store, "create_issue") == []


def test_an_issue_of_a_cause_quotes_those_who_wait_and_then_others_who_wrote_about_it(store: Store) -> None:
    resolved, waits = a_stored_case(store, "@acme my payment is gone"), a_stored_case(store, author=BEN)
    cause = a_cause(store)
    decide = {"cause_id": cause.id, "belongs": True, "user_id": SAM, "now": NOW}
    for case in (resolved, waits):
        do(store, decide_membership, case_id=case.id, **decide)  # type: ignore[arg-type]
    do(store, resolve, case_id=resolved.id, version=case_of(store, resolved.id).version, user_id=SAM, now=NOW)
    words = do(store, subject_words, subject=IssueSubject(cause_id=cause.id))
    assert [case.id for case, _ in words.texts] == [waits.id, resolved.id]
    assert "my payment is gone" in words.texts[1][1]
    [first] = messages(store, resolved.id)
    do(store, redact_post, message_id=first.id, policy=POLICY, now=NOW)
    words = do(store, subject_words, subject=IssueSubject(cause_id=cause.id))
    assert [case.id for case, _ in words.texts] == [waits.id]
